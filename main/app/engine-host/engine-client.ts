/** The shell's own client of the engine: the newest snapshot for the tray, and calls from its menu. */
import { engineApi, engineEvents, type EngineApi } from '../../../shared/contract/engine-api.ts'
import type { ClientOf } from '../../../shared/contract/procedure.ts'
import { EngineError } from '../../../shared/errors.ts'
import type { UnixMs } from '../../../shared/ids.ts'
import type { EngineSnapshot } from '../../../shared/model/snapshot.ts'
import { connect, type RpcClient } from '../../../shared/rpc/client.ts'
import type { Log } from '../logging.ts'
import type { ClientHub } from './client-hub.ts'
import type { EngineState } from './engine-state.ts'

export class EngineClient {
  readonly #hub: ClientHub
  readonly #log: Log
  readonly #onSnapshot: (snapshot: EngineSnapshot) => void
  #line: { readonly rpc: RpcClient<EngineApi>; readonly leave: () => void } | null = null
  #snapshot: EngineSnapshot | null = null

  constructor(hub: ClientHub, log: Log, onSnapshot: (snapshot: EngineSnapshot) => void) {
    this.#hub = hub
    this.#log = log
    this.#onSnapshot = onSnapshot
  }

  /** The newest snapshot; null while the engine is not running. */
  get snapshot(): EngineSnapshot | null {
    return this.#snapshot
  }

  /** Follows the engine's process: opens a line when it runs, drops it with its open calls when it does not. */
  engineStateChanged(state: EngineState): void {
    this.#line?.leave()
    this.#line?.rpc.close()
    this.#line = null
    this.#snapshot = null
    if (state.kind !== 'running') return
    this.#line = this.#open()
    this.#ask(
      'getSnapshot',
      this.#line.rpc.call.getSnapshot(undefined).then((snapshot) => {
        this.#setSnapshot(snapshot)
      }),
    )
  }

  /** Pauses everything; `until` in Unix milliseconds, null until somebody resumes. */
  pause(until: UnixMs | null): void {
    this.#ask('pause', this.#line?.rpc.call.pause({ until }))
  }

  resume(): void {
    this.#ask('resume', this.#line?.rpc.call.resume(undefined))
  }

  /** Has every folder checked at once, such as after the machine slept. */
  checkNow(): void {
    this.#ask('checkNow', this.#line?.rpc.call.checkNow({}))
  }

  /** Throws `engine_stopped` while the engine is not running, and what it throws. */
  listActivity: ClientOf<EngineApi>['listActivity'] = async (query) => {
    if (this.#line === null) throw new EngineError('engine_stopped', 'The engine is not running')
    return this.#line.rpc.call.listActivity(query)
  }

  /** Throws the same. */
  createLinks: ClientOf<EngineApi>['createLinks'] = async (request) => {
    if (this.#line === null) throw new EngineError('engine_stopped', 'The engine is not running')
    return this.#line.rpc.call.createLinks(request)
  }

  #open(): { readonly rpc: RpcClient<EngineApi>; readonly leave: () => void } {
    let receive = (_data: unknown): void => undefined
    const line = this.#hub.join('main', (data) => {
      receive(data)
    })
    const onMessage = (receiver: (data: unknown) => void): (() => void) => {
      receive = receiver
      return () => {
        receive = () => undefined
      }
    }
    const snapshotChanged = (snapshot: EngineSnapshot): void => {
      this.#setSnapshot(snapshot)
    }
    const rpc = connect(engineApi, engineEvents, { snapshotChanged }, { post: line.post, onMessage })
    return { rpc, leave: line.leave }
  }

  #setSnapshot(snapshot: EngineSnapshot): void {
    this.#snapshot = snapshot
    this.#onSnapshot(snapshot)
  }

  #ask(name: string, answer: Promise<unknown> | undefined): void {
    answer?.catch((error: unknown) => {
      this.#log.warn(`${name} failed: ${String(error)}`)
    })
  }
}
