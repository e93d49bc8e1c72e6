/** The hours a person paints, as the engine keeps to them. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bandwidthAt } from '../../main/engine/plan/bandwidth-schedule.ts'
import { gridOf, rulesOf } from '../../renderer/views/settings/week-grid.ts'
import { UnixMs } from '../../shared/ids.ts'
import type { BandwidthRule } from '../../shared/model/bandwidth.ts'
import { Weekday } from '../../shared/model/week-times.ts'

const limits = [
  { up: 500_000, down: null },
  { up: null, down: 20_000 },
]
const usual = { up: 9_000_000, down: 9_000_000 }
const HOUR = 3_600_000
/** A Monday, at midnight of a clock that shows UTC. */
const monday = Date.UTC(2026, 10, 23)

/** The limits that the engine keeps to in the middle of each hour of a week. */
function keptTo(rules: readonly BandwidthRule[]): readonly unknown[] {
  return Array.from({ length: 168 }, (_, hour) => {
    const at = UnixMs.parse(monday + hour * HOUR + HOUR / 2)
    const { up, down } = bandwidthAt({ ...usual, rules: [...rules] }, at, () => 0)
    return { up, down }
  })
}

describe('painted hours', () => {
  it('are the hours in which the engine keeps to their limits', () => {
    const cells = fc.array(fc.constantFrom(null, 0, 1), { minLength: 168, maxLength: 168 })
    fc.assert(
      fc.property(cells, (painted) => {
        const wanted = painted.map((cell) => (cell === null ? usual : limits[cell]))
        expect(keptTo(rulesOf({ limits, cells: painted }))).toEqual(wanted)
      }),
      { numRuns: 20 },
    )
  })

  it('show of any rules what the engine makes of them', () => {
    const time = fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom('00', '15', '40'))
      .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${minute}`)
    const days = fc.uniqueArray(fc.constantFrom(...Weekday.options), { minLength: 1 })
    const rule = fc
      .record({ days, from: time, to: time, index: fc.nat({ max: 1 }) })
      .map(({ index, ...rest }): BandwidthRule => ({ ...(limits[index] ?? usual), ...rest }))
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 5 }), (rules) => {
        const grid = gridOf(rules)
        const shown = grid.cells.map((cell) => (cell === null ? usual : grid.limits[cell]))
        expect(keptTo(rules)).toEqual(shown)
      }),
      { numRuns: 50 },
    )
  })
})
