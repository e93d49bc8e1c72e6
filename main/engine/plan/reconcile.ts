/**
 * Compares what is on disk with what both sides last agreed on, for one path, and says what should happen.
 *
 * Pure. Knows nothing of ignore rules, settling or root checks: those come before. What the bucket holds is looked at
 * when the action runs (`transfer/upload.ts` adopts equal content instead of sending it).
 */
import { assertNever } from '../../../shared/assert-never.ts'
import type { Action } from '../model/action.ts'
import type { BaseEntry } from '../model/agreed.ts'
import { sameFingerprint, type Observation } from '../model/entry.ts'

/** Only positive knowledge leads to a `hide`: unreadable and skipped paths never do. */
export function reconcile(base: Pick<BaseEntry, 'fingerprint'> | undefined, local: Observation): Action {
  switch (local.kind) {
    case 'file':
      if (base === undefined) return { kind: 'upload', sizeBytes: local.fingerprint.sizeBytes, reason: 'new' }
      if (sameFingerprint(base.fingerprint, local.fingerprint)) return { kind: 'none', reason: 'in-sync' }
      return { kind: 'upload', sizeBytes: local.fingerprint.sizeBytes, reason: 'changed' }
    case 'absent':
      return base === undefined ? { kind: 'none', reason: 'never-sent' } : { kind: 'hide', reason: 'absent' }
    case 'directory':
      // A directory took the file's place, so the file itself is gone.
      return base === undefined ? { kind: 'none', reason: 'not-a-file' } : { kind: 'hide', reason: 'absent' }
    case 'skipped':
      return { kind: 'none', reason: 'not-a-file' }
    case 'unreadable':
      return { kind: 'none', reason: 'not-readable' }
    default:
      return assertNever(local)
  }
}
