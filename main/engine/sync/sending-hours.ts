/** Keeps the hours in which folders send: tells when a folder may not any more, and when it may again. */
import type { FolderId, UnixMs } from '../../../shared/ids.ts'
import type { SyncFolder } from '../../../shared/model/folder.ts'
import type { Clock } from '../lib/clock.ts'
import { Wake } from '../lib/wake.ts'
import { sendingAt } from '../plan/sending-hours.ts'
import type { LocalOffset } from '../plan/week-times.ts'

/** A clock that is set, or a machine that has slept, is noticed within this time. */
const LOOK_AGAIN_MS = 60_000

/** For times that never come, such as none of the next weeks has. */
const NEVER_MS = 15 * 86_400_000

export type SendingHoursOptions = {
  readonly clock: Clock
  readonly localOffset: LocalOffset
  readonly folders: () => readonly SyncFolder[]
  /** Nothing of this folder may be sent any more. */
  readonly onClosed: (folderId: FolderId) => void
  /** Some folder may send again. */
  readonly onOpened: () => void
}

export class SendingHours {
  readonly #options: SendingHoursOptions
  readonly #wake: Wake
  readonly #stop = new AbortController()
  #closed: ReadonlyMap<FolderId, UnixMs> = new Map()
  #nextAt: UnixMs | null = null
  #running: Promise<void> | null = null

  constructor(options: SendingHoursOptions) {
    this.#options = options
    this.#wake = new Wake(options.clock)
  }

  /** When each folder may send again that may not now. */
  get closed(): ReadonlyMap<FolderId, UnixMs> {
    return this.#closed
  }

  start(): void {
    this.#running ??= this.#run()
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  /** Folders, their times, or the time itself may be other ones. */
  lookAgain(): void {
    this.#apply()
    this.#wake.ring()
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      this.#apply()
      await this.#wake.sleep(this.#msUntilNext(), this.#stop.signal)
    }
  }

  #apply(): void {
    const { clock, localOffset, folders, onClosed, onOpened } = this.#options
    const now = clock.now()
    const before = this.#closed
    const known = folders().map(({ folderId, settings }) => ({
      folderId,
      ...sendingAt(settings.sendingTimes, now, localOffset),
    }))
    const closed = known.filter(({ isOpen }) => !isOpen)
    this.#closed = new Map(closed.map(({ folderId, until }) => [folderId, until ?? ((now + NEVER_MS) as UnixMs)]))
    const times = known.flatMap(({ until }) => until ?? [])
    this.#nextAt = times.length === 0 ? null : (Math.min(...times) as UnixMs)
    for (const folderId of this.#closed.keys()) if (!before.has(folderId)) onClosed(folderId)
    if ([...before.keys()].some((folderId) => !this.#closed.has(folderId))) onOpened()
  }

  /** Null where no time changes anything. */
  #msUntilNext(): number | null {
    return this.#nextAt === null ? null : Math.min(LOOK_AGAIN_MS, this.#nextAt - this.#options.clock.now())
  }
}
