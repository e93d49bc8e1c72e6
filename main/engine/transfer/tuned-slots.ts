/** Slots whose number follows what they bring. */
import type { Clock } from '../lib/clock.ts'
import { Slots, type SlotLine } from '../lib/slots.ts'
import { Tuner, type TunerOptions } from './tuner.ts'

export class TunedSlots {
  readonly #clock: Clock
  readonly #slots: Slots
  readonly #tuner: Tuner

  constructor(clock: Clock, options: TunerOptions) {
    this.#clock = clock
    this.#tuner = new Tuner(options)
    this.#slots = new Slots(this.#tuner.limit)
  }

  get limit(): number {
    return this.#slots.limit
  }

  get inUse(): number {
    return this.#slots.inUse
  }

  /**
   * Waits for a slot; returns what gives it back, once. Rejects with the signal's reason. `line` as for `Slots`.
   */
  async take(signal: AbortSignal, line?: SlotLine): Promise<() => void> {
    return this.#timed(await this.#slots.take(signal, line))
  }

  /** Takes a slot without asking, for who has looked at the limit; returns what gives it back, once. */
  takeNow(): () => void {
    return this.#timed(this.#slots.takeNow())
  }

  /** Bytes were sent by somebody who has a slot. */
  moved(bytes: number): void {
    this.#tuner.moved(this.#clock.uptime(), bytes, this.#slots.inUse)
    this.#follow()
  }

  /** B2 has turned a request away because it is too much, for `pauseMs` where it said for how long. */
  refused(pauseMs: number): void {
    this.#tuner.refused(this.#clock.uptime(), pauseMs)
    this.#follow()
  }

  /** The most that a person allows; null for what works best. */
  allow(most: number | null): void {
    this.#tuner.allow(most)
    this.#follow()
  }

  #timed(giveBack: () => void): () => void {
    const startedAt = this.#clock.uptime()
    let isTaken = true
    return () => {
      if (!isTaken) return
      isTaken = false
      const now = this.#clock.uptime()
      this.#tuner.ended(now, now - startedAt, this.#slots.inUse)
      giveBack()
      this.#follow()
    }
  }

  #follow(): void {
    if (this.#slots.limit !== this.#tuner.limit) this.#slots.limit = this.#tuner.limit
  }
}
