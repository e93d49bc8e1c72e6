/**
 * How much the bucket holds below each folder's prefix, in `folder_totals` and `unfinished_files`.
 *
 * What the bucket shows is counted by triggers of `remote_entries`. Old versions are counted in the bucket now and then, see
 * `sync/remote-refresh.ts`; in between each that Pail replaces or hides is added.
 */
import type { FolderId, RelativePath, UnixMs } from '../../../shared/ids.ts'
import type { Db } from './database.ts'

/** Versions, and their bytes together. */
export type Amount = { readonly files: number; readonly bytes: number }

export const NO_AMOUNT: Amount = { files: 0, bytes: 0 }

/** What was found below a prefix beside the files that it shows. */
export type VersionCount = {
  readonly old: Amount
  readonly unfinished: readonly { readonly fileId: string; readonly sizeBytes: number }[]
}

export type StoredBytes = {
  readonly current: Amount
  readonly old: Amount
  readonly unfinished: Amount
  /** When old versions and unfinished files were last counted in the bucket; null before the first time. */
  readonly countedAt: UnixMs | null
}

type Row = {
  readonly remote_files: number
  readonly remote_bytes: number
  readonly old_files: number
  readonly old_bytes: number
  readonly counted_at: number | null
}

export function createStoredBytes(db: Db) {
  const totals = db.prepare<[number], Row>(
    'SELECT remote_files, remote_bytes, old_files, old_bytes, counted_at FROM folder_totals WHERE folder_id = ?',
  )
  const unfinished = db.prepare<[number], Amount>(
    'SELECT count(*) AS files, coalesce(sum(size_bytes), 0) AS bytes FROM unfinished_files WHERE folder_id = ?',
  )
  const retire = db.prepare(
    `UPDATE folder_totals SET old_files = old_files + 1, old_bytes = old_bytes + shown.size_bytes
       FROM remote_entries AS shown
       WHERE folder_totals.folder_id = @folderId AND shown.folder_id = @folderId AND shown.path = @path`,
  )
  const free = db.prepare(
    `UPDATE folder_totals SET old_files = max(0, old_files - @files), old_bytes = max(0, old_bytes - @bytes)
       WHERE folder_id = @folderId`,
  )
  const count = db.prepare(
    'UPDATE folder_totals SET old_files = @files, old_bytes = @bytes, counted_at = @at WHERE folder_id = @folderId',
  )
  const addUnfinished = db.prepare(
    'INSERT OR REPLACE INTO unfinished_files (file_id, folder_id, size_bytes) VALUES (?, ?, ?)',
  )
  const forgetUnfinished = db.prepare('DELETE FROM unfinished_files WHERE file_id = ?')
  const forgetAllUnfinished = db.prepare('DELETE FROM unfinished_files WHERE folder_id = ?')

  return {
    of(folderId: FolderId): StoredBytes {
      const row = totals.get(folderId)
      return {
        current: { files: row?.remote_files ?? 0, bytes: row?.remote_bytes ?? 0 },
        old: { files: row?.old_files ?? 0, bytes: row?.old_bytes ?? 0 },
        unfinished: unfinished.get(folderId) ?? NO_AMOUNT,
        countedAt: (row?.counted_at ?? null) as UnixMs | null,
      }
    },
    /** What the bucket shows under a name becomes an old version: the name is hidden. To be called while it is still known. */
    retire(folderId: FolderId, path: RelativePath): void {
      retire.run({ folderId, path })
    },
    /** Old versions were deleted. */
    free(folderId: FolderId, { files, bytes }: Amount): void {
      if (files > 0) free.run({ folderId, files, bytes })
    },
    /** What was counted takes the place of what was known; `at` null for nothing that was counted. */
    setCount(folderId: FolderId, { old, unfinished: found }: VersionCount, at: UnixMs | null): void {
      count.run({ folderId, ...old, at })
      forgetAllUnfinished.run(folderId)
      for (const { fileId, sizeBytes } of found) addUnfinished.run(fileId, folderId, sizeBytes)
    },
    /** An unfinished file was cancelled. */
    forgetUnfinished(fileId: string): void {
      forgetUnfinished.run(fileId)
    },
  }
}
