/**
 * How many may work at once: a slot is taken before the work and given back after it. First come, first served, but for
 * those in a hurry.
 */

type Waiting = { readonly grant: () => void }

export class Slots {
  #limit: number
  #inUse = 0
  /** Each in the order of their coming; sets, so that one that gives up costs nothing. */
  readonly #hurried = new Set<Waiting>()
  readonly #waiting = new Set<Waiting>()

  /** `limit`: at least 1. */
  constructor(limit: number) {
    this.#limit = limit
  }

  get limit(): number {
    return this.#limit
  }

  /** In force at once for those who wait; what is in use above a lower limit ends by itself. */
  set limit(limit: number) {
    this.#limit = limit
    this.#grant()
  }

  /** May be above the limit for a while after that was lowered. */
  get inUse(): number {
    return this.#inUse
  }

  /** How many wait for one. */
  get waiting(): number {
    return this.#hurried.size + this.#waiting.size
  }

  /**
   * Waits for a slot; returns what gives it back, once. Rejects with the signal's reason. `isHurried`: before all that are
   * not.
   */
  take(signal: AbortSignal, isHurried = false): Promise<() => void> {
    const { promise, resolve, reject } = Promise.withResolvers<() => void>()
    const line = isHurried ? this.#hurried : this.#waiting
    const giveUp = (): void => {
      line.delete(waiting)
      reject(signal.reason as Error)
    }
    const waiting: Waiting = {
      grant: () => {
        signal.removeEventListener('abort', giveUp)
        resolve(this.takeNow())
      },
    }
    if (signal.aborted) {
      reject(signal.reason as Error)
      return promise
    }
    signal.addEventListener('abort', giveUp, { once: true })
    line.add(waiting)
    this.#grant()
    return promise
  }

  /** Takes a slot without asking, for who has looked at the limit; returns what gives it back, once. */
  takeNow(): () => void {
    this.#inUse += 1
    let isTaken = true
    return () => {
      if (!isTaken) return
      isTaken = false
      this.#inUse -= 1
      this.#grant()
    }
  }

  #grant(): void {
    for (const line of [this.#hurried, this.#waiting]) {
      for (const waiting of line) {
        if (this.#inUse >= this.#limit) return
        line.delete(waiting)
        waiting.grant()
      }
    }
  }
}
