/** Table drop_uploads: large files that were begun in B2 for something dropped, and are not finished. */
import type { DropId, Sha1Hex } from '../../../shared/ids.ts'
import type { LargeUpload } from '../model/large-upload.ts'
import type { Db } from './database.ts'
import { packed, unpacked } from './large-uploads.ts'

/** All that is needed to go on without reading the file. */
type DropUpload = Omit<LargeUpload, 'folderId' | 'path' | 'startedAt'>

type Row = {
  readonly file_id: string
  readonly file_name: string
  readonly size_bytes: number
  readonly mtime_ms: number
  readonly ctime_ms: number
  readonly ino: number
  readonly sha1: string
  readonly block_bytes: number
  readonly block_sha1s: Buffer
}

export function createDropUploads(db: Db) {
  const add = db.prepare(
    `INSERT INTO drop_uploads (file_id, drop_id, file_name, size_bytes, mtime_ms, ctime_ms, ino, sha1, block_bytes, block_sha1s)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (file_id) DO NOTHING`,
  )
  const newest = db.prepare<[number], Row>(
    'SELECT * FROM drop_uploads WHERE drop_id = ? ORDER BY upload_id DESC LIMIT 1',
  )
  const has = db.prepare<[string], { file_id: string }>('SELECT file_id FROM drop_uploads WHERE file_id = ?')
  const forget = db.prepare('DELETE FROM drop_uploads WHERE file_id = ?')
  const giveUp = db.prepare('UPDATE drop_uploads SET drop_id = 0 WHERE drop_id = ?')
  const unneeded = db.prepare<[], { file_id: string }>(
    `SELECT file_id FROM drop_uploads AS upload WHERE
       NOT EXISTS (SELECT 1 FROM drops WHERE drops.drop_id = upload.drop_id AND state IN ('waiting', 'failed'))
       OR EXISTS (SELECT 1 FROM drop_uploads AS newer WHERE newer.drop_id = upload.drop_id
         AND newer.upload_id > upload.upload_id)`,
  )

  return {
    /** Remembers what B2 has begun, before any part of it is sent. */
    add(dropId: DropId, { fileId, fileName, fingerprint, content }: DropUpload): void {
      const { sizeBytes, mtimeMs, ctimeMs, ino } = fingerprint
      const { sha1, blocks } = content
      add.run(fileId, dropId, fileName, sizeBytes, mtimeMs, ctimeMs, ino, sha1, blocks.blockBytes, packed(blocks))
    },
    /** The last one that was begun for something dropped and not given up. */
    find(dropId: DropId): DropUpload | undefined {
      const row = newest.get(dropId)
      return row && toUpload(row)
    },
    has(fileId: string): boolean {
      return has.get(fileId) !== undefined
    },
    /** It is finished, or cancelled, or gone. */
    forget(fileId: string): void {
      forget.run(fileId)
    },
    /** Nobody will go on with it: what was hashed is not what the file holds. */
    giveUp(dropId: DropId): void {
      giveUp.run(dropId)
    },
    /** The ids of those that nobody will go on with: of what was cancelled, has arrived, or was begun anew. */
    listUnneeded(): readonly string[] {
      return unneeded.all().map((row) => row.file_id)
    },
  }
}

function toUpload(row: Row): DropUpload {
  return {
    fileId: row.file_id,
    fileName: row.file_name,
    fingerprint: { sizeBytes: row.size_bytes, mtimeMs: row.mtime_ms, ctimeMs: row.ctime_ms, ino: row.ino },
    // Nothing is copied from another version.
    content: { sha1: row.sha1 as Sha1Hex, blocks: unpacked(row), runs: [] },
    copiesFrom: null,
  }
}
