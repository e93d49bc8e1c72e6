/**
 * What keeps jobs from running: one hold for everything, one for each folder.
 *
 * A hold stops new attempts until its time is over; then one try shows whether things are well again, and only a
 * success ends the hold. So "offline since" stays true through every try that fails.
 */
import type { ErrorCode, ErrorDetails } from '../../../shared/errors.ts'
import type { FolderId, UnixMs } from '../../../shared/ids.ts'
import type { Clock } from '../lib/clock.ts'
import { decideRetry, LONGEST_WAIT_MS } from '../plan/retry-policy.ts'

export type Hold = {
  readonly code: ErrorCode
  readonly details: ErrorDetails
  readonly since: UnixMs
  /** When it is tried again. */
  readonly until: UnixMs
  readonly failures: number
}

export class Holds {
  readonly #clock: Clock
  readonly #folders = new Map<FolderId, Hold>()
  #all: Hold | null = null

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get all(): Hold | null {
    return this.#all
  }

  get folders(): ReadonlyMap<FolderId, Hold> {
    return this.#folders
  }

  holdAll(code: ErrorCode, details: ErrorDetails): void {
    this.#all = this.#next(this.#all, code, details)
  }

  holdFolder(folderId: FolderId, code: ErrorCode, details: ErrorDetails): void {
    this.#folders.set(folderId, this.#next(this.#folders.get(folderId) ?? null, code, details))
  }

  /** Something of this folder that was begun at `startedAt` succeeded: what was held before then is well again. */
  clearAfterSuccess(folderId: FolderId, startedAt: UnixMs): void {
    if (this.#all !== null && this.#all.since <= startedAt) this.#all = null
    const hold = this.#folders.get(folderId)
    if (hold !== undefined && hold.since <= startedAt) this.#folders.delete(folderId)
  }

  /** What held everything is over. */
  clearAll(): void {
    this.#all = null
  }

  /** Makes every hold due for its next try; none is forgotten before that has succeeded. */
  hurry(): void {
    const until = this.#clock.now()
    if (this.#all !== null) this.#all = { ...this.#all, until }
    for (const [folderId, hold] of this.#folders) this.#folders.set(folderId, { ...hold, until })
  }

  /** Whether a hold's time is over, also where the clock has been set back since. */
  isDue({ until }: Hold): boolean {
    const now = this.#clock.now()
    return until <= now || until > now + LONGEST_WAIT_MS
  }

  forgetFolder(folderId: FolderId): void {
    this.#folders.delete(folderId)
  }

  /**
   * When the next hold is tried of those that were not due yet at `lookedAt`; null when none is waited for. Not those
   * that are not due now: one may have become due since somebody looked.
   */
  nextTime(lookedAt: UnixMs): number | null {
    const times = [...this.#folders.values(), ...(this.#all === null ? [] : [this.#all])]
      .map((hold) => hold.until)
      .filter((until) => until > lookedAt)
    return times.length === 0 ? null : Math.min(...times)
  }

  /** Failures reported by attempts that ran side by side count once. */
  #next(hold: Hold | null, code: ErrorCode, details: ErrorDetails): Hold {
    const now = this.#clock.now()
    if (hold?.code === code && !this.isDue(hold)) return hold
    const failures = hold?.code === code ? hold.failures + 1 : 0
    const decision = decideRetry(code, failures)
    const waitMs = 'waitMs' in decision ? decision.waitMs : 0
    return { code, details, since: hold?.since ?? now, until: (now + waitMs) as UnixMs, failures }
  }
}
