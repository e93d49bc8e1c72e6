/** Answers "why is this not uploaded?" for one path, from what is known and one look at the disk. */
import type { FolderId, RelativePath } from '../../../shared/ids.ts'
import type { Explanation, JobExplanation } from '../../../shared/model/explanation.ts'
import type { SyncFolder } from '../../../shared/model/folder.ts'
import { splitRelative } from '../lib/paths.ts'
import { sameFingerprint, type Observation } from '../model/entry.ts'
import type { Job } from '../model/job.ts'
import { isForPerson } from '../plan/retry-policy.ts'
import { statBelow } from '../scan/stat-path.ts'
import type { State } from '../state/state.ts'
import type { FolderSync } from '../sync/folder-sync.ts'
import type { Supervisor } from '../sync/supervisor.ts'

export type ExplainSources = { readonly state: State; readonly supervisor: Supervisor }

/** What concerns the path itself comes first, then what concerns its folder, then everything. */
export function explainPath(path: RelativePath, sync: FolderSync, sources: ExplainSources): Explanation {
  const seen = statBelow(sync.folder.root, path)
  return explainByLook(path, seen, sync, sources) ?? explainByRecords(path, seen, sync, sources)
}

/** The same of a folder that may not be started, of which only the records and the disk are known then. */
export function explainFor(folder: SyncFolder, path: RelativePath, sources: ExplainSources): Explanation {
  const sync = sources.supervisor.find(folder.folderId)
  if (sync !== undefined) return explainPath(path, sync, sources)
  const { state } = sources
  const seen = statBelow(folder.root, path)
  switch (seen.kind) {
    case 'directory':
      return { kind: 'directory' }
    case 'skipped':
      return { kind: 'skipped', reason: seen.reason }
    case 'unreadable':
      return { kind: 'blocked', code: seen.code }
    case 'absent':
      return { kind: 'not-there' }
    case 'file': {
      const base = state.base.find(folder.folderId, path)
      const isSame = base !== undefined && sameFingerprint(base.fingerprint, seen.fingerprint)
      if (!isSame || state.jobs.findForPath(folder.folderId, path) !== undefined) return { kind: 'unknown' }
      return { kind: 'in-sync', uploadedAt: state.remote.find(folder.folderId, path)?.uploadedAt ?? null }
    }
  }
}

/** What the disk alone explains, or what was noted about the path. */
function explainByLook(
  path: RelativePath,
  seen: Observation,
  sync: FolderSync,
  { state }: ExplainSources,
): Explanation | null {
  const reason = sync.rules.explain(path, seen.kind === 'directory')
  if (reason !== null && seen.kind !== 'absent') return { kind: 'ignored', reason }
  if (seen.kind === 'skipped') return { kind: 'skipped', reason: seen.reason }
  if (seen.kind === 'unreadable') return { kind: 'blocked', code: seen.code }
  const noted = state.local.find(sync.folder.folderId, path)
  switch (noted?.kind) {
    case 'blocked':
      return { kind: 'blocked', code: noted.code }
    case 'kept':
      return { kind: 'kept' }
    case 'skipped':
      return noted.reason === 'ignored' ? null : { kind: 'skipped', reason: noted.reason }
    case 'absent':
    case 'emptied':
      return sync.condition.kind === 'held' ? { kind: 'blocked', code: sync.condition.code } : { kind: 'leaving' }
    case undefined:
      return seen.kind === 'directory' ? { kind: 'directory' } : null
  }
}

function explainByRecords(
  path: RelativePath,
  seen: Observation,
  sync: FolderSync,
  { state, supervisor }: ExplainSources,
): Explanation {
  const { folderId } = sync.folder
  const base = state.base.find(folderId, path)
  const job = state.jobs.findForPath(folderId, path)
  if (seen.kind === 'absent') {
    if (base !== undefined || job !== undefined) return explainByDirectory(path, sync, state) ?? { kind: 'leaving' }
    return state.remote.find(folderId, path) === undefined ? { kind: 'not-there' } : { kind: 'kept' }
  }
  const isSame = seen.kind === 'file' && base !== undefined && sameFingerprint(base.fingerprint, seen.fingerprint)
  if (job === undefined && isSame) {
    return { kind: 'in-sync', uploadedAt: state.remote.find(folderId, path)?.uploadedAt ?? null }
  }
  if (job?.code != null && isForPerson(job.code)) return { kind: 'blocked', code: job.code }
  return explainByState(job, sync, supervisor) ?? explainByTurn(path, job, sync, supervisor) ?? { kind: 'unknown' }
}

/** Why a job has not been done yet, from what is known of it and what it waits for, without a look at the disk. */
export function explainJob(job: Job, supervisor: Supervisor): JobExplanation {
  const sync = supervisor.find(job.folderId)
  const byFolder = sync === undefined ? null : explainByState(job, sync, supervisor)
  return byFolder ?? (sync && explainByTurn(job.path, job, sync, supervisor)) ?? waitsForItself(job)
}

/** A directory that is blocked blocks all that is below it. */
function explainByDirectory(path: RelativePath, { folder }: FolderSync, state: State): Explanation | null {
  for (let [above] = splitRelative(path); above !== ''; [above] = splitRelative(above)) {
    const noted = state.local.find(folder.folderId, above)
    if (noted?.kind === 'blocked') return { kind: 'blocked', code: noted.code }
  }
  return null
}

/** What keeps a whole folder, or everything, from being sent. */
function explainByState(job: Job | undefined, sync: FolderSync, supervisor: Supervisor): JobExplanation | null {
  const { condition, folder } = sync
  if (condition.kind === 'held') return { kind: 'blocked', code: condition.code }
  const pause = supervisor.pause ?? supervisor.pauseOf(folder.folderId)
  if (pause !== null) return { kind: 'paused', until: pause.until }
  const { holds } = supervisor.scheduler
  const hold = holds.all ?? holds.folders.get(folder.folderId) ?? null
  if (hold === null) return job === undefined ? null : explainByHours(folder.folderId, supervisor)
  if (isForPerson(hold.code)) return { kind: 'blocked', code: hold.code }
  return { kind: 'waiting', code: hold.code, nextAttemptAt: job === undefined ? null : hold.until }
}

function explainByHours(folderId: FolderId, supervisor: Supervisor): JobExplanation | null {
  const until = supervisor.opensAt(folderId)
  return until === null ? null : { kind: 'out-of-hours', until }
}

/** Null for a path without a job that is at rest. */
function explainByTurn(
  path: RelativePath,
  job: Job | undefined,
  sync: FolderSync,
  supervisor: Supervisor,
): JobExplanation | null {
  if (sync.check.moving.has(path)) return { kind: 'settling', waiting: sync.check.settling.waiting(path) }
  if (job === undefined) return null
  return supervisor.scheduler.running.has(job.jobId) ? { kind: 'sending' } : waitsForItself(job)
}

function waitsForItself({ code, isPutOff, notBefore }: Job): JobExplanation {
  if (isPutOff && code === null && notBefore > 0) return { kind: 'put-off', until: notBefore }
  return { kind: 'waiting', code, nextAttemptAt: notBefore > 0 ? notBefore : null }
}
