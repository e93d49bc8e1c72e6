/** A persisted action for one path. */
import type { ErrorCode, ErrorDetails } from '../../../shared/errors.ts'
import type { FolderId, JobId, RelativePath, UnixMs } from '../../../shared/ids.ts'
import type { CopySource } from './action.ts'

export type JobKind = 'upload' | 'copy' | 'hide' | 'delete'

export type Job = {
  readonly jobId: JobId
  readonly folderId: FolderId
  readonly path: RelativePath
  readonly kind: JobKind
  /** Bytes to be sent; 0 where nothing is. */
  readonly sizeBytes: number
  /** For a copy, or what was planned as one: the name that held the same file, which is not hidden before this job is done. */
  readonly from: CopySource | null
  /** Counts the times this path was planned anew; a finished attempt of an older revision does not end the job. */
  readonly revision: number
  /** True when an attempt may have reached the bucket without its answer reaching us. */
  readonly isUncertain: boolean
  readonly attempts: number
  readonly notBefore: UnixMs
  /** Why the last attempt failed, or null. */
  readonly code: ErrorCode | null
  readonly details: ErrorDetails
  /** When the current run of failures began, or null. */
  readonly failingSince: UnixMs | null
}
