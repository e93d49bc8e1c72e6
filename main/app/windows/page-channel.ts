/**
 * A named channel between the shell and the page of one window. Only the window's main frame, and only while it shows
 * Pail's own page, is heard.
 */
import type { IpcMainEvent, WebContents } from 'electron'
import type { Channel } from '../../../shared/rpc/channel.ts'
import type { Log } from '../logging.ts'
import { isOwnUrl, isTrustedSender } from './app-origin.ts'
import { devServerUrl } from './dev-server.ts'

/** `contents.ipc` hears this window alone; frames inside the page share it and are sorted out by the check. */
export function pageChannel(contents: WebContents, name: 'engine' | 'shell', log: Log): Channel {
  return {
    post: (message) => {
      if (!contents.isDestroyed() && !contents.isCrashed()) contents.send(name, message)
    },
    onMessage: (receive) => {
      const listener = (event: IpcMainEvent, message: unknown): void => {
        if (isFromOwnPage(event)) receive(message)
        else log.warn(`A message on ${name} was refused: it did not come from Pail's own page`)
      }
      contents.ipc.on(name, listener)
      return () => {
        contents.ipc.removeListener(name, listener)
      }
    },
  }
}

/** Calls `gone` whenever the page ends: loaded anew, crashed, or closed. */
export function onPageGone(contents: WebContents, gone: () => void): void {
  contents.on('did-start-navigation', ({ isMainFrame, isSameDocument, url }) => {
    // Another address is refused, and the page stays as it is.
    if (isMainFrame && !isSameDocument && isOwnUrl(url, devServerUrl())) gone()
  })
  contents.on('render-process-gone', gone)
  contents.on('destroyed', gone)
}

function isFromOwnPage(event: IpcMainEvent): boolean {
  const frame = event.senderFrame
  const sender = { isMainFrame: frame?.parent === null, url: frame?.url ?? null }
  return isTrustedSender(sender, devServerUrl())
}
