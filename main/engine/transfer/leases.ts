/**
 * The jobs at hand: leased a batch at a time, so that a lease does not cost a disk flush a file, and given out one by one.
 *
 * Each lane has a queue of its own, and in each lane the folders take turns, as many as their priority is worth.
 */
import { isEngineError } from '../../../shared/errors.ts'
import type { FolderId, JobId } from '../../../shared/ids.ts'
import type { FolderPriority } from '../../../shared/model/folder.ts'
import type { Clock } from '../lib/clock.ts'
import { Shares } from '../lib/shares.ts'
import { isUrgent, LANES, type Job, type Lane, type Wanted } from '../model/job.ts'
import { PRIORITY_WEIGHTS } from '../model/priority.ts'
import { LONGEST_WAIT_MS } from '../plan/retry-policy.ts'
import type { WaitingLine } from '../state/jobs.ts'
import type { State } from '../state/state.ts'

/** Jobs leased in one transaction where they are soon done. */
const BATCH = 128

export class Leases {
  readonly #state: State
  readonly #clock: Clock
  readonly #queues: Record<Lane, Job[]> = { small: [], large: [], server: [] }
  readonly #order: Readonly<Record<Lane, Shares<FolderId>>>
  #waiting: readonly WaitingLine[] = []

  constructor(state: State, clock: Clock, priorityOf: (folderId: FolderId) => FolderPriority) {
    this.#state = state
    this.#clock = clock
    const order = () => new Shares<FolderId>((folderId) => PRIORITY_WEIGHTS[priorityOf(folderId)])
    this.#order = { small: order(), large: order(), server: order() }
  }

  /** Looks where jobs wait: what `next` leases, and `nextDueAt` tells, is found then. */
  look(): void {
    this.#waiting = this.#state.jobs.listWaitingLines()
  }

  /** A leased job of a folder that is not held, or none. `room`: how many more the lane takes now. */
  next(lane: Lane, room: number, held: readonly FolderId[]): Job | undefined {
    const queue = this.#queues[lane]
    const queued = queue.findIndex(({ folderId }) => !held.includes(folderId))
    if (queued >= 0) return queue.splice(queued, 1)[0]
    const [first, ...rest] = this.#lease({ lane, most: BATCH, mostSlow: room, urgent: null }, held)
    queue.push(...rest)
    return first
  }

  /** The same among what is urgent, or of a folder that goes before: for those there is room of its own. */
  nextUrgent(lane: Lane, held: readonly FolderId[], goesBefore: (folderId: FolderId) => boolean): Job | undefined {
    const queue = this.#queues[lane]
    const isMeant = (job: Job): boolean => isUrgent(job) || goesBefore(job.folderId)
    const queued = queue.findIndex((job) => isMeant(job) && !held.includes(job.folderId))
    if (queued >= 0) return queue.splice(queued, 1)[0]
    const anyOf = this.#dueFolders(lane, held).filter(goesBefore)
    return this.#lease({ lane, most: 1, mostSlow: 1, urgent: { anyOf } }, held)[0]
  }

  #lease(wanted: Omit<Wanted, 'folders' | 'order'>, held: readonly FolderId[]): readonly Job[] {
    const { lane } = wanted
    const folders = this.#dueFolders(lane, held)
    if (folders.length === 0) return []
    const leased = this.#state.leaseJobs(this.#clock.now(), { ...wanted, folders, order: this.#order[lane] })
    this.look()
    return leased
  }

  /** When a job that nobody had leased at the last look is due next in these lanes, Unix milliseconds; null for none. */
  nextDueAt(lanes: readonly Lane[], held: readonly FolderId[]): number | null {
    const times = this.#waiting
      .filter(({ lane, folderId }) => lanes.includes(lane) && !held.includes(folderId))
      .map(({ firstAt }) => firstAt)
    return times.length === 0 ? null : Math.min(...times)
  }

  /** What was begun waits at the head of its queue, leased as it is. */
  putBack(job: Job): void {
    this.#queues[job.lane].unshift(job)
  }

  /** Takes a job out that is leased and waits; undefined when it does not. */
  take(jobId: JobId): Job | undefined {
    for (const queue of Object.values(this.#queues)) {
      const at = queue.findIndex((job) => job.jobId === jobId)
      if (at >= 0) return queue.splice(at, 1)[0]
    }
    return undefined
  }

  forgetFolder(folderId: FolderId): void {
    for (const lane of LANES) {
      this.#queues[lane] = this.#queues[lane].filter((job) => job.folderId !== folderId)
      this.#order[lane].forget(folderId)
    }
  }

  /**
   * Gives back what waits, so that the next lease is in the order of the moment. What may have arrived stays, and so does
   * all where the disk is full: after a restart that only costs a question each.
   */
  giveBack(): void {
    try {
      this.#state.transaction(() => {
        for (const queue of Object.values(this.#queues)) {
          for (const { jobId, isUncertain } of queue) if (!isUncertain) this.#state.jobs.unlease(jobId)
        }
      })
      for (const lane of LANES) this.#queues[lane] = this.#queues[lane].filter(({ isUncertain }) => isUncertain)
    } catch (error) {
      if (!isEngineError(error, 'disk_full')) throw error
    }
  }

  /** The folders with something to do in a lane. */
  #dueFolders(lane: Lane, held: readonly FolderId[]): readonly FolderId[] {
    const now = this.#clock.now()
    return this.#waiting
      .filter((line) => line.lane === lane && (line.firstAt <= now || line.lastAt > now + LONGEST_WAIT_MS))
      .map(({ folderId }) => folderId)
      .filter((folderId) => !held.includes(folderId))
      .toSorted((a, b) => a - b)
  }
}
