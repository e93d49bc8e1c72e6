/** Whether there is any file in a sync folder that is not ignored. */
import { readdirSync, type Dirent } from 'node:fs'
import type { AbsolutePath } from '../../../shared/ids.ts'
import { joinRelative, toAbsolute, type DirectoryPath } from '../lib/paths.ts'
import type { IgnoreRule } from './ignore-rules.ts'
import { isMarker } from './root-marker.ts'

/** A folder with so many directories and not one file among them is taken for one without: the look must not take long. */
const DIRECTORIES_LOOKED_INTO = 5000

/** The marker does not count, nor what is behind links or in directories that cannot be read. */
export function holdsFile(root: AbsolutePath, isIgnored: IgnoreRule): boolean {
  const toVisit: DirectoryPath[] = ['']
  for (let looked = 0; looked < DIRECTORIES_LOOKED_INTO; looked += 1) {
    const directory = toVisit.pop()
    if (directory === undefined) return false
    for (const entry of entriesOf(directory === '' ? root : toAbsolute(root, directory))) {
      const path = joinRelative(directory, entry.name)
      if (isIgnored(path, entry.isDirectory()) || isMarker(path)) continue
      if (entry.isFile()) return true
      if (entry.isDirectory()) toVisit.push(path)
    }
  }
  return false
}

function entriesOf(directory: AbsolutePath): readonly Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
  } catch {
    return []
  }
}
