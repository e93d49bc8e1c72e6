/** How fast things go: bytes and files over the last seconds, smooth enough to show. */

/** Long enough to be calm, short enough to notice a stall. */
const WINDOW_MS = 8000

const SLOT_MS = 500

type Slot = { readonly at: number; bytes: number; files: number }

export type Rate = { readonly bytesPerSecond: number; readonly filesPerSecond: number }

export class RateMeter {
  #slots: Slot[] = []

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
