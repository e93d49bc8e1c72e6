/**
 * Attempts at jobs: each is run, its end written down, and when it fails `plan/retry-policy` says what happens to the
 * job, to its folder, or to everything.
 */
import { EngineError, isAbortError, isEngineError, type ErrorCode, type ErrorDetails } from '../../../shared/errors.ts'
import type { FolderId, JobId, UnixMs } from '../../../shared/ids.ts'
import type { TransferPhase } from '../../../shared/model/transfer.ts'
import { BEFORE_LOOK_MS } from '../b2/send-upload.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/logger.ts'
import type { Job } from '../model/job.ts'
import { decideRetry } from '../plan/retry-policy.ts'
import type { State } from '../state/state.ts'
import type { Holds } from './holds.ts'
import type { Leases } from './leases.ts'
import type { Outcome } from './outcome.ts'
import { RateMeter } from './rate-meter.ts'
import { Together } from './together.ts'

/** How long a job is left alone that a person does not want now. */
const PUT_OFF_MS = 3_600_000

export type RunningJob = {
  readonly job: Job
  readonly startedAt: UnixMs
  phase: TransferPhase
  sentBytes: number
  /** Bytes of the file that need not be sent. */
  sparedBytes: number
  /** How fast its bytes go. */
  readonly rate: RateMeter
  /** A person does not want it now: when it is broken off it waits for later. */
  isUnwanted: boolean
  readonly abort: AbortController
}

/** What an attempt tells of itself while it goes on. */
export type AttemptWatch = {
  /** Bytes sent in this attempt, which fall back when it begins again, and those that need not be sent: B2 held or copied them. */
  readonly onProgress: (sentBytes: number, sparedBytes?: number) => void
  readonly onPhase: (phase: TransferPhase) => void
}

export type AttemptOptions = {
  readonly state: State
  readonly clock: Clock
  readonly logger: Logger
  readonly run: (job: Job, signal: AbortSignal, watch: AttemptWatch) => Promise<Outcome>
  /** The path of this job wants another look. */
  readonly onStale: (job: Job) => void
  readonly onFinished: (job: Job, outcome: Outcome) => void
  /** More bytes are on their way, for this job. */
  readonly onProgress: (bytes: number, job: Job) => void
  readonly onChange: () => void
}

type Parts = { readonly holds: Holds; readonly leases: Leases; readonly stop: AbortSignal }

export class Attempts {
  readonly #options: AttemptOptions
  readonly #holds: Holds
  readonly #leases: Leases
  readonly #stop: AbortSignal
  readonly #running = new Map<JobId, RunningJob>()
  readonly #ends = new Map<JobId, Promise<void>>()
  /** When B2 may be asked what became of an attempt that was broken off, Unix milliseconds; no sooner. */
  readonly #askedFrom = new Map<JobId, number>()
  readonly #commits: Together

  /** `stop` ends everything: leases stay then, so that the next start asks the bucket what became of them. */
  constructor(options: AttemptOptions, { holds, leases, stop }: Parts) {
    this.#options = options
    this.#holds = holds
    this.#leases = leases
    this.#stop = stop
    stop.addEventListener('abort', () => {
      for (const { abort } of this.#running.values()) abort.abort(stop.reason)
    })
    this.#commits = new Together(options.clock, (step) => {
      options.state.transaction(step)
    })
  }

  get running(): ReadonlyMap<JobId, RunningJob> {
    return this.#running
  }

  /**
   * Begins an attempt. `onFree` is called, once or twice, when others may have its place: what is done may still have to be
   * written down, unless too much has. Resolves when it is.
   */
  start(job: Job, onFree: () => void): Promise<void> {
    const end = this.#attempt(job, onFree).finally(() => this.#ends.delete(job.jobId))
    this.#ends.set(job.jobId, end)
    return end
  }

  /** Breaks off what is under way, of one folder or of all; those jobs wait at the head of their queues. */
  async interrupt(folderId?: FolderId): Promise<void> {
    const concerned = [...this.#running.values()].filter(
      ({ job }) => folderId === undefined || job.folderId === folderId,
    )
    for (const { abort } of concerned) abort.abort()
    await Promise.all(concerned.flatMap(({ job }) => this.#ends.get(job.jobId) ?? []))
  }

  /** Nothing works for now, so nothing more is written: also what is under way ends, and waits at the head of its queue. */
  holdAll(code: ErrorCode, details: ErrorDetails): void {
    this.#holds.holdAll(code, details)
    void this.interrupt()
  }

  /** When what a person does not want now is tried again. */
  get putOffUntil(): UnixMs {
    return (this.#options.clock.now() + PUT_OFF_MS) as UnixMs
  }

  /** Breaks attempts off and leaves their jobs for later; those of unknown jobs are none. */
  async putOff(jobIds: readonly JobId[]): Promise<void> {
    for (const jobId of jobIds) {
      const running = this.#running.get(jobId)
      if (running === undefined) continue
      running.isUnwanted = true
      running.abort.abort()
    }
    await Promise.all(jobIds.flatMap((jobId) => this.#ends.get(jobId) ?? []))
  }

  /** Leaves a job for later that nobody is at work on. */
  putOffWaiting(job: Job): void {
    const { state } = this.#options
    state.transaction(() => {
      state.jobs.putOff(job, this.putOffUntil)
    })
  }

  async ended(): Promise<void> {
    await Promise.all(this.#ends.values())
  }

  async #attempt(job: Job, onFree: () => void): Promise<void> {
    const { clock, run, onChange, onProgress } = this.#options
    const abort = new AbortController()
    const running: RunningJob = {
      job,
      startedAt: clock.now(),
      phase: 'starting',
      sentBytes: 0,
      sparedBytes: 0,
      rate: new RateMeter(),
      isUnwanted: false,
      abort,
    }
    this.#running.set(job.jobId, running)
    onChange()
    const { signal } = abort
    if (this.#stop.aborted) abort.abort(this.#stop.reason)
    let outcome: Outcome | null = null
    try {
      await this.#waitToAsk(job, signal)
      const ended = await run(job, signal, {
        onProgress: (sentBytes, sparedBytes = 0) => {
          const bytes = Math.max(0, sentBytes - running.sentBytes)
          onProgress(bytes, job)
          running.rate.add(clock.now(), bytes, 0)
          running.sentBytes = sentBytes
          running.sparedBytes = sparedBytes
        },
        onPhase: (phase) => {
          running.phase = phase
          onChange()
        },
      })
      outcome = ended
      // What B2 holds already ends so fast that all of it would wait to be written down, and nothing else be done meanwhile.
      if (!this.#commits.isFull) onFree()
      await this.#commits.run(() => {
        this.#commit(job, ended)
      })
    } catch (error) {
      this.#running.delete(job.jobId)
      // What has arrived but could not be recorded must not be sent again unasked.
      const isUncertain = job.isUncertain || outcome !== null
      this.#settleFailure({ ...job, isUncertain }, error, running, signal)
      onFree()
      onChange()
      return
    }
    this.#running.delete(job.jobId)
    onFree()
    // What needed nobody says nothing of B2.
    if (outcome.kind !== 'needless') this.#holds.clearAfterSuccess(job.folderId, running.startedAt)
    this.#options.onFinished(job, outcome)
    onChange()
  }

  /** What was on its way when it was broken off may need a moment to be stored. */
  async #waitToAsk({ jobId }: Job, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options
    const waitMs = (this.#askedFrom.get(jobId) ?? 0) - clock.now()
    if (waitMs > 0 && waitMs <= BEFORE_LOOK_MS) await clock.sleep(waitMs, signal)
    this.#askedFrom.delete(jobId)
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
        state.commitLoss(job, 'hidden', clock.now())
        return
      case 'deleted':
        state.commitLoss(job, 'deleted', clock.now(), outcome.older)
        return
      case 'needless':
        state.transaction(() => {
          state.jobs.complete(job)
        })
    }
  }

  #settleFailure(job: Job, error: unknown, { isUnwanted }: RunningJob, signal: AbortSignal): void {
    const { logger } = this.#options
    if (this.#stop.aborted) return
    // What was broken off may have arrived all the same, so the bucket is asked before it is sent again.
    const uncertain = { ...job, isUncertain: true }
    if (signal.aborted) this.#askedFrom.set(job.jobId, this.#options.clock.now() + BEFORE_LOOK_MS)
    try {
      if (isUnwanted) {
        this.putOffWaiting(uncertain)
        return
      }
      if (signal.aborted || isAbortError(error)) {
        this.#leases.putBack(uncertain)
        return
      }
      const failure = asEngineError(error)
      if (failure.code === 'bug') logger.error({ err: error, jobId: job.jobId }, 'a job failed in an unknown way')
      else logger.warn({ code: failure.code, jobId: job.jobId, reason: failure.message }, 'a job failed')
      this.#apply(job, failure)
    } catch (writeError) {
      if (!isEngineError(writeError, 'disk_full')) throw writeError
      this.#leases.putBack(uncertain)
      this.holdAll(writeError.code, writeError.details)
    }
  }

  #apply(job: Job, { code, details }: EngineError): void {
    const { state, clock, onStale } = this.#options
    const isUncertain = job.isUncertain || details['mayBeStored'] === true
    const decision = decideRetry(code, job.attempts)
    switch (decision.kind) {
      case 'again':
        this.#reschedule({ ...job, isUncertain }, code, details, decision.waitMs)
        return
      case 'look-again':
        state.forgetStaleJob(job, clock.uptime())
        onStale(job)
        return
      case 'hold-folder':
        this.#holds.holdFolder(job.folderId, code, details)
        this.#leases.putBack({ ...job, isUncertain })
        return
      case 'hold-all':
        this.holdAll(code, details)
        this.#leases.putBack({ ...job, isUncertain })
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
export function asEngineError(error: unknown): EngineError {
  if (error instanceof EngineError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new EngineError('bug', message, {}, { cause: error })
}
