/**
 * What the engine says, as the window knows it. One writer: the functions in this file, fed by the engine's snapshots
 * and the shell's word about the engine process. Views only read.
 */
import { create } from 'zustand'
import { isEngineError } from '../../shared/errors.ts'
import type { EngineSnapshot } from '../../shared/model/snapshot.ts'
import { dropPendingCalls, engine, receiveSnapshots } from '../client/engine-client.ts'
import { receiveEngineState, type EngineState } from '../client/shell-client.ts'
import { foldToSend, type ToSend } from './to-send.ts'

type EngineStore = {
  /** Null until the engine has answered for the first time. */
  readonly snapshot: EngineSnapshot | null
  readonly engineState: EngineState
  readonly toSend: ToSend
}

export const useEngineStore = create<EngineStore>(() => ({
  snapshot: null,
  engineState: { kind: 'running', reason: null },
  toSend: new Map(),
}))

/** How long to wait before asking again for the first snapshot: the engine may still be starting. */
const ASK_AGAIN_MS = 1000

/** Starts listening; called once, before anything is drawn. */
export function startEngineStore(): void {
  receiveSnapshots((snapshot) => {
    takeSnapshot(snapshot)
  })
  receiveEngineState((engineState) => {
    if (engineState.kind === 'restarting' || engineState.kind === 'failed') dropPendingCalls()
    useEngineStore.setState({ engineState })
    if (engineState.kind === 'running') void refreshSnapshot()
  })
  askUntilAnswered()
}

/** Asks for the state as it is now; used after a call whose effect must be on screen at once. */
export async function refreshSnapshot(): Promise<void> {
  try {
    takeSnapshot(await engine().getSnapshot(undefined))
  } catch (error) {
    // The next push brings the state, so a failed question costs nothing.
    if (!isEngineError(error)) throw error
  }
}

function takeSnapshot(snapshot: EngineSnapshot): void {
  useEngineStore.setState(({ toSend }) => ({ snapshot, toSend: foldToSend(toSend, snapshot.folders) }))
}

function askUntilAnswered(): void {
  if (useEngineStore.getState().snapshot !== null) return
  void refreshSnapshot()
  setTimeout(askUntilAnswered, ASK_AGAIN_MS)
}
