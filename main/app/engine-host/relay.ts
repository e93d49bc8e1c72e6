/**
 * Connects a window's page with the engine. Who may speak is checked by the page's channel; what is said is not looked
 * into. A page that is gone or loaded anew is a client that has left.
 */
import type { WebContents } from 'electron'
import type { Log } from '../logging.ts'
import { onPageGone, pageChannel } from '../windows/page-channel.ts'
import type { ClientHub, ClientLine } from './client-hub.ts'

/** Relays between the page in `contents` and the engine for as long as the window lives. */
export function relayPage(contents: WebContents, hub: ClientHub, log: Log): void {
  const channel = pageChannel(contents, 'engine', log)
  let pages = 0
  let line: ClientLine | null = null
  channel.onMessage((data) => {
    line ??= hub.join(`window-${contents.id}-${(pages += 1)}`, channel.post)
    line.post(data)
  })
  onPageGone(contents, () => {
    line?.leave()
    line = null
  })
}
