/** Tables large_uploads and large_contents: what was begun and not finished, and the block hashes of what the bucket holds. */
import { z } from 'zod'
import { Sha1Hex, type FolderId, type RelativePath, type UnixMs } from '../../../shared/ids.ts'
import type { Blocks, KnownContent } from '../model/content.ts'
import type { LargeUpload } from '../model/large-upload.ts'
import type { Db } from './database.ts'

/** What nobody goes on with for this long is given up: longer than a file takes that is saved again and again. */
const IDLE_MS = 3_600_000

const SHA1_BYTES = 20

type Row = {
  readonly file_id: string
  readonly folder_id: number
  readonly path: string
  readonly file_name: string
  readonly size_bytes: number
  readonly mtime_ms: number
  readonly ctime_ms: number
  readonly ino: number
  readonly sha1: string
  readonly block_bytes: number
  readonly block_sha1s: Buffer
  readonly runs: string
  readonly copies_from: string | null
  readonly started_at: number
}

const Runs = z.array(z.object({ first: z.number().int(), count: z.number().int(), sha1: Sha1Hex }))

export function createLargeUploads(db: Db) {
  const add = db.prepare(
    `INSERT OR REPLACE INTO large_uploads (file_id, folder_id, path, file_name, size_bytes, mtime_ms, ctime_ms, ino, sha1,
       block_bytes, block_sha1s, runs, copies_from, started_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const newest = db.prepare<[number, string], Row>(
    'SELECT * FROM large_uploads WHERE folder_id = ? AND path = ? AND started_at > 0 ORDER BY started_at DESC, rowid DESC LIMIT 1',
  )
  const has = db.prepare<[string], { file_id: string }>('SELECT file_id FROM large_uploads WHERE file_id = ?')
  const forget = db.prepare('DELETE FROM large_uploads WHERE file_id = ?')
  const giveUp = db.prepare('UPDATE large_uploads SET started_at = 0 WHERE folder_id = ? AND path = ?')
  const unneeded = db.prepare<[number, number], Pick<Row, 'file_id' | 'folder_id'>>(
    `SELECT file_id, folder_id FROM large_uploads AS upload WHERE
       folder_id NOT IN (SELECT folder_id FROM sync_folders)
       OR started_at = 0
       OR EXISTS (SELECT 1 FROM large_uploads AS newer WHERE newer.folder_id = upload.folder_id
         AND newer.path = upload.path AND (newer.started_at, newer.rowid) > (upload.started_at, upload.rowid))
       OR (started_at NOT BETWEEN ? AND ? AND NOT EXISTS (SELECT 1 FROM jobs
         WHERE jobs.folder_id = upload.folder_id AND jobs.path = upload.path AND kind IN ('upload', 'copy')))`,
  )
  const content = db.prepare<[number, string], Pick<Row, 'file_id' | 'block_bytes' | 'block_sha1s'>>(
    'SELECT file_id, block_bytes, block_sha1s FROM large_contents WHERE folder_id = ? AND path = ?',
  )
  const putContent = db.prepare(
    `INSERT INTO large_contents (folder_id, path, file_id, block_bytes, block_sha1s) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET file_id = excluded.file_id, block_bytes = excluded.block_bytes,
       block_sha1s = excluded.block_sha1s`,
  )
  const forgetContent = db.prepare('DELETE FROM large_contents WHERE folder_id = ? AND path = ?')

  return {
    /** Remembers what B2 has begun, before any part of it is sent. */
    add(upload: LargeUpload): void {
      const { fileId, folderId, path, fileName, fingerprint, content: hashed, copiesFrom, startedAt } = upload
      const { sizeBytes, mtimeMs, ctimeMs, ino } = fingerprint
      const { blockBytes } = hashed.blocks
      const about = [fileId, folderId, path, fileName, sizeBytes, mtimeMs, ctimeMs, ino, hashed.sha1, blockBytes]
      add.run(...about, packed(hashed.blocks), JSON.stringify(hashed.runs), copiesFrom, startedAt)
    },
    /** The last one that was begun for a path and not given up. */
    find(folderId: FolderId, path: RelativePath): LargeUpload | undefined {
      const row = newest.get(folderId, path)
      return row && toUpload(row)
    },
    has(fileId: string): boolean {
      return has.get(fileId) !== undefined
    },
    /** It is finished, or cancelled, or gone. */
    forget(fileId: string): void {
      forget.run(fileId)
    },
    /** Nobody will go on with what was begun for a path: it is in line with the bucket, or is begun anew. */
    giveUp(folderId: FolderId, path: RelativePath): void {
      giveUp.run(folderId, path)
    },
    /**
     * Those that nobody will go on with: of folders that are not synced any more, of names that were begun anew, and of
     * names for which nothing is to be sent for an hour.
     */
    listUnneeded(now: UnixMs): readonly { readonly fileId: string; readonly folderId: FolderId }[] {
      // What was begun in the future tells of a clock that was set back.
      const rows = unneeded.all(now - IDLE_MS, now + IDLE_MS)
      return rows.map((row) => ({ fileId: row.file_id, folderId: row.folder_id as FolderId }))
    },
    /** The block hashes of the version that was last agreed on for a path, where they are known. */
    findContent(folderId: FolderId, path: RelativePath): KnownContent | undefined {
      const row = content.get(folderId, path)
      return row && { fileId: row.file_id, blocks: unpacked(row) }
    },
    putContent(folderId: FolderId, path: RelativePath, fileId: string, blocks: Blocks | null): void {
      if (blocks === null) forgetContent.run(folderId, path)
      else putContent.run(folderId, path, fileId, blocks.blockBytes, packed(blocks))
    },
  }
}

/** The hashes of the blocks, one after the other. */
export function packed({ sha1s }: Blocks): Buffer {
  return Buffer.from(sha1s.join(''), 'hex')
}

/** The blocks of a row that holds what `packed` made of them. */
export function unpacked({ block_bytes, block_sha1s }: Pick<Row, 'block_bytes' | 'block_sha1s'>): Blocks {
  const sha1s = Array.from(
    { length: block_sha1s.length / SHA1_BYTES },
    (_, index) => block_sha1s.toString('hex', index * SHA1_BYTES, (index + 1) * SHA1_BYTES) as Sha1Hex,
  )
  return { blockBytes: block_bytes, sha1s }
}

function toUpload(row: Row): LargeUpload {
  return {
    fileId: row.file_id,
    folderId: row.folder_id as FolderId,
    path: row.path as RelativePath,
    fileName: row.file_name,
    fingerprint: { sizeBytes: row.size_bytes, mtimeMs: row.mtime_ms, ctimeMs: row.ctime_ms, ino: row.ino },
    content: { sha1: row.sha1 as Sha1Hex, blocks: unpacked(row), runs: Runs.parse(JSON.parse(row.runs)) },
    copiesFrom: row.copies_from,
    startedAt: row.started_at as UnixMs,
  }
}
