/**
 * What is known of the drives that hold the roots: which device each is, and whether it gives small reads at once.
 *
 * A read in the event loop costs a fifth of one that goes through a thread, as long as it is short: content that is in
 * memory already, or a disk of our day. From a sleeping disk or over a network it would keep everything else waiting.
 */
import { statSync } from 'node:fs'
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

/** How long a device number is believed: files are finished by the thousand a second. */
const DEVICE_MS = 1000

type Drive = { averageMs: number; slowUntil: number }
type Device = { readonly dev: number; readonly until: number }

export class Drives {
  readonly #drives = new Map<AbsolutePath, Drive>()
  readonly #devices = new Map<AbsolutePath, Device>()
  readonly #clock: Pick<Clock, 'uptime'>

  constructor(clock: Pick<Clock, 'uptime'>) {
    this.#clock = clock
  }

  isQuick(root: AbsolutePath): boolean {
    const drive = this.#drives.get(root)
    return drive === undefined || this.#clock.uptime() >= drive.slowUntil
  }

  /**
   * Whether the root is on this device (the number that a file's `dev` is). A yes may be a second old; a no never is, as
   * nothing corrects one that is wrong.
   */
  isOnDevice(root: AbsolutePath, dev: number): boolean {
    const now = this.#clock.uptime()
    const known = this.#devices.get(root)
    if (known?.dev === dev && now < known.until) return true
    const found = statSync(root, { throwIfNoEntry: false })?.dev
    if (found !== undefined) this.#devices.set(root, { dev: found, until: now + DEVICE_MS })
    return found === dev
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
