/** What is known of a name, and under which other name a file is known: that is copied in the bucket, not sent again. */
import type { FolderId, RelativePath } from '../../../shared/ids.ts'
import type { CopySource } from '../model/action.ts'
import type { KnownFile } from '../model/agreed.ts'
import type { Fingerprint } from '../model/entry.ts'
import type { State } from '../state/state.ts'

/**
 * `known`: the very file, as nearly as its inode, size and mtime can tell. `perhaps`: the mtime is another, as where it was
 * set, or the content changed, after the file got its name. Names of the same folder come first.
 */
export function findKnown(
  state: State,
  folderId: FolderId,
  path: RelativePath,
  fingerprint: Pick<Fingerprint, 'ino' | 'sizeBytes' | 'mtimeMs'>,
): { readonly known?: CopySource; readonly perhaps?: CopySource } {
  const others = state.base.listSameFile(fingerprint).filter((file) => file.folderId !== folderId || file.path !== path)
  const best = (files: readonly KnownFile[]): KnownFile | undefined =>
    files.find((file) => file.folderId === folderId) ?? files[0]
  const same = best(others.filter((file) => file.fingerprint.mtimeMs === fingerprint.mtimeMs))
  if (same !== undefined) return { known: sourceOf(same) }
  const perhaps = best(others)
  return perhaps === undefined ? {} : { perhaps: sourceOf(perhaps) }
}

/** Whether anything is known of a name or of what is below it. */
export function isKnownBelow(state: State, folderId: FolderId, path: RelativePath): boolean {
  return (
    state.base.hasBelow(folderId, path) ||
    state.jobs.findForPath(folderId, path) !== undefined ||
    state.jobs.listBelow(folderId, path).length > 0
  )
}

function sourceOf({ folderId, path, fileId, sha1 }: KnownFile): CopySource {
  return { folderId, path, fileId, sha1 }
}
