/**
 * All sync folders together: starts and stops their loops, runs their jobs, pauses and resumes.
 *
 * The one place that knows folders, jobs and the connection at once. What a person changes about folders is in
 * `folder-changes.ts`.
 */
import type { ErrorCode } from '../../../shared/errors.ts'
import type { AbsolutePath, FolderId, RelativePath, UnixMs } from '../../../shared/ids.ts'
import type { SyncFolder } from '../../../shared/model/folder.ts'
import type { Pause } from '../../../shared/model/pause.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/logger.ts'
import { toRelative } from '../lib/paths.ts'
import type { Job } from '../model/job.ts'
import type { WatchFolder } from '../scan/watcher.ts'
import type { State } from '../state/state.ts'
import type { Outcome } from '../transfer/outcome.ts'
import { Lanes } from '../transfer/lanes.ts'
import { RateMeter } from '../transfer/rate-meter.ts'
import { Scheduler } from '../transfer/scheduler.ts'
import type { Connection } from './connection.ts'
import { FolderSync } from './folder-sync.ts'
import type { LocalOffset } from '../plan/week-times.ts'
import { HealthWatch } from './health.ts'
import { JobRunner } from './job-runner.ts'
import { Pauses } from './pauses.ts'
import { Reach } from './reach.ts'
import { RemoteRefresh } from './remote-refresh.ts'
import { SendingHours } from './sending-hours.ts'
import { UnneededUploads } from './unneeded-uploads.ts'

export type SupervisorOptions = {
  /** Canonical; never synced itself. */
  readonly dataFolder: AbsolutePath
  readonly state: State
  readonly connection: Connection
  readonly clock: Clock
  readonly random: () => number
  readonly logger: Logger
  /** Null for a single pass. */
  readonly watchFolder: WatchFolder | null
  /** The machine's network as text; another text, another network. */
  readonly readNetwork: () => string
  /** How far the clock on the wall is ahead of UTC. */
  readonly localOffset: LocalOffset
  readonly onChange: () => void
  readonly onFinished: (job: Job, outcome: Outcome) => void
  /** There may be new jobs, or more is known of what the bucket holds. */
  readonly onLearnt: () => void
}

export class Supervisor {
  readonly scheduler: Scheduler
  readonly lanes: Lanes
  readonly health: HealthWatch
  readonly rates = new RateMeter()
  readonly #options: SupervisorOptions
  readonly #remote: RemoteRefresh
  readonly #reach: Reach
  readonly #pauses: Pauses
  readonly #hours: SendingHours
  readonly #unneeded: UnneededUploads
  readonly #folders = new Map<FolderId, FolderSync>()
  /** Folders whose jobs may not run: not started this time, or about to be forgotten. */
  readonly #resting = new Set<FolderId>()

  constructor(options: SupervisorOptions) {
    const { state, connection, clock, logger, onChange } = options
    this.#options = options
    this.#remote = new RemoteRefresh({ state, clock, onForgotten: (id) => this.#folders.get(id)?.checkNow() })
    this.#pauses = new Pauses({ state, clock, onResumed: () => this.#resumed() })
    this.#hours = new SendingHours({
      clock,
      localOffset: options.localOffset,
      folders: () => this.folders.map(({ folder }) => folder),
      onClosed: (folderId) => {
        void this.#breakOff(folderId)
        onChange()
      },
      onOpened: () => this.#resumed(),
    })
    this.lanes = new Lanes({ clock, memory: () => process.memoryUsage.rss() })
    this.lanes.allow(state.settings.maxTransfers())
    const runner = new JobRunner({
      state,
      remote: this.#remote,
      findFolder: (folderId) => this.#folders.get(folderId),
      client: (signal) => connection.client(signal),
      clock,
      lanes: this.lanes,
    })
    const client = (signal: AbortSignal) => connection.client(signal)
    const mayWrite = (folderId: FolderId) => this.#isOpen() && this.#mayWrite(folderId)
    this.#unneeded = new UnneededUploads({ state, clock, logger, client, isOpen: mayWrite })
    this.scheduler = new Scheduler({
      state,
      clock,
      lanes: this.lanes,
      logger,
      onChange,
      run: (job, signal, watch) => runner.run(job, signal, watch),
      heldFolders: () => this.#heldFolders(),
      priorityOf: (folderId) => this.#folders.get(folderId)?.folder.settings.priority ?? 'normal',
      probe: async (signal) => {
        await connection.reauthorize(signal)
        // A disk that is still full says so here, before anything is sent that could not be recorded.
        this.#pauses.set(null, this.#pauses.all)
        this.#reach.hurry()
        this.#listFolders()
      },
      isOpen: () => this.#isOpen(),
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
    this.#reach = new Reach({
      clock,
      logger,
      isKnown: (folderId) => this.#folders.has(folderId),
      holdAll: (code, details) => this.scheduler.holdAll(code, details),
      holdFolder: (folderId, code, details) => this.scheduler.holdFolder(folderId, code, details),
    })
    this.health = new HealthWatch({
      clock,
      readNetwork: options.readNetwork,
      hold: () => this.scheduler.holds.all,
      bucket: () => this.#bucketToAsk(),
      ask: () => {
        this.#reachAccount()
      },
      hurry: () => {
        this.#hurry()
      },
      onChange,
    })
  }

  get folders(): readonly FolderSync[] {
    return [...this.#folders.values()]
  }

  find(folderId: FolderId): FolderSync | undefined {
    return this.#folders.get(folderId)
  }

  /** Lets what is to be sent of these paths go before all else, and looks at what is not planned yet. */
  hurryPaths(folderId: FolderId, paths: readonly RelativePath[]): void {
    const { state } = this.#options
    const jobIds = paths.flatMap((path) => {
      const job = state.jobs.findForPath(folderId, path)
      if (job === undefined) this.#folders.get(folderId)?.hint(path)
      return job?.jobId ?? []
    })
    if (jobIds.length > 0) this.scheduler.hurry({ kind: 'these', jobIds })
  }

  /** The pause of everything, or null. */
  get pause(): Pause | null {
    return this.#pauses.all
  }

  /** Whether anything may be written to B2: there is an account, and neither a pause nor a hold of everything. */
  get mayWrite(): boolean {
    return this.#isOpen() && this.scheduler.holds.all === null
  }

  pauseOf(folderId: FolderId): Pause | null {
    return this.#pauses.folders.get(folderId) ?? null
  }

  /** When a folder may send again that may not at this time of the week; null where it may. */
  opensAt(folderId: FolderId): UnixMs | null {
    return this.#hours.closed.get(folderId) ?? null
  }

  /** Starts all folders, or only some: then the others' jobs wait for another time. */
  start(only?: readonly FolderId[]): void {
    const { state } = this.#options
    state.beginRun()
    for (const folder of state.folders.list()) {
      if (only === undefined || only.includes(folder.folderId)) this.startFolder(folder)
      else this.#resting.add(folder.folderId)
    }
    this.scheduler.start()
    this.#pauses.start()
    this.#hours.start()
    // Without waiting for the first job: a key that went bad over night is told in the morning.
    this.#listFolders()
    this.#reachAccount()
    if (this.#options.watchFolder !== null) this.health.start()
  }

  /** Whether what the bucket holds under the folder's prefix is known. */
  isListed(folderId: FolderId): boolean {
    return this.#remote.isKnown(folderId)
  }

  /** A person connected an account, perhaps another one: whatever was held may go now. */
  accountConnected(): void {
    this.#hurry()
    this.#listFolders()
  }

  /** The times in which a folder sends are other ones, or the time of day is: a machine that slept. */
  hoursChanged(): void {
    this.#hours.lookAgain()
  }

  /** B2 is reached another way from now on. */
  wayChanged(): void {
    this.health.doubt()
    this.#hurry()
  }

  async stop(): Promise<void> {
    this.#reach.stop()
    await this.health.stop()
    await this.#unneeded.stop()
    await this.#pauses.stop()
    await this.#hours.stop()
    await this.scheduler.stop()
    await Promise.all(this.folders.map((folder) => folder.stop()))
  }

  /** Breaks off what is under way of everything, or of one folder, and lets nothing start; outlives a restart. */
  async setPause(folderId: FolderId | null, pause: Pause | null): Promise<void> {
    this.#pauses.set(folderId, pause)
    if (pause === null) this.#resumed()
    else await this.#breakOff(folderId ?? undefined)
    this.#options.onChange()
  }

  /** Looks at both sides of one folder or of all, and tries everything that waits again at once. */
  checkNow(folderId?: FolderId): void {
    const { state } = this.#options
    const concerned = this.folders.filter(({ folder }) => folderId === undefined || folder.folderId === folderId)
    state.transaction(() => {
      for (const { folder } of concerned) state.jobs.hurryFolder(folder.folderId)
    })
    for (const folder of concerned) {
      this.#remote.forget(folder.folder.folderId)
      folder.checkNow()
    }
    this.#hurry()
    this.#listFolders()
  }

  /** At most so many transfers of each kind at once from now on; null for what works best. Outlives a restart. */
  setMaxTransfers(most: number | null): void {
    const { state, onChange } = this.#options
    state.transaction(() => {
      state.settings.setMaxTransfers(most)
    })
    this.lanes.allow(most)
    this.scheduler.poke()
    onChange()
  }

  /** Begins to sync a folder that is recorded. */
  startFolder(folder: SyncFolder): void {
    const { state, clock, random, logger, watchFolder, onChange, dataFolder } = this.#options
    const { folderId } = folder
    const own = toRelative(folder.root, dataFolder)
    const loop = new FolderSync({
      folder,
      ownData: own === '' ? null : own,
      state,
      clock,
      random,
      logger,
      watchFolder,
      onChange,
      onPlanned: () => {
        this.scheduler.poke()
        this.#options.onLearnt()
      },
      onHeld: () => {
        void this.#breakOff(folderId)
      },
      onChecked: () => {
        this.#listFolders()
        this.#unneeded.cancelAll()
      },
      onMachineTrouble: (code: ErrorCode) => {
        this.scheduler.holdAll(code, {})
      },
    })
    this.#folders.set(folderId, loop)
    this.#resting.delete(folderId)
    this.#hours.lookAgain()
    // A new start is reason enough to try again what failed; what was broken off is leased to nobody.
    state.transaction(() => {
      state.jobs.recoverFolder(folderId)
      state.jobs.hurryFolder(folderId)
    })
    loop.start()
    this.#listFolders()
  }

  /** Ends all work on a folder, which may then be changed or forgotten; `startFolder` or `forgetFolder` follows. */
  async stopFolder(folderId: FolderId): Promise<void> {
    this.#resting.add(folderId)
    await this.#folders.get(folderId)?.stop()
    await this.scheduler.forgetFolder(folderId)
    this.#folders.delete(folderId)
  }

  /** The folder is not in the records any more. */
  forgetFolder(folderId: FolderId): void {
    this.#resting.delete(folderId)
    this.#pauses.forget(folderId)
    this.#unneeded.cancelAll()
  }

  /** Looks at what the bucket holds, for folders where that was done too long ago. */
  #listFolders(): void {
    if (this.#options.state.settings.findAccount() === undefined) return
    const { connection, onChange } = this.#options
    for (const {
      folder: { folderId },
    } of this.folders) {
      if (!this.#remote.isDue(folderId)) continue
      this.#reach.start(folderId, async (signal) => {
        const b2 = await connection.client(signal)
        // At each try: the folder may go on at another place in the bucket by then.
        const folder = this.#folders.get(folderId)?.folder
        if (folder !== undefined && this.#remote.isDue(folderId)) {
          await this.#remote.refresh(folder, b2, signal)
          await this.#unneeded.cancelLost(folder, b2, signal)
          this.#options.onLearnt()
        }
        onChange()
      })
    }
  }

  /** Signs in where that was not done in this run, and asks whether B2 is there where nothing has shown it for a while. */
  #reachAccount(): void {
    const { state, connection } = this.#options
    this.#reach.start(null, async (signal) => {
      if (state.settings.findAccount() === undefined) return
      await this.health.check(await connection.client(signal), signal)
    })
  }

  /** The bucket that B2 is asked about when it is asked for nothing else; null where it is not to be asked. */
  #bucketToAsk(): string | null {
    if (!this.#isOpen() || this.scheduler.holds.all !== null) return null
    const account = this.#options.connection.state()
    // The free call is one of those that write.
    if (account.kind === 'connected' && account.account.missingCapabilities.includes('writeFiles')) return null
    const awake = this.folders.find(({ folder }) => this.pauseOf(folder.folderId) === null)
    return awake?.folder.bucketId ?? null
  }

  #isOpen(): boolean {
    return this.#pauses.all === null && this.#options.state.settings.findAccount() !== undefined
  }

  /** Whatever waits for its next try is tried now. */
  #hurry(): void {
    this.scheduler.hurryHolds()
    this.#reach.hurry()
  }

  /** Nothing of one folder, or of all, is under way any more. */
  async #breakOff(folderId?: FolderId): Promise<void> {
    this.#unneeded.interrupt()
    await this.scheduler.interrupt(folderId)
  }

  #resumed(): void {
    this.scheduler.poke()
    this.#unneeded.cancelAll()
    this.#options.onChange()
  }

  /** Whether neither a hold nor a pause of its own keeps a folder from being written to the bucket. */
  #mayWrite(folderId: FolderId): boolean {
    const { all, folders } = this.scheduler.holds
    return all === null && !folders.has(folderId) && !this.#heldFolders().includes(folderId)
  }

  #heldFolders(): readonly FolderId[] {
    const held = this.folders.filter(({ condition }) => condition.kind === 'held').map(({ folder }) => folder.folderId)
    return [...held, ...this.#resting, ...this.#pauses.folders.keys(), ...this.#hours.closed.keys()]
  }
}
