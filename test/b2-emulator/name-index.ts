/** All versions of one bucket by name, and the names in B2's order. */
import { compareNames } from './names.ts'
import type { FileVersion } from './model.ts'

/** More new names than this since the last listing: sorting them all at once is cheaper than inserting one by one. */
const MAX_SINGLE_INSERTS = 256

/** What a listing needs of a bucket. */
export type NameView = {
  /** Names with at least one version, in B2's order. */
  readonly names: readonly string[]
  /** The versions of a name, newest first; empty for an unknown name. */
  readonly versionsOf: (fileName: string) => readonly FileVersion[]
  /** The file or hide marker that counts for a name; undefined when it has none. */
  readonly currentOf: (fileName: string) => FileVersion | undefined
}

/** The versions of one bucket. Adding is cheap in any order; names are put in order when a listing asks for them. */
export class NameIndex {
  readonly #versions = new Map<string, FileVersion[]>()
  #sorted: string[] = []
  #unsorted: string[] = []

  /** The versions of a name, newest first; empty for an unknown name. */
  versionsOf(fileName: string): readonly FileVersion[] {
    return this.#versions.get(fileName) ?? []
  }

  /** The newest file or hide marker of a name. An unfinished large file is neither and shadows nothing. */
  currentOf(fileName: string): FileVersion | undefined {
    return this.versionsOf(fileName).find((version) => version.action !== 'start')
  }

  /** Puts a version in the place of the one with its id: a large file that was finished. */
  replace(version: FileVersion): void {
    const versions = this.#versions.get(version.fileName) ?? []
    const at = versions.findIndex((other) => other.fileId === version.fileId)
    if (at >= 0) versions[at] = version
  }

  /** Adds a version in its place: newest upload timestamp first. */
  add(version: FileVersion): void {
    const versions = this.#versions.get(version.fileName)
    if (versions === undefined) {
      this.#versions.set(version.fileName, [version])
      this.#unsorted.push(version.fileName)
      return
    }
    const at = versions.findIndex((other) => other.uploadTimestamp < version.uploadTimestamp)
    versions.splice(at === -1 ? versions.length : at, 0, version)
  }

  /** Forgets a version; a name without versions is gone from the listing. */
  remove(version: FileVersion): void {
    const left = this.versionsOf(version.fileName).filter((other) => other.fileId !== version.fileId)
    if (left.length > 0) {
      this.#versions.set(version.fileName, left)
      return
    }
    const names = this.#inOrder()
    this.#versions.delete(version.fileName)
    const at = lowerBound(names, version.fileName)
    if (names[at] === version.fileName) names.splice(at, 1)
  }

  /** Every version, names in B2's order, newest first. */
  *all(): Generator<FileVersion> {
    for (const name of this.#inOrder()) yield* this.versionsOf(name)
  }

  /** Whether the bucket holds nothing at all. */
  get isEmpty(): boolean {
    return this.#versions.size === 0
  }

  /** The view for a listing; good until the next change. */
  view(): NameView {
    return {
      names: this.#inOrder(),
      versionsOf: (name) => this.versionsOf(name),
      currentOf: (name) => this.currentOf(name),
    }
  }

  #inOrder(): string[] {
    if (this.#unsorted.length > MAX_SINGLE_INSERTS) {
      this.#sorted = this.#sorted.concat(this.#unsorted).sort(compareNames)
    } else {
      for (const name of this.#unsorted) this.#sorted.splice(lowerBound(this.#sorted, name), 0, name)
    }
    this.#unsorted = []
    return this.#sorted
  }
}

/** Index of the first name that is not before `name`; the length when all are. */
export function lowerBound(names: readonly string[], name: string): number {
  let low = 0
  let high = names.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareNames(names[middle] ?? '', name) < 0) low = middle + 1
    else high = middle
  }
  return low
}
