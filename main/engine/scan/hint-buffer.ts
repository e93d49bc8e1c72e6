/**
 * Folds watcher hints into work.
 *
 * In: hints, unordered, repeated, sometimes wrong. Out, once they have been quiet for a moment: the paths to look at,
 * each once, or "check everything" when there were too many. A hint never carries facts.
 */
import { splitRelative, type DirectoryPath } from '../lib/paths.ts'

/** More paths than this at once: one walk of the whole folder is cheaper than that many single looks. */
const MAX_PATHS = 5000

export class HintBuffer {
  #paths = new Set<DirectoryPath>()
  #isOverfull = false

  /** `''` is the root itself, which means everything. */
  add(path: DirectoryPath): void {
    if (path === '' || this.#paths.size >= MAX_PATHS) {
      this.#isOverfull = true
      this.#paths.clear()
    }
    if (!this.#isOverfull) this.#paths.add(path)
  }

  get isEmpty(): boolean {
    return !this.#isOverfull && this.#paths.size === 0
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
