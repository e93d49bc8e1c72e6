/** Runs one attempt at a job: brings together the folder, what is known of both sides, and B2. */
import { EngineError } from '../../../shared/errors.ts'
import type { FolderId } from '../../../shared/ids.ts'
import type { B2Client } from '../b2/client.ts'
import type { Clock } from '../lib/clock.ts'
import { InTurn } from '../lib/in-turn.ts'
import type { Job } from '../model/job.ts'
import { PRIORITY_WEIGHTS } from '../model/priority.ts'
import { decideRetry } from '../plan/retry-policy.ts'
import type { State } from '../state/state.ts'
import { asEngineError, type AttemptWatch } from '../transfer/attempts.ts'
import { Drives } from '../transfer/drives.ts'
import type { Lanes } from '../transfer/lanes.ts'
import type { Outcome } from '../transfer/outcome.ts'
import { runRemove } from '../transfer/remove.ts'
import type { KnownLarge } from '../transfer/large-file.ts'
import { runUpload, type Known } from '../transfer/upload.ts'
import type { FolderSync } from './folder-sync.ts'
import type { RemoteRefresh } from './remote-refresh.ts'

export type JobRunnerOptions = {
  readonly state: State
  readonly remote: RemoteRefresh
  readonly findFolder: (folderId: FolderId) => FolderSync | undefined
  readonly client: (signal: AbortSignal) => Promise<B2Client>
  readonly clock: Clock
  /** For the parts of large files, of all files together. */
  readonly lanes: Pick<Lanes, 'parts' | 'partCopies'>
}

export class JobRunner {
  readonly #options: JobRunnerOptions
  readonly #links = new InTurn()
  /** What brings files that are not large into the bucket just now. */
  readonly #bringing = new Map<FolderId, Set<Promise<Outcome>>>()
  readonly #drives: Drives

  constructor(options: JobRunnerOptions) {
    this.#options = options
    this.#drives = new Drives(options.clock)
  }

  /** Throws what the transfers and the B2 client throw. */
  async run(job: Job, signal: AbortSignal, watch: AttemptWatch): Promise<Outcome> {
    if (job.kind === 'upload' || job.kind === 'copy') return this.#noted(job, this.#bring(job, signal, watch))
    // One of them may bring what is gone under this name.
    await Promise.allSettled([...(this.#bringing.get(job.folderId) ?? [])])
    signal.throwIfAborted()
    return this.#remove(job, signal)
  }

  /** From here until its end a hide waits for it. Not for large files: they may take hours. */
  #noted({ folderId, lane }: Job, brought: Promise<Outcome>): Promise<Outcome> {
    if (lane === 'large') return brought
    const bringing = this.#bringing.get(folderId) ?? new Set()
    this.#bringing.set(folderId, bringing.add(brought))
    return brought.finally(() => bringing.delete(brought))
  }

  /** What every job needs; null where there is nothing to do: the folder is gone, or the path has become ignored. */
  async #begin(job: Job, signal: AbortSignal): Promise<{ folderSync: FolderSync; b2: B2Client } | null> {
    const { remote, findFolder, client } = this.#options
    const folderSync = findFolder(job.folderId)
    if (folderSync === undefined) return null
    const b2 = await client(signal)
    if (!folderSync.rules.isIgnored(job.path, false)) return { folderSync, b2 }
    if (job.isUncertain) await remote.refreshName(folderSync.folder, job.path, b2, signal)
    return null
  }

  async #remove(job: Job, signal: AbortSignal): Promise<Outcome> {
    const { state, remote } = this.#options
    const begun = await this.#begin(job, signal)
    if (begun === null) return { kind: 'needless' }
    const { folderSync, b2 } = begun
    const { folder } = folderSync
    // An old database, such as one from a backup, may take for agreed what is not so any more.
    await remote.ensureListedInThisRun(folder, b2, signal)
    const base = state.base.find(job.folderId, job.path)
    // Planned since; what is lost is planned anew when the copies are made.
    if (base !== undefined && state.jobs.isToBeCopied(job.folderId, base)) return { kind: 'needless' }
    if (state.losses.mayBeOnItsWay(job.folderId, job.path)) {
      throw new EngineError('file_vanished', 'The file may be on its way to another name')
    }
    const checkRoot = () => folderSync.checkRoot()
    const onHiding = () => {
      state.beginHiding(job.folderId, job.path)
    }
    return runRemove({ job, folder, base, checkRoot, onHiding, b2, signal })
  }

  async #bring(job: Job, signal: AbortSignal, watch: AttemptWatch): Promise<Outcome> {
    const { state, remote } = this.#options
    const begun = await this.#begin(job, signal)
    if (begun === null) return { kind: 'needless' }
    const { b2 } = begun
    const { folder, check } = begun.folderSync
    await remote.ensureKnown(folder, b2, signal)
    // A hide that was begun may have been carried out or not: then no content is known for the name.
    const isInDoubt =
      state.base.find(job.folderId, job.path)?.fingerprint.ctimeMs === 0 &&
      (state.remote.find(job.folderId, job.path)?.sha1 ?? null) === null
    if (job.isUncertain || isInDoubt) {
      await remote.refreshName(folder, job.path, b2, signal)
    }
    const [drives, links] = [this.#drives, this.#links]
    const know = () => this.#known(job, check.settling.isRestless(job.path))
    try {
      return await runUpload({ job, folder, know, links, b2, drives, signal, ...watch })
    } catch (error) {
      // Nobody will ask what became of this job: its path is looked at as a new one.
      if (job.isUncertain && decideRetry(asEngineError(error).code, 0).kind === 'look-again') this.#agreeOnArrival(job)
      throw error
    }
  }

  /** What was sent before an upload was cut off may be in the bucket all the same, whatever has become of the file since. */
  #agreeOnArrival({ folderId, path }: Job): void {
    const { state } = this.#options
    const found = state.remote.find(folderId, path)
    if (!found?.isOurs || found.sha1 === null || state.base.find(folderId, path) !== undefined) return
    state.agreeOnArrival(folderId, found, found.sha1)
  }

  #known(job: Job, isRestless: boolean): Known {
    const { state } = this.#options
    const { folderId, path } = job
    return {
      base: state.base.find(folderId, path),
      remote: state.remote.find(folderId, path),
      markerId: state.folders.memory(folderId).identity?.markerId ?? null,
      hasSize: (sizeBytes) => state.base.hasSize(sizeBytes) || state.former.hasSize(sizeBytes),
      listSameContent: (sizeBytes, sha1) => [
        ...state.base.listSameContent(sizeBytes, sha1).map(({ fileId }) => fileId),
        ...state.former.listSameContent(sizeBytes, sha1),
      ],
      isRestless,
      isPassedLoss: state.losses.passOf(folderId, path) !== null,
      large: this.#knownLarge(job),
      isApprovedOverwrite: (other, fileId) => state.overwrites.isApproved(folderId, other, fileId),
    }
  }

  #knownLarge({ folderId, path, from, isAsked }: Job): KnownLarge {
    const { state, clock, lanes, findFolder } = this.#options
    const line = () =>
      isAsked ? 'hurried' : PRIORITY_WEIGHTS[findFolder(folderId)?.folder.settings.priority ?? 'normal']
    const { largeUploads } = state
    // Looked up only for large files, of which there are few.
    return {
      get begun() {
        return largeUploads.find(folderId, path)
      },
      get content() {
        const copied = from === null ? undefined : largeUploads.findContent(from.folderId, from.path)
        return copied?.fileId === from?.fileId && copied !== undefined
          ? copied
          : largeUploads.findContent(folderId, path)
      },
      onBegun: (begun) => {
        state.transaction(() => largeUploads.add({ ...begun, folderId, path, startedAt: clock.now() }))
      },
      onWrongHash: () => {
        state.transaction(() => largeUploads.giveUp(folderId, path))
      },
      takeSlot: (signal) => lanes.parts.take(signal, line()),
      takeCopySlot: (signal) => lanes.partCopies.take(signal, line()),
    }
  }
}
