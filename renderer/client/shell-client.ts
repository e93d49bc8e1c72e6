/** The window's line to the desktop shell: dialogs, the file manager, the clipboard, native menus. */
import type { z } from 'zod'
import type { ClientOf } from '../../shared/contract/procedure.ts'
import type { AskedFile } from '../../shared/model/right-click.ts'
import type { ShellState } from '../../shared/model/shell-settings.ts'
import {
  shellApi,
  shellEvents,
  type RequestedView,
  type ShellApi,
  type ShellEvents,
} from '../../shared/contract/shell-api.ts'
import { connect } from '../../shared/rpc/client.ts'

type RequestedLinks = z.infer<ShellEvents['linksRequested']>
export type EngineState = z.infer<ShellEvents['engineStateChanged']>

let onSettings: (state: ShellState) => void = () => undefined
let onRequestedView: (view: RequestedView) => void = () => undefined
let onRequestedLinks: (request: RequestedLinks) => void = () => undefined
let onRequestedFiles: (files: readonly AskedFile[]) => void = () => undefined
let onEngineState: (state: EngineState) => void = () => undefined

const line = connect(
  shellApi,
  shellEvents,
  {
    settingsChanged: (state) => {
      onSettings(state)
    },
    engineStateChanged: (state) => {
      onEngineState(state)
    },
    viewRequested: ({ view }) => {
      onRequestedView(view)
    },
    linksRequested: (request) => {
      onRequestedLinks(request)
    },
    filesRequested: ({ files }) => {
      onRequestedFiles(files)
    },
  },
  window.pail.shell,
)

/** The shell's procedures. */
export const shell: ClientOf<ShellApi> = line.call

/** Registers the one receiver of what a person asks for from outside the window: in the tray, or by a notification. */
export function receiveRequestedView(receive: (view: RequestedView) => void): void {
  onRequestedView = receive
}

/** Registers the one receiver of links that were asked for there. */
export function receiveRequestedLinks(receive: (request: RequestedLinks) => void): void {
  onRequestedLinks = receive
}

/** Registers the one receiver of files that a person wants to see, by a right click in the file manager. */
export function receiveRequestedFiles(receive: (files: readonly AskedFile[]) => void): void {
  onRequestedFiles = receive
}

/** Registers the one receiver of the engine process's comings and goings. */
export function receiveEngineState(receive: (state: EngineState) => void): void {
  onEngineState = receive
}

/** Registers the one receiver of the shell's settings when they change. */
export function receiveSettings(receive: (state: ShellState) => void): void {
  onSettings = receive
}
