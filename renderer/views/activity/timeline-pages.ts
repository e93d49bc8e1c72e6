/**
 * A list of any length as the window holds it: pages of rows, newest first, of which only those near the visible ones are in
 * memory, and days between them. Pure.
 *
 * What is let go keeps its place: how many rows it was, where days begin in it, and the id from which it can be read again. Rows
 * are only ever added at the newer end, so the same question has the same answer later, and nothing is shown twice or left out.
 */
import type { ActivityRow } from '../../../shared/model/activity.ts'
import { dayKey } from '../../format/moment.ts'

export type Page = {
  /** Id of the newest row: the page is read again from there. */
  readonly firstId: number
  readonly count: number
  readonly firstDay: string
  readonly lastDay: string
  /** Moments of the rows before which a day is named, by the rows' places in the page. */
  readonly days: ReadonlyMap<number, number>
  /** Null while they are not in memory. */
  readonly rows: readonly ActivityRow[] | null
}

export type TimelineItem =
  /** `at` is a moment of that day. */
  | { readonly kind: 'day'; readonly at: number }
  | { readonly kind: 'row'; readonly row: ActivityRow }
  /** A row that is not in memory. */
  | { readonly kind: 'gone' }

/** Older rows below those that are known. */
export function addOlder(pages: readonly Page[], rows: readonly ActivityRow[]): readonly Page[] {
  const page = pageOf(rows, pages.at(-1)?.lastDay ?? null)
  return page === null ? pages : [...pages, page]
}

/** Newer rows above those that are known; they become part of the first page while that is not full. */
export function addNewer(pages: readonly Page[], rows: readonly ActivityRow[], pageSize: number): readonly Page[] {
  const [first, ...rest] = pages
  if (first === undefined) return addOlder([], rows)
  if (first.rows !== null && first.count + rows.length <= pageSize) {
    const joined = pageOf([...rows, ...first.rows], null)
    return joined === null ? pages : [joined, ...rest]
  }
  const page = pageOf(rows, null)
  if (page === null) return pages
  // The day that the first row began may have begun with a newer one.
  const days = new Map(first.days)
  if (page.lastDay === first.firstDay) days.delete(0)
  return [page, { ...first, days }, ...rest]
}

/** The rows of a page are here again. */
export function fill(pages: readonly Page[], firstId: number, rows: readonly ActivityRow[]): readonly Page[] {
  // The oldest rows may have been cleared away since: what is missing at the end stays empty.
  return pages.map((page) => (page.firstId === firstId ? { ...page, rows: rows.slice(0, page.count) } : page))
}

/** Lets go of the rows of pages that are more than `reach` pages away from those between the two items. */
export function release(pages: readonly Page[], first: number, last: number, reach: number): readonly Page[] {
  const [from, to] = [pageAt(pages, first), pageAt(pages, last)]
  const isFar = (index: number): boolean => index < from - reach || index > to + reach
  if (!pages.some((page, index) => page.rows !== null && isFar(index))) return pages
  return pages.map((page, index) => (isFar(index) ? { ...page, rows: null } : page))
}

/** The pages between two items that are not in memory. */
export function missing(pages: readonly Page[], first: number, last: number): readonly Page[] {
  return pages.slice(pageAt(pages, first), pageAt(pages, last) + 1).filter(({ rows }) => rows === null)
}

/** Where each page's items begin, and where the last one's end. */
export function startsOf(pages: readonly Page[]): readonly number[] {
  const starts = [0]
  for (const page of pages) starts.push((starts.at(-1) ?? 0) + sizeOf(page))
  return starts
}

/** What is at a place in the list; `starts` are those of the pages. */
export function itemAt(pages: readonly Page[], starts: readonly number[], index: number): TimelineItem {
  const at = search(starts, index)
  const page = pages[at]
  if (page === undefined) return { kind: 'gone' }
  let place = index - (starts[at] ?? 0)
  for (const [row, moment] of page.days) {
    if (place === row) return { kind: 'day', at: moment }
    if (place < row) break
    // Its own line comes before the row.
    place -= 1
  }
  const row = page.rows?.[place]
  return row === undefined ? { kind: 'gone' } : { kind: 'row', row }
}

/** A moment of the day to which the item belongs. */
export function dayAt(pages: readonly Page[], starts: readonly number[], index: number): number | null {
  const at = search(starts, index)
  let found: number | null = null
  for (let page = at; page >= 0 && found === null; page -= 1) {
    const place = page === at ? index - (starts[at] ?? 0) : Infinity
    let line = 0
    for (const [row, moment] of pages[page]?.days ?? []) {
      if (row + line > place) break
      found = moment
      line += 1
    }
  }
  return found
}

function pageAt(pages: readonly Page[], index: number): number {
  return search(startsOf(pages), index)
}

/** The page that holds an item: the last start that is not behind it. */
function search(starts: readonly number[], index: number): number {
  let [low, high] = [0, Math.max(0, starts.length - 2)]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((starts[middle] ?? Infinity) <= index) low = middle
    else high = middle - 1
  }
  return low
}

function sizeOf({ count, days }: Page): number {
  return count + days.size
}

/** Null for no rows; `dayBefore` is the day of the row above, null for none. */
function pageOf(rows: readonly ActivityRow[], dayBefore: string | null): Page | null {
  const first = rows[0]
  if (first === undefined) return null
  const days = new Map<number, number>()
  let day = dayBefore
  rows.forEach(({ at }, index) => {
    const own = dayKey(new Date(at))
    if (own !== day) days.set(index, at)
    day = own
  })
  return {
    firstId: first.activityId,
    count: rows.length,
    firstDay: dayKey(new Date(first.at)),
    lastDay: day ?? '',
    days,
    rows,
  }
}
