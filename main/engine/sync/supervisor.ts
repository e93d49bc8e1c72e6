/**
 * All sync folders together: starts and stops their loops, runs their jobs, pauses and resumes.
 *
 * The one place that knows folders, jobs and the connection at once.
 */
import { EngineError, isAbortError, isEngineError, type ErrorCode } from '../../../shared/errors.ts'
import type { AbsolutePath, FolderId, JobId } from '../../../shared/ids.ts'
import type { SyncFolder } from '../../../shared/model/folder.ts'
import { checkRemoteName } from '../b2/names.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/logger.ts'
import { toRelative } from '../lib/paths.ts'
import { Wake } from '../lib/wake.ts'
import type { Job } from '../model/job.ts'
import { decideRetry } from '../plan/retry-policy.ts'
import { ignoreRuleFor } from '../scan/ignore-rules.ts'
import type { State } from '../state/state.ts'
import { runHide } from '../transfer/hide.ts'
import type { Outcome } from '../transfer/outcome.ts'
import { RateMeter } from '../transfer/rate-meter.ts'
import { Scheduler } from '../transfer/scheduler.ts'
import { runUpload } from '../transfer/upload.ts'
import type { Connection } from './connection.ts'
import { FolderSync } from './folder-sync.ts'
import { RemoteRefresh } from './remote-refresh.ts'

export type SupervisorOptions = {
  /** Canonical; never synced itself. */
  readonly dataFolder: AbsolutePath
  readonly state: State
  readonly connection: Connection
  readonly clock: Clock
  readonly random: () => number
  readonly logger: Logger
  readonly isWatching: boolean
  readonly onChange: () => void
  readonly onFinished: (job: Job, outcome: Outcome) => void
}

export class Supervisor {
  readonly scheduler: Scheduler
  readonly rates = new RateMeter()
  readonly #options: SupervisorOptions
  readonly #remote: RemoteRefresh
  readonly #folders = new Map<FolderId, FolderSync>()
  /** Folders whose jobs may not run: not started this time, or about to be forgotten. */
  readonly #resting = new Set<FolderId>()
  /** What asks B2 outside of jobs, by folder. */
  readonly #reaching = new Map<FolderId | null, Wake>()
  readonly #stop = new AbortController()
  #isPaused: boolean

  constructor(options: SupervisorOptions) {
    const { state, connection, clock, logger, onChange } = options
    this.#options = options
    this.#remote = new RemoteRefresh(state, (folderId) => this.#folders.get(folderId)?.checkNow())
    this.#isPaused = state.settings.isPaused()
    this.scheduler = new Scheduler({
      state,
      clock,
      logger,
      onChange,
      run: (job, signal, onProgress) => this.#runJob(job, signal, onProgress),
      heldFolders: () => this.#heldFolders(),
      probe: async (signal) => {
        await connection.reauthorize(signal)
        // A disk that is still full says so here, before anything is sent that could not be recorded.
        this.#setPaused(this.#isPaused)
        this.#listFolders()
      },
      isOpen: () => !this.#isPaused && state.settings.findAccount() !== undefined,
      onStale: (job) => this.#folders.get(job.folderId)?.hint(job.path),
      onProgress: (bytes) => {
        this.rates.add(clock.now(), bytes, 0)
        onChange()
      },
      onFinished: (job, outcome) => {
        this.rates.add(clock.now(), 0, 1)
        options.onFinished(job, outcome)
      },
    })
  }

  get folders(): readonly FolderSync[] {
    return [...this.#folders.values()]
  }

  get isPaused(): boolean {
    return this.#isPaused
  }

  /** Starts all folders, or only some: then the others' jobs wait for another time. */
  start(only?: readonly FolderId[]): void {
    const { state } = this.#options
    for (const folder of state.folders.list()) {
      if (only === undefined || only.includes(folder.folderId)) this.#startFolder(folder)
      else this.#resting.add(folder.folderId)
    }
    this.scheduler.start()
    // Without waiting for the first job: a key that went bad over night is told in the morning.
    this.#listFolders()
  }

  /** Whether what is known of the bucket was looked at since the start. */
  isListed(folderId: FolderId): boolean {
    return this.#remote.isListed(folderId)
  }

  /** A person connected an account, perhaps another one: whatever was held may go now. */
  accountConnected(): void {
    this.scheduler.hurryHolds()
    this.#listFolders()
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.scheduler.stop()
    await Promise.all(this.folders.map((folder) => folder.stop()))
  }

  /** Throws `folder_overlaps` when root or place in the bucket meet those of another folder, or Pail's own data; `prefix_not_allowed`. */
  addFolder(wanted: Omit<SyncFolder, 'folderId'>): SyncFolder {
    const { state, clock, dataFolder } = this.#options
    if (toRelative(dataFolder, wanted.root) !== null) {
      throw new EngineError('folder_overlaps', 'Inside the data folder', { root: dataFolder })
    }
    const refusal = checkRemoteName(`${wanted.prefix}x`)
    if (refusal !== null) throw new EngineError('prefix_not_allowed', refusal, { reason: refusal })
    for (const folder of state.folders.list()) {
      if (overlaps(folder, wanted)) throw new EngineError('folder_overlaps', 'Folders overlap', { root: folder.root })
    }
    const folder = state.transaction(() => {
      const added = state.folders.add(wanted)
      state.activity.append({ at: clock.now(), verb: 'folder-added', folderId: added.folderId })
      return added
    })
    this.#startFolder(folder)
    this.#listFolders()
    this.#options.onChange()
    return folder
  }

  /** Stops syncing; deletes nothing on either side. An unknown id is ignored: it is gone already. */
  async removeFolder(folderId: FolderId): Promise<void> {
    const { state, clock, onChange } = this.#options
    this.#resting.add(folderId)
    await this.#folders.get(folderId)?.stop()
    await this.scheduler.forgetFolder(folderId)
    const folder = this.#folders.get(folderId)?.folder
    this.#folders.delete(folderId)
    try {
      state.transaction(() => {
        state.folders.remove(folderId)
        state.activity.append({ at: clock.now(), verb: 'folder-removed', folderId })
      })
    } catch (error) {
      // It could not be forgotten (a full disk), so it goes on.
      if (folder !== undefined) this.#startFolder(folder)
      throw error
    } finally {
      this.#resting.delete(folderId)
      onChange()
    }
  }

  /** Breaks off what is under way and lets nothing start; outlives a restart. */
  async pause(): Promise<void> {
    this.#setPaused(true)
    await this.scheduler.interrupt()
  }

  resume(): void {
    this.#setPaused(false)
    this.scheduler.poke()
  }

  /** Looks at one folder or all of them, and tries everything that waits again at once. */
  checkNow(folderId?: FolderId): void {
    const { state } = this.#options
    const concerned = this.folders.filter(({ folder }) => folderId === undefined || folder.folderId === folderId)
    state.transaction(() => {
      for (const { folder } of concerned) state.jobs.hurryFolder(folder.folderId)
    })
    for (const folder of concerned) folder.checkNow()
    this.scheduler.hurryHolds()
    this.#listFolders()
  }

  retryJob(jobId: JobId): void {
    this.#options.state.transaction(() => {
      this.#options.state.jobs.hurry(jobId)
    })
    this.scheduler.hurryHolds()
  }

  /** Compares what was agreed on with what the bucket holds now, for folders where that has not been done. */
  #listFolders(): void {
    if (this.#options.state.settings.findAccount() === undefined) return
    const { connection, onChange } = this.#options
    for (const { folder } of this.folders) {
      if (this.#remote.isListed(folder.folderId)) continue
      this.#reach(folder.folderId, async (signal) => {
        await this.#remote.ensureListed(folder, await connection.client(signal), signal)
        onChange()
      })
    }
    if (this.folders.length === 0) this.#reach(null, (signal) => connection.client(signal))
  }

  /** Does what needs B2 outside of a job, for a folder or for none; where that is under way already, it is hurried. */
  #reach(folderId: FolderId | null, work: (signal: AbortSignal) => Promise<unknown>): void {
    const underWay = this.#reaching.get(folderId)
    if (underWay !== undefined) {
      underWay.ring()
      return
    }
    const wake = new Wake(this.#options.clock)
    this.#reaching.set(folderId, wake)
    void this.#keepReaching(folderId, work, wake).finally(() => this.#reaching.delete(folderId))
  }

  /** Tries until it is done; what fails holds the folder, or everything: then the probe that ends the hold begins anew. */
  async #keepReaching(folderId: FolderId | null, work: (signal: AbortSignal) => Promise<unknown>, wake: Wake) {
    const { signal } = this.#stop
    for (let failures = 0; !signal.aborted; failures += 1) {
      if (folderId !== null && !this.#folders.has(folderId)) return
      try {
        await work(signal)
        return
      } catch (error) {
        // An account that was connected meanwhile has replaced the client: the new one is asked.
        if (this.#stop.signal.aborted || isAbortError(error)) continue
        const { code, details } = isEngineError(error) ? error : new EngineError('bug', String(error))
        this.#options.logger.warn({ code, folderId, err: code === 'bug' ? error : undefined }, 'B2 could not be asked')
        const decision = decideRetry(code, failures)
        if (decision.kind === 'hold-all' || decision.kind === 'look-again') {
          this.scheduler.holdAll(code, details)
          return
        }
        if (decision.kind === 'hold-folder' && folderId !== null) this.scheduler.holdFolder(folderId, code, details)
        await wake.sleep(decision.waitMs, signal)
      }
    }
  }

  #setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused
    this.#options.state.transaction(() => {
      this.#options.state.settings.setPaused(isPaused)
    })
    this.#options.onChange()
  }

  #startFolder(folder: SyncFolder): void {
    const { state, clock, random, logger, isWatching, onChange, dataFolder } = this.#options
    const loop = new FolderSync({
      folder,
      isIgnored: ignoreRuleFor(folder.root, dataFolder),
      state,
      clock,
      random,
      logger,
      isWatching,
      onChange,
      onPlanned: () => {
        this.scheduler.poke()
      },
      onMachineTrouble: (code: ErrorCode) => {
        this.scheduler.holdAll(code, {})
      },
    })
    this.#folders.set(folder.folderId, loop)
    // A new start is reason enough to try again what failed.
    state.transaction(() => {
      state.jobs.hurryFolder(folder.folderId)
    })
    loop.start()
  }

  #heldFolders(): readonly FolderId[] {
    const held = this.folders.filter(({ condition }) => condition.kind === 'held').map(({ folder }) => folder.folderId)
    return [...held, ...this.#resting]
  }

  async #runJob(job: Job, signal: AbortSignal, onProgress: (sentBytes: number) => void): Promise<Outcome> {
    const { state, connection } = this.#options
    const folderSync = this.#folders.get(job.folderId)
    if (folderSync === undefined) return { kind: 'needless' }
    const { folder } = folderSync
    const b2 = await connection.client(signal)
    await this.#remote.ensureListed(folder, b2, signal)
    const base = state.base.find(job.folderId, job.path)
    if (job.kind === 'hide') {
      const verdict = folderSync.checkRoot()
      if (verdict.kind === 'held') throw new EngineError(verdict.code, 'The root is in doubt')
      return runHide(job, folder, base, b2, signal)
    }
    if (job.isUncertain) await this.#remote.refreshName(folder, job.path, b2, signal)
    const remote = state.remote.find(job.folderId, job.path)
    return runUpload({ job, folder, base, remote, b2, signal, onProgress })
  }
}

/** Two folders may share neither files on disk nor names in the bucket. */
function overlaps(a: Omit<SyncFolder, 'folderId'>, b: Omit<SyncFolder, 'folderId'>): boolean {
  const isNested = toRelative(a.root, b.root) !== null || toRelative(b.root, a.root) !== null
  const isSamePlace = a.bucketId === b.bucketId && (a.prefix.startsWith(b.prefix) || b.prefix.startsWith(a.prefix))
  return isNested || isSamePlace
}
