/**
 * Directories as they were when they were listed last: tells which have other entries by now without listing them again.
 *
 * A file that got another name changed the directory it is in now, whether a hint told of it or not. One number and one
 * name for each directory: some 2 MB for the 10,000 directories of a million files.
 */
import type { AbsolutePath } from '../../../shared/ids.ts'
import type { DirectoryPath } from '../lib/paths.ts'
import { identifyDirectory, type DirectoryStamp } from '../scan/walker.ts'

/** After this many directories the event loop gets a turn: some 3 ms. */
const SLICE = 512

/** A look into what has changed is not repeated for so many times as long as it took: it costs 5 % of the time at most. */
const REST = 20

/**
 * A directory that changed so shortly before it was listed may change again without showing it: file systems count in
 * steps, some of two seconds. It counts as changed until it is listed again.
 */
const YOUNG_MS = 2000

export class ListedDirectories {
  readonly #stamps = new Map<DirectoryPath, DirectoryStamp>()
  #lookedAt: number | null = null
  #restsUntil = 0

  /**
   * When the last look began that has seen every file which may have got another name, null before the first: what was
   * lost until then is under no name that is not planned for. By the monotonic clock, as all times here.
   */
  get lookedAt(): number | null {
    return this.#lookedAt
  }

  /** Until when another such look has to wait. */
  get restsUntil(): number {
    return this.#restsUntil
  }

  /** Such a look, or a look at everything, is over. */
  noteLook(beganAt: number, endedAt: number): void {
    this.#lookedAt = beganAt
    this.#restsUntil = endedAt + REST * (endedAt - beganAt)
  }

  /** `stamp` from before it was listed, which was at `now`, Unix milliseconds. */
  note(directory: DirectoryPath, { ino, ctimeMs }: DirectoryStamp, now: number): void {
    this.#stamps.set(directory, { ino, ctimeMs: ctimeMs > now - YOUNG_MS ? NaN : ctimeMs })
  }

  has(directory: DirectoryPath): boolean {
    return this.#stamps.has(directory)
  }

  clear(): void {
    this.#lookedAt = null
    this.#stamps.clear()
  }

  /** Those that have changed, or cannot be looked at; what is gone is forgotten, for that changed the directory above. */
  async listChanged(root: AbsolutePath, signal: AbortSignal): Promise<readonly DirectoryPath[]> {
    if (!this.#stamps.has('')) return ['']
    const changed: DirectoryPath[] = []
    let looked = 0
    for (const [directory, listed] of this.#stamps) {
      if (signal.aborted) break
      const found = identifyDirectory(root, directory)
      if (found === 'gone') this.#stamps.delete(directory)
      else if (found === 'unreadable' || found.ino !== listed.ino || found.ctimeMs !== listed.ctimeMs) {
        changed.push(directory)
      }
      looked += 1
      if (looked % SLICE === 0) await new Promise(setImmediate)
    }
    return changed
  }
}
