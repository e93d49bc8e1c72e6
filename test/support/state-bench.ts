/** A database of its own for a test, and entries to put into it, from thin air or from files on disk. */
import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import {
  Sha1Hex,
  type AbsolutePath,
  type FolderId,
  type JobId,
  type RelativePath,
  type UnixMs,
} from '../../shared/ids.ts'
import {
  changeSettings,
  DEFAULT_FOLDER_SETTINGS,
  type FolderSettingsChange,
  type SyncFolder,
} from '../../shared/model/folder.ts'
import type { JobAction } from '../../main/engine/model/action.ts'
import type { AgreedFingerprint, BaseEntry } from '../../main/engine/model/agreed.ts'
import { LANES, type Job, type Lane, type Wanted } from '../../main/engine/model/job.ts'
import { fingerprintOf } from '../../main/engine/scan/stat-path.ts'
import { Shares } from '../../main/engine/lib/shares.ts'
import { openState, type LookRecord, type State } from '../../main/engine/state/state.ts'
import { sha1Of } from './b2-bench.ts'
import { tempFolder } from './temp-folder.ts'

/** A moment, Unix milliseconds. */
export const NOW = 1_000_000 as UnixMs

export const relative = (path: string): RelativePath => path as RelativePath

export const upload = (sizeBytes = 5): JobAction => ({ kind: 'upload', sizeBytes, reason: 'new' })
export const hide: JobAction = { kind: 'hide', reason: 'absent' }

/** A look that found nothing, to be filled in. */
const NOTHING: LookRecord = {
  planned: [],
  settled: [],
  notices: [],
  untracked: [],
  losses: [],
  seenAt: 0,
  deleteDelayMs: 30_000,
}

/** An agreed file; its content is told by its name unless `content` says otherwise. */
export function anEntry(
  path: string,
  more: { readonly content?: string; readonly fileId?: string; readonly fingerprint?: Partial<AgreedFingerprint> } = {},
): BaseEntry {
  const content = more.content ?? `content of ${path}`
  const fingerprint = { mtimeMs: 1.5, ctimeMs: 2.25, ino: 2 ** 60, isOtherDevice: false, ...more.fingerprint }
  return {
    path: relative(path),
    fingerprint: { sizeBytes: content.length, ...fingerprint },
    sha1: Sha1Hex.parse(sha1Of(content)),
    fileId: more.fileId ?? `id of ${path}`,
  }
}

/** The first jobs of these folders in a lane, whatever they are. */
export function wantedIn(lane: Lane, most: number, folders: readonly FolderId[]): Wanted {
  return { lane, folders, most, order: new Shares(() => 1), mostSlow: most, urgent: null }
}

/** Leases what is due in all lanes, but for held folders: the first `limit` by their time, then by their planning. */
export function leaseFirst(state: State, now: UnixMs, limit: number, held: readonly FolderId[] = []): readonly Job[] {
  const open = state.folders.list().filter(({ folderId }) => !held.includes(folderId))
  const ids = open.map(({ folderId }) => folderId)
  const all = LANES.flatMap((lane) => state.leaseJobs(now, wantedIn(lane, limit, ids)))
  const inOrder = all.toSorted((a, b) => a.notBefore - b.notBefore || a.jobId - b.jobId)
  state.transaction(() => {
    for (const { jobId } of inOrder.slice(limit)) state.jobs.unlease(jobId)
  })
  return inOrder.slice(0, limit)
}

/** All jobs, those under way included: the ones that only a person can mend first, then in the order they are due. */
export function listJobs(state: State): readonly Job[] {
  const ids = [...state.jobLists.listStuckIds(null), ...state.jobLists.listWaitingIds(null)]
  const jobs = new Map(state.jobLists.listByIds(ids).map((job) => [job.jobId, job]))
  return ids.flatMap((id) => jobs.get(id) ?? [])
}

/** A person asks for these jobs. */
export function hurry(state: State, ...jobIds: readonly (JobId | undefined)[]): void {
  state.transaction(() => state.jobLists.hurry({ kind: 'these', jobIds: jobIds.filter((id) => id !== undefined) }))
}

/** The entry of a file as it is on disk. */
export function entryOnDisk(root: string, path: string, content: string): BaseEntry {
  const { dev: _, ...fingerprint } = fingerprintOf(lstatSync(join(root, path)))
  return anEntry(path, { content, fingerprint })
}

export type StateBench = ReturnType<typeof openStateBench>

/** To be called inside a test, or a hook before it. */
export function openStateBench() {
  const file = join(tempFolder(), 'pail.db')
  let state = openState(file)
  onTestFinished(() => state.close())

  return {
    file,
    get state(): State {
      return state
    },
    /** The same file, as the next run of the engine finds it. */
    reopen(): State {
      state.close()
      state = openState(file)
      return state
    },
    /** All jobs, see `listJobs`. */
    listJobs: () => listJobs(state),
    addFolder(root = '/root', prefix = '', settings: FolderSettingsChange = {}): SyncFolder {
      return state.folders.add({
        root: root as AbsolutePath,
        bucketId: 'b',
        bucketName: 'bucket',
        bucketType: 'allPrivate',
        prefix,
        settings: changeSettings(DEFAULT_FOLDER_SETTINGS, settings),
      })
    },
    /** Both sides agree on these files, and the bucket is known to hold them. */
    agree(folderId: FolderId, ...entries: readonly BaseEntry[]): void {
      state.transaction(() => {
        for (const entry of entries) {
          const { path, fileId, sha1, fingerprint } = entry
          state.base.put(folderId, entry)
          const { sizeBytes } = fingerprint
          state.remote.put(folderId, { path, fileId, sha1, sizeBytes, uploadedAt: NOW, isOurs: true })
        }
      })
    },
    look(folderId: FolderId, found: Partial<LookRecord>, cause: 'hinted' | 'checked' = 'hinted'): void {
      state.recordLook(folderId, { ...NOTHING, ...found }, cause)
    },
    /** Jobs for these names, each an upload of some bytes unless said otherwise. */
    plan(folderId: FolderId, names: readonly string[], action: JobAction = upload()): void {
      this.look(folderId, { planned: names.map((name) => ({ path: relative(name), action })) })
    },
    /** One look that finds files gone, at a moment of the monotonic clock. */
    lose(folderId: FolderId, names: readonly string[], seenAt: number, kind: 'absent' | 'emptied' = 'absent'): void {
      this.look(folderId, { losses: names.map((name) => ({ path: relative(name), kind })), seenAt })
    },
  }
}
