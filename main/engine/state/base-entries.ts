/** Table base_entries: what both sides last agreed on. A row here is the only meaning of "in sync". */
import type { FolderId, RelativePath, Sha1Hex } from '../../../shared/ids.ts'
import { joinRelative, splitRelative, type DirectoryPath } from '../lib/paths.ts'
import type { BaseEntry } from '../model/agreed.ts'
import type { Db } from './database.ts'

type Row = {
  readonly directory: string
  readonly name: string
  readonly size_bytes: number
  readonly mtime_ms: number
  readonly ctime_ms: number
  readonly ino: number
  readonly sha1: string
  readonly file_id: string
}

export function createBaseEntries(db: Db) {
  const one = db.prepare<[number, string, string], Row>(
    'SELECT * FROM base_entries WHERE folder_id = ? AND directory = ? AND name = ?',
  )
  const inDirectory = db.prepare<[number, string], Row>(
    'SELECT * FROM base_entries WHERE folder_id = ? AND directory = ?',
  )
  // '0' is the character after '/', so the range is everything that starts with "directory/".
  const below = db.prepare<[number, string, string, string], Row>(
    'SELECT * FROM base_entries WHERE folder_id = ? AND (directory = ? OR (directory >= ? AND directory < ?))',
  )
  const directories = db.prepare<[number], { directory: string }>(
    'SELECT DISTINCT directory FROM base_entries WHERE folder_id = ?',
  )
  const put = db.prepare(
    `INSERT INTO base_entries (folder_id, directory, name, size_bytes, mtime_ms, ctime_ms, ino, sha1, file_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET size_bytes = excluded.size_bytes, mtime_ms = excluded.mtime_ms,
       ctime_ms = excluded.ctime_ms, ino = excluded.ino, sha1 = excluded.sha1, file_id = excluded.file_id`,
  )
  const forgetUnlisted = db.prepare(
    `DELETE FROM base_entries WHERE folder_id = ? AND NOT EXISTS (
       SELECT 1 FROM remote_entries AS remote WHERE remote.folder_id = base_entries.folder_id
       AND remote.path = iif(directory = '', name, directory || '/' || name) AND remote.file_id = base_entries.file_id)`,
  )
  const forget = db.prepare('DELETE FROM base_entries WHERE folder_id = ? AND directory = ? AND name = ?')

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
      return below.all(folderId, directory, `${directory}/`, `${directory}0`).map(toEntry)
    },
    /** Every directory that directly holds a file. */
    listDirectories(folderId: FolderId): readonly DirectoryPath[] {
      return directories.all(folderId).map((row) => row.directory as DirectoryPath)
    },
    put(folderId: FolderId, entry: BaseEntry): void {
      const { fingerprint, sha1, fileId } = entry
      const { sizeBytes, mtimeMs, ctimeMs, ino } = fingerprint
      put.run(folderId, ...splitRelative(entry.path), sizeBytes, mtimeMs, ctimeMs, ino, sha1, fileId)
    },
    /** Forgets the rows whose version is not among remote_entries; returns how many. */
    forgetUnlisted(folderId: FolderId): number {
      return forgetUnlisted.run(folderId).changes
    },
    forget(folderId: FolderId, path: RelativePath): void {
      forget.run(folderId, ...splitRelative(path))
    },
  }
}

function toEntry(row: Row): BaseEntry {
  return {
    path: joinRelative(row.directory as DirectoryPath, row.name),
    fingerprint: { sizeBytes: row.size_bytes, mtimeMs: row.mtime_ms, ctimeMs: row.ctime_ms, ino: row.ino },
    sha1: row.sha1 as Sha1Hex,
    fileId: row.file_id,
  }
}
