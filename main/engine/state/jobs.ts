/**
 * Table jobs: durable actions, at most one for each path.
 *
 * A lease says "an attempt may be under way". Leases that survive a crash become `isUncertain`: the bucket is asked
 * before anything is sent again.
 */
import { ErrorCode, type ErrorDetails } from '../../../shared/errors.ts'
import type { FolderId, JobId, RelativePath, Sha1Hex, UnixMs } from '../../../shared/ids.ts'
import type { CopySource, JobAction } from '../model/action.ts'
import type { BaseEntry } from '../model/agreed.ts'
import { isSoonDone, LANES, placeOf, RANKS, urgentRank } from '../model/job.ts'
import type { Job, JobKind, Lane, Wanted } from '../model/job.ts'
import type { LossKind } from '../model/local.ts'
import { LONGEST_WAIT_MS } from '../plan/retry-policy.ts'
import type { Db } from './database.ts'
import { compareTurns, inTurn, type Turn } from './turns.ts'

type Row = {
  readonly job_id: number
  readonly folder_id: number
  readonly path: string
  readonly kind: string
  readonly lane: string
  readonly rank: number
  readonly size_bytes: number
  readonly from_folder_id: number | null
  readonly from_path: string | null
  readonly from_file_id: string | null
  readonly from_sha1: string | null
  readonly revision: number
  readonly is_uncertain: number
  readonly attempts: number
  readonly not_before: number
  readonly code: string | null
  readonly details: string
  readonly failing_since: number | null
}

export function createJobs(db: Db) {
  const forPath = db.prepare<[number, string], Row>('SELECT * FROM jobs WHERE folder_id = ? AND path = ?')
  // '0' is the character after '/'.
  const below = db.prepare<[number, string, string], Row>(
    'SELECT * FROM jobs WHERE folder_id = ? AND path >= ? AND path < ?',
  )
  const enqueue = db.prepare(
    `INSERT INTO jobs (folder_id, path, kind, size_bytes, from_folder_id, from_path, from_file_id, from_sha1, not_before,
       lane, rank)
     VALUES (@folderId, @path, @kind, @sizeBytes, @fromFolderId, @fromPath, @fromFileId, @fromSha1, 0, @lane, @rank)
     ON CONFLICT DO UPDATE SET kind = excluded.kind, size_bytes = excluded.size_bytes, revision = revision + 1,
       lane = excluded.lane, rank = iif(rank = ${RANKS.asked}, rank, excluded.rank),
       from_folder_id = iif(@keepsSource, from_folder_id, excluded.from_folder_id),
       from_path = iif(@keepsSource, from_path, excluded.from_path),
       from_file_id = iif(@keepsSource, from_file_id, excluded.from_file_id),
       from_sha1 = iif(@keepsSource, from_sha1, excluded.from_sha1),
       attempts = 0, not_before = 0, code = NULL, details = '{}', failing_since = NULL
     WHERE is_leased = 1 OR ((code IS NOT NULL OR rank = ${RANKS.putOff}) AND @isHinted) OR kind <> excluded.kind
       OR size_bytes <> excluded.size_bytes OR (NOT @keepsSource AND from_file_id IS NOT excluded.from_file_id)`,
  )
  const drop = db.prepare('DELETE FROM jobs WHERE folder_id = ? AND path = ? AND is_leased = 0')
  const dropCertain = db.prepare(
    'DELETE FROM jobs WHERE folder_id = ? AND path = ? AND is_leased = 0 AND is_uncertain = 0',
  )
  const recheck = db.prepare(
    `UPDATE jobs SET kind = 'upload', lane = iif(lane = 'server', 'small', lane), from_folder_id = NULL, from_path = NULL,
       from_file_id = NULL, from_sha1 = NULL, revision = revision + 1, attempts = 0, not_before = 0, code = NULL,
       details = '{}', failing_since = NULL WHERE folder_id = ? AND path = ? AND is_leased = 1`,
  )
  const recheckSending = db.prepare(
    `UPDATE jobs SET revision = revision + 1 WHERE folder_id = ? AND path = ? AND is_leased = 1
       AND kind IN ('upload', 'copy')`,
  )
  const folderIds = db.prepare<[], { folder_id: number }>('SELECT folder_id FROM sync_folders')
  // Both ends of each range of the index: costs the same for any number of jobs.
  const lines = db.prepare<[], { folder_id: number; lane: string; first_at: number | null; last_at: number | null }>(
    `WITH lanes (lane) AS (VALUES ${LANES.map((lane) => `('${lane}')`).join(', ')})
     SELECT folder_id, lane,
       (SELECT min(not_before) FROM jobs WHERE folder_id = f.folder_id AND is_leased = 0 AND lane = l.lane) AS first_at,
       (SELECT max(not_before) FROM jobs WHERE folder_id = f.folder_id AND is_leased = 0 AND lane = l.lane) AS last_at
     FROM sync_folders f, lanes l`,
  )
  // Folder by folder along the index: jobs of held ones, and those whose time has not come, cost nothing.
  const due = db.prepare<[number, string, number, number], Turn>(
    `SELECT job_id, not_before, rank, size_bytes FROM jobs WHERE folder_id = ? AND is_leased = 0 AND lane = ? AND not_before <= ?
     ORDER BY not_before, rank, job_id LIMIT ?`,
  )
  const farAhead = db.prepare<[number, string, number, number], Turn>(
    `SELECT job_id, not_before, rank, size_bytes FROM jobs WHERE folder_id = ? AND is_leased = 0 AND lane = ? AND not_before > ?
     ORDER BY not_before, rank, job_id LIMIT ?`,
  )
  const lease = db.prepare<[number], Row>('UPDATE jobs SET is_leased = 1 WHERE job_id = ? RETURNING *')
  const unlease = db.prepare('UPDATE jobs SET is_leased = 0 WHERE job_id = ?')
  const recover = db.prepare(
    'UPDATE jobs SET is_leased = 0, is_uncertain = 1 WHERE folder_id IN (SELECT folder_id FROM sync_folders) AND is_leased = 1',
  )
  const recoverFolder = db.prepare(
    'UPDATE jobs SET is_leased = 0, is_uncertain = 1, not_before = 0 WHERE folder_id = ? AND is_leased = 1',
  )
  const forgetLosses = db.prepare(
    `DELETE FROM jobs WHERE kind IN ('hide', 'delete') OR (kind = 'upload' AND size_bytes = 0 AND (folder_id, path) IN (
       SELECT folder_id, iif(directory = '', name, directory || '/' || name) FROM local_entries WHERE kind = 'emptied'))`,
  )
  const dropBelow = db.prepare('DELETE FROM jobs WHERE folder_id = ? AND path >= ? AND path < ? AND is_leased = 0')
  const dropSending = db.prepare(
    `DELETE FROM jobs WHERE folder_id = ? AND path = ? AND is_leased = 0 AND kind IN ('upload', 'copy')
       AND (? = 'absent' OR size_bytes > 0 OR kind = 'copy')`,
  )
  const dropAll = db.prepare('DELETE FROM jobs WHERE folder_id = ?')
  const copiedFrom = db.prepare<[number, string, string, number], { found: 1 }>(
    `SELECT 1 AS found FROM jobs WHERE from_folder_id = ? AND from_path = ? UNION ALL
     SELECT 1 FROM jobs WHERE from_sha1 = ? AND folder_id = ? AND code IS NULL LIMIT 1`,
  )
  const source = db.prepare<[number, string], { from_folder_id: number; from_path: string }>(
    'SELECT from_folder_id, from_path FROM jobs WHERE folder_id = ? AND path = ? AND from_path IS NOT NULL',
  )
  const underWay = db.prepare<[number], { path: string }>('SELECT path FROM jobs WHERE folder_id = ? AND is_leased = 1')
  const hasAny = db.prepare<[number], { found: 1 }>('SELECT 1 AS found FROM jobs WHERE folder_id = ? LIMIT 1')
  const withCode = db.prepare<[number, string], Row>(
    'SELECT * FROM jobs WHERE folder_id = ? AND code = ? ORDER BY path',
  )
  const complete = db.prepare('DELETE FROM jobs WHERE job_id = ? AND revision = ?')
  const giveUp = db.prepare("DELETE FROM jobs WHERE job_id = ? AND (revision = ? OR kind IN ('upload', 'copy'))")
  const reschedule = db.prepare(
    `UPDATE jobs SET is_leased = 0, is_uncertain = ?, attempts = ?, not_before = ?, code = ?, details = ?,
       failing_since = coalesce(failing_since, ?), rank = min(rank, ${RANKS.usual}) WHERE job_id = ? AND revision = ?`,
  )
  const putOff = db.prepare(
    `UPDATE jobs SET is_leased = 0, is_uncertain = ?, not_before = ?, rank = ${RANKS.putOff}
     WHERE job_id = ? AND revision = ?`,
  )
  const byId = db.prepare<[number], Row>('SELECT * FROM jobs WHERE job_id = ?')
  const putOffCount = db.prepare<[number, number], { files: number; next_at: number | null }>(
    `SELECT count(*) AS files, min(not_before) AS next_at FROM jobs INDEXED BY jobs_put_off
     WHERE folder_id = ? AND not_before > ? AND rank = ${RANKS.putOff} AND code IS NULL`,
  )
  const hurry = db.prepare(`UPDATE jobs SET not_before = 0, rank = ${RANKS.asked} WHERE job_id = ?`)
  const hurryFolder = db.prepare('UPDATE jobs SET not_before = 0 WHERE folder_id = ? AND not_before <> 0')
  const failing = db.prepare<[number], Row>('SELECT * FROM jobs WHERE code IS NOT NULL ORDER BY failing_since LIMIT ?')
  // By the index: sorting 100,000 rows for a page of 100 takes longer than all else in a snapshot.
  const sound = db.prepare<[number, number, string, number], Row>(
    `SELECT * FROM jobs WHERE folder_id = ? AND is_leased = ? AND lane = ? AND code IS NULL
     ORDER BY not_before, rank, job_id LIMIT ?`,
  )
  const failingCounts = db.prepare<[], { folder_id: number; code: string; files: number; next_at: number }>(
    // Left to itself SQLite looks at every job, only to have them in the order of folders.
    `SELECT folder_id, code, count(*) AS files, min(not_before) AS next_at FROM jobs INDEXED BY jobs_failing
     WHERE code IS NOT NULL GROUP BY folder_id, code`,
  )

  return {
    findForPath(folderId: FolderId, path: RelativePath): Job | undefined {
      const row = forPath.get(folderId, path)
      return row && toJob(row)
    },
    /** Every job below a directory, at any depth. */
    listBelow(folderId: FolderId, directory: RelativePath): readonly Job[] {
      return below.all(folderId, `${directory}/`, `${directory}0`).map(toJob)
    },
    /**
     * Plans an action. An older job for the same path is replaced, and an attempt of it under way will not end this
     * one; where the same already waits for its first attempt, or fails and was not `isHinted` at, nothing changes.
     */
    enqueue({ folderId, path, action, isHinted }: NewJob): void {
      const from = action.kind === 'copy' || action.kind === 'upload' ? (action.from ?? null) : null
      enqueue.run({
        folderId,
        path,
        kind: action.kind,
        sizeBytes: action.kind === 'upload' ? action.sizeBytes : 0,
        fromFolderId: from?.folderId ?? null,
        fromPath: from?.path ?? null,
        fromFileId: from?.fileId ?? null,
        fromSha1: from?.sha1 ?? null,
        ...placeOf(action.kind, action.kind === 'upload' ? action.sizeBytes : 0),
        isHinted: Number(isHinted),
        // In a swap the first copy takes the other's source from base, but not from the bucket.
        keepsSource: Number(action.kind === 'upload' && from === null),
      })
    },
    /**
     * Forgets the job for a path; none there is fine. While an attempt of it may be under way nobody knows how that
     * ends, so the job stays, to compare the path with what came of it.
     */
    drop(folderId: FolderId, path: RelativePath): void {
      if (drop.run(folderId, path).changes === 0) recheck.run(folderId, path)
    },
    /** The same, but what may have arrived in the bucket is looked for there before it is forgotten. */
    dropCertain(folderId: FolderId, path: RelativePath): void {
      if (dropCertain.run(folderId, path).changes === 0) recheck.run(folderId, path)
    },
    findById(jobId: JobId): Job | undefined {
      const row = byId.get(jobId)
      return row && toJob(row)
    },
    /** Where jobs wait that nobody has leased, and when the first and the last of them is due. */
    listWaitingLines(): readonly WaitingLine[] {
      return lines.all().flatMap(({ folder_id, lane, first_at, last_at }) => {
        if (first_at === null || last_at === null) return []
        const times = { firstAt: first_at as UnixMs, lastAt: last_at as UnixMs }
        return [{ folderId: folder_id as FolderId, lane: lane as Lane, ...times }]
      })
    },
    /**
     * Leases jobs that are due: what a person asked for, then of each folder in turn the first one, of each the second one,
     * and so on.
     */
    lease(now: UnixMs, { lane, folders, most, mostSlow, isUrgent }: Wanted): readonly Job[] {
      const lastRank = isUrgent ? urgentRank(lane) : Infinity
      const turns = folders.map((folderId) => [
        ...due.all(folderId, lane, now, most),
        // The clock was set back: no wait is so long.
        ...farAhead.all(folderId, lane, now + LONGEST_WAIT_MS, most),
      ])
      const found = inTurn(
        turns.map((line) => line.filter(({ rank }) => rank <= lastRank)),
        most,
      )
      const tooMany = found.findIndex(({ size_bytes }, at) => at >= mostSlow && !isSoonDone(size_bytes))
      const wanted = tooMany < 0 ? found : found.slice(0, tooMany)
      return wanted.flatMap(({ job_id }) => lease.all(job_id).map(toJob))
    },
    /** Gives a lease back as if it had never been taken. */
    unlease(jobId: JobId): void {
      unlease.run(jobId)
    },
    /** After a start: leases left by a process that died. */
    recoverLeases(): void {
      recover.run()
    },
    /** The same for one folder that begins anew; nothing of it may be under way. */
    recoverFolder(folderId: FolderId): void {
      recoverFolder.run(folderId)
    },
    /** After a start: evidence of an earlier run is none in this one, so what followed from it is planned anew or not at all. */
    forgetLosses(): void {
      forgetLosses.run()
    },
    /**
     * Forgets a job that wanted to send what is lost by now. One under way may still succeed, and that ends what is known
     * of the loss: the job stays, to look at the path after that.
     */
    dropSending(folderId: FolderId, path: RelativePath, loss: LossKind): void {
      if (dropSending.run(folderId, path, loss).changes === 0) recheckSending.run(folderId, path)
    },
    dropBelow(folderId: FolderId, directory: RelativePath): void {
      dropBelow.run(folderId, `${directory}/`, `${directory}0`)
    },
    /** Forgets every job of a folder, also those under way: their ends find nothing to complete. */
    dropAll(folderId: FolderId): void {
      dropAll.run(folderId)
    },
    /**
     * Whether a copy of what is under this name in the bucket is still to be made, or, within the folder, one of the same
     * content under another name: where names are exchanged, this one may be the last that shows it.
     */
    isToBeCopied(folderId: FolderId, { path, sha1 }: BaseEntry): boolean {
      return copiedFrom.get(folderId, path, sha1, folderId) !== undefined
    },
    /** Under which name the file that is to be brought here was known; undefined where that is not so, or nothing is to be. */
    findSource(folderId: FolderId, path: RelativePath): Pick<CopySource, 'folderId' | 'path'> | undefined {
      const row = source.get(folderId, path)
      return row && { folderId: row.from_folder_id as FolderId, path: row.from_path as RelativePath }
    },
    /** The paths of a folder that are worked on, or will be next. */
    listUnderWay(folderId: FolderId): readonly RelativePath[] {
      return underWay.all(folderId).map(({ path }) => path as RelativePath)
    },
    hasAny(folderId: FolderId): boolean {
      return hasAny.get(folderId) !== undefined
    },
    /** Every job of a folder that fails with this code, in the order of paths. */
    listWithCode(folderId: FolderId, code: ErrorCode): readonly Job[] {
      return withCode.all(folderId, code).map(toJob)
    },
    /** Ends a job, unless its path was planned anew meanwhile: then the newer plan is due. */
    complete(job: Job): void {
      if (complete.run(job.jobId, job.revision).changes === 0) unlease.run(job.jobId)
    },
    /** Ends a job of an old plan. A newer plan to send goes too: tried at once it would only fail alike, for ever. */
    giveUp(job: Job): void {
      if (giveUp.run(job.jobId, job.revision).changes === 0) unlease.run(job.jobId)
    },
    /** Gives a lease back with what is known after a failed attempt. A newer plan for the path loses nothing by it. */
    reschedule(job: Job, next: RescheduledJob): void {
      const { isUncertain, attempts, notBefore, code, details, failedAt } = next
      const values = [Number(isUncertain), attempts, notBefore, code, JSON.stringify(details), failedAt]
      if (reschedule.run(...values, job.jobId, job.revision).changes === 0) unlease.run(job.jobId)
    },
    /** Leaves a job until `until` because a person said so. A newer plan for the path is not concerned. */
    putOff({ jobId, revision, isUncertain }: Job, until: UnixMs): void {
      if (putOff.run(Number(isUncertain), until, jobId, revision).changes === 0) unlease.run(jobId)
    },
    /** How many jobs a person has left for later, those that fail left out, and when the first is due; null for none. */
    countPutOff(folderId: FolderId, now: UnixMs): { readonly files: number; readonly nextAttemptAt: UnixMs } | null {
      const { files = 0, next_at } = putOffCount.get(folderId, now) ?? {}
      return next_at == null ? null : { files, nextAttemptAt: next_at as UnixMs }
    },
    /** The job is the first one in its lane from now on: a person asked for it. */
    hurry(jobId: JobId): void {
      hurry.run(jobId)
    },
    hurryFolder(folderId: FolderId): void {
      hurryFolder.run(folderId)
    },
    /** The first of all jobs, those under way included: failing ones first, then in the order they are taken. */
    listFirst(limit: number): readonly Job[] {
      const rows = failing.all(limit)
      for (const isLeased of [1, 0]) {
        const left = limit - rows.length
        if (left > 0) {
          const found = folderIds
            .all()
            .flatMap(({ folder_id }) => LANES.flatMap((lane) => sound.all(folder_id, isLeased, lane, left)))
          rows.push(...found.toSorted(compareTurns).slice(0, left))
        }
      }
      return rows.map(toJob)
    },
    /** The oldest failing jobs. */
    listFailing(limit: number): readonly Job[] {
      return failing.all(limit).map(toJob)
    },
    /** How many jobs of each folder fail with which code, and when the first is due again. */
    countFailing(): readonly FailingCount[] {
      return failingCounts.all().map((row) => ({
        folderId: row.folder_id as FolderId,
        code: ErrorCode.parse(row.code),
        files: row.files,
        nextAttemptAt: row.next_at as UnixMs,
      }))
    },
  }
}

export type NewJob = {
  readonly folderId: FolderId
  readonly path: RelativePath
  readonly action: JobAction
  readonly isHinted: boolean
}

export type RescheduledJob = {
  readonly isUncertain: boolean
  readonly attempts: number
  readonly notBefore: UnixMs
  readonly code: ErrorCode | null
  readonly details: ErrorDetails
  readonly failedAt: UnixMs | null
}

export type FailingCount = {
  readonly folderId: FolderId
  readonly code: ErrorCode
  readonly files: number
  readonly nextAttemptAt: UnixMs
}

/** The jobs of one lane of one folder that nobody has leased. */
export type WaitingLine = {
  readonly folderId: FolderId
  readonly lane: Lane
  readonly firstAt: UnixMs
  readonly lastAt: UnixMs
}

function toJob(row: Row): Job {
  return {
    jobId: row.job_id as JobId,
    folderId: row.folder_id as FolderId,
    path: row.path as RelativePath,
    kind: row.kind as JobKind,
    lane: row.lane as Lane,
    sizeBytes: row.size_bytes,
    from:
      row.from_path === null
        ? null
        : {
            folderId: row.from_folder_id as FolderId,
            path: row.from_path as RelativePath,
            fileId: row.from_file_id ?? '',
            sha1: (row.from_sha1 ?? '') as Sha1Hex,
          },
    revision: row.revision,
    isUncertain: row.is_uncertain === 1,
    attempts: row.attempts,
    notBefore: row.not_before as UnixMs,
    isAsked: row.rank === RANKS.asked,
    isPutOff: row.rank === RANKS.putOff,
    code: row.code === null ? null : ErrorCode.parse(row.code),
    details: JSON.parse(row.details) as ErrorDetails,
    failingSince: row.failing_since as UnixMs | null,
  }
}
