/**
 * Table jobs: durable actions, at most one for each path.
 *
 * A lease says "an attempt may be under way". Leases that survive a crash become `isUncertain`: the bucket is asked
 * before anything is sent again. What a person sees of them, and does to many at once: `job-lists.ts`.
 */
import type { ErrorCode, ErrorDetails } from '../../../shared/errors.ts'
import type { FolderId, JobId, RelativePath, UnixMs } from '../../../shared/ids.ts'
import type { CopySource, JobAction } from '../model/action.ts'
import type { BaseEntry } from '../model/agreed.ts'
import { LANES, placeOf, RANKS, urgentRank } from '../model/job.ts'
import type { Job, Lane, Wanted } from '../model/job.ts'
import type { LossKind } from '../model/local.ts'
import { isForPerson, LONGEST_WAIT_MS } from '../plan/retry-policy.ts'
import type { Db } from './database.ts'
import { LEFT_FOR_LATER, toJob, type JobRow } from './job-row.ts'
import { inTurn, type Turn } from './turns.ts'

export function createJobs(db: Db) {
  const forPath = db.prepare<[number, string], JobRow>('SELECT * FROM jobs WHERE folder_id = ? AND path = ?')
  // '0' is the character after '/'.
  const below = db.prepare<[number, string, string], JobRow>(
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
       attempts = 0, not_before = min(not_before, 0), code = NULL, details = '{}', failing_since = NULL, is_stuck = 0
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
       details = '{}', failing_since = NULL, is_stuck = 0 WHERE folder_id = ? AND path = ? AND is_leased = 1`,
  )
  const recheckSending = db.prepare(
    `UPDATE jobs SET revision = revision + 1 WHERE folder_id = ? AND path = ? AND is_leased = 1
       AND kind IN ('upload', 'copy')`,
  )
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
  const lease = db.prepare<[number], JobRow>('UPDATE jobs SET is_leased = 1 WHERE job_id = ? RETURNING *')
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
  const withCode = db.prepare<[number, string], JobRow>(
    'SELECT * FROM jobs WHERE folder_id = ? AND code = ? ORDER BY path',
  )
  const complete = db.prepare('DELETE FROM jobs WHERE job_id = ? AND revision = ?')
  const giveUp = db.prepare("DELETE FROM jobs WHERE job_id = ? AND (revision = ? OR kind IN ('upload', 'copy'))")
  const reschedule = db.prepare(
    `UPDATE jobs SET is_leased = 0, is_uncertain = ?, attempts = ?, not_before = ?, code = ?, details = ?,
       failing_since = coalesce(failing_since, ?), rank = min(rank, ${RANKS.usual}), is_stuck = ?
     WHERE job_id = ? AND revision = ?`,
  )
  const putOff = db.prepare(
    `UPDATE jobs SET is_leased = 0, is_uncertain = ?, not_before = ?, ${LEFT_FOR_LATER} WHERE job_id = ? AND revision = ?`,
  )
  const hurryFolder = db.prepare('UPDATE jobs SET not_before = 0 WHERE folder_id = ? AND not_before > 0')
  const failing = db.prepare<[number], JobRow>(
    'SELECT * FROM jobs WHERE code IS NOT NULL ORDER BY failing_since LIMIT ?',
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
    /** Where jobs wait that nobody has leased, and when the first and the last of them is due. */
    listWaitingLines(): readonly WaitingLine[] {
      return lines.all().flatMap(({ folder_id, lane, first_at, last_at }) => {
        if (first_at === null || last_at === null) return []
        const times = { firstAt: first_at as UnixMs, lastAt: last_at as UnixMs }
        return [{ folderId: folder_id as FolderId, lane: lane as Lane, ...times }]
      })
    },
    /** Leases jobs that are due: what a person asked for, then of the folders in turn. */
    lease(now: UnixMs, { lane, folders, order, most, mostSlow, urgent }: Wanted): readonly Job[] {
      const lastRankOf = (folderId: FolderId): number =>
        urgent === null || urgent.anyOf.includes(folderId) ? Infinity : urgentRank(lane)
      const found = folders.map((folderId) => [
        ...due.all(folderId, lane, now, most),
        // The clock was set back: no wait is so long.
        ...farAhead.all(folderId, lane, now + LONGEST_WAIT_MS, most),
      ])
      const lines = folders.map((folderId, at) => ({
        folderId,
        turns: (found[at] ?? []).filter(({ rank }) => rank <= lastRankOf(folderId)),
      }))
      return inTurn(lines, order, { most, mostSlow }).flatMap(({ job_id }) => lease.all(job_id).map(toJob))
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
      const isStuck = Number(code !== null && isForPerson(code))
      const values = [Number(isUncertain), attempts, notBefore, code, JSON.stringify(details), failedAt, isStuck]
      if (reschedule.run(...values, job.jobId, job.revision).changes === 0) unlease.run(job.jobId)
    },
    /** Leaves a job until `until` because a person said so. A newer plan for the path is not concerned. */
    putOff({ jobId, revision, isUncertain }: Job, until: UnixMs): void {
      if (putOff.run(Number(isUncertain), until, jobId, revision).changes === 0) unlease.run(jobId)
    },
    hurryFolder(folderId: FolderId): void {
      hurryFolder.run(folderId)
    },
    /** The oldest failing jobs. */
    listFailing(limit: number): readonly Job[] {
      return failing.all(limit).map(toJob)
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

/** The jobs of one lane of one folder that nobody has leased. */
export type WaitingLine = {
  readonly folderId: FolderId
  readonly lane: Lane
  readonly firstAt: UnixMs
  readonly lastAt: UnixMs
}
