/** The schedule of the line's limits as hours of a week that can be painted, and back as rules. Pure. */
import type { BandwidthLimits, BandwidthRule } from '../../../shared/model/bandwidth.ts'
import type { Weekday, WeekTimes } from '../../../shared/model/week-times.ts'

/** In the order they are shown. */
export const weekDays: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

export const HOURS_A_DAY = 24

export type WeekGrid = {
  /** What hours are painted with. */
  readonly limits: readonly BandwidthLimits[]
  /** For each hour from Monday's first on: an index into `limits`, or null where no rule holds. */
  readonly cells: readonly (number | null)[]
}

/** The hours as the rules have them; of an hour that only a part of is in a rule, its middle counts. */
export function gridOf(rules: readonly BandwidthRule[]): WeekGrid {
  const limits: BandwidthLimits[] = []
  for (const { up, down } of rules) {
    if (indexOfLimits(limits, { up, down }) === -1) limits.push({ up, down })
  }
  const cells = weekDays.flatMap((_, day) =>
    Array.from({ length: HOURS_A_DAY }, (_, hour) => {
      const rule = rules.find((each) => holds(each, day, hour * 60 + 30))
      return rule === undefined ? null : indexOfLimits(limits, rule)
    }),
  )
  return { limits, cells }
}

/** Rules for exactly the painted hours: equal times of several days are one rule. Limits without an hour have none. */
export function rulesOf({ limits, cells }: WeekGrid): readonly BandwidthRule[] {
  return limits.flatMap(({ up, down }, index) => {
    const byTimes = new Map<string, { from: number; to: number; days: Weekday[] }>()
    for (const [day, weekday] of weekDays.entries()) {
      for (const { from, to } of runsOf(cells, day, index)) {
        const times = byTimes.get(`${from}-${to}`) ?? { from, to, days: [] }
        times.days.push(weekday)
        byTimes.set(`${from}-${to}`, times)
      }
    }
    return [...byTimes.values()].map(({ from, to, days }) => ({ up, down, days, from: clock(from), to: clock(to) }))
  })
}

const NO_LIMITS: BandwidthLimits = { up: null, down: null }

/** The hours that are in one of these times as painted, the others as not. */
export function gridOfTimes(times: readonly WeekTimes[]): WeekGrid {
  const { cells } = gridOf(times.map((each) => ({ ...each, ...NO_LIMITS })))
  return { limits: [NO_LIMITS], cells }
}

/** Times for exactly the painted hours. */
export function timesOf(cells: WeekGrid['cells']): readonly WeekTimes[] {
  return rulesOf({ limits: [NO_LIMITS], cells }).map(({ days, from, to }) => ({ days, from, to }))
}

/** True when no rule begins or ends within an hour, so that the grid shows exactly what holds. */
export function isOnTheHour(rules: readonly WeekTimes[]): boolean {
  return rules.every(({ from, to }) => from.endsWith(':00') && to.endsWith(':00'))
}

/** These hours with other limits, or with null as without a rule. */
export function paintCells(
  cells: WeekGrid['cells'],
  hours: readonly number[],
  index: number | null,
): WeekGrid['cells'] {
  const painted = new Set(hours)
  return cells.map((cell, hour) => (painted.has(hour) ? index : cell))
}

/** Without one of the limits: its hours are without a rule, and those of later ones keep theirs. */
export function withoutLimits({ limits, cells }: WeekGrid, index: number): WeekGrid {
  return {
    limits: limits.filter((_, each) => each !== index),
    cells: cells.map((cell) => {
      if (cell === null || cell === index) return null
      return cell > index ? cell - 1 : cell
    }),
  }
}

function indexOfLimits(limits: readonly BandwidthLimits[], { up, down }: BandwidthLimits): number {
  return limits.findIndex((each) => each.up === up && each.down === down)
}

/** Stretches of a day, as hours: the one after the last is 24. */
function runsOf(cells: WeekGrid['cells'], day: number, index: number): readonly { from: number; to: number }[] {
  const runs: { from: number; to: number }[] = []
  for (let hour = 0; hour < HOURS_A_DAY; hour += 1) {
    if (cells[day * HOURS_A_DAY + hour] !== index) continue
    const last = runs.at(-1)
    if (last?.to === hour) last.to = hour + 1
    else runs.push({ from: hour, to: hour + 1 })
  }
  return runs
}

/** A rule that ends at midnight ends at 00:00: it then goes on to the end of its day. */
function clock(hour: number): string {
  return `${String(hour % HOURS_A_DAY).padStart(2, '0')}:00`
}

/** Whether a rule holds at a minute of a day, counted from Monday; one that ends before it begins goes on past midnight. */
function holds({ days, from, to }: BandwidthRule, day: number, minute: number): boolean {
  const [begin, end] = [minuteOf(from), minuteOf(to)]
  const isOn = (which: number): boolean => {
    const weekday = weekDays[(which + weekDays.length) % weekDays.length]
    return weekday !== undefined && days.includes(weekday)
  }
  if (begin < end) return minute >= begin && minute < end && isOn(day)
  return (minute >= begin && isOn(day)) || (minute < end && isOn(day - 1))
}

function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}
