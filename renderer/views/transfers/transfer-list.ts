/**
 * The part of the engine's list that is on screen, kept up to date: a window of rows around what is looked at, never all of
 * them. Asks one question at a time; what is wanted meanwhile is asked next.
 */
import type { JobId } from '../../../shared/ids.ts'
import {
  MOST_WATCHED,
  type GroupCounts,
  type ListedRow,
  type TransferFilter,
  type TransferPage,
  type TransferQuery,
} from '../../../shared/model/transfer.ts'
import type { ProblemText } from '../../../shared/text/problem-text.ts'
import { keyOf } from './rows.ts'

/** Rows asked for beyond what is seen, on either side: a turn of the wheel finds them there. */
const MARGIN = 40

/** The most rows of one answer. */
const PAGE = 200

/** Rows kept of what was seen lately. */
const KEPT = 1000

/** Nobody reads faster than this, ms. */
const REFRESH_MS = 500

export type ListState = {
  /** Null before the first answer. */
  readonly listId: number | null
  readonly counts: GroupCounts | null
  /** By their place in the list; null for one that has gone. */
  readonly rows: ReadonlyMap<number, ListedRow | null>
  /** How far the anchors have moved in all: a row at `index` when this was `before` is at `index + shifted - before` now. */
  readonly shifted: number
  /** Why the last answer did not come; null when it did. */
  readonly failure: ProblemText | null
}

export type Anchor = NonNullable<TransferQuery['anchor']>

export type TransferListOptions = {
  readonly ask: (query: TransferQuery) => Promise<TransferPage>
  readonly textOf: (error: unknown) => ProblemText
  /** Jobs that were watched are done, or not wanted any more. */
  readonly onGone: (jobIds: readonly JobId[]) => void
}

const EMPTY: ListState = { listId: null, counts: null, rows: new Map(), shifted: 0, failure: null }

export class TransferList {
  readonly #ask: TransferListOptions['ask']
  readonly #textOf: TransferListOptions['textOf']
  readonly #onGone: TransferListOptions['onGone']
  readonly #listeners = new Set<() => void>()
  #state: ListState = EMPTY
  #filter: TransferFilter
  #window = { start: 0, end: 0 }
  #anchor: Anchor | null = null
  #watched: readonly JobId[] = []
  /** What to ask for next; `fresh` for a list as new as can be. */
  #wanted: 'nothing' | 'rows' | 'fresh' = 'nothing'
  #isAsking = false
  #timer: ReturnType<typeof setTimeout> | undefined
  #askedAt = 0

  constructor(filter: TransferFilter, { ask, textOf, onGone }: TransferListOptions) {
    this.#filter = filter
    this.#ask = ask
    this.#textOf = textOf
    this.#onGone = onGone
  }

  get state(): ListState {
    return this.#state
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size > 0) return
      clearTimeout(this.#timer)
      this.#timer = undefined
    }
  }

  /** What was found by another filter stays until the answer is here. */
  filter(filter: TransferFilter): void {
    this.#filter = filter
    this.#anchor = null
    this.renew()
  }

  /** These rows are on screen, and this one is to stay where it is. */
  show(start: number, end: number, anchor: Anchor | null): void {
    this.#window = { start, end }
    this.#anchor = anchor
    if (this.#state.counts !== null && this.#isIncomplete()) this.#want('rows')
  }

  /** What becomes of these jobs is told, of the first ones where there are many. */
  watch(jobIds: readonly JobId[]): void {
    this.#watched = jobIds.slice(0, MOST_WATCHED)
  }

  /** Something may have changed; asked about soon. */
  refresh(): void {
    if (this.#timer !== undefined) return
    const waitMs = Math.max(0, this.#askedAt + REFRESH_MS - performance.now())
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#want('rows')
    }, waitMs)
  }

  /** Something has changed, and has to be seen at once. */
  renew(): void {
    this.#want('fresh')
  }

  #want(what: 'rows' | 'fresh'): void {
    if (this.#wanted !== 'fresh') this.#wanted = what
    if (!this.#isAsking) void this.#askUntilNothingIsWanted()
  }

  #isIncomplete(): boolean {
    const { rows, counts } = this.#state
    const total = counts === null ? 0 : counts.failed + counts.waiting + counts.done
    for (let index = this.#window.start; index < Math.min(this.#window.end, total); index += 1) {
      if (!rows.has(index)) return true
    }
    return false
  }

  async #askUntilNothingIsWanted(): Promise<void> {
    this.#isAsking = true
    while (this.#wanted !== 'nothing') {
      const isFresh = this.#wanted === 'fresh'
      this.#wanted = 'nothing'
      this.#askedAt = performance.now()
      const filter = this.#filter
      const start = Math.max(0, this.#window.start - MARGIN)
      const limit = Math.max(1, Math.min(PAGE, this.#window.end - start + MARGIN))
      const where = { listId: isFresh ? null : this.#state.listId, anchor: isFresh ? null : this.#anchor }
      try {
        const page = await this.#ask({ filter, ...where, start, limit, watched: [...this.#watched] })
        if (filter === this.#filter) this.#take(page)
        if (page.gone.length > 0) this.#onGone(page.gone)
        // Scrolled on meanwhile.
        if (this.#isIncomplete()) this.#wanted = 'rows'
      } catch (error) {
        this.#set({ ...this.#state, failure: this.#textOf(error) })
      }
    }
    this.#isAsking = false
  }

  #take({ listId, counts, start, rows, shift }: TransferPage): void {
    const before = this.#state
    const isSame = listId === before.listId
    const taken = new Map<number, ListedRow | null>(isSame ? before.rows : [])
    const known = new Map([...before.rows.values()].flatMap((row) => (row === null ? [] : [[keyOf(row), row]])))
    for (const [offset, row] of rows.entries()) {
      const index = start + offset
      // A row that says the same is the same, so that it is not drawn again; of one that has gone the last word stays.
      const last = row === null ? taken.get(index) : known.get(keyOf(row))
      taken.set(index, last != null && (row === null || isAlike(last, row)) ? last : row)
    }
    if (this.#anchor !== null && shift !== 0) this.#anchor = { ...this.#anchor, index: this.#anchor.index + shift }
    this.#window = { start: this.#window.start + shift, end: this.#window.end + shift }
    const shifted = before.shifted + shift
    this.#set({ listId, counts, rows: this.#pruned(taken), shifted, failure: null })
  }

  /** What is far from what is seen is forgotten. */
  #pruned(rows: Map<number, ListedRow | null>): ReadonlyMap<number, ListedRow | null> {
    if (rows.size <= KEPT) return rows
    const { start, end } = this.#window
    const isNear = (index: number): boolean => index >= start - PAGE && index < end + PAGE
    return new Map([...rows].filter(([index]) => isNear(index)))
  }

  #set(state: ListState): void {
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}

function isAlike(a: ListedRow, b: ListedRow): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
