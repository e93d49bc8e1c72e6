import { describe, expect, it } from 'vitest'
import { formatUntil } from '../format/moment.ts'
import { pauseChoices, pauseEnd } from './pause-text.ts'

const now = new Date(2026, 10, 22, 14, 5).getTime()

describe('pauseEnd', () => {
  it.each([
    ['half-an-hour', '14:35'],
    ['two-hours', '16:05'],
    ['tomorrow', 'tomorrow, 08:00'],
  ] as const)('ends %s at %s', (choice, until) => {
    const end = pauseEnd(choice, now)
    expect(end !== null && formatUntil(end, now)).toBe(until)
  })

  it('never ends by itself until somebody resumes', () => {
    expect(pauseEnd('open', now)).toBeNull()
  })

  it('means the next morning also where the clocks change in the night', () => {
    const eve = new Date(2026, 2, 28, 23, 0)
    expect(new Date(pauseEnd('tomorrow', eve.getTime()) ?? 0)).toEqual(new Date(2026, 2, 29, 8, 0))
  })
})

describe('pauseChoices', () => {
  it('offers every choice once, the shortest first', () => {
    const ends = pauseChoices().map(({ choice }) => pauseEnd(choice, now) ?? Infinity)
    expect(ends).toEqual(ends.toSorted((a, b) => a - b))
    expect(new Set(pauseChoices().map(({ choice }) => choice)).size).toBe(4)
  })
})
