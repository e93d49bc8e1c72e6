/**
 * Proves that a file is not there: by a complete listing of the nearest directory above it that exists, in which the next
 * name of its path is missing, or is no longer what it was.
 */
import { lstatSync, readdirSync, statSync } from 'node:fs'
import type { AbsolutePath, RelativePath } from '../../../shared/ids.ts'
import { splitRelative, toAbsolute, type DirectoryPath } from '../lib/paths.ts'
import { errnoOf, existsExactly, statBelow, statPath } from './stat-path.ts'

export type Absence =
  /** `dev`: the device of the directory that shows it. */
  | { readonly kind: 'absent'; readonly dev: number }
  | { readonly kind: 'present' }
  /** Nothing can be said: this directory cannot be read, or something that is never followed stands in the way. */
  | { readonly kind: 'unknown'; readonly directory: DirectoryPath }

type Listing = { readonly names: ReadonlySet<string>; readonly dev: number }

/** Listings of directories, each read once: for many proofs within a moment. */
export class Listings {
  readonly #root: AbsolutePath
  readonly #read = new Map<DirectoryPath, Listing | 'gone' | 'in-the-way' | 'unreadable'>()

  constructor(root: AbsolutePath) {
    this.#root = root
  }

  /** Whether a file is at this path, exactly as it is spelled. */
  prove(path: RelativePath): Absence {
    let [directory, name] = splitRelative(path)
    let listing = this.#list(directory)
    if (typeof listing !== 'string' && listing.names.has(name)) return this.#judge(path, listing.dev)
    // What is below a directory that is gone, or below a file, is gone with it.
    let isInTheWay = false
    while (directory !== '' && (listing === 'gone' || listing === 'in-the-way')) {
      if (listing === 'in-the-way' && this.#isSkipped(directory)) return { kind: 'unknown', directory }
      isInTheWay = listing === 'in-the-way'
      ;[directory, name] = splitRelative(directory)
      listing = this.#list(directory)
    }
    if (typeof listing === 'string') return { kind: 'unknown', directory }
    // A directory that is gone and listed has come back just now.
    const isGone = isInTheWay || !listing.names.has(name)
    return isGone ? { kind: 'absent', dev: listing.dev } : { kind: 'unknown', directory }
  }

  #judge(path: RelativePath, dev: number): Absence {
    const seen = statPath(toAbsolute(this.#root, path))
    switch (seen.kind) {
      case 'directory':
        return { kind: 'absent', dev }
      case 'file':
        // Where case does not matter, a directory above may be there under another spelling.
        return existsExactly(this.#root, path) ? { kind: 'present' } : { kind: 'absent', dev }
      case 'absent':
      case 'skipped':
      case 'unreadable':
        return { kind: 'unknown', directory: splitRelative(path)[0] }
    }
  }

  /** A link or the like may lead to the files that were here: they are not known to be gone. */
  #isSkipped(path: RelativePath): boolean {
    const { kind } = statBelow(this.#root, path)
    return kind !== 'file' && kind !== 'absent'
  }

  #list(directory: DirectoryPath): Listing | 'gone' | 'in-the-way' | 'unreadable' {
    const read = this.#read.get(directory)
    if (read !== undefined) return read
    const listing = readListing(this.#root, directory)
    this.#read.set(directory, listing)
    return listing
  }
}

function readListing(root: AbsolutePath, directory: DirectoryPath): Listing | 'gone' | 'in-the-way' | 'unreadable' {
  const path = directory === '' ? root : toAbsolute(root, directory)
  // Only the root itself may be a link: what is behind another one is no part of the folder.
  if (directory !== '' && statBelow(root, directory).kind === 'skipped') return 'in-the-way'
  try {
    const stats = directory === '' ? statSync(path) : lstatSync(path)
    if (!stats.isDirectory()) return 'in-the-way'
    return { names: new Set(readdirSync(path)), dev: stats.dev }
  } catch (error) {
    const code = errnoOf(error)
    if (code === 'ENOENT') return 'gone'
    return code === 'ENOTDIR' ? 'in-the-way' : 'unreadable'
  }
}
