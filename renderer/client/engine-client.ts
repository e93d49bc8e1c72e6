/**
 * The window's line to the engine. Calls that were under way when the engine stopped are rejected instead of waiting
 * for an answer that never comes; a fresh line takes over.
 */
import { engineApi, engineEvents, type EngineApi } from '../../shared/contract/engine-api.ts'
import type { ClientOf } from '../../shared/contract/procedure.ts'
import type { EngineSnapshot } from '../../shared/model/snapshot.ts'
import { connect, type RpcClient } from '../../shared/rpc/client.ts'

let onSnapshot: (snapshot: EngineSnapshot) => void = () => undefined
let line = open()

function open(): RpcClient<EngineApi> {
  return connect(
    engineApi,
    engineEvents,
    {
      snapshotChanged: (snapshot) => {
        onSnapshot(snapshot)
      },
    },
    window.pail.engine,
  )
}

/** The engine's procedures. Throws `EngineError`, with `engine_stopped` when the engine died before it answered. */
export function engine(): ClientOf<EngineApi> {
  return line.call
}

/** Registers the one receiver of snapshots that the engine pushes. */
export function receiveSnapshots(receive: (snapshot: EngineSnapshot) => void): void {
  onSnapshot = receive
}

/** Rejects what still waits for the engine that has stopped. */
export function dropPendingCalls(): void {
  line.close()
  line = open()
}
