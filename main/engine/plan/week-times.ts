/**
 * Times of the week: whether one holds at a moment, and when that may change. Pure.
 *
 * What the clock on the wall shows decides. So on the night on which clocks go back, a time comes twice and holds twice; a
 * time that clocks skip is over at once.
 */
import type { UnixMs } from '../../../shared/ids.ts'
import { Weekday, type WeekTimes } from '../../../shared/model/week-times.ts'

/** Milliseconds by which the clock on the wall is ahead of UTC at a moment. */
export type LocalOffset = (at: number) => number

const MINUTE_MS = 60_000
const DAY_MS = 1_440 * MINUTE_MS

/** Two weeks, as clocks may skip a time in one of them, and a day: later nothing begins that has not been before. */
const DAYS_AHEAD = 15

/** `wallMs` is what the clock on the wall shows, as if it showed UTC. */
export function holds({ days, from, to }: WeekTimes, wallMs: number): boolean {
  const [begin, end] = [timeOf(from), timeOf(to)]
  const time = wallMs % DAY_MS
  if (begin < end) return time >= begin && time < end && days.includes(dayOf(wallMs))
  return (time >= begin && days.includes(dayOf(wallMs))) || (time < end && days.includes(dayOf(wallMs - DAY_MS)))
}

/**
 * The first moment after `at` at which what the wall shows makes a difference, or null for none; `isDifferent` gets what the
 * clock on the wall shows then.
 */
export function nextChange(
  times: readonly WeekTimes[],
  at: UnixMs,
  offsetAt: LocalOffset,
  isDifferent: (wallMs: number) => boolean,
): UnixMs | null {
  for (let day = 0; day < DAYS_AHEAD && times.length > 0; day += 1) {
    for (const moment of momentsOf(times, at + day * DAY_MS, offsetAt)) {
      if (isDifferent(moment + offsetAt(moment))) return moment as UnixMs
    }
  }
  return null
}

/** The moments of the 24 hours after `since` at which something may change, in their order. */
function momentsOf(times: readonly WeekTimes[], since: number, offsetAt: LocalOffset): readonly number[] {
  const ofDay = times.flatMap(({ from, to }) => [timeOf(from), timeOf(to)])
  const until = since + DAY_MS
  const turn = findTurn(since, until, offsetAt)
  const momentsIn = (first: number, last: number): readonly number[] => {
    const offset = offsetAt(first)
    const midnight = Math.floor((first + offset) / DAY_MS) * DAY_MS - offset
    return ofDay
      .flatMap((time) => [midnight + time, midnight + DAY_MS + time])
      .filter((moment) => moment > first && moment <= last)
  }
  return [...momentsIn(since, turn), turn, ...momentsIn(turn, until)].sort((a, b) => a - b)
}

/** When clocks are changed between two moments; the later one when they are not. */
function findTurn(since: number, until: number, offsetAt: LocalOffset): number {
  const offset = offsetAt(since)
  if (offsetAt(until) === offset) return until
  let [before, after] = [since, until]
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (offsetAt(middle) === offset) before = middle
    else after = middle
  }
  return after
}

/** Milliseconds since midnight. */
function timeOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number)
  return (hours * 60 + minutes) * MINUTE_MS
}

function dayOf(wallMs: number): Weekday {
  return Weekday.options[new Date(wallMs).getUTCDay()] ?? 'sun'
}
