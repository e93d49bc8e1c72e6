/** Tables drop_sources, drops and drop_totals: what was dropped on the window, and how far each of it has come. */
import { ErrorCode, type ErrorDetails } from '../../../shared/errors.ts'
import type { AbsolutePath, DropId, RelativePath, RemoteName, UnixMs } from '../../../shared/ids.ts'
import { OnConflict } from '../../../shared/model/drop.ts'
import type { Drop, DropArrival, DropPlace } from '../model/drop.ts'
import { isSoonDone } from '../model/job.ts'
import { LONGEST_WAIT_MS } from '../plan/retry-policy.ts'
import type { Db } from './database.ts'

export type SourceId = number & { readonly __brand: 'SourceId' }

/** Something that is to be sent, or why it cannot be. */
export type NewDrop = {
  readonly path: RelativePath
  readonly isFolder: boolean
  readonly sizeBytes: number
  readonly failure?: { readonly code: ErrorCode; readonly at: UnixMs }
}

export type DropTotals = Readonly<
  Record<'reading' | 'waiting' | 'failed' | 'done', { readonly files: number; readonly bytes: number }>
>

type Row = {
  readonly drop_id: number
  readonly source_id: number
  readonly path: string
  readonly is_folder: number
  readonly size_bytes: number
  readonly state: Drop['state']
  readonly file_name: string | null
  readonly was_there: number
  readonly attempts: number
  readonly not_before: number
  readonly code: string | null
  readonly details: string
  readonly ended_at: number | null
  readonly root: string
  readonly bucket_id: string
  readonly bucket_name: string
  readonly bucket_type: string
  readonly prefix: string
  readonly on_conflict: string
  readonly mark: string
}

type FailingRow = { readonly code: string; readonly files: number; readonly bytes: number; readonly at: number }

/** `CROSS` keeps SQLite from looking at the sources first: then it would sort all of what came from there. */
const SELECT = 'SELECT * FROM drops CROSS JOIN drop_sources USING (source_id)'

/** Whatever waits for a time that is further ahead than any wait was noted by a clock that has been set back. */
const IS_DUE = '(not_before <= ? OR not_before > ?)'

export function createDrops(db: Db) {
  const addSource = db.prepare<unknown[], { source_id: number }>(
    `INSERT INTO drop_sources (root, bucket_id, bucket_name, bucket_type, prefix, on_conflict, mark)
     VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING source_id`,
  )
  const add = db.prepare(
    `INSERT INTO drops (source_id, path, is_folder, size_bytes, is_slow, state, code, ended_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source_id, path) DO NOTHING`,
  )
  const leaveOut = db.prepare('UPDATE drop_sources SET left_out = left_out + ? WHERE source_id = ?')
  const byId = db.prepare<[number], Row>(`${SELECT} WHERE drop_id = ?`)
  const due = db.prepare<number[], Row>(
    `${SELECT} WHERE state = 'waiting' AND is_folder = 0 AND ${IS_DUE} ORDER BY is_slow, drop_id LIMIT ?`,
  )
  const next = db.prepare<[number], { at: number | null }>(
    `SELECT min(not_before) AS at FROM drops WHERE state = 'waiting' AND code IS NOT NULL AND not_before > ?`,
  )
  const waiting = db.prepare<[number, number], Row>(
    `${SELECT} WHERE state = 'waiting' AND is_folder = ? ORDER BY is_slow, drop_id LIMIT ?`,
  )
  const ended = db.prepare<[string, number], Row>(
    `${SELECT} WHERE state = ? ORDER BY ended_at DESC, drop_id DESC LIMIT ?`,
  )
  const failing = db.prepare<[string], FailingRow>(
    `SELECT code, count(*) AS files, sum(size_bytes) AS bytes, min(not_before) AS at FROM drops
     WHERE state = ? AND code IS NOT NULL GROUP BY code ORDER BY code`,
  )
  const totals = db.prepare<[], { state: keyof DropTotals; files: number; bytes: number }>('SELECT * FROM drop_totals')
  const leftOut = db.prepare<[], { files: number }>('SELECT coalesce(sum(left_out), 0) AS files FROM drop_sources')
  const finish = db.prepare(
    `UPDATE drops SET state = 'done', file_name = ?, file_id = ?, size_bytes = ?, was_there = ?, code = NULL,
       details = '{}', not_before = 0, ended_at = ? WHERE drop_id = ?`,
  )
  const reschedule = db.prepare(
    'UPDATE drops SET code = ?, details = ?, attempts = attempts + 1, not_before = ? WHERE drop_id = ?',
  )
  const fail = db.prepare(
    `UPDATE drops SET state = 'failed', code = ?, details = ?, attempts = attempts + 1, not_before = 0, ended_at = ?
     WHERE drop_id = ?`,
  )
  const again = `UPDATE drops SET state = 'waiting', code = NULL, details = '{}', attempts = 0, not_before = 0,
    ended_at = NULL WHERE state IN ('waiting', 'failed')`
  const retry = db.prepare(`${again} AND drop_id = ?`)
  const retryAll = db.prepare(`${again} AND code IS NOT NULL`)
  const remove = db.prepare("DELETE FROM drops WHERE drop_id = ? AND state <> 'done'")
  const removeOpen = db.prepare("DELETE FROM drops WHERE state <> 'done'")
  const clear = db.prepare("DELETE FROM drops WHERE state = 'done' AND ended_at < ?")
  const clearSources = db.prepare(
    'DELETE FROM drop_sources WHERE NOT EXISTS (SELECT 1 FROM drops WHERE drops.source_id = drop_sources.source_id)',
  )

  return {
    addSource(root: AbsolutePath, place: DropPlace, mark: string): SourceId {
      const { bucketId, bucketName, bucketType, prefix, onConflict } = place
      const row = addSource.get(root, bucketId, bucketName, bucketType, prefix, onConflict, mark)
      return row?.source_id as SourceId
    },
    /** What is there already stays as it is: a folder may be read twice. */
    add(sourceId: SourceId, { path, isFolder, sizeBytes, failure }: NewDrop): void {
      const state = failure === undefined ? 'waiting' : 'failed'
      const about = [sourceId, path, Number(isFolder), sizeBytes, Number(!isSoonDone(sizeBytes)), state]
      add.run(...about, failure?.code ?? null, failure?.at ?? null)
    },
    leaveOut(sourceId: SourceId, files: number): void {
      leaveOut.run(files, sourceId)
    },
    find(dropId: DropId): Drop | undefined {
      const row = byId.get(dropId)
      return row && toDrop(row)
    },
    sourceOf(dropId: DropId): SourceId | undefined {
      return byId.get(dropId)?.source_id as SourceId | undefined
    },
    /** The first folder that is still to be read. */
    findFolder(): Drop | undefined {
      const row = waiting.get(1, 1)
      return row && toDrop(row)
    },
    /** The first files whose time has come: those that are soon sent, then larger ones. */
    listDue(now: UnixMs, limit: number): readonly Drop[] {
      return due.all(now, now + LONGEST_WAIT_MS, limit).map(toDrop)
    },
    /** When the next one has its time; null where none waits for that. */
    nextDueAt(now: UnixMs): UnixMs | null {
      return (next.get(now)?.at ?? null) as UnixMs | null
    },
    /** Folders that are still to be read, then files in the order of their turns. */
    listWaiting(limit: number): readonly Drop[] {
      const folders = waiting.all(1, limit)
      return [...folders, ...waiting.all(0, limit - folders.length)].map(toDrop)
    },
    /** Newest first. */
    listEnded(state: 'failed' | 'done', limit: number): readonly Drop[] {
      return ended.all(state, limit).map(toDrop)
    },
    /** Those that failed at least once, by code: what waits to be tried again, or what nobody tries again. */
    countFailing(state: 'waiting' | 'failed') {
      return failing.all(state).map((row) => ({
        code: ErrorCode.parse(row.code),
        files: row.files,
        bytes: row.bytes,
        nextAttemptAt: row.at as UnixMs,
      }))
    },
    totals(): DropTotals {
      const none = { files: 0, bytes: 0 }
      const found = { reading: none, waiting: none, failed: none, done: none }
      return totals.all().reduce((all, { state, files, bytes }) => ({ ...all, [state]: { files, bytes } }), found)
    },
    countLeftOut(): number {
      return leftOut.get()?.files ?? 0
    },
    finish(dropId: DropId, { fileName, fileId, sizeBytes, wasThere }: DropArrival, at: UnixMs): void {
      finish.run(fileName, fileId, sizeBytes, Number(wasThere), at, dropId)
    },
    reschedule(dropId: DropId, code: ErrorCode, details: ErrorDetails, notBefore: UnixMs): void {
      reschedule.run(code, JSON.stringify(details), notBefore, dropId)
    },
    /** Only a person can change that. */
    fail(dropId: DropId, code: ErrorCode, details: ErrorDetails, at: UnixMs): void {
      fail.run(code, JSON.stringify(details), at, dropId)
    },
    /** What failed is tried again at once, from the beginning: one, or all. */
    retry(dropId: DropId | null): void {
      if (dropId === null) retryAll.run()
      else retry.run(dropId)
    },
    /** Forgets what has not arrived: one, or all. */
    remove(dropId: DropId | null): void {
      if (dropId === null) removeOpen.run()
      else remove.run(dropId)
      clearSources.run()
    },
    /** Forgets what had arrived before a time. */
    clearDone(before: UnixMs): void {
      clear.run(before)
      clearSources.run()
    },
  }
}

function toDrop(row: Row): Drop {
  return {
    dropId: row.drop_id as DropId,
    root: row.root as AbsolutePath,
    path: row.path as RelativePath,
    isFolder: row.is_folder === 1,
    place: {
      bucketId: row.bucket_id,
      bucketName: row.bucket_name,
      bucketType: row.bucket_type,
      prefix: row.prefix,
      onConflict: OnConflict.parse(row.on_conflict),
    },
    mark: `${row.mark}.${row.drop_id}`,
    sizeBytes: row.size_bytes,
    state: row.state,
    fileName: row.file_name as RemoteName | null,
    wasThere: row.was_there === 1,
    attempts: row.attempts,
    notBefore: row.not_before as UnixMs,
    code: ErrorCode.nullable().parse(row.code),
    details: JSON.parse(row.details) as ErrorDetails,
    endedAt: row.ended_at as UnixMs | null,
  }
}
