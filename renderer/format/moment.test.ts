import { describe, expect, it } from 'vitest'
import { dayKey, formatDay, formatMonth } from './moment.ts'

const now = new Date(2026, 10, 29, 14, 5)

describe('formatDay', () => {
  it.each([
    [new Date(2026, 10, 29, 0, 1), 'Today'],
    [new Date(2026, 10, 28, 23, 59), 'Yesterday'],
    [new Date(2026, 10, 22), 'Sunday 22 November'],
    [new Date(2025, 11, 31), 'Wednesday 31 December 2025'],
  ])('names %s', (date, words) => {
    expect(formatDay(date, now)).toBe(words)
  })
})

describe('formatMonth', () => {
  it('names the month and its year', () => {
    expect([formatMonth('2026-09'), formatMonth('2027-01')]).toEqual(['September 2026', 'January 2027'])
  })
})

describe('dayKey', () => {
  it('is the local day', () => {
    expect(dayKey(new Date(2026, 0, 5, 23, 59))).toBe('2026-01-05')
  })
})
