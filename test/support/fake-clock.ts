/** A clock that stands still until a test moves it. */
import type { UnixMs } from '../../shared/ids.ts'
import type { Clock } from '../../main/engine/lib/clock.ts'

export type FakeClockOptions = {
  /** Unix milliseconds at the start. */
  readonly startMs?: number
  /** Sleeps end at once and move the clock by their length, as if a test advanced it each time. */
  readonly skipsSleeps?: boolean
}

type Sleeper = { readonly wakesAt: number; readonly wake: () => void }

export class FakeClock implements Clock {
  /** Every sleep asked for so far, milliseconds, in order. */
  readonly sleeps: number[] = []
  readonly #skipsSleeps: boolean
  readonly #sleepers = new Set<Sleeper>()
  #nowMs: number

  constructor({ startMs = Date.UTC(2026, 0, 1), skipsSleeps = false }: FakeClockOptions = {}) {
    this.#nowMs = startMs
    this.#skipsSleeps = skipsSleeps
  }

  /** How many sleeps have not ended. */
  get sleeping(): number {
    return this.#sleepers.size
  }

  now(): UnixMs {
    return this.#nowMs as UnixMs
  }

  uptime(): number {
    return this.#nowMs
  }

  /** Moves the clock and ends the sleeps that are over then, the earliest first. */
  advance(byMs: number): void {
    this.#nowMs += byMs
    const due = [...this.#sleepers].filter(({ wakesAt }) => wakesAt <= this.#nowMs)
    for (const { wake } of due.sort((a, b) => a.wakesAt - b.wakesAt)) wake()
  }

  async sleep(waitMs: number, signal?: AbortSignal): Promise<void> {
    this.sleeps.push(waitMs)
    signal?.throwIfAborted()
    if (this.#skipsSleeps) {
      this.#nowMs += waitMs
      return
    }
    const { promise, resolve, reject } = Promise.withResolvers<undefined>()
    const onAbort = (): void => {
      this.#sleepers.delete(sleeper)
      reject(signal?.reason as Error)
    }
    const sleeper: Sleeper = {
      wakesAt: this.#nowMs + waitMs,
      wake: () => {
        this.#sleepers.delete(sleeper)
        signal?.removeEventListener('abort', onAbort)
        resolve(undefined)
      },
    }
    this.#sleepers.add(sleeper)
    signal?.addEventListener('abort', onAbort, { once: true })
    await promise
  }
}
