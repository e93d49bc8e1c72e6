/**
 * The room's door: all tables of one database, and the multi-table steps as transactions with names.
 *
 * `recordPlan` is the crash line: before it nothing is promised, after it everything is on disk.
 * `commitUpload` and `commitHide` are the only places where "in sync" is written.
 */
import type { FolderId, RelativePath, UnixMs } from '../../../shared/ids.ts'
import type { Action } from '../model/action.ts'
import type { BaseEntry, RemoteEntry } from '../model/agreed.ts'
import type { Job } from '../model/job.ts'
import { createActivity } from './activity.ts'
import { startBackups, type BackupOptions, type Backups } from './backup.ts'
import { createBaseEntries } from './base-entries.ts'
import { inTransaction, openDatabase } from './database.ts'
import { createFolders } from './folders.ts'
import { createJobs } from './jobs.ts'
import { createRemoteEntries } from './remote-entries.ts'
import { createSettings } from './settings.ts'

export type PlannedAction = { readonly path: RelativePath; readonly action: Action; readonly notBefore: UnixMs }

export type State = ReturnType<typeof openState>

/** Opens the state at `path`; throws what `openDatabase` throws. */
export function openState(path: string) {
  const { db, recovered } = openDatabase(path)
  const folders = createFolders(db)
  const base = createBaseEntries(db)
  const remote = createRemoteEntries(db)
  const jobs = createJobs(db)
  const activity = createActivity(db)
  const settings = createSettings(db)

  /** Runs one all-or-nothing step; a full or failing disk comes out as an `EngineError` and changes nothing. */
  function transaction<T>(step: () => T): T {
    return inTransaction(db, step)
  }

  return {
    /** What took the place of a damaged database when this one was opened; null for nothing. */
    recovered,
    folders,
    base,
    remote,
    jobs,
    activity,
    settings,
    transaction,
    /**
     * Writes a plan down as jobs. A path that needs nothing loses the job an older plan gave it. A job that keeps failing
     * is only begun anew when its path was `hinted` at; a check of everything has learned nothing about it.
     */
    recordPlan(folderId: FolderId, actions: readonly PlannedAction[], cause: 'hinted' | 'checked' = 'hinted'): void {
      if (actions.length === 0) return
      transaction(() => {
        for (const { path, action, notBefore } of actions) {
          if (action.kind === 'none') jobs.drop(folderId, path)
          else jobs.enqueue({ folderId, path, action, notBefore, isHinted: cause === 'hinted' })
        }
      })
    },
    leaseJobs(now: UnixMs, limit: number, heldFolders: readonly FolderId[]): readonly Job[] {
      return transaction(() => jobs.lease(now, limit, heldFolders))
    },
    /** The bucket holds these bytes under this name, and the file had this fingerprint when they were read. */
    commitUpload(job: Job, entry: BaseEntry, uploadedAt: UnixMs, verb: 'uploaded' | 'adopted', at: UnixMs): void {
      const { sizeBytes } = entry.fingerprint
      transaction(() => {
        base.put(job.folderId, entry)
        remote.put(job.folderId, { path: job.path, fileId: entry.fileId, sha1: entry.sha1, sizeBytes, uploadedAt })
        activity.append({ at, verb, folderId: job.folderId, path: job.path, sizeBytes })
        jobs.complete(job)
      })
    },
    /** The content is what both sides agreed on; only its fingerprint changed. */
    commitTouched(job: Job, entry: BaseEntry): void {
      transaction(() => {
        base.put(job.folderId, entry)
        jobs.complete(job)
      })
    },
    commitHide(job: Job, at: UnixMs): void {
      transaction(() => {
        base.forget(job.folderId, job.path)
        remote.forget(job.folderId, job.path)
        activity.append({ at, verb: 'hidden', folderId: job.folderId, path: job.path })
        jobs.complete(job)
      })
    },
    /** Forgets what was known of a folder's prefix, before it is listed anew. */
    beginListing(folderId: FolderId): void {
      transaction(() => {
        remote.forgetAll(folderId)
      })
    },
    recordListed(folderId: FolderId, entries: readonly RemoteEntry[]): void {
      transaction(() => {
        for (const entry of entries) remote.put(folderId, entry)
      })
    },
    /**
     * The listing is complete: what both sides agreed on is forgotten where the bucket no longer holds that version, so
     * that the next check looks at it anew. Returns how many that were.
     */
    endListing(folderId: FolderId): number {
      return transaction(() => base.forgetUnlisted(folderId))
    },
    /** To be stopped before `close`. */
    startBackups(options: Omit<BackupOptions, 'db' | 'path'>): Backups {
      return startBackups({ db, path, ...options })
    },
    close(): void {
      db.close()
    },
  }
}
