/** A doorbell: one loop sleeps on it, anybody may ring. */
import type { Clock } from './clock.ts'
import { joinSignals } from './joined-signal.ts'

const MAX_SLEEP_MS = 3_600_000

/** One for all: an error of its own for each ring would cost more than the rest of it. */
const RUNG = new Error('rung')

export class Wake {
  #isRung = false
  #stopSleeping: AbortController | null = null
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Ends the present sleep, or the next one before it begins. */
  ring(): void {
    this.#isRung = true
    this.#stopSleeping?.abort(RUNG)
  }

  /** Sleeps until rung, aborted, or `ms` are over; null for no limit. Never throws. */
  async sleep(ms: number | null, signal: AbortSignal): Promise<void> {
    if (!this.#isRung && !signal.aborted) {
      const stop = new AbortController()
      this.#stopSleeping = stop
      const ended = joinSignals(signal, stop.signal)
      // An hour is "no limit" enough for a loop that looks again by itself, and no clock set back makes it longer.
      await this.#clock
        .sleep(Math.min(MAX_SLEEP_MS, Math.max(0, ms ?? MAX_SLEEP_MS)), ended.signal)
        .catch(() => undefined)
      ended.release()
      this.#stopSleeping = null
    }
    this.#isRung = false
  }
}
