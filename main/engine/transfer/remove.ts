/**
 * Takes one name out of the bucket's visible files, if the file is still gone and its absence can be relied on.
 *
 * The root is looked at before and after the last look at the path: a drive that goes away between the two makes every
 * file look absent.
 */
import { EngineError } from '../../../shared/errors.ts'
import type { SyncFolder } from '../../../shared/model/folder.ts'
import type { B2Client } from '../b2/client.ts'
import { BRIEF } from '../b2/retry.ts'
import type { FileVersion } from '../b2/types.ts'
import { toRemoteName } from '../lib/paths.ts'
import type { BaseEntry } from '../model/agreed.ts'
import type { Job } from '../model/job.ts'
import { Listings } from '../scan/absence.ts'
import type { RootVerdict } from '../scan/root-check.ts'
import type { Outcome } from './outcome.ts'

export type RemoveInput = {
  readonly job: Job
  readonly folder: SyncFolder
  readonly base: BaseEntry | undefined
  readonly checkRoot: () => RootVerdict
  /** Called before the name is hidden: from then on the bucket may no longer hold what was agreed on. */
  readonly onHiding: () => void
  readonly b2: B2Client
  readonly signal: AbortSignal
}

/**
 * Throws `file_vanished` when the plan is stale and the path wants another look, the code of a root that is in doubt, and
 * whatever the B2 client throws.
 */
export async function runRemove(input: RemoveInput): Promise<Outcome> {
  const { job, folder, base, b2, signal } = input
  // What Pail never brought into the bucket is not Pail's to hide.
  if (base === undefined) return { kind: 'needless' }
  assertStillWanted(input)
  assertStillGone(input, base)
  input.onHiding()
  const fileName = toRemoteName(folder.prefix, job.path)
  await b2.hideFile(folder.bucketId, fileName, { signal, patience: BRIEF })
  if (job.kind !== 'delete') return { kind: 'hidden' }
  const versions = await listVersions(input, fileName)
  // Somebody else has put a file there since the bucket was listed: that is not Pail's to destroy.
  const newest = versions.find(({ action }) => action !== 'hide')
  if (newest !== undefined && newest.fileId !== base.fileId) return { kind: 'hidden' }
  // The name is hidden by now, so no older version comes into sight between two calls. The hide marker goes last.
  for (const { fileId } of versions.toReversed()) {
    await b2.deleteFileVersion(fileName, fileId, { signal, patience: BRIEF })
  }
  const older = versions.filter(({ action, fileId }) => action !== 'hide' && fileId !== base.fileId)
  const bytes = older.reduce((sum, { contentLength }) => sum + contentLength, 0)
  return { kind: 'deleted', older: { files: older.length, bytes } }
}

/** Planned under another policy than the one in force: a look plans it anew. */
function assertStillWanted({ job, folder }: RemoveInput): void {
  const { kind } = folder.settings.deletionPolicy
  const isWanted = kind !== 'keep' && (job.kind === 'delete') === (kind === 'delete')
  if (!isWanted) throw new EngineError('file_vanished', 'Another policy is in force')
}

function assertStillGone({ job, folder, checkRoot }: RemoveInput, base: BaseEntry): void {
  const before = assertRoot(checkRoot())
  const proof = new Listings(folder.root).prove(job.path)
  assertRoot(checkRoot())
  const isSameDevice = proof.kind === 'absent' && (proof.dev !== before.dev) === base.fingerprint.isOtherDevice
  if (!isSameDevice) throw new EngineError('file_vanished', 'The file may be there again')
}

function assertRoot(verdict: RootVerdict): { readonly dev: number } {
  if (verdict.kind === 'held') throw new EngineError(verdict.code, 'The root is in doubt')
  return verdict.identity
}

/** Every version of the name but unfinished ones, newest first. */
async function listVersions({ folder, b2, signal }: RemoveInput, fileName: string): Promise<readonly FileVersion[]> {
  const versions: FileVersion[] = []
  for await (const page of b2.listFileVersions(folder.bucketId, { prefix: fileName, signal, patience: BRIEF })) {
    const same = page.filter((version) => version.fileName === fileName)
    versions.push(...same.filter(({ action }) => action !== 'start'))
    // The name itself sorts before every longer one.
    if (same.length < page.length) break
  }
  return versions
}
