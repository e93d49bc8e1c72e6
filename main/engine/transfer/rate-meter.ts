/** How fast things go: bytes and files over the last seconds, smooth enough to show, and bytes over the last minutes. */

/** Long enough to be calm, short enough to notice a stall. */
const WINDOW_MS = 8000

const SLOT_MS = 500

/** The line of the last five minutes: so many steps of so many milliseconds. */
const STEPS = 60
const STEP_MS = 5000

type Slot = { readonly at: number; bytes: number; files: number }

export type Rate = { readonly bytesPerSecond: number; readonly filesPerSecond: number }

export class RateMeter {
  #slots: Slot[] = []
  /** Bytes by the number of their step since 1970, the oldest first. */
  readonly #steps = new Map<number, number>()

  /** `now` in Unix milliseconds. */
  add(now: number, bytes: number, files: number): void {
    const at = now - (now % SLOT_MS)
    let slot = this.#slots.at(-1)
    if (slot?.at !== at) {
      slot = { at, bytes: 0, files: 0 }
      this.#slots.push(slot)
      this.#slots = this.#slots.filter((old) => old.at > now - WINDOW_MS)
    }
    slot.bytes += bytes
    slot.files += files
    const step = Math.floor(now / STEP_MS)
    if (!this.#steps.has(step)) {
      for (const old of this.#steps.keys()) if (old <= step - STEPS || old > step) this.#steps.delete(old)
    }
    this.#steps.set(step, (this.#steps.get(step) ?? 0) + bytes)
  }

  /**
   * Bytes a second in steps of five seconds, five minutes at most, the oldest first; from the first step that moved
   * something to the last one that is over. Empty when nothing has moved.
   */
  history(now: number): readonly number[] {
    const current = Math.floor(now / STEP_MS)
    const past = [...this.#steps.keys()].filter((step) => step > current - STEPS && step < current)
    const first = Math.min(...past)
    if (past.length === 0) return []
    return Array.from({ length: current - first }, (_, index) =>
      Math.round(((this.#steps.get(first + index) ?? 0) * 1000) / STEP_MS),
    )
  }

  /** Zeroes when nothing moved within the window. */
  read(now: number): Rate {
    const recent = this.#slots.filter((slot) => slot.at > now - WINDOW_MS)
    const first = recent[0]
    if (first === undefined) return { bytesPerSecond: 0, filesPerSecond: 0 }
    // The first second would else be divided by almost nothing.
    const seconds = Math.max(1000, now - first.at) / 1000
    return {
      bytesPerSecond: recent.reduce((sum, slot) => sum + slot.bytes, 0) / seconds,
      filesPerSecond: recent.reduce((sum, slot) => sum + slot.files, 0) / seconds,
    }
  }
}

/** Seconds until the rest is done, by whichever of bytes and files takes longer; null when nothing moves. */
export function secondsLeft(rate: Rate, bytes: number, files: number): number | null {
  const byBytes = rate.bytesPerSecond > 0 ? bytes / rate.bytesPerSecond : null
  const byFiles = rate.filesPerSecond > 0 ? files / rate.filesPerSecond : null
  if (byBytes === null && byFiles === null) return null
  return Math.max(byBytes ?? 0, byFiles ?? 0)
}
