/**
 * Table jobs: durable actions, at most one for each path.
 *
 * A lease says "an attempt may be under way". Leases that survive a crash become `isUncertain`: the bucket is asked
 * before anything is sent again.
 */
import { ErrorCode, type ErrorDetails } from '../../../shared/errors.ts'
import type { FolderId, JobId, RelativePath, Sha1Hex, UnixMs } from '../../../shared/ids.ts'
import type { JobAction } from '../model/action.ts'
import type { BaseEntry } from '../model/agreed.ts'
import type { Job, JobKind } from '../model/job.ts'
import type { LossKind } from '../model/local.ts'
import { LONGEST_WAIT_MS } from '../plan/retry-policy.ts'
import type { Db } from './database.ts'

type Row = {
  readonly job_id: number
  readonly folder_id: number
  readonly path: string
  readonly kind: string
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
    `INSERT INTO jobs (folder_id, path, kind, size_bytes, from_folder_id, from_path, from_file_id, from_sha1, not_before)
     VALUES (@folderId, @path, @kind, @sizeBytes, @fromFolderId, @fromPath, @fromFileId, @fromSha1, 0)
     ON CONFLICT DO UPDATE SET kind = excluded.kind, size_bytes = excluded.size_bytes, revision = revision + 1,
       from_folder_id = iif(@keepsSource, from_folder_id, excluded.from_folder_id),
       from_path = iif(@keepsSource, from_path, excluded.from_path),
       from_file_id = iif(@keepsSource, from_file_id, excluded.from_file_id),
       from_sha1 = iif(@keepsSource, from_sha1, excluded.from_sha1),
       attempts = 0, not_before = 0, code = NULL, details = '{}', failing_since = NULL
     WHERE is_leased = 1 OR (code IS NOT NULL AND @isHinted) OR kind <> excluded.kind
       OR size_bytes <> excluded.size_bytes OR (NOT @keepsSource AND from_file_id IS NOT excluded.from_file_id)`,
  )
  const drop = db.prepare('DELETE FROM jobs WHERE folder_id = ? AND path = ? AND is_leased = 0')
  const dropCertain = db.prepare(
    'DELETE FROM jobs WHERE folder_id = ? AND path = ? AND is_leased = 0 AND is_uncertain = 0',
  )
  const recheck = db.prepare(
    `UPDATE jobs SET kind = 'upload', from_folder_id = NULL, from_path = NULL, from_file_id = NULL, from_sha1 = NULL, revision = revision + 1, attempts = 0, not_before = 0, code = NULL, details = '{}',
       failing_since = NULL WHERE folder_id = ? AND path = ? AND is_leased = 1`,
  )
  const recheckSending = db.prepare(
    `UPDATE jobs SET revision = revision + 1 WHERE folder_id = ? AND path = ? AND is_leased = 1
       AND kind IN ('upload', 'copy')`,
  )
  // Folder by folder along the index: jobs of held ones, and those whose time has not come, cost nothing.
  const folderIds = db.prepare<[string], { folder_id: number }>(
    'SELECT folder_id FROM sync_folders WHERE folder_id NOT IN (SELECT value FROM json_each(?))',
  )
  const due = db.prepare<[number, number, number], Row>(
    `SELECT * FROM jobs WHERE folder_id = ? AND is_leased = 0 AND not_before <= ? ORDER BY not_before, job_id LIMIT ?`,
  )
  const farAhead = db.prepare<[number, number, number], Row>(
    `SELECT * FROM jobs WHERE folder_id = ? AND is_leased = 0 AND not_before > ? ORDER BY not_before, job_id LIMIT ?`,
  )
  const lease = db.prepare('UPDATE jobs SET is_leased = 1 WHERE job_id = ?')
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
  const hasAny = db.prepare<[number], { found: 1 }>('SELECT 1 AS found FROM jobs WHERE folder_id = ? LIMIT 1')
  const sending = db.prepare<[number, number], Row>(
    `SELECT * FROM jobs WHERE folder_id = ? AND kind IN ('upload', 'copy') LIMIT ?`,
  )
  const withCode = db.prepare<[number, string], Row>(
    'SELECT * FROM jobs WHERE folder_id = ? AND code = ? ORDER BY path',
  )
  const complete = db.prepare('DELETE FROM jobs WHERE job_id = ? AND revision = ?')
  const reschedule = db.prepare(
    `UPDATE jobs SET is_leased = 0, is_uncertain = ?, attempts = ?, not_before = ?, code = ?, details = ?,
       failing_since = coalesce(failing_since, ?) WHERE job_id = ? AND revision = ?`,
  )
  const nextTime = db.prepare<[number], { at: number | null }>(
    'SELECT min(not_before) AS at FROM jobs WHERE folder_id = ? AND is_leased = 0',
  )
  const hurry = db.prepare('UPDATE jobs SET not_before = 0 WHERE job_id = ?')
  const hurryFolder = db.prepare('UPDATE jobs SET not_before = 0 WHERE folder_id = ? AND not_before <> 0')
  const failing = db.prepare<[number], Row>('SELECT * FROM jobs WHERE code IS NOT NULL ORDER BY failing_since LIMIT ?')
  // By the index: sorting 100,000 rows for a page of 100 takes longer than all else in a snapshot.
  const sound = db.prepare<[number, number, number], Row>(
    'SELECT * FROM jobs WHERE folder_id = ? AND is_leased = ? AND code IS NULL ORDER BY not_before, job_id LIMIT ?',
  )
  const failingCounts = db.prepare<[], { folder_id: number; code: string; files: number; next_at: number }>(
    // Left to itself SQLite looks at every job, only to have them in the order of folders.
    `SELECT folder_id, code, count(*) AS files, min(not_before) AS next_at FROM jobs INDEXED BY jobs_failing
     WHERE code IS NOT NULL GROUP BY folder_id, code`,
  )

  const openFolders = (heldFolders: readonly FolderId[]) =>
    folderIds.all(JSON.stringify(heldFolders)).map((row) => row.folder_id)

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
      const from = action.kind === 'copy' ? action.from : null
      enqueue.run({
        folderId,
        path,
        kind: action.kind,
        sizeBytes: action.kind === 'upload' ? action.sizeBytes : 0,
        fromFolderId: from?.folderId ?? null,
        fromPath: from?.path ?? null,
        fromFileId: from?.fileId ?? null,
        fromSha1: from?.sha1 ?? null,
        isHinted: Number(isHinted),
        // In a swap the first copy takes the other's source from base, but not from the bucket.
        keepsSource: Number(action.kind === 'upload'),
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
    /** Leases up to `limit` jobs that are due, oldest first, of all folders but the ones held. */
    lease(now: UnixMs, limit: number, heldFolders: readonly FolderId[]): readonly Job[] {
      const rows = firstOf(
        openFolders(heldFolders).flatMap((folderId) => [
          ...due.all(folderId, now, limit),
          // The clock was set back: no wait is so long.
          ...farAhead.all(folderId, now + LONGEST_WAIT_MS, limit),
        ]),
        limit,
      )
      for (const row of rows) lease.run(row.job_id)
      return rows.map(toJob)
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
    hasAny(folderId: FolderId): boolean {
      return hasAny.get(folderId) !== undefined
    },
    /** Some jobs of a folder that bring a file into the bucket. */
    listSending(folderId: FolderId, limit: number): readonly Job[] {
      return sending.all(folderId, limit).map(toJob)
    },
    /** Every job of a folder that fails with this code, in the order of paths. */
    listWithCode(folderId: FolderId, code: ErrorCode): readonly Job[] {
      return withCode.all(folderId, code).map(toJob)
    },
    /** Ends a job, unless its path was planned anew meanwhile: then the newer plan is due. */
    complete(job: Job): void {
      if (complete.run(job.jobId, job.revision).changes === 0) unlease.run(job.jobId)
    },
    /** Gives a lease back with what is known after a failed attempt. A newer plan for the path loses nothing by it. */
    reschedule(job: Job, next: RescheduledJob): void {
      const { isUncertain, attempts, notBefore, code, details, failedAt } = next
      const values = [Number(isUncertain), attempts, notBefore, code, JSON.stringify(details), failedAt]
      if (reschedule.run(...values, job.jobId, job.revision).changes === 0) unlease.run(job.jobId)
    },
    /** When the next unleased job is due, of all folders but the ones held; null when there is none. */
    nextDueAt(heldFolders: readonly FolderId[]): UnixMs | null {
      const times = openFolders(heldFolders).map((folderId) => nextTime.get(folderId)?.at ?? null)
      const known = times.filter((at) => at !== null)
      return known.length === 0 ? null : (Math.min(...known) as UnixMs)
    },
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
          const found = openFolders([]).flatMap((folderId) => sound.all(folderId, isLeased, left))
          rows.push(...firstOf(found, left))
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

/** The first in the order in which jobs are taken. */
function firstOf(rows: readonly Row[], limit: number): readonly Row[] {
  return rows.toSorted((a, b) => a.not_before - b.not_before || a.job_id - b.job_id).slice(0, limit)
}

function toJob(row: Row): Job {
  return {
    jobId: row.job_id as JobId,
    folderId: row.folder_id as FolderId,
    path: row.path as RelativePath,
    kind: row.kind as JobKind,
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
    code: row.code === null ? null : ErrorCode.parse(row.code),
    details: JSON.parse(row.details) as ErrorDetails,
    failingSince: row.failing_since as UnixMs | null,
  }
}
