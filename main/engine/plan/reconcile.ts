/**
 * Compares the three trees for one path - what both sides agreed on (base), what is on disk (local), what the bucket
 * holds (remote) - and says what should happen. The truth table stands in `reconcile.test.ts`, a row for each cell.
 *
 * Pure. Knows nothing of ignore rules, settling or root checks: those come before. Whether content is equal is found by
 * SHA-1 when the action runs (`transfer/upload.ts`), so equal content is adopted there instead of being sent.
 */
import { assertNever } from '../../../shared/assert-never.ts'
import type { Action, CopySource } from '../model/action.ts'
import type { BaseEntry, RemoteEntry } from '../model/agreed.ts'
import { sameFingerprint, type Observation } from '../model/entry.ts'

export type Trees = {
  readonly base: Pick<BaseEntry, 'fingerprint' | 'fileId'> | undefined
  readonly local: Observation
  readonly remote: Pick<RemoteEntry, 'fileId'> | undefined
  /** Another name under which the very file at this path is known, if there is one. */
  readonly known?: CopySource | undefined
  /** Another name under which perhaps the same file is known, with another mtime. */
  readonly perhaps?: CopySource | undefined
}

/** Only positive knowledge leads to a loss: unreadable and skipped paths never do. */
export function reconcile({ base, local, remote, known, perhaps }: Trees): Action {
  switch (local.kind) {
    case 'file':
      return reconcileFile(base, local.fingerprint, remote, known, perhaps)
    case 'absent':
      return base === undefined ? { kind: 'none', reason: 'never-sent' } : { kind: 'loss', reason: 'absent' }
    case 'directory':
      // A directory took the file's place, so the file itself is gone.
      return base === undefined ? { kind: 'none', reason: 'not-a-file' } : { kind: 'loss', reason: 'absent' }
    case 'skipped':
      return { kind: 'none', reason: 'not-a-file' }
    case 'unreadable':
      return { kind: 'none', reason: 'not-readable' }
    default:
      return assertNever(local)
  }
}

function reconcileFile(
  base: Trees['base'],
  fingerprint: Extract<Observation, { kind: 'file' }>['fingerprint'],
  remote: Trees['remote'],
  known: CopySource | undefined,
  perhaps: CopySource | undefined,
): Action {
  const { sizeBytes } = fingerprint
  // What was agreed on is worth nothing once the bucket holds another version, or none.
  const agreed = base !== undefined && remote?.fileId === base.fileId ? base : undefined
  if (agreed !== undefined) {
    if (sameFingerprint(agreed.fingerprint, fingerprint)) return { kind: 'none', reason: 'in-sync' }
    if (sizeBytes === 0 && agreed.fingerprint.sizeBytes > 0) {
      // After a power cut files come back empty with the times they had: nobody emptied them.
      if (agreed.fingerprint.mtimeMs === fingerprint.mtimeMs) return { kind: 'suspect', reason: 'emptied-unchanged' }
      return { kind: 'loss', reason: 'emptied' }
    }
  }
  // Copying nothing costs a call as sending it does, and says less.
  if (known !== undefined && sizeBytes > 0) return { kind: 'copy', from: known, reason: 'same-file' }
  const from = perhaps !== undefined && sizeBytes > 0 ? { from: perhaps } : {}
  if (agreed !== undefined) return { kind: 'upload', sizeBytes, reason: 'changed', ...from }
  return { kind: 'upload', sizeBytes, reason: remote === undefined ? 'new' : 'compare', ...from }
}
