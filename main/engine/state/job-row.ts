/** A row of table jobs as SQLite gives it, and the job it is. */
import { ErrorCode, type ErrorDetails } from '../../../shared/errors.ts'
import type { FolderId, JobId, RelativePath, Sha1Hex, UnixMs } from '../../../shared/ids.ts'
import { RANKS, type Job, type JobKind, type Lane } from '../model/job.ts'

export type JobRow = {
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
  readonly is_stuck: number
}

/**
 * What is set of a job that a person leaves for later, besides until when: what had failed in passing is no trouble then, and
 * begins anew.
 */
export const LEFT_FOR_LATER = `rank = ${RANKS.putOff}, code = iif(is_stuck, code, NULL), attempts = iif(is_stuck, attempts, 0),
  details = iif(is_stuck, details, '{}'), failing_since = iif(is_stuck, failing_since, NULL)`

export function toJob(row: JobRow): Job {
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
    isStuck: row.is_stuck === 1,
  }
}
