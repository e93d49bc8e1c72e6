/**
 * So many bytes a second for all streams of one direction together.
 *
 * Streams ask for every slice they want to move and get it in the order in which they asked, so that each has its share.
 * A slice is as large as the limit of this moment allows, so that a change counts for those that wait as well; it is
 * charged when it is given, so that whoever leaves the queue owes nothing.
 */
import type { Clock } from './clock.ts'
import { Wake } from './wake.ts'

/** A slice is worth this long: short enough that a line shared with a conversation stays quiet, a timer tick many times. */
const SLICE_MS = 20

/** Smaller ones would be mostly headers of packets. */
const LEAST_SLICE_BYTES = 1_000

/** With larger ones nothing is saved. */
const LARGEST_SLICE_BYTES = 65_536

/** So much of what was not used is made up for: timers come late while the process is busy. At once, hence a burst. */
const CATCH_UP_MS = 100

/** One limit for each direction. */
export type Throttle = { readonly up: BandwidthLimit; readonly down: BandwidthLimit }

type Waiting = { readonly wanted: number; readonly give: (bytes: number) => void }

export class BandwidthLimit {
  readonly #clock: Clock
  readonly #wake: Wake
  /** In the order in which they asked. */
  readonly #waiting = new Set<Waiting>()
  #bytesPerSecond: number | null
  /** When the last slice is paid for, by the clock's `uptime`. */
  #paidAt = -Infinity
  #isServing = false

  /** Null for no limit. */
  constructor(clock: Clock, bytesPerSecond: number | null = null) {
    this.#clock = clock
    this.#wake = new Wake(clock)
    this.#bytesPerSecond = bytesPerSecond
  }

  /** Null for no limit. */
  get bytesPerSecond(): number | null {
    return this.#bytesPerSecond
  }

  /** Another limit from here on, also for those that wait; null for none. */
  set(bytesPerSecond: number | null): void {
    if (bytesPerSecond === this.#bytesPerSecond) return
    this.#bytesPerSecond = bytesPerSecond
    // The last slice was in order under the limit of its time.
    this.#paidAt = Math.min(this.#paidAt, this.#clock.uptime())
    this.#wake.ring()
  }

  /**
   * Waits for its turn and says how many of the wanted bytes, at least one, may be moved now. Throws the signal's reason,
   * with nothing taken.
   */
  async take(wanted: number, signal: AbortSignal): Promise<number> {
    signal.throwIfAborted()
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    const waiting: Waiting = { wanted, give: resolve }
    const onAbort = (): void => {
      this.#waiting.delete(waiting)
      reject(signal.reason as Error)
    }
    signal.addEventListener('abort', onAbort)
    this.#waiting.add(waiting)
    void this.#serve()
    try {
      return await promise
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }

  /** Runs while somebody waits. */
  async #serve(): Promise<void> {
    if (this.#isServing) return
    this.#isServing = true
    while (this.#waiting.size > 0) {
      this.#giveWhatIsDue()
      // Rounded up: a timer that comes a little early would only be set once more.
      if (this.#waiting.size > 0) await this.#wake.sleep(Math.ceil(this.#paidAt - this.#clock.uptime()), NEVER)
    }
    this.#isServing = false
  }

  #giveWhatIsDue(): void {
    const now = this.#clock.uptime()
    for (const waiting of this.#waiting) {
      const bytesPerSecond = this.#bytesPerSecond
      if (bytesPerSecond !== null && this.#paidAt > now) return
      const bytes = bytesPerSecond === null ? waiting.wanted : Math.min(waiting.wanted, sliceOf(bytesPerSecond))
      if (bytesPerSecond !== null) {
        this.#paidAt = Math.max(this.#paidAt, now - CATCH_UP_MS) + (bytes * 1000) / bytesPerSecond
      }
      this.#waiting.delete(waiting)
      waiting.give(bytes)
    }
  }
}

/** The chunks as the limit lets them through: cut into slices while there is one, else as they are. */
export async function* withinLimit(
  chunks: AsyncIterable<Uint8Array>,
  limit: BandwidthLimit,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length;) {
      const wanted = chunk.length - at
      const bytes = limit.bytesPerSecond === null ? wanted : await limit.take(wanted, signal)
      yield bytes === chunk.length ? chunk : chunk.subarray(at, at + bytes)
      at += bytes
    }
  }
}

const NEVER = new AbortController().signal

/** The bytes that are given at once under a limit. */
function sliceOf(bytesPerSecond: number): number {
  const bytes = Math.floor((bytesPerSecond * SLICE_MS) / 1000)
  return Math.min(LARGEST_SLICE_BYTES, Math.max(LEAST_SLICE_BYTES, bytes))
}
