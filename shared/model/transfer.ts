/** One job as the transfers list shows it. */
import { z } from 'zod'
import { ErrorCode } from '../errors.ts'
import { FolderId, JobId, RelativePath, UnixMs } from '../ids.ts'

const TransferKind = z.enum(['upload', 'copy', 'hide', 'delete'])

/** How many transfers of a kind a person may allow at once. */
export const MaxTransfers = z.number().int().min(1).max(128)

export const TransferRow = z.object({
  jobId: JobId,
  folderId: FolderId,
  path: RelativePath,
  kind: TransferKind,
  phase: z.enum(['waiting', 'sending', 'done']),
  sizeBytes: z.number(),
  sentBytes: z.number(),
  /** 0 unless sending. */
  bytesPerSecond: z.number(),
  attempts: z.number().int(),
  /** Why the last attempt failed, or null. */
  code: ErrorCode.nullable(),
  /** Whether a person left it for later, until `nextAttemptAt`. */
  isPutOff: z.boolean(),
  /** When a waiting row is tried again; null for at once. */
  nextAttemptAt: UnixMs.nullable(),
  finishedAt: UnixMs.nullable(),
})
export type TransferRow = z.infer<typeof TransferRow>
