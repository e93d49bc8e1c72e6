/**
 * Reads a listing of all versions as one of the files that are visible, and counts what else the bucket holds: older and hidden
 * versions, and large files that were never finished.
 */
import type { FileVersion } from '../b2/types.ts'
import { NO_AMOUNT, type Amount } from '../state/stored-bytes.ts'

export class VersionTally {
  #old: Amount = NO_AMOUNT
  readonly #unfinished: string[] = []
  /** The name whose versions are being read; they may go on on the next page. */
  #fileName: string | null = null
  /** Whether what the name shows is known: what follows is older. */
  #isShownKnown = false

  get old(): Amount {
    return this.#old
  }

  /** Ids of large files that were begun and not finished. */
  get unfinished(): readonly string[] {
    return this.#unfinished
  }

  /** Takes the next page, in the order in which B2 gives them, and returns the versions on it that are visible. */
  read(page: readonly FileVersion[]): readonly FileVersion[] {
    return page.filter((version) => {
      if (version.fileName !== this.#fileName) {
        this.#fileName = version.fileName
        this.#isShownKnown = false
      }
      // What is not finished hides nothing.
      if (version.action === 'start') {
        this.#unfinished.push(version.fileId)
        return false
      }
      const isNewest = !this.#isShownKnown
      this.#isShownKnown = true
      if (version.action === 'hide') return false
      if (isNewest) return true
      this.#old = { files: this.#old.files + 1, bytes: this.#old.bytes + version.contentLength }
      return false
    })
  }
}
