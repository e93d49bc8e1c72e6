/**
 * All that a page sees of the desktop: two channels, to the engine and to the shell, what a person drops on the window, and
 * the platform's name.
 *
 * The receivers at the other ends check the sender and every message; nothing is checked or understood here.
 */
import { contextBridge, ipcRenderer } from 'electron'
import type { Channel } from '../shared/rpc/channel.ts'
import { onDropped, type OnDropped } from './drops.ts'

/** `window.pail` in the page. */
export type PailBridge = {
  readonly engine: Channel
  readonly shell: Channel
  readonly onDropped: OnDropped
  /** Node's name of the platform: `linux`, `darwin`, `win32`. */
  readonly platform: string
}

function channel(name: 'engine' | 'shell'): Channel {
  return {
    post: (message) => {
      ipcRenderer.send(name, message)
    },
    onMessage: (receive) => {
      const listener = (_event: unknown, message: unknown): void => {
        receive(message)
      }
      ipcRenderer.on(name, listener)
      return () => {
        ipcRenderer.removeListener(name, listener)
      }
    },
  }
}

const bridge: PailBridge = {
  engine: channel('engine'),
  shell: channel('shell'),
  onDropped,
  platform: process.platform,
}
contextBridge.exposeInMainWorld('pail', bridge)
