/** Names from events, as far as they can be looked at. */
import type { RelativePath } from '../../../shared/ids.ts'
import type { DirectoryPath } from '../lib/paths.ts'

/** Bytes that are no UTF-8 come as U+FFFD: there is no path to look at then, only the directory above it. */
export function nearestNamed(path: RelativePath): DirectoryPath {
  const at = path.indexOf('\uFFFD')
  if (at < 0) return path
  const slash = path.lastIndexOf('/', at)
  return slash < 0 ? '' : (path.slice(0, slash) as RelativePath)
}
