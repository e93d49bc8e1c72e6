/** Loads the activity as it is looked at: the newest page first, older and newer ones when they come into sight. */
import type { ActivityFilter, ActivityRow } from '../../../shared/model/activity.ts'
import {
  addNewer,
  addOlder,
  dayAt,
  fill,
  itemAt,
  missing,
  release,
  startsOf,
  type Page,
  type TimelineItem,
} from './timeline-pages.ts'

/** Rows of one question. */
export const PAGE_SIZE = 200

/** Pages that stay in memory on either side of what is seen. */
const REACH = 5

/** The next page is asked for when its rows are so near. */
const AHEAD = 60

export type TimelineQuery = {
  readonly before?: number
  readonly after?: number
  readonly limit: number
  readonly filter: ActivityFilter
}

export type TimelineState = {
  /** False until the first page has arrived. */
  readonly isLoaded: boolean
  /** Lines in all: rows and days. */
  readonly items: number
  readonly hasMore: boolean
  /** Rows that came while a person was further down, at most a page; they are shown by `showNewer`. */
  readonly newer: number
  /** What went wrong with the last question; null when it was answered. */
  readonly failure: unknown
}

const NOTHING: TimelineState = { isLoaded: false, items: 0, hasMore: false, newer: 0, failure: null }

export class Timeline {
  readonly #load: (query: TimelineQuery) => Promise<readonly ActivityRow[]>
  readonly #filter: ActivityFilter
  readonly #listeners = new Set<() => void>()
  #pages: readonly Page[] = []
  #starts: readonly number[] = [0]
  #newer: readonly ActivityRow[] = []
  /** All up to here has been looked at. */
  #lookedTo = 0
  /** So much is new that it does not join what is known. */
  #isBehind = false
  #state = NOTHING
  #seen: readonly [number, number] = [0, 0]
  /** Questions under way, by what they are for. */
  readonly #asking = new Set<string>()
  /** A question of before this was increased is about a list that is not shown any more. */
  #generation = 0

  constructor(filter: ActivityFilter, load: (query: TimelineQuery) => Promise<readonly ActivityRow[]>) {
    this.#filter = filter
    this.#load = load
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly state = (): TimelineState => this.#state

  itemAt(index: number): TimelineItem {
    return itemAt(this.#pages, this.#starts, index)
  }

  /** A moment of the day to which the item belongs; null while nothing is known. */
  dayAt(index: number): number | null {
    return dayAt(this.#pages, this.#starts, index)
  }

  /**
   * Something may have happened since, up to `newestId`. What matches is shown at once at the top of the list, and else when it
   * is asked for.
   */
  async look(isAtTop: boolean, newestId: number): Promise<void> {
    if (!this.#state.isLoaded) await this.#begin(newestId)
    else if (!this.#isBehind) await this.#lookForNewer(isAtTop, newestId)
    if (isAtTop) await this.#catchUp(newestId)
  }

  async #lookForNewer(isAtTop: boolean, newestId: number): Promise<void> {
    // What does not match has been looked at, and is not again.
    const after = Math.max(this.#lookedTo, this.#newer[0]?.activityId ?? this.#pages[0]?.firstId ?? 0)
    await this.#ask('newer', { after, limit: PAGE_SIZE }, (rows) => {
      this.#lookedTo = Math.max(this.#lookedTo, newestId)
      // More than one answer holds: between them and what is known others may be missing, so the list is begun anew.
      this.#isBehind = rows.length === PAGE_SIZE || this.#newer.length + rows.length >= PAGE_SIZE
      this.#newer = [...rows, ...this.#newer].slice(0, PAGE_SIZE)
      if (isAtTop && !this.#isBehind) this.#addNewer()
    })
  }

  async #catchUp(newestId: number): Promise<void> {
    if (this.#isBehind) await this.#begin(newestId)
  }

  /** Shows what came since; the list begins with it. */
  async showNewer(): Promise<void> {
    if (this.#isBehind) await this.#begin()
    else this.#addNewer()
    this.#tell()
  }

  /** These items are in sight: what is missing of them is read, and what is far away let go. */
  see(first: number, last: number): void {
    this.#seen = [first, last]
    const pages = release(this.#pages, first, last, REACH)
    if (pages !== this.#pages) this.#setPages(pages)
    for (const { firstId, count } of missing(pages, first, last)) {
      void this.#ask(`page ${firstId}`, { before: firstId + 1, limit: count }, (rows) => {
        this.#setPages(fill(this.#pages, firstId, rows))
      })
    }
    if (this.#state.hasMore && last >= this.#state.items - AHEAD) void this.#loadOlder()
  }

  /** Asks again what was not answered. */
  retry(): void {
    if (this.#pages.length === 0) void this.#begin()
    else this.see(...this.#seen)
  }

  #begin(newestId = 0): Promise<void> {
    return this.#ask('first', { limit: PAGE_SIZE }, (rows) => {
      this.#lookedTo = Math.max(this.#lookedTo, newestId)
      this.#restart(rows)
    })
  }

  async #loadOlder(): Promise<void> {
    const last = this.#pages.at(-1)
    const before = last?.rows?.at(-1)?.activityId
    // The last page is in memory whenever its end is near enough to be seen.
    if (before === undefined) return
    await this.#ask('older', { before, limit: PAGE_SIZE }, (rows) => {
      this.#state = { ...this.#state, hasMore: rows.length === PAGE_SIZE }
      this.#setPages(addOlder(this.#pages, rows))
    })
  }

  #restart(rows: readonly ActivityRow[]): void {
    this.#generation += 1
    this.#asking.clear()
    this.#newer = []
    this.#isBehind = false
    this.#state = { ...this.#state, isLoaded: true, hasMore: rows.length === PAGE_SIZE }
    this.#setPages(addOlder([], rows))
  }

  #addNewer(): void {
    if (this.#newer.length === 0) return
    const pages = addNewer(this.#pages, this.#newer, PAGE_SIZE)
    this.#newer = []
    this.#isBehind = false
    this.#setPages(pages)
  }

  #setPages(pages: readonly Page[]): void {
    this.#pages = pages
    this.#starts = startsOf(pages)
  }

  async #ask(
    what: string,
    query: Omit<TimelineQuery, 'filter'>,
    take: (rows: readonly ActivityRow[]) => void,
  ): Promise<void> {
    if (this.#asking.has(what)) return
    this.#asking.add(what)
    const generation = this.#generation
    try {
      const rows = await this.#load({ ...query, filter: this.#filter })
      if (generation !== this.#generation) return
      this.#state = { ...this.#state, failure: null }
      take(rows)
    } catch (error) {
      if (generation === this.#generation) this.#state = { ...this.#state, failure: error }
    } finally {
      if (generation === this.#generation) this.#asking.delete(what)
      this.#tell()
    }
  }

  #tell(): void {
    this.#state = { ...this.#state, items: this.#starts.at(-1) ?? 0, newer: this.#newer.length }
    for (const listener of this.#listeners) listener()
  }
}
