/**
 * Spaces calls once B2 has turned some away for being too many (429), so that it need not do that again and again.
 *
 * How many B2 allows in a second it does not say, nor how it counts. What it let through in the last second, and on the
 * whole since it last turned calls away, has the limit between them. Calls go a little slower than that from then on, and
 * much later, in case the limit was another one by now, slowly faster again. Without any 429 nothing is ever spaced.
 */
import type { Clock } from '../lib/clock.ts'

/** Of what the limit seems to be, at first and later. */
const FIRST_PART = 0.95
const MOST = 0.98

/** How much faster calls become in a second, up to that and, after a time without a 429, beyond it. */
const GROWTH = 1.02

/** That time: the first guess may be far off, later ones are better. */
const FIRST_REST_MS = 10_000
const LONGEST_REST_MS = 60_000

/** Beyond so many times of what the limit seemed to be it is none any more. */
const OVER = 4

/** Calls in a second that are always allowed: a limit below that is not about calls. */
const LEAST_RATE = 10

/** Calls that may go at once after a silence. */
const BURST = 10

/** Calls that were under way together are turned away together. */
const ONE_REASON_MS = 1500

/** Answers remembered: more than any limit lets through in a second. */
const REMEMBERED = 4096

const SECOND_MS = 1000

type Limit = {
  /** Calls in a second that are allowed, as far as is known. */
  readonly rate: number
  readonly since: number
  /** How long it is taken for true. */
  readonly restMs: number
}

export class Pacer {
  readonly #clock: Clock
  /** When calls were let through, a ring. */
  readonly #letThrough = new Float64Array(REMEMBERED).fill(-Infinity)
  #count = 0
  #limit: Limit | null = null
  #countAtLimit = 0
  /** When the next call may go, were there no burst. */
  #nextAt = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Waits until a call may be made; at once as long as B2 has never said that it were too many. */
  async turn(signal?: AbortSignal): Promise<void> {
    if (this.#limit === null) return
    const waitMs = this.reserve()
    if (waitMs > 0) await this.#clock.sleep(waitMs, signal)
  }

  /** Takes the next turn, and tells how long it is until then, milliseconds. */
  reserve(): number {
    const now = this.#clock.uptime()
    const rate = this.#rate(now)
    if (rate === null) return 0
    const stepMs = SECOND_MS / rate
    this.#nextAt = Math.max(this.#nextAt, now - BURST * stepMs) + stepMs
    // No timer is finer than a millisecond.
    return Math.max(0, Math.floor(this.#nextAt - now))
  }

  /** B2 has carried a call out, or refused it for what it asks for. */
  letThrough(): void {
    this.#letThrough[this.#count % REMEMBERED] = this.#clock.uptime()
    this.#count += 1
  }

  /** B2 has turned a call away: they are too many. */
  turnedAway(): void {
    const now = this.#clock.uptime()
    if (this.#limit !== null && now < this.#limit.since + ONE_REASON_MS) return
    const lastSecond = this.#letThrough.reduce((count, at) => count + Number(at > now - SECOND_MS), 0)
    // A limit that lets more through at first and fewer later shows only on the whole.
    const onTheWhole =
      this.#limit === null ? lastSecond : ((this.#count - this.#countAtLimit) / (now - this.#limit.since)) * SECOND_MS
    const rate = Math.max(LEAST_RATE, Math.sqrt(lastSecond * onTheWhole))
    const restMs = this.#limit === null ? FIRST_REST_MS : Math.min(LONGEST_REST_MS, this.#limit.restMs * 2)
    this.#limit = { rate, since: now, restMs }
    this.#countAtLimit = this.#count
  }

  #rate(now: number): number | null {
    if (this.#limit === null) return null
    const { rate, since, restMs } = this.#limit
    const grown = (ms: number): number => GROWTH ** (ms / SECOND_MS)
    if (now < since + restMs) return Math.min(rate * MOST, rate * FIRST_PART * grown(now - since))
    const later = rate * MOST * grown(now - since - restMs)
    if (later > rate * OVER) this.#limit = null
    return later
  }
}
