/** Is a file at rest? Its size and times have to be quiet for a while before it is taken. */
import type { RelativePath } from '../../../shared/ids.ts'
import { sameFingerprint, type Fingerprint } from '../model/entry.ts'

/** A second covers the usual write-flush-rename of programs that save; people do not notice it. */
const SETTLE_MS = 1000

export type SettleVerdict = { readonly kind: 'settled' } | { readonly kind: 'not-yet'; readonly lookAgainInMs: number }

/** Remembers files that are not at rest yet, for one sync folder. */
export class SettleWatch {
  readonly #seen = new Map<RelativePath, { readonly fingerprint: Fingerprint; readonly since: number }>()

  /**
   * Judges by the file's own times, which works for files written before Pail looked, and where those lie in the future
   * by two looks a second apart that agree. `now` in Unix milliseconds.
   */
  judge(path: RelativePath, fingerprint: Fingerprint, now: number): SettleVerdict {
    const quietMs = now - Math.max(fingerprint.mtimeMs, fingerprint.ctimeMs)
    if (quietMs >= SETTLE_MS) {
      this.#seen.delete(path)
      return { kind: 'settled' }
    }
    const earlier = this.#seen.get(path)
    if (earlier !== undefined && sameFingerprint(earlier.fingerprint, fingerprint)) {
      const watchedMs = now - earlier.since
      if (watchedMs >= SETTLE_MS) {
        this.#seen.delete(path)
        return { kind: 'settled' }
      }
      return { kind: 'not-yet', lookAgainInMs: Math.min(SETTLE_MS, SETTLE_MS - watchedMs) }
    }
    this.#seen.set(path, { fingerprint, since: now })
    return { kind: 'not-yet', lookAgainInMs: quietMs > 0 ? SETTLE_MS - quietMs : SETTLE_MS }
  }

  /** The file is gone or no longer of interest. */
  forget(path: RelativePath): void {
    this.#seen.delete(path)
  }
}
