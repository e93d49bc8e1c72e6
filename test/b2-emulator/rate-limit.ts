/**
 * How many requests the account may make in a second. B2 has such a limit of its own accord (500 of uploads and downloads
 * for a new account) and does not say how it counts; here no second whatever has more of all kinds of calls.
 */
import { B2Error } from './errors.ts'

const SECOND_MS = 1000

/** Counts the requests that were let through. */
export class RateLimit {
  #limit: number
  /** When each of the last `limit` of them came, the oldest at `#next`. */
  #times: number[] = []
  #next = 0

  /** So many a second; `Infinity` for no limit. */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** Another limit from now on; what came before does not count. */
  set(limit: number): void {
    this.#limit = limit
    this.#times = []
    this.#next = 0
  }

  /** Throws 429 with `Retry-After: 1` when as many as are allowed came within a second before `now`, Unix milliseconds. */
  meet(now: number): void {
    if (this.#limit === Infinity) return
    const oldest = this.#times[this.#next] ?? -Infinity
    if (now - oldest < SECOND_MS) {
      throw new B2Error(429, 'too_many_requests', 'Too many requests', { 'Retry-After': '1' })
    }
    this.#times[this.#next] = now
    this.#next = (this.#next + 1) % this.#limit
  }
}
