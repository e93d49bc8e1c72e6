/** A persisted action for one path. */
import type { ErrorCode, ErrorDetails } from '../../../shared/errors.ts'
import type { FolderId, JobId, RelativePath, UnixMs } from '../../../shared/ids.ts'
import type { CopySource } from './action.ts'

export type JobKind = 'upload' | 'copy' | 'hide' | 'delete'

/** What goes side by side: files sent at once, files sent in parts, and copies that B2 makes. None waits for another. */
export const LANES = ['small', 'large', 'server'] as const
export type Lane = (typeof LANES)[number]

/** From this size on a file is sent in parts: ten of the smallest that B2 takes. */
export const LARGE_FILE_BYTES = 50_000_000

/** In a lane these go before larger ones: a second of a slow line, where the largest take minutes. */
const QUICK_FILE_BYTES = 1_000_000

/** The order of jobs of a lane that are due at the same time. */
export const RANKS = { asked: 0, quick: 1, usual: 2, putOff: 3 } as const

export type Job = {
  readonly jobId: JobId
  readonly folderId: FolderId
  readonly path: RelativePath
  readonly kind: JobKind
  readonly lane: Lane
  /** Bytes to be sent; 0 where nothing is. */
  readonly sizeBytes: number
  /** The name that held the same file, or perhaps the same, which is not hidden before this job is done. */
  readonly from: CopySource | null
  /** Counts the times this path was planned anew; a finished attempt of an older revision does not end the job. */
  readonly revision: number
  /** True when an attempt may have reached the bucket without its answer reaching us. */
  readonly isUncertain: boolean
  readonly attempts: number
  /** When it may go; below 0 for what a person asked for, the lower the later it was asked for. */
  readonly notBefore: UnixMs
  /** Whether a person asked for it. */
  readonly isAsked: boolean
  /** Whether a person said to leave it until `notBefore`. */
  readonly isPutOff: boolean
  /** Why the last attempt failed, or null. */
  readonly code: ErrorCode | null
  readonly details: ErrorDetails
  /** When the current run of failures began, or null. */
  readonly failingSince: UnixMs | null
  /** Whether time alone does not mend why it failed. */
  readonly isStuck: boolean
}

/** The lane of a job, and its rank there as long as nobody says otherwise. */
export function placeOf(kind: JobKind, sizeBytes: number): { readonly lane: Lane; readonly rank: number } {
  const rank = isSoonDone(sizeBytes) ? RANKS.quick : RANKS.usual
  if (kind === 'copy') return { lane: 'server', rank }
  // Behind small files that are to be sent: one of them may be what is gone under this name.
  if (kind !== 'upload') return { lane: 'small', rank: RANKS.usual }
  return { lane: sizeBytes >= LARGE_FILE_BYTES ? 'large' : 'small', rank }
}

/** Whose turn it is among folders that wait, and that one of them had it. */
export type TurnOrder = {
  next(waiting: readonly FolderId[]): FolderId | undefined
  took(folderId: FolderId, waiting: readonly FolderId[]): void
}

/** Which jobs of a lane are wanted. */
export type Wanted = {
  readonly lane: Lane
  readonly folders: readonly FolderId[]
  readonly order: TurnOrder
  readonly most: number
  /** Of these no more that are not soon done, and none behind one more: what is leased early waits for them. */
  readonly mostSlow: number
  /** Only urgent ones, or any of these folders; null for all. */
  readonly urgent: { readonly anyOf: readonly FolderId[] } | null
}

/** The last rank that is urgent in a lane: how long B2 copies nobody knows, and no large file is soon done. */
export function urgentRank(lane: Lane): number {
  return lane === 'small' ? RANKS.quick : RANKS.asked
}

/** Whether it is urgent: a person asked for it, or it is a file that is soon sent. */
export function isUrgent({ lane, kind, sizeBytes, isAsked }: Job): boolean {
  return isAsked || (lane === 'small' && kind === 'upload' && isSoonDone(sizeBytes))
}

/** Whether so many bytes are soon sent. */
export function isSoonDone(sizeBytes: number): boolean {
  return sizeBytes <= QUICK_FILE_BYTES
}
