/**
 * Which limits hold at a moment, and until when. Pure.
 *
 * What the clock on the wall shows decides. So on the night on which clocks go back, a rule's time comes twice and the
 * rule holds twice; a time that clocks skip is over at once.
 */
import type { UnixMs } from '../../../shared/ids.ts'
import {
  Weekday,
  type Bandwidth,
  type BandwidthLimits,
  type BandwidthNow,
  type BandwidthRule,
} from '../../../shared/model/bandwidth.ts'

/** Milliseconds by which the clock on the wall is ahead of UTC at a moment. */
export type LocalOffset = (at: number) => number

const MINUTE_MS = 60_000
const DAY_MS = 1_440 * MINUTE_MS

/** A week, and a day in which clocks may be changed: later nothing begins that has not been before. */
const DAYS_AHEAD = 8

export function bandwidthAt(bandwidth: Bandwidth, at: UnixMs, offsetAt: LocalOffset): BandwidthNow {
  const now = limitsAt(bandwidth, at + offsetAt(at))
  for (let day = 0; day < DAYS_AHEAD && bandwidth.rules.length > 0; day += 1) {
    for (const moment of momentsOf(bandwidth, at + day * DAY_MS, offsetAt)) {
      const then = limitsAt(bandwidth, moment + offsetAt(moment))
      if (then.up !== now.up || then.down !== now.down) return { ...now, until: moment as UnixMs }
    }
  }
  return { ...now, until: null }
}

/** `wallMs` is what the clock on the wall shows, as if it showed UTC. */
function limitsAt({ rules, up, down }: Bandwidth, wallMs: number): BandwidthLimits {
  const rule = rules.find((each) => holds(each, wallMs))
  return rule === undefined ? { up, down } : { up: rule.up, down: rule.down }
}

function holds({ days, from, to }: BandwidthRule, wallMs: number): boolean {
  const [begin, end] = [timeOf(from), timeOf(to)]
  const time = wallMs % DAY_MS
  if (begin < end) return time >= begin && time < end && days.includes(dayOf(wallMs))
  return (time >= begin && days.includes(dayOf(wallMs))) || (time < end && days.includes(dayOf(wallMs - DAY_MS)))
}

/** The moments of the 24 hours after `since` at which limits may change, in their order. */
function momentsOf({ rules }: Bandwidth, since: number, offsetAt: LocalOffset): readonly number[] {
  const times = rules.flatMap(({ from, to }) => [timeOf(from), timeOf(to)])
  const until = since + DAY_MS
  const turn = findTurn(since, until, offsetAt)
  const momentsIn = (first: number, last: number): readonly number[] => {
    const offset = offsetAt(first)
    const midnight = Math.floor((first + offset) / DAY_MS) * DAY_MS - offset
    return times
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
