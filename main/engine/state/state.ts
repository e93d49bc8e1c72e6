/**
 * The room's door: all tables of one database, and the multi-table steps as transactions with names.
 *
 * `recordLook` and `planLosses` are the crash line: before it nothing is promised, after it everything is on disk.
 * `commitUpload` and `commitLoss` are the only places where "in sync" is written.
 */
import type { FolderId, RelativePath, Sha1Hex, UnixMs } from '../../../shared/ids.ts'
import type { JobAction } from '../model/action.ts'
import type { BaseEntry, RemoteEntry } from '../model/agreed.ts'
import type { Blocks } from '../model/content.ts'
import type { Job, Wanted } from '../model/job.ts'
import { isLoss, isOfDirectory, type LocalEntry, type LossKind, type LossPass } from '../model/local.ts'
import { createActivity } from './activity.ts'
import { startBackups, type BackupOptions, type Backups } from './backup.ts'
import { createBaseEntries } from './base-entries.ts'
import { inTransaction, openDatabase } from './database.ts'
import { createDropUploads } from './drop-uploads.ts'
import { createFolders } from './folders.ts'
import { createFormerVersions } from './former-versions.ts'
import { createDrops } from './drops.ts'
import { countOpening } from './generation.ts'
import { createJobLists } from './job-lists.ts'
import { createJobs } from './jobs.ts'
import { createLargeUploads } from './large-uploads.ts'
import { createLocalEntries } from './local-entries.ts'
import { createLinks } from './links.ts'
import { createLosses, type Loss } from './losses.ts'
import { createOverwrites } from './overwrites.ts'
import { createRemoteEntries } from './remote-entries.ts'
import { createSettings } from './settings.ts'
import { createStoredBytes, NO_AMOUNT, type Amount, type VersionCount } from './stored-bytes.ts'

/** What one look at some paths of a folder found, to be written down in one step. */
export type LookRecord = {
  readonly planned: readonly { readonly path: RelativePath; readonly action: JobAction }[]
  /** Paths that are as base says: what was noted about them is over, and so is a job of an older plan. */
  readonly settled: readonly RelativePath[]
  readonly notices: readonly Exclude<LocalEntry, { readonly kind: LossKind }>[]
  /** Paths that are no longer tracked, each with all that is below it. */
  readonly untracked: readonly RelativePath[]
  readonly losses: readonly { readonly path: RelativePath; readonly kind: LossKind }[]
  /**
   * When the losses were seen, by the monotonic clock, and how much later than the first look this one has to be to
   * confirm them: `Infinity` for one that confirms nothing.
   */
  readonly seenAt: number
  readonly deleteDelayMs: number
}

/** What is known of a large file besides: its blocks, and the bytes that B2 had already. */
export type LargeArrival = { readonly blocks: Blocks | null; readonly sparedBytes: number }

const NOT_LARGE: LargeArrival = { blocks: null, sparedBytes: 0 }

export type State = ReturnType<typeof openState>

/** Opens the state at `path`; throws what `openDatabase` throws. */
export function openState(path: string) {
  const { db, recovered, isLatest } = openDatabase(path)
  const folders = createFolders(db)
  const base = createBaseEntries(db)
  const former = createFormerVersions(db)
  const remote = createRemoteEntries(db)
  const local = createLocalEntries(db)
  const losses = createLosses(db)
  const overwrites = createOverwrites(db)
  const jobs = createJobs(db)
  const jobLists = createJobLists(db)
  const largeUploads = createLargeUploads(db)
  const drops = createDrops(db)
  const dropUploads = createDropUploads(db)
  const activity = createActivity(db)
  const settings = createSettings(db)
  const stored = createStoredBytes(db)
  const links = createLinks(db)
  /** Names sent or taken away while their folder is being listed: what the listing says of them may be older. */
  const changedInListing = new Map<FolderId, Set<RelativePath>>()

  const changeCount = db.prepare<[], number>('SELECT total_changes()').pluck()

  /** Runs one all-or-nothing step; a full or failing disk comes out as an `EngineError` and changes nothing. */
  function transaction<T>(step: () => T): T {
    return inTransaction(db, step)
  }

  if (!isLatest) {
    // Whatever it says of the bucket may be older than what was done since.
    transaction(() => {
      for (const { folderId } of folders.list()) folders.setListed(folderId, null)
    })
  }
  countOpening(db, path)

  function untrack(folderId: FolderId, path: RelativePath): void {
    base.forget(folderId, path)
    base.forgetBelow(folderId, path)
    jobs.drop(folderId, path)
    jobs.dropBelow(folderId, path)
    local.forgetBelow(folderId, path)
  }

  /** A file that is to be brought under one name, and is not there either, moves on: its old name is lost from now on. */
  function renewLossOfSource(folderId: FolderId, path: RelativePath, seenAt: number): void {
    const source = jobs.findSource(folderId, path)
    if (source !== undefined) losses.renew(source.folderId, source.path, seenAt)
  }

  function recordNotices(folderId: FolderId, look: LookRecord): void {
    for (const path of look.untracked) untrack(folderId, path)
    for (const path of look.settled) {
      local.forget(folderId, path)
      renewLossOfSource(folderId, path, look.seenAt)
      jobs.dropCertain(folderId, path)
    }
    for (const notice of look.notices) {
      // Where a directory took the place of a file, that the file is gone is certain, whatever is the matter with the directory.
      if (isOfDirectory(notice) && isLoss(local.find(folderId, notice.path))) continue
      local.put(folderId, notice)
      jobs.drop(folderId, notice.path)
    }
    for (const { path, kind } of look.losses) {
      local.lose(folderId, path, kind, look.seenAt, look.deleteDelayMs)
      renewLossOfSource(folderId, path, look.seenAt)
      jobs.dropSending(folderId, path, kind)
    }
  }

  return {
    /** What took the place of a damaged database when this one was opened; null for nothing. */
    recovered,
    folders,
    base,
    former,
    remote,
    local,
    losses,
    overwrites,
    jobs,
    jobLists,
    largeUploads,
    drops,
    dropUploads,
    activity,
    settings,
    stored,
    links,
    transaction,
    /** A number that is another one whenever anything was changed since. */
    changeCount: (): number => changeCount.get() ?? 0,
    /** A new run: leases of the last one are uncertain, and its evidence of losses is none. */
    beginRun(): void {
      transaction(() => {
        jobs.recoverLeases()
        jobs.forgetLosses()
        local.beginRun()
      })
    },
    /**
     * Writes down what a look found. A job that keeps failing is only begun anew when its path was `hinted` at; a check
     * of everything has learned nothing about it.
     */
    recordLook(folderId: FolderId, look: LookRecord, cause: 'hinted' | 'checked'): void {
      transaction(() => {
        recordNotices(folderId, look)
        for (const { path, action } of look.planned) {
          local.forget(folderId, path)
          jobs.enqueue({ folderId, path, action, isHinted: cause === 'hinted' })
        }
      })
    },
    /** Turns losses that the safety gate let through into jobs. */
    planLosses(
      folderId: FolderId,
      plans: readonly { readonly path: RelativePath; readonly action: JobAction; readonly pass: LossPass }[],
    ): void {
      transaction(() => {
        for (const { path, action, pass } of plans) {
          losses.setPass(folderId, path, pass)
          jobs.enqueue({ folderId, path, action, isHinted: true })
        }
      })
    },
    leaseJobs(now: UnixMs, wanted: Wanted): readonly Job[] {
      return transaction(() => jobs.lease(now, wanted))
    },
    /** The bucket holds these bytes under this name, and the file had this fingerprint when they were read. */
    commitUpload(
      job: Job,
      entry: BaseEntry,
      uploadedAt: UnixMs,
      verb: 'uploaded' | 'adopted' | 'copied',
      at: UnixMs,
      large: LargeArrival = NOT_LARGE,
    ): void {
      const { folderId, path } = job
      const { sizeBytes } = entry.fingerprint
      const { fileId, sha1 } = entry
      transaction(() => {
        // The same content does not make somebody else's version one of ours.
        const isOurs = verb !== 'adopted' || remote.find(folderId, path)?.isOurs === true
        if (sizeBytes === 0 && losses.passOf(folderId, path) === 'counted') losses.count(folderId, at, path)
        base.put(folderId, entry)
        remote.put(folderId, { path, fileId, sha1, sizeBytes, uploadedAt, isOurs })
        local.forget(folderId, path)
        overwrites.forget(folderId, path)
        activity.append({ at, verb, folderId, path, sizeBytes, ...sparedOf(large) })
        largeUploads.forget(fileId)
        largeUploads.giveUp(folderId, path)
        largeUploads.putContent(folderId, path, fileId, large.blocks)
        jobs.complete(job)
      })
      changedInListing.get(folderId)?.add(path)
    },
    /** The plan was old, and the path is looked at next, whatever was planned since; `seenAt` by the monotonic clock. */
    forgetStaleJob(job: Job, seenAt: number): void {
      transaction(() => {
        renewLossOfSource(job.folderId, job.path, seenAt)
        jobs.giveUp(job)
      })
    },
    /** The content is what both sides agreed on; only its fingerprint changed. */
    commitTouched(job: Job, entry: BaseEntry): void {
      transaction(() => {
        base.put(job.folderId, entry)
        local.forget(job.folderId, job.path)
        jobs.complete(job)
      })
    },
    /**
     * The name is about to be hidden. Should the end of that never be known, and the file come back, nothing is taken for
     * in sync: the content goes to the bucket again.
     */
    beginHiding(folderId: FolderId, path: RelativePath): void {
      transaction(() => {
        base.doubt(folderId, path)
        remote.doubt(folderId, path)
      })
    },
    /**
     * What an attempt whose end nobody knows has brought into the bucket is agreed on, although its file is gone by now:
     * so it can be lost, and hidden, as every other file.
     */
    agreeOnArrival(folderId: FolderId, { path, fileId, sizeBytes }: RemoteEntry, sha1: Sha1Hex): void {
      const fingerprint = { sizeBytes, mtimeMs: 0, ctimeMs: 0, ino: 0, isOtherDevice: false }
      transaction(() => {
        base.put(folderId, { path, fingerprint, sha1, fileId })
      })
    },
    /** The name is hidden in the bucket, or all its versions are deleted, of which `older` are those that it did not show. */
    commitLoss(job: Job, verb: 'hidden' | 'deleted', at: UnixMs, older: Amount = NO_AMOUNT): void {
      const { folderId, path } = job
      transaction(() => {
        if (verb === 'hidden') stored.retire(folderId, path)
        else stored.free(folderId, older)
        if (losses.passOf(folderId, path) === 'counted') losses.count(folderId, at, null)
        base.forget(folderId, path)
        remote.forget(folderId, path)
        local.forget(folderId, path)
        activity.append({ at, verb, folderId, path })
        jobs.complete(job)
      })
      changedInListing.get(folderId)?.add(path)
    },
    /** Leaves files in the bucket for good although they are gone from disk. */
    keepAbsent(folderId: FolderId, paths: readonly RelativePath[], at: UnixMs): void {
      transaction(() => {
        for (const path of paths) {
          base.forget(folderId, path)
          local.forget(folderId, path)
          jobs.drop(folderId, path)
          activity.append({ at, verb: 'kept', folderId, path })
        }
      })
    },
    /** Leaves what the bucket holds as it is for as long as the files on disk have these stamps. */
    keepRemote(
      folderId: FolderId,
      files: readonly { readonly path: RelativePath; readonly stamp: string }[],
      at: UnixMs,
    ): void {
      transaction(() => {
        for (const { path, stamp } of files) {
          jobs.drop(folderId, path)
          local.put(folderId, { path, kind: 'kept', stamp })
          activity.append({ at, verb: 'kept', folderId, path })
        }
      })
    },
    approveLosses(folderId: FolderId, list: readonly Loss[]): void {
      transaction(() => {
        for (const { path } of list) losses.setPass(folderId, path, 'approved')
      })
    },
    approveOverwrites(folderId: FolderId, list: readonly Loss[]): void {
      transaction(() => {
        for (const { path, fileId } of list) overwrites.approve(folderId, path, fileId)
        const jobIds = list.flatMap(({ path }) => jobs.findForPath(folderId, path)?.jobId ?? [])
        jobLists.hurry({ kind: 'these', jobIds })
      })
    },
    /** From here on what is put down about the bucket belongs to a listing of the folder's prefix. */
    beginListing(folderId: FolderId): void {
      transaction(() => {
        remote.beginListing(folderId)
      })
      changedInListing.set(folderId, new Set())
    },
    /** One page of the listing; of what was sent or taken away meanwhile, more is known than it says. */
    recordListed(folderId: FolderId, entries: readonly RemoteEntry[]): void {
      const changed = changedInListing.get(folderId)
      transaction(() => {
        for (const entry of entries) if (changed?.has(entry.path) !== true) remote.put(folderId, entry)
      })
    },
    /**
     * The listing is complete: what both sides agreed on is forgotten where the bucket no longer holds that version, so
     * that the next check looks at it anew. Returns how many that were. `count` is what it found of other versions, where it
     * was a listing of all.
     */
    endListing(folderId: FolderId, at: UnixMs, count?: VersionCount): number {
      changedInListing.delete(folderId)
      return transaction(() => {
        remote.endListing(folderId)
        if (count !== undefined) stored.setCount(folderId, count, at)
        const forgotten = base.agreeOnOurs(folderId) + base.forgetUnlisted(folderId)
        local.forgetOrphans(folderId)
        folders.setListed(folderId, at)
        return forgotten
      })
    },
    /** The folder goes on at another place in the bucket: nothing is agreed on there yet. */
    movePrefix(folderId: FolderId, prefix: string, at: UnixMs): void {
      transaction(() => {
        jobs.dropAll(folderId)
        base.forgetAll(folderId)
        remote.forgetAll(folderId)
        local.forgetAll(folderId)
        stored.setCount(folderId, { old: NO_AMOUNT, unfinished: [] }, null)
        folders.setPrefix(folderId, prefix)
        activity.append({ at, verb: 'folder-changed', folderId })
      })
    },
    /** To be stopped before `close`. */
    startBackups(options: Omit<BackupOptions, 'db' | 'path'>): Backups {
      return startBackups({ db, path, ...options })
    },
    /** False once it was closed. */
    isOpen: (): boolean => db.open,
    close(): void {
      db.close()
    },
  }
}

function sparedOf({ sparedBytes }: LargeArrival): { readonly sparedBytes?: number } {
  return sparedBytes > 0 ? { sparedBytes } : {}
}
