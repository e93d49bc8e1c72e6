import { describe, expect, it } from 'vitest'
import { BandwidthRule } from '../../../shared/model/bandwidth.ts'
import { WeekTimes, type Weekday } from '../../../shared/model/week-times.ts'
import {
  gridOf,
  gridOfTimes,
  isOnTheHour,
  paintCells,
  rulesOf,
  timesOf,
  weekDays,
  withoutLimits,
  type WeekGrid,
} from './week-grid.ts'

const slow = { up: 500_000, down: null }
const none: WeekGrid['cells'] = Array.from({ length: 168 }, () => null)
const working: BandwidthRule = {
  ...slow,
  days: ['mon', 'tue', 'wed', 'thu', 'fri'],
  from: '08:00',
  to: '18:00',
}

/** Hours of one day, such as `fri 22-24`. */
function hours(day: (typeof weekDays)[number], from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, hour) => weekDays.indexOf(day) * 24 + from + hour)
}

function paintedBy(rules: readonly BandwidthRule[]): readonly number[] {
  return gridOf(rules).cells.flatMap((cell, hour) => (cell === null ? [] : [hour]))
}

describe('gridOf', () => {
  it('paints nothing without rules', () => {
    expect(gridOf([])).toEqual({ limits: [], cells: none })
  })

  it('paints the hours of a rule, and no other ones', () => {
    const expected = (['mon', 'tue', 'wed', 'thu', 'fri'] as const).flatMap((day) => hours(day, 8, 18))
    expect(paintedBy([working])).toEqual(expected)
  })

  it('lets a rule past midnight go on into the next day, also from Sunday to Monday', () => {
    const night: BandwidthRule = { ...slow, days: ['sun'], from: '22:00', to: '06:00' }
    expect(paintedBy([night])).toEqual([...hours('mon', 0, 6), ...hours('sun', 22, 24)])
  })

  it('paints a whole day for a rule that ends as it begins', () => {
    expect(paintedBy([{ ...slow, days: ['sat'], from: '00:00', to: '00:00' }])).toEqual(hours('sat', 0, 24))
  })

  it('lets the first rule that holds count', () => {
    const lunch: BandwidthRule = { up: null, down: null, days: ['mon'], from: '12:00', to: '13:00' }
    const { limits, cells } = gridOf([lunch, working])
    expect(limits).toEqual([{ up: null, down: null }, slow])
    expect([11, 12, 13].map((hour) => cells[hour])).toEqual([1, 0, 1])
  })

  it('counts an hour for the rule that its middle is in', () => {
    const rule: BandwidthRule = { ...slow, days: ['mon'], from: '08:20', to: '10:20' }
    expect(paintedBy([rule])).toEqual(hours('mon', 8, 10))
    expect([isOnTheHour([rule]), isOnTheHour([working])]).toEqual([false, true])
  })
})

describe('rulesOf', () => {
  it('makes one rule of equal times on several days', () => {
    expect(rulesOf(gridOf([working]))).toEqual([working])
  })

  it('ends a day at midnight, and a whole day where it began', () => {
    const cells = paintCells(none, [...hours('fri', 20, 24), ...hours('sat', 0, 24)], 0)
    expect(rulesOf({ limits: [slow], cells }).map(({ days, from, to }) => ({ days, from, to }))).toEqual([
      { days: ['fri'], from: '20:00', to: '00:00' },
      { days: ['sat'], from: '00:00', to: '00:00' },
    ])
  })

  it('leaves out limits that no hour is painted with', () => {
    expect(rulesOf({ limits: [slow, { up: 1_000_000, down: null }], cells: none })).toEqual([])
  })

  it('says with its rules what was painted, whatever was', () => {
    // Every third, fifth and seventh hour: times of one hour next to others, over midnights and the week's end.
    const limits = [slow, { up: null, down: 20_000 }, { up: 10_000, down: 10_000 }]
    const patterns = [3, 5, 7, 11].map((step) =>
      none.map((_, hour) => (hour % step === 0 ? null : Math.floor(hour / step) % limits.length)),
    )
    for (const cells of patterns) {
      const rules = rulesOf({ limits, cells })
      const back = gridOf(rules)
      const shown = back.cells.map((cell) => (cell === null ? null : back.limits[cell]))
      expect(shown).toEqual(cells.map((cell) => (cell === null ? null : limits[cell])))
      for (const rule of rules) expect(BandwidthRule.safeParse(rule).success).toBe(true)
    }
  })
})

describe('the hours in which something is sent', () => {
  it('are painted as they are set, and set as they are painted', () => {
    const nights = [{ days: ['mon', 'sun'] as Weekday[], from: '22:00', to: '02:00' }]
    const { cells } = gridOfTimes(nights)
    const painted = cells.flatMap((cell, hour) => (cell === null ? [] : hour))
    expect(painted).toEqual([
      ...hours('mon', 0, 2),
      ...hours('mon', 22, 24),
      ...hours('tue', 0, 2),
      ...hours('sun', 22, 24),
    ])
    const back = timesOf(cells)
    expect(gridOfTimes(back).cells).toEqual(cells)
    for (const times of back) expect(WeekTimes.parse(times)).toEqual(times)
    expect(timesOf(none)).toEqual([])
  })
})

describe('withoutLimits', () => {
  it('takes its hours away and leaves those of the others', () => {
    const grid = { limits: [slow, { up: 1_000_000, down: null }], cells: paintCells(paintCells(none, [5], 0), [6], 1) }
    const { limits, cells } = withoutLimits(grid, 0)
    expect([limits, cells[5], cells[6]]).toEqual([[{ up: 1_000_000, down: null }], null, 0])
  })
})
