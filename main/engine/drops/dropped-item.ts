/** One look at something that a person dropped: where it is, and whether it is a file, a folder, or nothing to send. */
import { realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { AbsolutePath, RelativePath } from '../../../shared/ids.ts'
import { toRelative } from '../lib/paths.ts'
import type { DroppedItem } from '../model/drop.ts'
import { SHARE_FOLDER } from '../model/share-place.ts'
import { createIgnoreRules, type IgnoreRule } from '../scan/ignore-rules.ts'
import { isMarker } from '../scan/root-marker.ts'
import { statPath } from '../scan/stat-path.ts'

/**
 * Only what is above it is resolved: a link that was dropped is left out as one in a folder is. So is Pail's own data
 * folder, and everything in it (`dataFolder`, canonical).
 */
export function lookAtDropped(dropped: AbsolutePath, dataFolder: AbsolutePath): DroppedItem {
  const path = basename(dropped) as RelativePath
  const root = resolved(dirname(dropped))
  // A drive has no name of its own that it could have in the bucket.
  if (root === null || path.length === 0) return { root: dropped, path, kind: 'gone', sizeBytes: 0 }
  const at = join(root, path) as AbsolutePath
  const item = { root, path, sizeBytes: 0 }
  if (toRelative(dataFolder, at) !== null) return { ...item, kind: 'left-out' }
  const seen = statPath(at)
  switch (seen.kind) {
    case 'file':
      return { ...item, kind: 'file', sizeBytes: seen.fingerprint.sizeBytes }
    case 'directory':
      // In a bucket that is the name of what is made for links; one deeper down is left out like this, too.
      return { ...item, kind: path === SHARE_FOLDER ? 'left-out' : 'folder' }
    case 'skipped':
      return { ...item, kind: 'left-out' }
    case 'absent':
      return { ...item, kind: 'gone' }
    case 'unreadable':
      // Why it cannot be read is told when it is tried.
      return { ...item, kind: 'file' }
  }
}

function resolved(directory: string): AbsolutePath | null {
  try {
    return realpathSync(directory) as AbsolutePath
  } catch {
    return null
  }
}

/**
 * What in a dropped folder is not sent: what systems and editors leave behind, Pail's data folder, and the file by which it
 * knows a sync folder. Rules of sync folders do not count here.
 */
export function leftOutBelow(root: AbsolutePath, dataFolder: AbsolutePath): IgnoreRule {
  const own = toRelative(root, dataFolder)
  const rules = createIgnoreRules({ settings: '', file: null, own: own === '' ? null : own })
  return (path, isDirectory) => rules.isIgnored(path, isDirectory) || (!isDirectory && isMarker(basename(path)))
}
