/** Table base_entries: what both sides last agreed on. A row here is the only meaning of "in sync". */
import type { FolderId, RelativePath, Sha1Hex } from '../../../shared/ids.ts'
import { joinRelative, splitRelative, type DirectoryPath } from '../lib/paths.ts'
import type { BaseEntry, KnownFile } from '../model/agreed.ts'
import type { Db } from './database.ts'

type Row = {
  readonly folder_id: number
  readonly directory: string
  readonly name: string
  readonly size_bytes: number
  readonly mtime_ms: number
  readonly ctime_ms: number
  readonly ino: number
  readonly is_other_device: number
  readonly sha1: string
  readonly file_id: string
}

type Below = { readonly folderId: number; readonly directory: string; readonly from: string; readonly to: string }

/** To SQLite every BLOB comes after every text. */
const AFTER_ALL_TEXT = Buffer.of(0)

/** More files than this with one inode or one content are not told apart any further: each is as good a source. */
const MANY = 20

export function createBaseEntries(db: Db) {
  const one = db.prepare<[number, string, string], Row>(
    'SELECT * FROM base_entries WHERE folder_id = ? AND directory = ? AND name = ?',
  )
  const inDirectory = db.prepare<[number, string], Row>(
    'SELECT * FROM base_entries WHERE folder_id = ? AND directory = ?',
  )
  // '0' is the character after '/', so the range is everything that starts with "directory/". In two halves: with an OR
  // between them SQLite looks at every file of the folder.
  const below = db.prepare<[Below], Row>(
    `SELECT * FROM base_entries WHERE folder_id = @folderId AND directory = @directory UNION ALL
     SELECT * FROM base_entries WHERE folder_id = @folderId AND directory >= @from AND directory < @to`,
  )
  const anyBelow = db.prepare<[Below], { found: 1 }>(
    `SELECT 1 AS found FROM base_entries WHERE folder_id = @folderId AND directory = @directory UNION ALL
     SELECT 1 FROM base_entries WHERE folder_id = @folderId AND directory >= @from AND directory < @to LIMIT 1`,
  )
  // From each directory the index leads straight to the next one: the files between, and after the end, are not looked at.
  const directories = db.prepare<[{ folderId: number; from: string; to: string | Buffer }], { directory: string }>(
    `WITH RECURSIVE found (directory) AS (
       SELECT min(directory) FROM base_entries
         WHERE folder_id = @folderId AND directory >= @from AND directory < @to
       UNION ALL
       SELECT (SELECT min(next.directory) FROM base_entries AS next WHERE next.folder_id = @folderId
           AND next.directory > found.directory AND next.directory < @to)
         FROM found WHERE found.directory IS NOT NULL
     ) SELECT directory FROM found WHERE directory IS NOT NULL`,
  )
  // By inode: without the plus SQLite may go through all files of that size instead, of which there can be thousands.
  const byFile = db.prepare<[number, number], Row>(
    `SELECT * FROM base_entries WHERE ino = ? AND +size_bytes = ? LIMIT ${MANY}`,
  )
  const byContent = db.prepare<[number, string], Row>(
    `SELECT * FROM base_entries WHERE size_bytes = ? AND sha1 = ? LIMIT ${MANY}`,
  )
  const bySize = db.prepare<[number], { found: 1 }>('SELECT 1 AS found FROM base_entries WHERE size_bytes = ? LIMIT 1')
  const some = db.prepare<[number, number], Row>('SELECT * FROM base_entries WHERE folder_id = ? LIMIT ?')
  const put = db.prepare(
    `INSERT INTO base_entries (folder_id, directory, name, size_bytes, mtime_ms, ctime_ms, ino, is_other_device, sha1,
       file_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET size_bytes = excluded.size_bytes, mtime_ms = excluded.mtime_ms,
       ctime_ms = excluded.ctime_ms, ino = excluded.ino, is_other_device = excluded.is_other_device,
       sha1 = excluded.sha1, file_id = excluded.file_id`,
  )
  // A name that is gone, and in doubt, is one that Pail began to hide: what is left to do about it needs the row.
  const forgetUnlisted = db.prepare(
    `DELETE FROM base_entries WHERE folder_id = ? AND NOT EXISTS (
       SELECT 1 FROM remote_entries AS remote WHERE remote.folder_id = base_entries.folder_id
       AND remote.path = iif(directory = '', name, directory || '/' || name) AND remote.file_id = base_entries.file_id)
     AND (ctime_ms <> 0 OR EXISTS (
       SELECT 1 FROM remote_entries AS other WHERE other.folder_id = base_entries.folder_id
       AND other.path = iif(directory = '', name, directory || '/' || name)))`,
  )
  // The time of 0 makes the file, where there is one, be compared with what is agreed on from here on.
  const agreeOnOurs = db.prepare(
    `UPDATE base_entries SET file_id = remote.file_id, sha1 = remote.sha1, size_bytes = remote.size_bytes, ctime_ms = 0
       FROM remote_entries AS remote
       WHERE base_entries.folder_id = ? AND remote.folder_id = base_entries.folder_id
         AND remote.path = iif(base_entries.directory = '', base_entries.name,
           base_entries.directory || '/' || base_entries.name)
         AND remote.file_id <> base_entries.file_id AND remote.is_ours = 1 AND remote.sha1 IS NOT NULL`,
  )
  const doubt = db.prepare('UPDATE base_entries SET ctime_ms = 0 WHERE folder_id = ? AND directory = ? AND name = ?')
  const forget = db.prepare('DELETE FROM base_entries WHERE folder_id = ? AND directory = ? AND name = ?')
  const forgetIn = db.prepare('DELETE FROM base_entries WHERE folder_id = ? AND directory = ?')
  const forgetDeeper = db.prepare('DELETE FROM base_entries WHERE folder_id = ? AND directory >= ? AND directory < ?')
  const forgetAll = db.prepare('DELETE FROM base_entries WHERE folder_id = ?')

  return {
    find(folderId: FolderId, path: RelativePath): BaseEntry | undefined {
      const row = one.get(folderId, ...splitRelative(path))
      return row && toEntry(row)
    },
    /** The files directly in a directory. */
    listDirectory(folderId: FolderId, directory: DirectoryPath): readonly BaseEntry[] {
      return inDirectory.all(folderId, directory).map(toEntry)
    },
    /** Every file below a directory, at any depth. */
    listBelow(folderId: FolderId, directory: RelativePath): readonly BaseEntry[] {
      return below.all(rangeOf(folderId, directory)).map(toEntry)
    },
    /** Whether any file below a directory is known. */
    hasBelow(folderId: FolderId, directory: RelativePath): boolean {
      return anyBelow.get(rangeOf(folderId, directory)) !== undefined
    },
    /** Every directory below one, at any depth, that directly holds a file; `''` stands for all. */
    listDirectories(folderId: FolderId, start: DirectoryPath): readonly DirectoryPath[] {
      const [from, to] = start === '' ? ['', AFTER_ALL_TEXT] : [`${start}/`, `${start}0`]
      return directories.all({ folderId, from, to }).map((row) => row.directory as DirectoryPath)
    },
    /** Files of any folder with this inode and size: probably the same file, under that name or another. */
    listSameFile({ ino, sizeBytes }: { readonly ino: number; readonly sizeBytes: number }) {
      return byFile.all(ino, sizeBytes).map(toKnown)
    },
    /** Files of any folder with this content. */
    listSameContent(sizeBytes: number, sha1: Sha1Hex): readonly KnownFile[] {
      return byContent.all(sizeBytes, sha1).map(toKnown)
    },
    /** Whether any file of any folder has this size: where none has, no content needs to be compared. */
    hasSize(sizeBytes: number): boolean {
      return bySize.get(sizeBytes) !== undefined
    },
    /** Some files of a folder, whichever come first. */
    listSome(folderId: FolderId, limit: number): readonly BaseEntry[] {
      return some.all(folderId, limit).map(toEntry)
    },
    put(folderId: FolderId, entry: BaseEntry): void {
      const { fingerprint, sha1, fileId } = entry
      const { sizeBytes, mtimeMs, ctimeMs, ino, isOtherDevice } = fingerprint
      const values = [sizeBytes, mtimeMs, ctimeMs, ino, Number(isOtherDevice), sha1, fileId]
      put.run(folderId, ...splitRelative(entry.path), ...values)
    },
    /** No file on disk is taken for the one that was agreed on, until its content has been looked at. */
    doubt(folderId: FolderId, path: RelativePath): void {
      doubt.run(folderId, ...splitRelative(path))
    },
    /**
     * Takes for agreed what remote_entries have in place of an agreed version and what came from this very root: an upload
     * whose end was never known. Returns how many.
     */
    agreeOnOurs(folderId: FolderId): number {
      return agreeOnOurs.run(folderId).changes
    },
    /**
     * Forgets the rows whose version is not among remote_entries, but for those of hides that were begun and may have
     * been carried out; returns how many.
     */
    forgetUnlisted(folderId: FolderId): number {
      return forgetUnlisted.run(folderId).changes
    },
    forget(folderId: FolderId, path: RelativePath): void {
      forget.run(folderId, ...splitRelative(path))
    },
    forgetBelow(folderId: FolderId, directory: RelativePath): void {
      forgetIn.run(folderId, directory)
      forgetDeeper.run(folderId, `${directory}/`, `${directory}0`)
    },
    forgetAll(folderId: FolderId): void {
      forgetAll.run(folderId)
    },
  }
}

function rangeOf(folderId: FolderId, directory: RelativePath): Below {
  return { folderId, directory, from: `${directory}/`, to: `${directory}0` }
}

function toEntry(row: Row): BaseEntry {
  return {
    path: joinRelative(row.directory as DirectoryPath, row.name),
    fingerprint: {
      sizeBytes: row.size_bytes,
      mtimeMs: row.mtime_ms,
      ctimeMs: row.ctime_ms,
      ino: row.ino,
      isOtherDevice: row.is_other_device === 1,
    },
    sha1: row.sha1 as Sha1Hex,
    fileId: row.file_id,
  }
}

function toKnown(row: Row): KnownFile {
  return { ...toEntry(row), folderId: row.folder_id as FolderId }
}
