/** Pauses of everything and of single folders: on disk, so that they outlive a restart, and over by themselves in time. */
import { isEngineError } from '../../../shared/errors.ts'
import type { FolderId, UnixMs } from '../../../shared/ids.ts'
import type { Pause } from '../../../shared/model/pause.ts'
import type { Clock } from '../lib/clock.ts'
import { Wake } from '../lib/wake.ts'
import type { State } from '../state/state.ts'

/**
 * No sleep is longer while a pause has an end: that is a time of day, and the timer stands still while the machine sleeps,
 * and does not notice when the clock is set.
 */
const LOOK_AGAIN_MS = 60_000

export type PausesOptions = {
  readonly state: State
  readonly clock: Clock
  /** A pause is over. */
  readonly onResumed: () => void
}

export class Pauses {
  readonly #options: PausesOptions
  readonly #wake: Wake
  readonly #stop = new AbortController()
  #all: Pause | null
  readonly #folders = new Map<FolderId, Pause>()
  #running: Promise<void> | null = null

  constructor(options: PausesOptions) {
    const { state, clock } = options
    this.#options = options
    this.#wake = new Wake(clock)
    this.#all = state.settings.pause()
    for (const { folderId } of state.folders.list()) {
      const { pause } = state.folders.memory(folderId)
      if (pause !== null) this.#folders.set(folderId, pause)
    }
  }

  /** The pause of everything, or null. */
  get all(): Pause | null {
    return this.#all
  }

  /** Each paused folder. */
  get folders(): ReadonlyMap<FolderId, Pause> {
    return this.#folders
  }

  start(): void {
    this.#running ??= this.#run()
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  /** `folderId` null: everything. `pause` null: goes on. */
  set(folderId: FolderId | null, pause: Pause | null): void {
    const { state } = this.#options
    // On disk first: what cannot be recorded is not in force either.
    state.transaction(() => {
      if (folderId === null) state.settings.setPause(pause)
      else state.folders.setPause(folderId, pause)
    })
    if (folderId === null) this.#all = pause
    else if (pause === null) this.#folders.delete(folderId)
    else this.#folders.set(folderId, pause)
    this.#wake.ring()
  }

  /** The folder is gone, and its pause with it. */
  forget(folderId: FolderId): void {
    this.#folders.delete(folderId)
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      this.#endWhatIsOver()
      const next = this.#times().reduce<UnixMs | null>((a, b) => (a === null || b < a ? b : a), null)
      const waitMs = next === null ? null : Math.min(LOOK_AGAIN_MS, next - this.#options.clock.now())
      await this.#wake.sleep(waitMs, this.#stop.signal)
    }
  }

  #endWhatIsOver(): void {
    const now = this.#options.clock.now()
    const isOver = (pause: Pause | null): boolean => pause !== null && pause.until !== null && pause.until <= now
    const over = [...this.#folders].filter(([, pause]) => isOver(pause)).map(([folderId]) => folderId)
    for (const folderId of over) this.#end(folderId)
    const isAllOver = isOver(this.#all)
    if (isAllOver) this.#end(null)
    if (over.length > 0 || isAllOver) this.#options.onResumed()
  }

  /** A pause that is over stays over on a full disk too: what is on disk says until when it was. */
  #end(folderId: FolderId | null): void {
    try {
      this.set(folderId, null)
    } catch (error) {
      if (!isEngineError(error, 'disk_full')) throw error
      if (folderId === null) this.#all = null
      else this.#folders.delete(folderId)
    }
  }

  #times(): readonly UnixMs[] {
    return [this.#all, ...this.#folders.values()].map((pause) => pause?.until ?? null).filter((until) => until !== null)
  }
}
