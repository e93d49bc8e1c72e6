/** A persisted action for one path. */
import type { ErrorCode, ErrorDetails } from '../../../shared/errors.ts'
import type { FolderId, JobId, RelativePath, UnixMs } from '../../../shared/ids.ts'

export type JobKind = 'upload' | 'hide'

export type Job = {
  readonly jobId: JobId
  readonly folderId: FolderId
  readonly path: RelativePath
  readonly kind: JobKind
  readonly sizeBytes: number
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
