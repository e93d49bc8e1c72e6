/**
 * What the last look at the disk found, where that differs from what both sides agreed on. A path without such an entry
 * is on disk as base says.
 */
import type { ErrorCode, ErrorDetails } from '../../../shared/errors.ts'
import type { RelativePath, UnixMs } from '../../../shared/ids.ts'
import type { SkipReason } from '../../../shared/model/explanation.ts'

export type LossKind = 'absent' | 'emptied'

/** How a loss came through the safety gate: few enough, nothing lost, or a person said so. */
export type LossPass = 'counted' | 'elsewhere' | 'approved'

export type LocalEntry = { readonly path: RelativePath } & (
  | { readonly kind: LossKind }
  /** Never sent, for a reason that is nobody's fault. */
  | { readonly kind: 'skipped'; readonly reason: SkipReason }
  /** Not sent although it should be; a directory blocks all that is below it. */
  | { readonly kind: 'blocked'; readonly code: ErrorCode; readonly details: ErrorDetails; readonly since: UnixMs }
  /** A person chose to leave what B2 holds as it is while the file on disk has this stamp. */
  | { readonly kind: 'kept'; readonly stamp: string }
)

/** Whether the entry speaks of a directory, and so of all that is in it. */
export function isOfDirectory(entry: LocalEntry): boolean {
  return entry.kind === 'blocked' && (entry.code === 'directory_unreadable' || entry.code === 'drive_missing')
}

export function isLoss(entry: LocalEntry | undefined): boolean {
  return entry?.kind === 'absent' || entry?.kind === 'emptied'
}
