/**
 * Table local_entries: what the last look at the disk found, where that differs from base.
 *
 * Times of losses are those of the monotonic clock of one run: what an earlier run saw proves nothing in this one.
 */
import { ErrorCode, type ErrorDetails } from '../../../shared/errors.ts'
import type { FolderId, RelativePath, UnixMs } from '../../../shared/ids.ts'
import { SkipReason } from '../../../shared/model/explanation.ts'
import { joinRelative, splitRelative, type DirectoryPath } from '../lib/paths.ts'
import type { LocalEntry, LossKind } from '../model/local.ts'
import type { Db } from './database.ts'

type Row = {
  readonly folder_id: number
  readonly directory: string
  readonly name: string
  readonly kind: LocalEntry['kind']
  readonly reason: string | null
  readonly code: string | null
  readonly details: string
  readonly since: number | null
  readonly stamp: string | null
}

export function createLocalEntries(db: Db) {
  const one = db.prepare<[number, string, string], Row>(
    'SELECT * FROM local_entries WHERE folder_id = ? AND directory = ? AND name = ?',
  )
  const inDirectory = db.prepare<[number, string], Row>(
    'SELECT * FROM local_entries WHERE folder_id = ? AND directory = ?',
  )
  const directories = db.prepare<[number], { directory: string }>(
    `SELECT DISTINCT directory FROM local_entries WHERE folder_id = ? AND kind NOT IN ('absent', 'emptied')`,
  )
  const put = db.prepare(
    `INSERT INTO local_entries (folder_id, directory, name, kind, reason, code, details, since, stamp)
     VALUES (@folderId, @directory, @name, @kind, @reason, @code, @details, @since, @stamp)
     ON CONFLICT DO UPDATE SET kind = excluded.kind, reason = excluded.reason, details = excluded.details,
       since = iif(code IS excluded.code, since, excluded.since), code = excluded.code, stamp = excluded.stamp,
       seen_at = NULL, is_confirmed = 0, pass = NULL`,
  )
  const lose = db.prepare(
    `INSERT INTO local_entries (folder_id, directory, name, kind, seen_at)
     VALUES (@folderId, @directory, @name, @kind, @seenAt)
     ON CONFLICT DO UPDATE SET
       pass = iif(kind = excluded.kind, pass, NULL),
       is_confirmed = (kind = excluded.kind AND (is_confirmed OR (seen_at IS NOT NULL AND seen_at <= @seenAt - @delayMs))),
       seen_at = iif(kind = excluded.kind, coalesce(seen_at, excluded.seen_at), excluded.seen_at),
       kind = excluded.kind, reason = NULL, code = NULL, details = '{}', since = NULL, stamp = NULL`,
  )
  const forget = db.prepare('DELETE FROM local_entries WHERE folder_id = ? AND directory = ? AND name = ?')
  // In two halves: with an OR between them SQLite looks at every entry of the folder. '0' is the character after '/'.
  const forgetIn = db.prepare('DELETE FROM local_entries WHERE folder_id = ? AND directory = ?')
  const forgetDeeper = db.prepare('DELETE FROM local_entries WHERE folder_id = ? AND directory >= ? AND directory < ?')
  const forgetNotices = db.prepare(
    `DELETE FROM local_entries WHERE folder_id = ? AND directory = ? AND kind NOT IN ('absent', 'emptied')`,
  )
  const forgetAll = db.prepare('DELETE FROM local_entries WHERE folder_id = ?')
  const forgetOrphans = db.prepare(
    `DELETE FROM local_entries WHERE folder_id = ? AND kind IN ('absent', 'emptied') AND NOT EXISTS (
       SELECT 1 FROM base_entries AS base WHERE base.folder_id = local_entries.folder_id
       AND base.directory = local_entries.directory AND base.name = local_entries.name)`,
  )
  const beginRun = db.prepare(
    `UPDATE local_entries SET seen_at = NULL, is_confirmed = 0 WHERE kind IN ('absent', 'emptied')`,
  )
  const blocked = db.prepare<[number, number], Row>(
    `SELECT * FROM local_entries WHERE folder_id = ? AND kind = 'blocked' ORDER BY since LIMIT ?`,
  )
  const blockedCodes = db.prepare<[number], { code: string; files: number }>(
    `SELECT code, count(*) AS files FROM local_entries WHERE folder_id = ? AND kind = 'blocked' GROUP BY code`,
  )
  const skipped = db.prepare<[{ folderId: number; directory: string; name: string; limit: number }], Row>(
    `SELECT * FROM local_entries WHERE folder_id = @folderId AND kind = 'skipped'
       AND (directory, name) > (@directory, @name) ORDER BY directory, name LIMIT @limit`,
  )

  return {
    find(folderId: FolderId, path: RelativePath): LocalEntry | undefined {
      const row = one.get(folderId, ...splitRelative(path))
      return row && toEntry(row)
    },
    listDirectory(folderId: FolderId, directory: DirectoryPath): readonly LocalEntry[] {
      return inDirectory.all(folderId, directory).map(toEntry)
    },
    /** Directories with entries other than losses. */
    listDirectories(folderId: FolderId): readonly DirectoryPath[] {
      return directories.all(folderId).map((row) => row.directory as DirectoryPath)
    },
    /** Writes an entry that is no loss. A block for the same reason keeps its beginning. */
    put(folderId: FolderId, entry: Exclude<LocalEntry, { readonly kind: LossKind }>): void {
      const [directory, name] = splitRelative(entry.path)
      const nothing = { reason: null, code: null, details: '{}', since: null, stamp: null }
      const values =
        entry.kind === 'skipped'
          ? { reason: entry.reason }
          : entry.kind === 'kept'
            ? { stamp: entry.stamp }
            : { code: entry.code, details: JSON.stringify(entry.details), since: entry.since }
      put.run({ folderId, directory, name, kind: entry.kind, ...nothing, ...values })
    },
    /**
     * Notes that a loss was seen at a moment of the monotonic clock. Seen before, at least the delay earlier and as the
     * same kind, it is confirmed.
     */
    lose(folderId: FolderId, path: RelativePath, kind: LossKind, seenAt: number, delayMs: number): void {
      const [directory, name] = splitRelative(path)
      lose.run({ folderId, directory, name, kind, seenAt, delayMs })
    },
    forget(folderId: FolderId, path: RelativePath): void {
      forget.run(folderId, ...splitRelative(path))
    },
    forgetBelow(folderId: FolderId, directory: RelativePath): void {
      forgetIn.run(folderId, directory)
      forgetDeeper.run(folderId, `${directory}/`, `${directory}0`)
    },
    /** Forgets the entries directly in a directory that are no losses. */
    forgetNotices(folderId: FolderId, directory: DirectoryPath): void {
      forgetNotices.run(folderId, directory)
    },
    forgetAll(folderId: FolderId): void {
      forgetAll.run(folderId)
    },
    /** Forgets losses of what is not in base any more. */
    forgetOrphans(folderId: FolderId): void {
      forgetOrphans.run(folderId)
    },
    /** What earlier runs saw is no evidence; what a person approved stays approved. */
    beginRun(): void {
      beginRun.run()
    },
    /** The longest blocked first. */
    listBlocked(folderId: FolderId, limit: number): readonly Extract<LocalEntry, { kind: 'blocked' }>[] {
      return blocked
        .all(folderId, limit)
        .map(toEntry)
        .filter((entry) => entry.kind === 'blocked')
    },
    countBlocked(folderId: FolderId): readonly { readonly code: ErrorCode; readonly files: number }[] {
      return blockedCodes.all(folderId).map(({ code, files }) => ({ code: ErrorCode.parse(code), files }))
    },
    /** What is never sent, in the order of directories and names; `after` is exclusive. */
    listSkipped(folderId: FolderId, after: string, limit: number) {
      const [directory, name] = splitRelative(after as RelativePath)
      return skipped
        .all({ folderId, directory, name, limit })
        .map(toEntry)
        .filter((entry) => entry.kind === 'skipped')
    },
  }
}

function toEntry(row: Row): LocalEntry {
  const path = joinRelative(row.directory as DirectoryPath, row.name)
  switch (row.kind) {
    case 'absent':
    case 'emptied':
      return { path, kind: row.kind }
    case 'skipped':
      return { path, kind: 'skipped', reason: SkipReason.parse(row.reason) }
    case 'kept':
      return { path, kind: 'kept', stamp: row.stamp ?? '' }
    case 'blocked':
      return {
        path,
        kind: 'blocked',
        code: ErrorCode.parse(row.code),
        details: JSON.parse(row.details) as ErrorDetails,
        since: (row.since ?? 0) as UnixMs,
      }
  }
}
