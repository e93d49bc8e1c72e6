/** How many may work at once: a slot is taken before the work and given back after it. First come, first served. */

type Waiting = { readonly grant: () => void }

export class Slots {
  #limit: number
  #inUse = 0
  /** In the order of their coming; a set, so that one that gives up costs nothing. */
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
    return this.#waiting.size
  }

  /** Waits for a slot; returns what gives it back, once. Rejects with the signal's reason. */
  take(signal: AbortSignal): Promise<() => void> {
    const { promise, resolve, reject } = Promise.withResolvers<() => void>()
    const giveUp = (): void => {
      this.#waiting.delete(waiting)
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
    this.#waiting.add(waiting)
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
    for (const waiting of this.#waiting) {
      if (this.#inUse >= this.#limit) return
      this.#waiting.delete(waiting)
      waiting.grant()
    }
  }
}
