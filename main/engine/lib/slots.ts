/**
 * How many may work at once: a slot is taken before the work and given back after it. First come, first served, but for
 * those in a hurry, and where lines have different weights.
 */
import { Shares } from './shares.ts'

/** Those in a hurry go before all others; the others take turns by the weight of their line. */
export type SlotLine = 'hurried' | number

const USUAL_WEIGHT = 1

type Waiting = { readonly grant: () => void }

export class Slots {
  #limit: number
  #inUse = 0
  /** Each in the order of their coming; sets, so that one that gives up costs nothing. */
  readonly #hurried = new Set<Waiting>()
  readonly #lines = new Map<number, Set<Waiting>>()
  readonly #turns = new Shares<number>((weight) => weight)

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
    return [...this.#lines.values()].reduce((sum, { size }) => sum + size, this.#hurried.size)
  }

  /**
   * Waits for a slot; returns what gives it back, once. Rejects with the signal's reason.
   */
  take(signal: AbortSignal, lineName: SlotLine = USUAL_WEIGHT): Promise<() => void> {
    const { promise, resolve, reject } = Promise.withResolvers<() => void>()
    const line = this.#line(lineName)
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
    while (this.#inUse < this.#limit) {
      const line = this.#nextLine()
      const [first] = line ?? []
      if (line === undefined || first === undefined) return
      line.delete(first)
      first.grant()
    }
  }

  #line(name: SlotLine): Set<Waiting> {
    if (name === 'hurried') return this.#hurried
    const line = this.#lines.get(name) ?? new Set()
    this.#lines.set(name, line)
    return line
  }

  /** The one whose turn it is, and has been from now on. */
  #nextLine(): Set<Waiting> | undefined {
    if (this.#hurried.size > 0) return this.#hurried
    const waiting = [...this.#lines].filter(([, { size }]) => size > 0).map(([weight]) => weight)
    const weight = this.#turns.next(waiting)
    if (weight === undefined) return undefined
    this.#turns.took(weight, waiting)
    return this.#lines.get(weight)
  }
}
