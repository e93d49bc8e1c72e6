/** The window's line to the desktop shell: dialogs, the file manager, the clipboard, native menus. */
import type { z } from 'zod'
import type { ClientOf } from '../../shared/contract/procedure.ts'
import { shellApi, shellEvents, type ShellApi, type ShellEvents } from '../../shared/contract/shell-api.ts'
import { connect } from '../../shared/rpc/client.ts'

export type EngineState = z.infer<ShellEvents['engineStateChanged']>

let onEngineState: (state: EngineState) => void = () => undefined

const line = connect(
  shellApi,
  shellEvents,
  {
    engineStateChanged: (state) => {
      onEngineState(state)
    },
  },
  window.pail.shell,
)

/** The shell's procedures. */
export const shell: ClientOf<ShellApi> = line.call

/** Registers the one receiver of the engine process's comings and goings. */
export function receiveEngineState(receive: (state: EngineState) => void): void {
  onEngineState = receive
}
