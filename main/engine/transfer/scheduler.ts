/**
 * Runs jobs: takes what is due, as much at once as each lane has room for, and stops where something is held.
 *
 * Knows folders only by id and the work only as a function. A hold stops new attempts: one for everything until a probe
 * succeeds, one for a folder until a single job of it, let through when its time is over, has succeeded.
 */
import { isAbortError, isEngineError, type ErrorCode, type ErrorDetails } from '../../../shared/errors.ts'
import type { FolderId, JobId, UnixMs } from '../../../shared/ids.ts'
import type { FolderPriority } from '../../../shared/model/folder.ts'
import type { TransferChoice } from '../../../shared/model/transfer.ts'
import { Wake } from '../lib/wake.ts'
import { LANES, type Job, type Lane } from '../model/job.ts'
import { PRIORITY_WEIGHTS } from '../model/priority.ts'
import { asEngineError, Attempts, type AttemptOptions, type RunningJob } from './attempts.ts'
import { Holds } from './holds.ts'
import type { Lanes } from './lanes.ts'
import { Leases } from './leases.ts'

export type SchedulerOptions = AttemptOptions & {
  readonly lanes: Lanes
  /** Folders whose jobs have to wait for a reason of their own. */
  readonly heldFolders: () => readonly FolderId[]
  /** Whose jobs get more turns than others'. */
  readonly priorityOf: (folderId: FolderId) => FolderPriority
  /** Asks whether what held everything is over; throws when it is not. */
  readonly probe: (signal: AbortSignal) => Promise<void>
  /** False while the user has paused. */
  readonly isOpen: () => boolean
}

export class Scheduler {
  readonly #options: SchedulerOptions
  readonly #wake: Wake
  readonly #stop = new AbortController()
  readonly #holds: Holds
  readonly #leases: Leases
  readonly #attempts: Attempts
  /** Where jobs wait may be different from when the leases last looked; a place that became free changes nothing of it. */
  #isLookWanted = true
  #probe: Promise<void> | null = null
  #loop: Promise<void> | null = null

  constructor(options: SchedulerOptions) {
    const { state, clock, lanes, onProgress } = options
    this.#options = options
    this.#wake = new Wake(clock)
    this.#holds = new Holds(clock)
    this.#leases = new Leases(state, clock, options.priorityOf)
    this.#attempts = new Attempts(
      {
        ...options,
        onProgress: (bytes, job) => {
          lanes.moved(job.lane, bytes)
          onProgress(bytes, job)
        },
      },
      { holds: this.#holds, leases: this.#leases, stop: this.#stop.signal },
    )
  }

  get running(): ReadonlyMap<JobId, RunningJob> {
    return this.#attempts.running
  }

  /** What keeps everything, or a folder, from working. */
  get holds(): Pick<Holds, 'all' | 'folders'> {
    return this.#holds
  }

  start(): void {
    this.#loop ??= this.#run()
  }

  /** Ends attempts under way. Their leases stay, so the next start asks the bucket what became of them. */
  async stop(): Promise<void> {
    this.#stop.abort()
    this.#lookAgain()
    await this.#loop
    await Promise.all([this.#attempts.ended(), this.#probe ?? Promise.resolve()])
    this.#leases.giveBack()
  }

  /** There may be something to do. */
  poke(): void {
    this.#lookAgain()
  }

  /** The priority of a folder is another one: what is at hand goes back, so that it is in the new order. */
  reorder(): void {
    this.#leases.giveBack()
    this.#lookAgain()
  }

  /** A person wants these before all others, those under way left out; returns how many that are. */
  hurry(choice: TransferChoice): number {
    const { state } = this.#options
    // What is at hand goes back, so that it is in the new order.
    this.#leases.giveBack()
    const count = state.transaction(() => state.jobLists.hurry(choice))
    this.hurryHolds()
    return count
  }

  /** Breaks off attempts under way, of one folder or of all; their jobs wait at the head of the queue. */
  async interrupt(folderId?: FolderId): Promise<void> {
    await this.#attempts.interrupt(folderId)
  }

  /**
   * A person does not want these now: what is under way is broken off, and all are left for an hour. Returns how many there
   * were; unknown ones are none.
   */
  async putOff(choice: TransferChoice): Promise<number> {
    const { state, onChange } = this.#options
    this.#leases.giveBack()
    const count = state.transaction(() => state.jobLists.putOff(choice, this.#attempts.putOffUntil))
    // Those that may have arrived stay at hand.
    const leased = state.jobLists.listLeased(choice).filter((job) => isChosen(choice, job, this.running.has(job.jobId)))
    const underWay = leased.map(({ jobId }) => jobId).filter((jobId) => this.running.has(jobId))
    for (const { jobId } of leased) {
      const job = this.#leases.take(jobId)
      if (job !== undefined) this.#attempts.putOffWaiting(job)
    }
    this.#lookAgain()
    await this.#attempts.putOff(underWay)
    onChange()
    return count + leased.length
  }

  /** Drops what is queued in memory for a folder that is about to be forgotten. */
  async forgetFolder(folderId: FolderId): Promise<void> {
    await this.interrupt(folderId)
    this.#leases.forgetFolder(folderId)
    this.#holds.forgetFolder(folderId)
  }

  /** Something is wrong that concerns everything. */
  holdAll(code: ErrorCode, details: ErrorDetails): void {
    this.#attempts.holdAll(code, details)
    this.#options.onChange()
    this.#lookAgain()
  }

  /** Something is wrong with one folder, found by other means than a job. */
  holdFolder(folderId: FolderId, code: ErrorCode, details: ErrorDetails): void {
    this.#holds.holdFolder(folderId, code, details)
    this.#options.onChange()
    this.#lookAgain()
  }

  /** A person mended something, or wants to see: everything that is held is tried now. */
  hurryHolds(): void {
    this.#holds.hurry()
    this.#options.onChange()
    this.#lookAgain()
  }

  #lookAgain(): void {
    this.#isLookWanted = true
    this.#wake.ring()
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const lookedAt = this.#options.clock.now()
      try {
        this.#startWhatIsDue()
      } catch (error) {
        if (!isEngineError(error, 'disk_full')) throw error
        this.holdAll(error.code, error.details)
      }
      await this.#wake.sleep(this.#msUntilNext(lookedAt), this.#stop.signal)
    }
  }

  #startWhatIsDue(): void {
    const { lanes } = this.#options
    this.#probeWhenDue()
    if (!this.#isOpen()) return
    if (this.#isLookWanted) this.#leases.look()
    this.#isLookWanted = false
    for (const lane of LANES) {
      while (this.#isOpen() && lanes.room(lane) > 0) {
        const job = this.#leases.next(lane, lanes.room(lane), this.#heldFolders())
        if (job === undefined) break
        this.#start(job, lanes.enter(job))
      }
      while (this.#isOpen() && lanes.hasUrgentRoom(lane)) {
        const job = this.#leases.nextUrgent(lane, this.#heldFolders(), this.#goesBefore(lane))
        if (job === undefined) break
        this.#start(job, lanes.enterUrgent(lane))
      }
    }
    this.#endIdleHolds()
  }

  /** Tells folders that go before one whose jobs are under way in a lane: the end of those may be hours away. */
  #goesBefore(lane: Lane): (folderId: FolderId) => boolean {
    const weightOf = (folderId: FolderId): number => PRIORITY_WEIGHTS[this.#options.priorityOf(folderId)]
    const underWay = [...this.running.values()].filter(({ job }) => job.lane === lane)
    const least = Math.min(...underWay.map(({ job }) => weightOf(job.folderId)))
    return (folderId) => weightOf(folderId) > least
  }

  #start(job: Job, leave: () => void): void {
    const onFree = (): void => {
      leave()
      this.#wake.ring()
    }
    void this.#attempts.start(job, onFree).then(() => {
      // What was planned meanwhile is due now.
      this.#lookAgain()
    })
  }

  /** Nothing of these folders is left that could go ahead and try: their holds would else stay for ever. */
  #endIdleHolds(): void {
    const { state, onChange } = this.#options
    for (const [folderId, hold] of [...this.#holds.folders]) {
      if (!this.#holds.isDue(hold) || state.folders.totals(folderId).pendingFiles > 0) continue
      this.#holds.forgetFolder(folderId)
      onChange()
    }
  }

  #isOpen(): boolean {
    return this.#options.isOpen() && this.#holds.all === null
  }

  #probeWhenDue(): void {
    const { probe, isOpen, onChange } = this.#options
    const hold = this.#holds.all
    if (hold === null || !this.#holds.isDue(hold) || this.#probe !== null || !isOpen()) return
    this.#probe = probe(this.#stop.signal)
      .then(
        () => {
          this.#holds.clearAll()
          onChange()
        },
        (error: unknown) => {
          // The client was replaced while it was asked: the new one will be.
          if (this.#stop.signal.aborted || isAbortError(error)) return
          const { code, details } = asEngineError(error)
          this.holdAll(code, details)
        },
      )
      .finally(() => {
        this.#probe = null
        this.#lookAgain()
      })
  }

  #heldFolders(): readonly FolderId[] {
    if (this.#holds.folders.size === 0) return this.#options.heldFolders()
    // A folder whose hold is over sends one job ahead and keeps the rest until that has succeeded.
    const busy = new Set([...this.running.values()].map(({ job }) => job.folderId))
    const waiting = [...this.#holds.folders].filter(
      ([folderId, hold]) => !this.#holds.isDue(hold) || busy.has(folderId),
    )
    return [...waiting.map(([folderId]) => folderId), ...this.#options.heldFolders()]
  }

  #msUntilNext(lookedAt: UnixMs): number | null {
    const now = this.#options.clock.now()
    const times = [this.#holds.nextTime(lookedAt)]
    if (this.#isOpen()) times.push(this.#leases.nextDueAt(this.#options.lanes.withRoom(), this.#heldFolders()))
    // What has become due since the loop last looked is waited for too, with a wait of nothing.
    const next = times.filter((at) => at !== null)
    return next.length === 0 ? null : Math.max(0, Math.min(...next) - now)
  }
}

/** Whether a job that is leased is in one of the groups that are meant. */
function isChosen(choice: TransferChoice, { isStuck }: Job, isUnderWay: boolean): boolean {
  if (choice.kind === 'these') return true
  return choice.groups.includes(isUnderWay ? 'now' : isStuck ? 'failed' : 'waiting')
}
