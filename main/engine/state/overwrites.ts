/** Table approved_overwrites: versions in the bucket that did not come from the folder, and that a person lets be replaced. */
import type { FolderId, RelativePath } from '../../../shared/ids.ts'
import type { Db } from './database.ts'

export function createOverwrites(db: Db) {
  const approve = db.prepare(
    `INSERT INTO approved_overwrites (folder_id, path, file_id) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET file_id = excluded.file_id`,
  )
  const find = db.prepare<[number, string, string], { found: 1 }>(
    'SELECT 1 AS found FROM approved_overwrites WHERE folder_id = ? AND path = ? AND file_id = ?',
  )
  const forget = db.prepare('DELETE FROM approved_overwrites WHERE folder_id = ? AND path = ?')

  return {
    approve(folderId: FolderId, path: RelativePath, fileId: string): void {
      approve.run(folderId, path, fileId)
    },
    /** Whether exactly this version may be replaced. */
    isApproved(folderId: FolderId, path: RelativePath, fileId: string): boolean {
      return find.get(folderId, path, fileId) !== undefined
    },
    forget(folderId: FolderId, path: RelativePath): void {
      forget.run(folderId, path)
    },
  }
}
