/** Table activity: what happened, for people. */
import type { ErrorCode } from '../../../shared/errors.ts'
import { UnixMs, type FolderId, type RelativePath } from '../../../shared/ids.ts'
import { ActivityRow, type ActivityVerb } from '../../../shared/model/activity.ts'
import type { RecentFile } from '../../../shared/model/snapshot.ts'
import type { DoneRow, TransferFilter } from '../../../shared/model/transfer.ts'
import type { Db } from './database.ts'
import { MATCHES_TEXT, textParameters } from './text-match.ts'

/** Rows kept; about a year for most people, some 100 MB at the very most. */
const KEPT_ROWS = 500_000

/** Prune after this many new rows, so that appending stays cheap. */
const PRUNE_EVERY = 1000

/** Rows among which those of transfers are looked for that finished lately. */
const LATELY_ROWS = 1000

type Row = {
  readonly activity_id: number
  readonly at: number
  readonly verb: string
  readonly folder_id: number | null
  readonly path: string | null
  readonly size_bytes: number | null
  readonly spared_bytes: number | null
  readonly code: string | null
}

export type NewActivity = {
  readonly at: UnixMs
  readonly verb: ActivityVerb
  readonly folderId: FolderId | null
  readonly path?: RelativePath
  readonly sizeBytes?: number
  readonly sparedBytes?: number
  readonly code?: ErrorCode
}

/** Which rows are looked for; `verbs` null for all. */
export type WantedActivity = {
  /** Part of the path, in any case; empty for all. */
  readonly text: string
  readonly folderId: FolderId | null
  readonly path: RelativePath | null
  readonly verbs: readonly ActivityVerb[] | null
}
/** Files that a menu shows, and how far back it looks for them. */
const RECENT_FILES = 8
const RECENT_ROWS = 200

/** What changes in the bucket, against what only happens to a folder. */
const CHANGES: ReadonlySet<ActivityVerb> = new Set<ActivityVerb>(['uploaded', 'copied', 'hidden', 'deleted'])

export function createActivity(db: Db) {
  const append = db.prepare(
    'INSERT INTO activity (at, verb, folder_id, path, size_bytes, spared_bytes, code) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const page = db.prepare<[number, number], Row>(
    'SELECT * FROM activity WHERE activity_id < ? ORDER BY activity_id DESC LIMIT ?',
  )
  // Of each file what came last.
  const finished = db.prepare<[object], Row & { folder_id: number; path: string }>(
    `SELECT * FROM activity WHERE activity_id IN (
       SELECT max(activity_id) FROM activity
       WHERE activity_id > (SELECT max(activity_id) FROM activity) - ${LATELY_ROWS} AND path IS NOT NULL
         AND verb IN ('uploaded', 'adopted', 'copied', 'hidden', 'deleted')
         AND folder_id IN (SELECT folder_id FROM sync_folders) GROUP BY folder_id, path)
       AND (@folderId IS NULL OR folder_id = @folderId) AND ${MATCHES_TEXT}
     ORDER BY activity_id DESC`,
  )
  // Without an index: this is read now and then by a person, and written with every file.
  const find = db.prepare<[object], Row>(
    `SELECT * FROM activity WHERE activity_id >= @begin AND activity_id < @end
       AND (@folderId IS NULL OR folder_id = @folderId)
       AND (@path IS NULL OR path = @path)
       AND (@verbs IS NULL OR instr(@verbs, ',' || verb || ',') > 0)
       AND ${MATCHES_TEXT}
     ORDER BY activity_id DESC LIMIT @limit`,
  )
  const oldest = db.prepare<[], { id: number | null }>('SELECT min(activity_id) AS id FROM activity')
  const newest = db.prepare<[], { id: number | null }>('SELECT max(activity_id) AS id FROM activity')
  const newestOf = db.prepare<[number, string], { at: number }>(
    `SELECT at FROM activity WHERE folder_id = ? AND verb IN (SELECT value FROM json_each(?)) ORDER BY activity_id DESC LIMIT 1`,
  )
  const recent = db.prepare<[], { folder_id: number; path: string }>(
    `SELECT folder_id, path FROM (SELECT * FROM activity ORDER BY activity_id DESC LIMIT ${RECENT_ROWS})
      WHERE verb IN ('uploaded', 'adopted', 'copied') AND path IS NOT NULL
        AND folder_id IN (SELECT folder_id FROM sync_folders)
      GROUP BY folder_id, path ORDER BY max(activity_id) DESC LIMIT ${RECENT_FILES}`,
  )
  let recentUntil = -1
  let recentFiles: readonly RecentFile[] = []
  /** By folder, as far as it was asked for: looking for it reads the table backwards, once. */
  const lastChanges = new Map<FolderId, UnixMs | null>()
  const prune = db.prepare('DELETE FROM activity WHERE activity_id <= ?')

  return {
    append(row: NewActivity): void {
      const { at, verb, folderId, path = null, sizeBytes = null, sparedBytes = null, code = null } = row
      const id = Number(append.run(at, verb, folderId, path, sizeBytes, sparedBytes, code).lastInsertRowid)
      if (folderId !== null && CHANGES.has(verb)) lastChanges.set(folderId, at)
      if (id % PRUNE_EVERY === 0) prune.run(id - KEPT_ROWS)
    },
    /** Newest first; `before` is exclusive. */
    list(limit: number, before = Number.MAX_SAFE_INTEGER): readonly ActivityRow[] {
      return page.all(before, limit).map(toActivity)
    },
    /** Those that are wanted of the ids from `begin` (included) to `end` (not included), newest first, at most `limit`. */
    find(wanted: WantedActivity, begin: number, end: number, limit: number): readonly ActivityRow[] {
      const { text, folderId, path, verbs } = wanted
      const values = { folderId, path, verbs: verbs === null ? null : `,${verbs.join(',')},`, ...textParameters(text) }
      return find.all({ ...values, begin, end, limit }).map(toActivity)
    },
    /** 1 while there is none. */
    oldestId(): number {
      return oldest.get()?.id ?? 1
    },
    /** When something of this folder last changed in the bucket; null when nothing has, as far as is remembered. */
    lastChangeAt(folderId: FolderId): UnixMs | null {
      const known = lastChanges.get(folderId)
      if (known !== undefined) return known
      const found = newestOf.get(folderId, JSON.stringify([...CHANGES]))
      const at = found === undefined ? null : UnixMs.parse(found.at)
      lastChanges.set(folderId, at)
      return at
    },
    /** Transfers that finished lately, newest first, each file once. */
    listFinished({ text, folderId }: TransferFilter): readonly DoneRow[] {
      return finished.all({ folderId, ...textParameters(text) }).map((row) => ({
        group: 'done',
        activityId: row.activity_id,
        folderId: row.folder_id as FolderId,
        path: row.path as RelativePath,
        verb: row.verb as DoneRow['verb'],
        sizeBytes: row.size_bytes,
        at: row.at as UnixMs,
      }))
    },
    /** Files that came into a bucket last, the newest first, each once; asked for with every picture of the engine. */
    listRecent(): readonly RecentFile[] {
      const newestId = newest.get()?.id ?? 0
      if (newestId === recentUntil) return recentFiles
      recentUntil = newestId
      recentFiles = recent.all().map(({ folder_id, path }) => ({
        folderId: folder_id as FolderId,
        path: path as RelativePath,
      }))
      return recentFiles
    },
    /** 0 while there is none. */
    newestId(): number {
      return newest.get()?.id ?? 0
    },
  }
}

function toActivity(row: Row): ActivityRow {
  return ActivityRow.parse({
    activityId: row.activity_id,
    at: row.at,
    verb: row.verb,
    folderId: row.folder_id,
    path: row.path,
    sizeBytes: row.size_bytes,
    sparedBytes: row.spared_bytes,
    code: row.code,
  })
}
