/** Table remote_entries: what the bucket was last seen to hold below a folder's prefix. */
import type { FolderId, RelativePath, Sha1Hex, UnixMs } from '../../../shared/ids.ts'
import type { RemoteEntry } from '../model/agreed.ts'
import type { Db } from './database.ts'

type Row = {
  readonly path: string
  readonly file_id: string
  readonly sha1: string | null
  readonly size_bytes: number
  readonly uploaded_at: number
}

export function createRemoteEntries(db: Db) {
  const one = db.prepare<[number, string], Row>('SELECT * FROM remote_entries WHERE folder_id = ? AND path = ?')
  const put = db.prepare(
    `INSERT INTO remote_entries (folder_id, path, file_id, sha1, size_bytes, uploaded_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET file_id = excluded.file_id, sha1 = excluded.sha1, size_bytes = excluded.size_bytes,
       uploaded_at = excluded.uploaded_at`,
  )
  const forget = db.prepare('DELETE FROM remote_entries WHERE folder_id = ? AND path = ?')
  const forgetAll = db.prepare('DELETE FROM remote_entries WHERE folder_id = ?')

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
        }
      )
    },
    put(folderId: FolderId, entry: RemoteEntry): void {
      put.run(folderId, entry.path, entry.fileId, entry.sha1, entry.sizeBytes, entry.uploadedAt)
    },
    forget(folderId: FolderId, path: RelativePath): void {
      forget.run(folderId, path)
    },
    forgetAll(folderId: FolderId): void {
      forgetAll.run(folderId)
    },
  }
}
