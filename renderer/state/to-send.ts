/** How much each folder had to send when it began, for a bar that says how far it is. */
import type { FolderId } from '../../shared/ids.ts'
import type { FolderView } from '../../shared/model/folder.ts'

/** Bytes, of the folders that send. */
export type ToSend = ReadonlyMap<FolderId, number>

/**
 * The engine says what is left, not what there was: the most that was left since a folder began to send stands for the whole.
 * A pause or a wait in between is no new beginning; being up to date is.
 */
export function foldToSend(known: ToSend, folders: readonly Pick<FolderView, 'folderId' | 'status'>[]): ToSend {
  const next = new Map<FolderId, number>()
  for (const { folderId, status } of folders) {
    const before = known.get(folderId)
    if (status.kind === 'sending') next.set(folderId, Math.max(before ?? 0, status.bytes))
    else if (before !== undefined && status.kind !== 'up-to-date') next.set(folderId, before)
  }
  return next
}
