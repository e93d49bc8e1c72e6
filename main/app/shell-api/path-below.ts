/** Finds the file that a page names by its place in a sync folder. */
import { isAbsolute, join, sep } from 'node:path'
import type { AbsolutePath, RelativePath } from '../../../shared/ids.ts'

/** The path of `relative` below `root`; null when it would leave the root or is not a path of this platform. */
export function pathBelow(root: AbsolutePath, relative: RelativePath): AbsolutePath | null {
  const segments = relative.split('/')
  const isStrange = segments.some((segment) => segment === '' || segment === '.' || segment === '..')
  if (isStrange || relative.includes('\0') || isAbsolute(relative)) return null
  // On Windows a backslash separates too, and a colon names a drive or a stream; elsewhere both are letters of a name.
  if (sep === '\\' && /[\\:]/.test(relative)) return null
  return join(root, ...segments) as AbsolutePath
}
