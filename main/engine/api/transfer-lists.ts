/**
 * Lists of transfers for a window: made when they are asked for, and kept for a moment, so that a person scrolls through one
 * list while jobs come and go.
 *
 * A list is the ids of its rows in their order; the rows of a page are read when it is asked for. With a text, paths are
 * compared a slice at a time, and each only once.
 */
import { EngineError } from '../../../shared/errors.ts'
import type { FolderId, JobId } from '../../../shared/ids.ts'
import type {
  DoneRow,
  GroupCounts,
  ListedRow,
  TransferFilter,
  TransferIds,
  TransferPage,
  TransferQuery,
} from '../../../shared/model/transfer.ts'
import type { Clock } from '../lib/clock.ts'
import type { Job } from '../model/job.ts'
import type { State } from '../state/state.ts'
import type { Supervisor } from '../sync/supervisor.ts'
import { failedRow, waitingRow } from './transfer-rows.ts'

/** A list is at least this old before another takes its place by itself, ms. */
const LEAST_AGE_MS = 400

/** And so many times what it took to make: 2 % of the engine's time at most. */
const COST_FACTOR = 50

/** Lists and searches that are kept at a time: a window has one, and another one while the filter changes. */
const KEPT = 2

export type TransferListSources = { readonly state: State; readonly supervisor: Supervisor; readonly clock: Clock }

type List = {
  readonly listId: number
  readonly filter: TransferFilter
  readonly counts: GroupCounts
  readonly failed: readonly JobId[]
  readonly waiting: readonly JobId[]
  readonly done: readonly DoneRow[]
  /** What `changeCount` was when it was made. */
  readonly madeOf: number
  /** When another may take its place, by the monotonic clock. */
  readonly staleAt: number
}

/** The jobs whose path contains a text, as far as ids have been looked at. */
type Search = { readonly text: string; readonly jobIds: Set<JobId>; next: number }

export class TransferLists {
  readonly #sources: TransferListSources
  #lists: readonly List[] = []
  #searches: readonly Search[] = []
  /** Ids of an earlier run of the engine, which a window may still hold, are lower. */
  #lastId: number

  constructor(sources: TransferListSources) {
    this.#sources = sources
    this.#lastId = sources.clock.now()
  }

  /** A page of the list that is asked for, or of a newer one where that has become old. */
  async page({ filter, listId, start, limit, anchor, watched }: TransferQuery): Promise<TransferPage> {
    const known = this.#find(listId, filter)
    const list = known !== undefined && !this.#isOld(known) ? known : await this.#make(filter)
    const shift = anchor === null || list === known ? 0 : shiftOf(list, anchor)
    const { failed, waiting, done } = list
    const total = failed.length + waiting.length + done.length
    const first = Math.max(0, Math.min(start + shift, total - limit))
    const rows = this.#rows(list, first, limit)
    return { listId: list.listId, counts: list.counts, start: first, rows, shift, gone: this.#gone(watched) }
  }

  /** What the rows of a part of a list are, `end` excluded. Throws `list_changed` for a list that is not kept any more. */
  ids(listId: number, start: number, end: number): TransferIds {
    const list = this.#lists.find((kept) => kept.listId === listId)
    if (list === undefined) throw new EngineError('list_changed', `No list ${listId}`)
    const { failed, waiting, done } = list
    const jobs = failed.length + waiting.length
    return {
      jobIds: [...failed, ...waiting].slice(start, end),
      activityIds: part(done, start - jobs, end - jobs).map(({ activityId }) => activityId),
    }
  }

  #gone(watched: readonly JobId[]): JobId[] {
    if (watched.length === 0) return []
    const there = new Set(this.#sources.state.jobLists.listByIds(watched).map(({ jobId }) => jobId))
    return watched.filter((jobId) => !there.has(jobId))
  }

  #find(listId: number | null, { text, folderId }: TransferFilter): List | undefined {
    return this.#lists.find(
      (list) => list.listId === listId && list.filter.text === text && list.filter.folderId === folderId,
    )
  }

  #isOld({ madeOf, staleAt }: List): boolean {
    const { state, clock } = this.#sources
    return clock.uptime() >= staleAt && state.changeCount() !== madeOf
  }

  async #make(filter: TransferFilter): Promise<List> {
    const { state, supervisor, clock } = this.#sources
    const matched = filter.text === '' ? null : await this.#search(filter.text)
    const begun = clock.uptime()
    const { running } = supervisor.scheduler
    const madeOf = state.changeCount()
    const isWanted = (jobId: JobId): boolean => matched?.has(jobId) ?? true
    const isListed = (jobId: JobId): boolean => isWanted(jobId) && !running.has(jobId)
    const folderIds = this.#foldersOf(filter)
    const failed = state.jobLists.listStuckIds(folderIds).filter(isListed)
    const waiting = state.jobLists.listWaitingIds(folderIds).filter(isListed)
    const done = state.activity.listFinished(filter)
    const now = [...running.values()].filter(
      ({ job }) => (folderIds?.includes(job.folderId) ?? true) && isWanted(job.jobId),
    ).length
    const took = clock.uptime() - begun
    this.#lastId += 1
    const list = {
      listId: this.#lastId,
      filter,
      counts: { now, failed: failed.length, waiting: waiting.length, done: done.length },
      failed,
      waiting,
      done,
      madeOf,
      staleAt: clock.uptime() + Math.max(LEAST_AGE_MS, COST_FACTOR * took),
    }
    this.#lists = [list, ...this.#lists].slice(0, KEPT)
    return list
  }

  /** The folders to look at; null for all there are, which costs less. One that is not at work now has no transfers. */
  #foldersOf({ folderId }: TransferFilter): readonly FolderId[] | null {
    const { state, supervisor } = this.#sources
    if (folderId !== null) return [folderId]
    const started = supervisor.folders.map(({ folder }) => folder.folderId)
    return started.length === state.folders.list().length ? null : started
  }

  async #search(text: string): Promise<ReadonlySet<JobId>> {
    const { state } = this.#sources
    const search = this.#searches.find((kept) => kept.text === text) ?? { text, jobIds: new Set(), next: 0 }
    this.#searches = [search, ...this.#searches.filter((kept) => kept !== search)].slice(0, KEPT)
    for (;;) {
      const { jobIds, next, isEnd } = state.jobLists.matchSome(text, search.next)
      for (const jobId of jobIds) search.jobIds.add(jobId)
      search.next = next
      if (isEnd) return search.jobIds
      // The engine has other things to do meanwhile.
      await new Promise(setImmediate)
    }
  }

  #rows({ failed, waiting, done }: List, start: number, limit: number): TransferPage['rows'] {
    const { state, supervisor } = this.#sources
    const end = start + limit
    const failedIds = failed.slice(start, end)
    const waitingIds = part(waiting, start - failed.length, end - failed.length)
    const ids = [...failedIds, ...waitingIds]
    const jobs = new Map((ids.length === 0 ? [] : state.jobLists.listByIds(ids)).map((job) => [job.jobId, job]))
    const rowOf = (jobId: JobId, toRow: (job: Job) => ListedRow | null): ListedRow | null => {
      const job = jobs.get(jobId)
      return job === undefined ? null : toRow(job)
    }
    return [
      ...failedIds.map((jobId) => rowOf(jobId, failedRow)),
      ...waitingIds.map((jobId) => rowOf(jobId, (job) => waitingRow(job, supervisor))),
      ...part(done, start - failed.length - waiting.length, end - failed.length - waiting.length),
    ]
  }
}

/** `slice`, but counting from the beginning only. */
function part<T>(list: readonly T[], start: number, end: number): readonly T[] {
  return list.slice(Math.max(0, start), Math.max(0, end))
}

function shiftOf({ failed, waiting, done }: List, anchor: NonNullable<TransferQuery['anchor']>): number {
  const { group, id, index } = anchor
  const lists = { failed, waiting, done: done.map(({ activityId }) => activityId) }
  const found = (lists[group] as readonly number[]).indexOf(id)
  if (found < 0) return 0
  const before = { failed: 0, waiting: failed.length, done: failed.length + waiting.length }
  return before[group] + found - index
}
