/** Activity rows as the window holds them: joined from pages, cut into days. */
import type { ActivityRow } from '../../../shared/model/activity.ts'
import { dayKey } from '../../format/moment.ts'

export type ActivityDay = { readonly day: string; readonly rows: readonly ActivityRow[] }

/**
 * Joins a page with what is known, newest first, each row once. When the page is newer than everything known and does
 * not reach it, the older rows are dropped: they are fetched again by scrolling, and no gap is shown as if it were none.
 */
export function mergeActivity(known: readonly ActivityRow[], page: readonly ActivityRow[]): readonly ActivityRow[] {
  const newestKnown = known[0]
  const oldestOfPage = page.at(-1)
  if (newestKnown === undefined || oldestOfPage === undefined) return known.length === 0 ? page : known
  if (oldestOfPage.activityId > newestKnown.activityId + 1) return page
  const byId = new Map([...known, ...page].map((row) => [row.activityId, row]))
  return [...byId.values()].toSorted((a, b) => b.activityId - a.activityId)
}

/** Cuts rows, in their order, into local days. */
export function groupByDay(rows: readonly ActivityRow[]): readonly ActivityDay[] {
  const days: { day: string; rows: ActivityRow[] }[] = []
  for (const row of rows) {
    const day = dayKey(new Date(row.at))
    const last = days.at(-1)
    if (last?.day === day) last.rows.push(row)
    else days.push({ day, rows: [row] })
  }
  return days
}
