/**
 * Whether the drive of a root gives small reads at once.
 *
 * A read in the event loop costs a fifth of one that goes through a thread, as long as it is short: content that is in
 * memory already, or a disk of our day. From a sleeping disk or over a network it would keep everything else waiting.
 */
import type { AbsolutePath } from '../../../shared/ids.ts'
import type { Clock } from '../lib/clock.ts'

/** Reads that take longer on the average are worth a thread. */
const LONG_MS = 5

/**
 * What one read counts of the average. Not more: now and then a quick one takes long as well, where the machine has
 * something else to do meanwhile.
 */
const SHARE = 1 / 32

/** Then the drive is left alone for so many times as long as the last read: a hundredth of the time is lost to waiting. */
const REST_FACTOR = 100

type Drive = { averageMs: number; slowUntil: number }

export class Drives {
  readonly #drives = new Map<AbsolutePath, Drive>()
  readonly #clock: Pick<Clock, 'uptime'>

  constructor(clock: Pick<Clock, 'uptime'>) {
    this.#clock = clock
  }

  isQuick(root: AbsolutePath): boolean {
    const drive = this.#drives.get(root)
    return drive === undefined || this.#clock.uptime() >= drive.slowUntil
  }

  /** Runs something that waits for the drive, and learns from how long that took. */
  watch<T>(root: AbsolutePath, read: () => T): T {
    const startedAt = this.#clock.uptime()
    try {
      return read()
    } finally {
      this.#learn(root, this.#clock.uptime() - startedAt)
    }
  }

  #learn(root: AbsolutePath, tookMs: number): void {
    const drive = this.#drives.get(root) ?? { averageMs: 0, slowUntil: 0 }
    this.#drives.set(root, drive)
    drive.averageMs += (tookMs - drive.averageMs) * SHARE
    if (drive.averageMs <= LONG_MS) return
    drive.slowUntil = this.#clock.uptime() + tookMs * REST_FACTOR
    // The first read after that tells whether the drive is as slow as it was.
    drive.averageMs = LONG_MS
  }
}
