/**
 * The losses among the local entries: what the safety gate has to know about them, and what has become of them.
 *
 * A loss counts where its content is under no other name: while another name holds it, nothing is lost by a hide.
 */
import type { FolderId, RelativePath, UnixMs } from '../../../shared/ids.ts'
import { joinRelative, splitRelative, type DirectoryPath } from '../lib/paths.ts'
import type { LossKind, LossPass } from '../model/local.ts'
import type { Db } from './database.ts'

type LossRow = { readonly directory: string; readonly name: string; readonly file_id: string }
type SizedRow = LossRow & { readonly size_bytes: number }
type DueRow = SizedRow & { readonly kind: LossKind; readonly pass: LossPass | null }

const DAY_MS = 86_400_000

export type Loss = { readonly path: RelativePath; readonly fileId: string }

/** With what the bucket holds of it. */
export type SizedLoss = Loss & { readonly sizeBytes: number }

/**
 * A version whose arrival, or whose hide, was never answered may be that of a file which has another name by now. Nothing
 * tells the two are one before that name is sent, so what is yet to be sent and has the same size may be it.
 */
const MAY_BE_ON_ITS_WAY = `
  base.ctime_ms = 0 AND base.size_bytes > 0 AND base.size_bytes IN (
    SELECT size_bytes FROM jobs WHERE kind = 'upload' AND code IS NULL)`

/** Whether another file has the content of the row `base`. Most have none, and nothing has to be gathered for them. */
const HAS_TWIN = `EXISTS (SELECT 1 FROM base_entries AS twin WHERE twin.size_bytes = base.size_bytes
  AND twin.sha1 = base.sha1 LIMIT 1 OFFSET 1)`

/**
 * Losses of one folder that nobody approved, with their base rows; those that are only perhaps under another name count.
 * An empty file has no content that could be elsewhere; for the others the group is complete when every file with that
 * content is lost.
 */
const OPEN_LOSSES = `
  FROM local_entries AS local JOIN base_entries AS base USING (folder_id, directory, name)
  WHERE local.folder_id = @folderId AND local.kind = @kind AND local.pass IS NOT 'approved'
    AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.from_path = iif(local.directory = '', local.name,
      local.directory || '/' || local.name) AND jobs.from_folder_id = local.folder_id AND jobs.kind = 'copy')
    AND NOT (${MAY_BE_ON_ITS_WAY})
    AND (@kind = 'emptied' OR base.size_bytes = 0 OR NOT ${HAS_TWIN} OR (base.size_bytes, base.sha1) IN (
      SELECT size_bytes, sha1 FROM lost WHERE lost.files >= (SELECT count(*) FROM base_entries AS every
        WHERE every.size_bytes = lost.size_bytes AND every.sha1 = lost.sha1)))`

const LOST_CONTENT = `
  WITH lost AS MATERIALIZED (
    SELECT base.size_bytes, base.sha1, count(*) AS files
    FROM local_entries AS gone CROSS JOIN base_entries AS base USING (folder_id, directory, name)
    WHERE gone.kind IN ('absent', 'emptied') AND base.size_bytes > 0 AND ${HAS_TWIN} GROUP BY base.size_bytes, base.sha1)`

export function createLosses(db: Db) {
  type Of = { readonly folderId: number; readonly kind: LossKind }
  const countOpen = db.prepare<[Of], { files: number }>(`${LOST_CONTENT} SELECT count(*) AS files ${OPEN_LOSSES}`)
  const listOpen = db.prepare<[Of], SizedRow>(
    `${LOST_CONTENT} SELECT local.directory, local.name, base.file_id, base.size_bytes ${OPEN_LOSSES}
     ORDER BY local.directory, local.name`,
  )
  const countAll = db.prepare<[number], { files: number }>(
    `SELECT count(*) AS files FROM local_entries WHERE folder_id = ? AND kind = 'absent'`,
  )
  const nextUnconfirmed = db.prepare<[number], { at: number | null }>(
    `SELECT min(seen_at) AS at FROM local_entries
     WHERE folder_id = ? AND kind IN ('absent', 'emptied') AND is_confirmed = 0 AND seen_at IS NOT NULL`,
  )
  const due = db.prepare<[number, number, number], { directory: string; name: string; kind: LossKind }>(
    `SELECT directory, name, kind FROM local_entries WHERE folder_id = ? AND kind IN ('absent', 'emptied')
       AND is_confirmed = 0 AND seen_at <= ? ORDER BY seen_at, directory, name LIMIT ?`,
  )
  const READY = `
    FROM local_entries AS local JOIN base_entries AS base USING (folder_id, directory, name)
    WHERE local.folder_id = @folderId AND local.kind IN ('absent', 'emptied') AND local.is_confirmed = 1
      AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.folder_id = local.folder_id
        AND jobs.path = iif(local.directory = '', local.name, local.directory || '/' || local.name)
        AND jobs.kind IN ('hide', 'delete', iif(local.kind = 'emptied', 'upload', 'hide')))
      AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.from_folder_id = local.folder_id
        AND jobs.from_path = iif(local.directory = '', local.name, local.directory || '/' || local.name))
      AND NOT (${MAY_BE_ON_ITS_WAY})`
  const ready = db.prepare<[{ folderId: number; directory: string; name: string; limit: number }], DueRow>(
    `SELECT local.directory, local.name, local.kind, local.pass, base.size_bytes, base.file_id ${READY}
       AND (local.directory, local.name) > (@directory, @name) ORDER BY local.directory, local.name LIMIT @limit`,
  )
  const hasReady = db.prepare<[{ folderId: number }], { found: 1 }>(`SELECT 1 AS found ${READY} LIMIT 1`)
  const confirmed = db.prepare<[number], { found: 1 }>(
    `SELECT 1 AS found FROM local_entries WHERE folder_id = ? AND kind IN ('absent', 'emptied') AND is_confirmed = 1 LIMIT 1`,
  )
  const mayBeOnItsWay = db.prepare<[number, string, string], { found: 1 }>(
    `SELECT 1 AS found FROM base_entries AS base
     WHERE folder_id = ? AND directory = ? AND name = ? AND ${MAY_BE_ON_ITS_WAY}`,
  )
  const renew = db.prepare(
    `UPDATE local_entries SET seen_at = ?, is_confirmed = 0 WHERE folder_id = ? AND directory = ? AND name = ?
       AND kind = 'absent' AND seen_at IS NOT NULL`,
  )
  const forgetUnseen = db.prepare(
    `DELETE FROM local_entries WHERE folder_id = ? AND kind IN ('absent', 'emptied') AND seen_at IS NULL`,
  )
  const unapproved = db.prepare<[number], { found: 1 }>(
    `SELECT 1 AS found FROM local_entries WHERE folder_id = ? AND kind IN ('absent', 'emptied')
       AND pass IS NOT 'approved' LIMIT 1`,
  )
  const setPass = db.prepare(
    `UPDATE local_entries SET pass = ? WHERE folder_id = ? AND directory = ? AND name = ?
       AND kind IN ('absent', 'emptied')`,
  )
  const passOf = db.prepare<[number, string, string], { pass: LossPass | null }>(
    'SELECT pass FROM local_entries WHERE folder_id = ? AND directory = ? AND name = ?',
  )
  const count = db.prepare(
    'INSERT INTO counted_losses (folder_id, at, emptied_directory, emptied_name) VALUES (?, ?, ?, ?)',
  )
  const countRecentHides = db.prepare<[number, number], { files: number }>(
    'SELECT count(*) AS files FROM counted_losses WHERE folder_id = ? AND at > ? AND emptied_name IS NULL',
  )
  const countRecentEmptied = db.prepare<[number, number], { files: number }>(
    `SELECT count(*) AS files FROM (SELECT DISTINCT emptied_directory, emptied_name FROM counted_losses AS counted
       WHERE folder_id = ? AND at > ? AND emptied_name IS NOT NULL AND NOT EXISTS (SELECT 1 FROM local_entries AS local
         WHERE local.folder_id = counted.folder_id AND local.directory = counted.emptied_directory
           AND local.name = counted.emptied_name AND local.kind = 'emptied'))`,
  )
  const forgetCounted = db.prepare('DELETE FROM counted_losses WHERE folder_id = ? AND at <= ?')

  return {
    /** Losses of a kind that count and that nobody approved. */
    countOpen: (folderId: FolderId, kind: LossKind): number => countOpen.get({ folderId, kind })?.files ?? 0,
    /** The same one by one, in the order of directories and names. */
    listOpen: (folderId: FolderId, kind: LossKind): readonly SizedLoss[] =>
      listOpen.all({ folderId, kind }).map((row) => ({ ...toLoss(row), sizeBytes: row.size_bytes })),
    /** Every absent file, whatever is known about it. */
    countAbsent: (folderId: FolderId): number => countAll.get(folderId)?.files ?? 0,
    /** When the first loss that waits for its second look was first seen, by the monotonic clock; null for none. */
    firstUnconfirmedAt: (folderId: FolderId): number | null => nextUnconfirmed.get(folderId)?.at ?? null,
    /** Losses first seen at or before a moment that wait for their second look. */
    listUnconfirmed(folderId: FolderId, seenBefore: number, limit: number) {
      return due
        .all(folderId, seenBefore, limit)
        .map(({ directory, name, kind }) => ({ path: joinRelative(directory as DirectoryPath, name), kind }))
    },
    /**
     * Confirmed losses that have no job yet, and whose content is not on its way to another name, in the order of
     * directories and names; `after` is exclusive.
     */
    listReady(folderId: FolderId, after: RelativePath | '', limit: number) {
      const [directory, name] = splitRelative(after as RelativePath)
      return ready.all({ folderId, directory, name, limit }).map((row) => ({
        ...toLoss(row),
        kind: row.kind,
        pass: row.pass,
        sizeBytes: row.size_bytes,
      }))
    },
    /** Whether a file that is yet to be sent may be what was agreed on for this path, under another name. */
    mayBeOnItsWay: (folderId: FolderId, path: RelativePath): boolean =>
      mayBeOnItsWay.get(folderId, ...splitRelative(path)) !== undefined,
    /** The evidence begins anew at a moment of the monotonic clock; what was not seen in this run stays so. */
    renew(folderId: FolderId, path: RelativePath, seenAt: number): void {
      renew.run(seenAt, folderId, ...splitRelative(path))
    },
    /** Forgets what only an earlier run has seen. */
    forgetUnseen(folderId: FolderId): void {
      forgetUnseen.run(folderId)
    },
    /** Whether there is any loss that nobody approved, whatever is known about it. */
    hasUnapproved: (folderId: FolderId): boolean => unapproved.get(folderId) !== undefined,
    /** Whether there is any loss that was seen a second time, with a job or without. */
    hasConfirmed: (folderId: FolderId): boolean => confirmed.get(folderId) !== undefined,
    hasReady: (folderId: FolderId): boolean => hasReady.get({ folderId }) !== undefined,
    setPass(folderId: FolderId, path: RelativePath, pass: LossPass): void {
      setPass.run(pass, folderId, ...splitRelative(path))
    },
    passOf: (folderId: FolderId, path: RelativePath): LossPass | null =>
      passOf.get(folderId, ...splitRelative(path))?.pass ?? null,
    /**
     * Notes that a loss which counts was carried out: a hide, or, with its path, a file that was sent empty. What is older
     * than a day counts nowhere and is forgotten.
     */
    count(folderId: FolderId, at: UnixMs, emptied: RelativePath | null): void {
      forgetCounted.run(folderId, at - DAY_MS)
      count.run(folderId, at, ...(emptied === null ? [null, null] : splitRelative(emptied)))
    },
    /** How many of a kind that were since a moment: hides, or files that are not emptied once more by now. */
    countSince: (folderId: FolderId, kind: LossKind, since: UnixMs): number =>
      (kind === 'absent' ? countRecentHides : countRecentEmptied).get(folderId, since)?.files ?? 0,
  }
}

function toLoss(row: LossRow): Loss {
  return { path: joinRelative(row.directory as DirectoryPath, row.name), fileId: row.file_id }
}
