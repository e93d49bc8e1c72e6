/**
 * Directories as they were when they were listed last: tells which have other entries by now without listing them again.
 *
 * A file that got another name changed the directory it is in now, whether a hint told of it or not. One number and one
 * name for each directory: some 2 MB for the 10,000 directories of a million files.
 */
import type { AbsolutePath } from '../../../shared/ids.ts'
import type { DirectoryPath } from '../lib/paths.ts'
import { existsExactly } from '../scan/stat-path.ts'
import { identifyDirectory, type DirectoryStamp } from '../scan/walker.ts'

/** After this many directories the event loop gets a turn: some 3 ms. */
const SLICE = 512

/** A look into what has changed is not repeated for so many times as long as it took: it costs 5 % of the time at most. */
const REST = 20

/** But no rest is longer: where one look took so long, there was much to be found that the next one will not find again. */
const LONGEST_REST_MS = 600_000

/**
 * A directory that changed so shortly before it was listed may change again without showing it: file systems count in
 * steps, some of two seconds. It has possibly changed until it is listed again.
 */
const YOUNG_MS = 2000

type Listed = DirectoryStamp & { readonly isYoung: boolean }

export class ListedDirectories {
  readonly #stamps = new Map<DirectoryPath, Listed>()
  #lookedAt = -Infinity
  #restsUntil = 0

  /**
   * When the last look began that has seen every file which may have got another name, minus infinity before the first: what was
   * lost until then is under no name that is not planned for. By the monotonic clock, as all times here.
   */
  get lookedAt(): number {
    return this.#lookedAt
  }

  /** Until when another such look has to wait. */
  get restsUntil(): number {
    return this.#restsUntil
  }

  /** Such a look, or a look at everything, has come to its end. */
  noteLook(beganAt: number): void {
    this.#lookedAt = beganAt
  }

  /** The next look has to wait, whatever this one has come to. */
  rest(beganAt: number, endedAt: number): void {
    this.#restsUntil = endedAt + Math.min(REST * (endedAt - beganAt), LONGEST_REST_MS)
  }

  /** `stamp` from before it was listed, which was at `listedAt` or later, Unix milliseconds. */
  note(directory: DirectoryPath, { ino, ctimeMs }: DirectoryStamp, listedAt: number): void {
    this.#stamps.set(directory, { ino, ctimeMs, isYoung: ctimeMs > listedAt - YOUNG_MS })
  }

  /** Nobody knows what is in it: it has possibly changed until it is listed. */
  noteUnreadable(directory: DirectoryPath): void {
    this.#stamps.set(directory, { ino: 0, ctimeMs: 0, isYoung: true })
  }

  has(directory: DirectoryPath): boolean {
    return this.#stamps.has(directory)
  }

  clear(): void {
    this.#lookedAt = -Infinity
    this.#stamps.clear()
  }

  /**
   * Those that have changed, for `sure` or at least `possible`; what cannot be looked at is not among them. What is gone is forgotten, for that changed the directory
   * above; so is what is spelled in another way by now.
   */
  async listChanged(
    root: AbsolutePath,
    signal: AbortSignal,
    which: 'possible' | 'sure',
  ): Promise<readonly DirectoryPath[]> {
    if (!this.#stamps.has('')) return ['']
    const changed: DirectoryPath[] = []
    let looked = 0
    for (const [directory, listed] of this.#stamps) {
      if (signal.aborted) break
      const found = identifyDirectory(root, directory)
      if (hasChanged(listed, found, which)) {
        if (found !== 'gone' && isSpelledSo(root, directory)) changed.push(directory)
        else this.#stamps.delete(directory)
      }
      looked += 1
      if (looked % SLICE === 0) await new Promise(setImmediate)
    }
    return changed
  }
}

function hasChanged(listed: Listed, found: ReturnType<typeof identifyDirectory>, which: 'possible' | 'sure'): boolean {
  if (found === 'gone') return true
  // Nothing in the directory above can be looked at, which is that one's trouble.
  if (found === 'unreadable') return false
  if (which === 'possible' && listed.isYoung) return true
  return found.ino !== listed.ino || found.ctimeMs !== listed.ctimeMs
}

function isSpelledSo(root: AbsolutePath, directory: DirectoryPath): boolean {
  return directory === '' || existsExactly(root, directory)
}
