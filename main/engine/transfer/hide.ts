/**
 * Puts a hide marker on one name, if the file is still gone and its absence can be relied on.
 *
 * The root is checked by the caller right before; here the path itself gets its last look.
 */
import { EngineError } from '../../../shared/errors.ts'
import type { SyncFolder } from '../../../shared/model/folder.ts'
import type { B2Client } from '../b2/client.ts'
import { BRIEF } from '../b2/retry.ts'
import { toRemoteName } from '../lib/paths.ts'
import type { BaseEntry } from '../model/agreed.ts'
import type { Job } from '../model/job.ts'
import { reconcile } from '../plan/reconcile.ts'
import { statBelow } from '../scan/stat-path.ts'
import type { Outcome } from './outcome.ts'

/** Throws `file_vanished` when the path came back: the plan is stale and the path wants another look. */
export async function runHide(
  job: Job,
  folder: SyncFolder,
  base: BaseEntry | undefined,
  b2: B2Client,
  signal: AbortSignal,
): Promise<Outcome> {
  // What Pail never brought into the bucket is not Pail's to hide.
  if (base === undefined) return { kind: 'needless' }
  const action = reconcile(base, statBelow(folder.root, job.path))
  if (action.kind !== 'hide') throw new EngineError('file_vanished', 'The file is there again')
  await b2.hideFile(folder.bucketId, toRemoteName(folder.prefix, job.path), { signal, patience: BRIEF })
  return { kind: 'hidden' }
}
