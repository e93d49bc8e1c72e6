/**
 * Table remote_entries: what the bucket was last seen to hold below a folder's prefix.
 *
 * A listing marks what it finds with its number; only when it is complete the rows of earlier ones go, so that a listing
 * that breaks off leaves nothing half known.
 */
import type { FolderId, RelativePath, Sha1Hex, UnixMs } from '../../../shared/ids.ts'
import type { RemoteEntry } from '../model/agreed.ts'
import type { Db } from './database.ts'

type Row = {
  readonly path: string
  readonly file_id: string
  readonly sha1: string | null
  readonly size_bytes: number
  readonly uploaded_at: number
  readonly is_ours: number
}

export function createRemoteEntries(db: Db) {
  const one = db.prepare<[number, string], Row>('SELECT * FROM remote_entries WHERE folder_id = ? AND path = ?')
  const put = db.prepare(
    `INSERT INTO remote_entries (folder_id, path, file_id, sha1, size_bytes, uploaded_at, is_ours, listing)
       SELECT @folderId, @path, @fileId, @sha1, @sizeBytes, @uploadedAt, @isOurs, listing
         FROM sync_folders WHERE folder_id = @folderId
     ON CONFLICT DO UPDATE SET file_id = excluded.file_id, sha1 = excluded.sha1, size_bytes = excluded.size_bytes,
       uploaded_at = excluded.uploaded_at, is_ours = excluded.is_ours, listing = excluded.listing`,
  )
  const doubt = db.prepare('UPDATE remote_entries SET sha1 = NULL WHERE folder_id = ? AND path = ?')
  const forget = db.prepare('DELETE FROM remote_entries WHERE folder_id = ? AND path = ?')
  const forgetAll = db.prepare('DELETE FROM remote_entries WHERE folder_id = ?')
  const begin = db.prepare('UPDATE sync_folders SET listing = listing + 1 WHERE folder_id = ?')
  const sweep = db.prepare(
    `DELETE FROM remote_entries WHERE folder_id = @folderId
       AND listing < (SELECT listing FROM sync_folders WHERE folder_id = @folderId)`,
  )

  return {
    find(folderId: FolderId, path: RelativePath): RemoteEntry | undefined {
      const row = one.get(folderId, path)
      return (
        row && {
          path: row.path as RelativePath,
          fileId: row.file_id,
          sha1: row.sha1 as Sha1Hex | null,
          sizeBytes: row.size_bytes,
          uploadedAt: row.uploaded_at as UnixMs,
          isOurs: row.is_ours === 1,
        }
      )
    },
    put(folderId: FolderId, entry: RemoteEntry): void {
      put.run({ folderId, ...entry, isOurs: Number(entry.isOurs) })
    },
    /** No content is taken for what the bucket holds under this name, until the bucket was asked. */
    doubt(folderId: FolderId, path: RelativePath): void {
      doubt.run(folderId, path)
    },
    forget(folderId: FolderId, path: RelativePath): void {
      forget.run(folderId, path)
    },
    forgetAll(folderId: FolderId): void {
      forgetAll.run(folderId)
    },
    /** From here on every `put` counts as found by this listing. */
    beginListing(folderId: FolderId): void {
      begin.run(folderId)
    },
    /** Forgets what the listing that began last did not find. */
    endListing(folderId: FolderId): void {
      sweep.run({ folderId })
    },
  }
}
