/**
 * Runs jobs: leases what is due, some at once, and decides by `plan/retry-policy` what happens when one fails.
 *
 * Knows folders only by id and the work only as a function. A hold stops new attempts: one for everything until a probe
 * succeeds, one for a folder until a single job of it, let through when its time is over, has succeeded.
 */
import { EngineError, isAbortError, isEngineError, type ErrorCode, type ErrorDetails } from '../../../shared/errors.ts'
import type { FolderId, JobId, UnixMs } from '../../../shared/ids.ts'
import type { Clock } from '../lib/clock.ts'
import { joinSignals } from '../lib/joined-signal.ts'
import type { Logger } from '../lib/logger.ts'
import { Wake } from '../lib/wake.ts'
import type { Job } from '../model/job.ts'
import { decideRetry } from '../plan/retry-policy.ts'
import type { State } from '../state/state.ts'
import { Holds } from './holds.ts'
import type { Outcome } from './outcome.ts'
import { Together } from './together.ts'

/** Uploads at once: enough to keep a home line busy with small files, few enough for its router. */
const CONCURRENCY = 8

/** Jobs leased in one transaction, so that a lease does not cost a disk flush a file. */
const LEASE_BATCH = 64

export type RunningJob = {
  readonly job: Job
  readonly startedAt: UnixMs
  sentBytes: number
  readonly abort: AbortController
}

export type SchedulerOptions = {
  readonly state: State
  readonly clock: Clock
  readonly logger: Logger
  readonly run: (job: Job, signal: AbortSignal, onProgress: (sentBytes: number) => void) => Promise<Outcome>
  /** Folders whose jobs have to wait for a reason of their own. */
  readonly heldFolders: () => readonly FolderId[]
  /** Asks whether what held everything is over; throws when it is not. */
  readonly probe: (signal: AbortSignal) => Promise<void>
  /** False while the user has paused. */
  readonly isOpen: () => boolean
  /** The path of this job wants another look. */
  readonly onStale: (job: Job) => void
  readonly onFinished: (job: Job, outcome: Outcome) => void
  readonly onProgress: (bytes: number) => void
  readonly onChange: () => void
}

export class Scheduler {
  readonly #options: SchedulerOptions
  readonly #wake: Wake
  readonly #stop = new AbortController()
  readonly #running = new Map<JobId, RunningJob>()
  readonly #attempts = new Map<JobId, Promise<void>>()
  readonly #holds: Holds
  readonly #commits: Together
  /** How many of those that run are done but for their record: they leave their place to others. */
  #ending = 0
  #queue: Job[] = []
  #probe: Promise<void> | null = null
  #loop: Promise<void> | null = null

  constructor(options: SchedulerOptions) {
    this.#options = options
    this.#wake = new Wake(options.clock)
    this.#holds = new Holds(options.clock)
    this.#commits = new Together(options.clock, (step) => {
      options.state.transaction(step)
    })
  }

  get running(): ReadonlyMap<JobId, RunningJob> {
    return this.#running
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
    this.#wake.ring()
    await this.#loop
    await Promise.all([...this.#attempts.values(), this.#probe ?? Promise.resolve()])
    this.#returnLeases()
    this.#queue = []
  }

  /** Leases of what may have arrived stay, and so do all where the disk is full: that only costs a question each. */
  #returnLeases(): void {
    const { state } = this.#options
    try {
      state.transaction(() => {
        for (const { jobId, isUncertain } of this.#queue) if (!isUncertain) state.jobs.unlease(jobId)
      })
    } catch (error) {
      if (!isEngineError(error, 'disk_full')) throw error
    }
  }

  /** There may be something to do. */
  poke(): void {
    this.#wake.ring()
  }

  /** Breaks off attempts under way, of one folder or of all; their jobs wait at the head of the queue. */
  async interrupt(folderId?: FolderId): Promise<void> {
    const concerned = [...this.#running.values()].filter(
      ({ job }) => folderId === undefined || job.folderId === folderId,
    )
    for (const { abort } of concerned) abort.abort()
    await Promise.all(concerned.flatMap(({ job }) => this.#attempts.get(job.jobId) ?? []))
  }

  /** Drops what is queued in memory for a folder that is about to be forgotten. */
  async forgetFolder(folderId: FolderId): Promise<void> {
    await this.interrupt(folderId)
    this.#queue = this.#queue.filter((job) => job.folderId !== folderId)
    this.#holds.forgetFolder(folderId)
  }

  /** Something is wrong that concerns everything. */
  holdAll(code: ErrorCode, details: ErrorDetails): void {
    this.#holds.holdAll(code, details)
    this.#options.onChange()
    this.#wake.ring()
  }

  /** Something is wrong with one folder, found by other means than a job. */
  holdFolder(folderId: FolderId, code: ErrorCode, details: ErrorDetails): void {
    this.#holds.holdFolder(folderId, code, details)
    this.#options.onChange()
    this.#wake.ring()
  }

  /** A person mended something, or wants to see: everything that is held is tried now. */
  hurryHolds(): void {
    this.#holds.hurry()
    this.#options.onChange()
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
    this.#probeWhenDue()
    while (this.#isOpen() && this.#hasRoom) {
      const job = this.#next()
      if (job === undefined) {
        this.#endIdleHolds()
        return
      }
      const attempt = this.#attempt(job).finally(() => {
        this.#attempts.delete(job.jobId)
        this.#wake.ring()
      })
      this.#attempts.set(job.jobId, attempt)
    }
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

  get #hasRoom(): boolean {
    return this.#running.size - this.#ending < CONCURRENCY
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
        this.#wake.ring()
      })
  }

  #next(): Job | undefined {
    const held = this.#heldFolders()
    const queued = this.#queue.findIndex((job) => !held.includes(job.folderId))
    if (queued >= 0) return this.#queue.splice(queued, 1)[0]
    const [first, ...rest] = this.#options.state.leaseJobs(this.#options.clock.now(), LEASE_BATCH, held)
    this.#queue.push(...rest)
    return first
  }

  #heldFolders(): readonly FolderId[] {
    // A folder whose hold is over sends one job ahead and keeps the rest until that has succeeded.
    const busy = new Set([...this.#running.values()].map(({ job }) => job.folderId))
    const waiting = [...this.#holds.folders].filter(
      ([folderId, hold]) => !this.#holds.isDue(hold) || busy.has(folderId),
    )
    return [...waiting.map(([folderId]) => folderId), ...this.#options.heldFolders()]
  }

  #msUntilNext(lookedAt: UnixMs): number | null {
    const now = this.#options.clock.now()
    const times = [this.#holds.nextTime(lookedAt)]
    if (this.#isOpen() && this.#hasRoom) {
      times.push(this.#options.state.jobs.nextDueAt(this.#heldFolders()))
    }
    // What has become due since the loop last looked is waited for too, with a wait of nothing.
    const next = times.filter((at) => at !== null)
    return next.length === 0 ? null : Math.max(0, Math.min(...next) - now)
  }

  async #attempt(job: Job): Promise<void> {
    const { clock, run, onChange, onProgress } = this.#options
    const running: RunningJob = { job, startedAt: clock.now(), sentBytes: 0, abort: new AbortController() }
    this.#running.set(job.jobId, running)
    onChange()
    const { signal, release } = joinSignals(this.#stop.signal, running.abort.signal)
    let outcome: Outcome | null = null
    try {
      const ended = await run(job, signal, (sentBytes) => {
        onProgress(Math.max(0, sentBytes - running.sentBytes))
        running.sentBytes = sentBytes
      })
      outcome = ended
      await this.#record(job, ended)
    } catch (error) {
      this.#running.delete(job.jobId)
      // What has arrived but could not be recorded must not be sent again unasked.
      const isUncertain = job.isUncertain || outcome !== null
      this.#settleFailure({ ...job, isUncertain }, error, signal)
      return
    } finally {
      release()
    }
    this.#running.delete(job.jobId)
    // What needed nobody says nothing of B2.
    if (outcome.kind !== 'needless') this.#holds.clearAfterSuccess(job.folderId, running.startedAt)
    this.#options.onFinished(job, outcome)
    onChange()
  }

  /** Resolves when what came of a job is on disk. */
  async #record(job: Job, outcome: Outcome): Promise<void> {
    this.#ending += 1
    this.#wake.ring()
    try {
      await this.#commits.run(() => {
        this.#commit(job, outcome)
      })
    } finally {
      this.#ending -= 1
    }
  }

  #commit(job: Job, outcome: Outcome): void {
    const { state, clock } = this.#options
    switch (outcome.kind) {
      case 'uploaded':
      case 'copied':
      case 'adopted':
        state.commitUpload(job, outcome.entry, outcome.uploadedAt, outcome.kind, clock.now(), {
          blocks: outcome.blocks ?? null,
          sparedBytes: outcome.sparedBytes ?? 0,
        })
        return
      case 'touched':
        state.commitTouched(job, outcome.entry)
        return
      case 'hidden':
      case 'deleted':
        state.commitLoss(job, outcome.kind, clock.now())
        return
      case 'needless':
        state.transaction(() => {
          state.jobs.complete(job)
        })
    }
  }

  #settleFailure(job: Job, error: unknown, signal: AbortSignal): void {
    const { logger, onChange } = this.#options
    if (signal.aborted || isAbortError(error)) {
      // It may have arrived all the same, so the bucket is asked before it is sent again.
      if (!this.#stop.signal.aborted) this.#queue.unshift({ ...job, isUncertain: true })
      onChange()
      return
    }
    const failure = asEngineError(error)
    if (failure.code === 'bug') logger.error({ err: error, jobId: job.jobId }, 'a job failed in an unknown way')
    else logger.warn({ code: failure.code, jobId: job.jobId, reason: failure.message }, 'a job failed')
    try {
      this.#apply(job, failure)
    } catch (writeError) {
      if (!isEngineError(writeError, 'disk_full')) throw writeError
      this.#queue.unshift({ ...job, isUncertain: true })
      this.holdAll(writeError.code, writeError.details)
    }
    onChange()
  }

  #apply(job: Job, { code, details }: EngineError): void {
    const { state, onStale } = this.#options
    const isUncertain = job.isUncertain || details['mayBeStored'] === true
    const decision = decideRetry(code, job.attempts)
    switch (decision.kind) {
      case 'again':
        this.#reschedule({ ...job, isUncertain }, code, details, decision.waitMs)
        return
      case 'look-again':
        state.transaction(() => {
          state.jobs.complete(job)
        })
        onStale(job)
        return
      case 'hold-folder':
        this.#holds.holdFolder(job.folderId, code, details)
        this.#queue.unshift({ ...job, isUncertain })
        return
      case 'hold-all':
        this.#holds.holdAll(code, details)
        this.#queue.unshift({ ...job, isUncertain })
    }
  }

  #reschedule(job: Job, code: ErrorCode, details: ErrorDetails, waitMs: number): void {
    const { state, clock } = this.#options
    const now = clock.now()
    const attempts = job.attempts + 1
    const notBefore = (now + waitMs) as UnixMs
    state.transaction(() => {
      state.jobs.reschedule(job, { isUncertain: job.isUncertain, attempts, notBefore, code, details, failedAt: now })
      if (attempts === 1) {
        state.activity.append({ at: now, verb: 'failed', folderId: job.folderId, path: job.path, code })
      }
    })
  }
}

/** What is no error of the engine's own kind is a bug. */
function asEngineError(error: unknown): EngineError {
  if (error instanceof EngineError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new EngineError('bug', message, {}, { cause: error })
}
