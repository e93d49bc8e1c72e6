/**
 * Is the root really there, and is it the same as before? Asked before every look, and before and after what is concluded
 * from absence.
 *
 * A root is known by device, inode and the id in its marker. One sign alone proves nothing: device numbers change with
 * every start, inode 2 is the root of every ext4 drive, and markers are deleted by people who tidy up.
 */
import { opendirSync, statSync } from 'node:fs'
import type { ErrorCode } from '../../../shared/errors.ts'
import type { AbsolutePath } from '../../../shared/ids.ts'
import type { RootIdentity } from '../model/root.ts'
import { readMarker, writeMarker } from './root-marker.ts'
import { errnoOf } from './stat-path.ts'

export type HeldRootCode = Extract<ErrorCode, 'root_missing' | 'root_unreadable' | 'root_replaced'>

export type RootVerdict =
  | {
      readonly kind: 'ok'
      readonly identity: RootIdentity
      /** It carries the marker and is another directory: a copy, or one restored from a backup, may lack files. */
      readonly isAnother: boolean
    }
  | { readonly kind: 'held'; readonly code: HeldRootCode }

/**
 * `root_missing`: not there, or not a directory. `root_unreadable`: it cannot be listed. `root_replaced`: something else
 * is there. `known` is what it was like before, null at the first look; `holdsKnownFile` looks for a file that is known
 * to have been there, exactly as it was, and is asked only where the marker is missing.
 */
export function checkRoot(root: AbsolutePath, known: RootIdentity | null, holdsKnownFile: () => boolean): RootVerdict {
  let found: { readonly dev: number; readonly ino: number }
  let after: typeof found
  let markerId: string | null
  try {
    found = statSync(root)
    // A root may itself be a link to a folder; what counts is that it opens as a directory.
    const opened = opendirSync(root)
    try {
      // A drive that was pulled out still opens; reading from it fails.
      opened.readSync()
    } finally {
      opened.closeSync()
    }
    markerId = readMarker(root)
    after = statSync(root)
  } catch (error) {
    const isMissing = errnoOf(error) === 'ENOTDIR' || errnoOf(error) === 'ENOENT'
    return { kind: 'held', code: isMissing ? 'root_missing' : 'root_unreadable' }
  }
  const { dev, ino } = found
  // A drive was connected or pulled out in between: what was seen belongs to two folders.
  if (after.dev !== dev || after.ino !== ino) return { kind: 'held', code: 'root_replaced' }
  const ok = (id: string | null, isAnother: boolean): RootVerdict => ({
    kind: 'ok',
    identity: { dev, ino, markerId: id },
    isAnother,
  })
  if (known === null) return ok(markerId ?? writeMarker(root), false)
  if (markerId !== null && markerId === known.markerId) return ok(markerId, ino !== known.ino)
  // Somebody else's marker: another Pail folder, or another drive. Without one of its own before, it may be a first one.
  if (markerId !== null && known.markerId !== null) return { kind: 'held', code: 'root_replaced' }
  const isSamePlace = dev === known.dev && ino === known.ino
  if (known.markerId === null && isSamePlace) return ok(markerId, false)
  if (!holdsKnownFile()) return { kind: 'held', code: 'root_replaced' }
  return ok(markerId ?? writeMarker(root, known.markerId ?? undefined), !isSamePlace)
}
