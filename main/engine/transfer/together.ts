/**
 * Steps that are written to disk together.
 *
 * Each transaction waits for the disk, some milliseconds in which nothing else happens, and writes whole pages however
 * little changes in them. So the first step goes out at once, and those that arrive soon after share the next
 * transaction: the longer the disk takes, the more of them.
 */
import { promisify } from 'node:util'
import type { Clock } from '../lib/clock.ts'

/** A rest after a transaction is so many times as long as that took: the disk has a thirtieth of the time at most. */
const REST_FACTOR = 29

/** What is done shows, and frees its name for newer plans, no later than this; milliseconds. */
const LONGEST_REST_MS = 100

/** With so many waiting there is no rest: they take memory, and a transaction of all of them is long enough. */
const MOST_WAITING = 512

const turn = promisify(setImmediate)

type Waiting = { readonly step: () => void; readonly done: PromiseWithResolvers<undefined> }

export class Together {
  readonly #transaction: (step: () => void) => void
  #waiting: Waiting[] = []
  readonly #clock: Clock
  #restsUntil = 0

  constructor(clock: Clock, transaction: (step: () => void) => void) {
    this.#clock = clock
    this.#transaction = transaction
  }

  /** Runs the step within a transaction soon; resolves when that is on disk, rejects with what this very step threw. */
  run(step: () => void): Promise<undefined> {
    const done = Promise.withResolvers<undefined>()
    this.#waiting.push({ step, done })
    if (this.#waiting.length === 1) void this.#flushSoon(this.#waiting)
    if (this.#waiting.length === MOST_WAITING) void this.#flushNow(this.#waiting)
    return done.promise
  }

  /** Whether so many steps wait that whoever brings them had better wait too. */
  get isFull(): boolean {
    return this.#waiting.length >= MOST_WAITING
  }

  async #flushSoon(waiting: readonly Waiting[]): Promise<void> {
    const restMs = this.#restsUntil - this.#clock.uptime()
    if (restMs <= 0) return this.#flushNow(waiting)
    await this.#clock.sleep(restMs)
    this.#flush(waiting)
  }

  async #flushNow(waiting: readonly Waiting[]): Promise<void> {
    await turn()
    this.#flush(waiting)
  }

  /** Once: those that were written without a rest are not waited for any more. */
  #flush(waiting: readonly Waiting[]): void {
    if (waiting !== this.#waiting) return
    this.#waiting = []
    const startedAt = this.#clock.uptime()
    this.#write(waiting)
    const endedAt = this.#clock.uptime()
    this.#restsUntil = endedAt + Math.min(LONGEST_REST_MS, (endedAt - startedAt) * REST_FACTOR)
  }

  #write(waiting: readonly Waiting[]): void {
    try {
      this.#transaction(() => {
        for (const { step } of waiting) step()
      })
    } catch {
      // What one of them cannot do, the others may.
      for (const each of waiting) this.#runAlone(each)
      return
    }
    for (const { done } of waiting) done.resolve(undefined)
  }

  #runAlone({ step, done }: Waiting): void {
    try {
      this.#transaction(step)
      done.resolve(undefined)
    } catch (error) {
      done.reject(error)
    }
  }
}
