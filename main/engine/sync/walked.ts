/** What a walk has seen of directories, and what follows for those it has not seen. */
import { splitRelative, type DirectoryPath } from '../lib/paths.ts'

export type Walked = {
  /** Directories that were read completely, with their device. */
  readonly visited: Map<DirectoryPath, number>
  /** Directories, and other paths, about which and below which nothing is known. */
  readonly unknown: Set<DirectoryPath>
}

/** The device of the nearest directory above that was read; undefined where none was. */
export function deviceAbove(directory: DirectoryPath, visited: ReadonlyMap<DirectoryPath, number>): number | undefined {
  let at = directory
  while (at !== '' && !visited.has(at)) [at] = splitRelative(at)
  return visited.get(at)
}

/** True when the directory, or one above it, is in the set. */
export function isBelowAny(directory: DirectoryPath, set: ReadonlySet<DirectoryPath>): boolean {
  for (let at: DirectoryPath = directory; at !== ''; at = splitRelative(at)[0]) {
    if (set.has(at)) return true
  }
  return set.has('')
}
