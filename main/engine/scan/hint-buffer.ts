/**
 * Folds watcher hints into work.
 *
 * In: hints, unordered, repeated, sometimes wrong. Out, once they have been quiet for a moment: the paths to look at,
 * each once, or "check everything" when there were too many. A hint never carries facts.
 */
import { splitRelative, type DirectoryPath } from '../lib/paths.ts'

/** More paths than this at once: one walk of the whole folder is cheaper than that many single looks. */
const MAX_PATHS = 5000

/** Hints have to be quiet this long: a save makes several within some milliseconds. */
const QUIET_MS = 250

/** But no hint waits longer than this, however busy the folder is. */
const LIMIT_MS = 2000

export class HintBuffer {
  #paths = new Set<DirectoryPath>()
  #isOverfull = false
  #firstAt = 0
  #lastAt = 0

  /** `''` is the root itself, which means everything. `now` in Unix milliseconds. */
  add(path: DirectoryPath, now: number): void {
    if (this.isEmpty) this.#firstAt = now
    this.#lastAt = now
    if (path === '' || this.#paths.size >= MAX_PATHS) {
      this.#isOverfull = true
      this.#paths.clear()
    }
    if (!this.#isOverfull) this.#paths.add(path)
  }

  get isEmpty(): boolean {
    return !this.#isOverfull && this.#paths.size === 0
  }

  /** When they are to be taken, Unix milliseconds; null when there are none. */
  get dueAt(): number | null {
    return this.isEmpty ? null : Math.min(this.#lastAt + QUIET_MS, this.#firstAt + LIMIT_MS)
  }

  /** The clock was set back: what has gathered counts as of now. */
  restart(now: number): void {
    this.#firstAt = now
    this.#lastAt = now
  }

  /** Takes what has gathered. A look at a directory sees all that is below it, so that is left out. */
  take(): { readonly kind: 'paths'; readonly paths: readonly DirectoryPath[] } | { readonly kind: 'everything' } {
    const paths = this.#paths
    const isOverfull = this.#isOverfull
    this.#paths = new Set()
    this.#isOverfull = false
    if (isOverfull) return { kind: 'everything' }
    return { kind: 'paths', paths: [...paths].filter((path) => !hasParentIn(path, paths)).sort() }
  }
}

function hasParentIn(path: DirectoryPath, paths: ReadonlySet<DirectoryPath>): boolean {
  for (let at = path; at !== '';) {
    ;[at] = splitRelative(at)
    if (paths.has(at)) return true
  }
  return false
}
