import { afterEach, describe, expect, it } from 'vitest'
import { setLanguage } from '../language.ts'
import { formatBytes, formatRate } from './bytes.ts'
import { formatFiles } from './count.ts'
import { formatAgo, formatDuration } from './duration.ts'
import { daysBetween, formatMoment, formatUntil } from './moment.ts'
import { formatUsd } from './money.ts'

afterEach(() => {
  setLanguage('en')
})

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [1, '1 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [1049, '1 kB'],
    [1050, '1.1 kB'],
    [1500, '1.5 kB'],
    [99_949, '99.9 kB'],
    [123_456, '123 kB'],
    [999_499, '999 kB'],
    [999_950, '1 MB'],
    [3_000_000_000, '3 GB'],
    [5e12, '5 TB'],
    [1e18, '1,000 PB'],
    [-5, '0 B'],
  ])('writes %d as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text)
  })

  it('never shows four digits before a unit that has a larger one', () => {
    for (let exponent = 3; exponent < 15; exponent += 1) {
      for (const share of [0.9994, 0.9995, 0.9996, 0.99994, 0.99995, 0.99996, 1]) {
        expect(formatBytes(10 ** exponent * share)).not.toMatch(/\d,\d|\d{4}/)
      }
    }
  })

  it('writes numbers as the language has them', () => {
    expect(formatRate(18_000_000)).toBe('18 MB/s')
    setLanguage('de')
    expect(formatBytes(1500)).toBe('1,5 kB')
  })
})

describe('formatFiles', () => {
  it.each([
    [0, '0 files'],
    [1, '1 file'],
    [12_431, '12,431 files'],
  ])('writes %d as %s', (count, text) => {
    expect(formatFiles(count)).toBe(text)
  })
})

describe('formatDuration', () => {
  it.each([
    [0, '0 s'],
    [0.2, '1 s'],
    [59, '59 s'],
    [59.5, '1 min'],
    [61, '2 min'],
    [3600, '1 h'],
    [3601, '2 h'],
    [86_400, '1 day'],
    [86_401, '2 days'],
    [-3, '0 s'],
  ])('writes %d seconds as %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text)
  })

  it.each([
    [3541, '1 h'],
    [82_801, '1 day'],
  ])('does not write %d seconds with sixty of a unit', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text)
  })
})

describe('formatAgo', () => {
  const now = 1e12
  it.each([
    [-5, 'just now'],
    [0, 'just now'],
    [9, 'just now'],
    [10, '10 s ago'],
    [59, '59 s ago'],
    [60, '1 min ago'],
    [3599, '59 min ago'],
    [3600, '1 h ago'],
    [86_399, '23 h ago'],
    [86_400, 'yesterday'],
    [172_800, '2 days ago'],
  ])('writes %d seconds before as %s', (seconds, text) => {
    expect(formatAgo(now - seconds * 1000, now)).toBe(text)
  })
})

describe('formatUsd', () => {
  it.each([
    [0, '$0.00'],
    [0.0001, '$0.01'],
    [0.02, '$0.02'],
    [0.0201, '$0.03'],
    [0.07 * 3, '$0.21'],
    [1204.5, '$1,204.50'],
    [-1, '$0.00'],
  ])('writes %d as %s, never less than it is', (usd, text) => {
    expect(formatUsd(usd)).toBe(text)
  })
})

describe('formatMoment', () => {
  it('says weekday, day, month and time', () => {
    expect(formatMoment(new Date(2026, 10, 30, 9, 0))).toBe('Mon 30 Nov, 09:00')
  })
})

describe('formatUntil', () => {
  const now = new Date(2026, 10, 29, 14, 5).getTime()
  it.each([
    [new Date(2026, 10, 29, 14, 30), '14:30'],
    [new Date(2026, 10, 29, 23, 59), '23:59'],
    [new Date(2026, 10, 30, 0, 0), 'tomorrow, 00:00'],
    [new Date(2026, 10, 30, 8, 0), 'tomorrow, 08:00'],
    [new Date(2026, 11, 1, 8, 0), 'Tue 1 Dec, 08:00'],
    [new Date(2026, 10, 28, 8, 0), 'Sat 28 Nov, 08:00'],
  ])('says %s with the day where it is not today', (at, text) => {
    expect(formatUntil(at.getTime(), now)).toBe(text)
  })
})

describe('daysBetween', () => {
  it.each([
    [new Date(2026, 2, 28, 23, 59), new Date(2026, 2, 29, 0, 1), 1],
    [new Date(2026, 2, 28), new Date(2026, 2, 30), 2],
    [new Date(2026, 9, 24), new Date(2026, 9, 26), 2],
    [new Date(2026, 9, 26), new Date(2026, 9, 24), -2],
    [new Date(2026, 9, 26, 0, 0), new Date(2026, 9, 26, 23, 59), 0],
  ])('counts the midnights from %s to %s, also where the clocks change', (from, to, days) => {
    expect(daysBetween(from, to)).toBe(days)
  })
})

describe('German', () => {
  const now = new Date(2026, 10, 29, 14, 5).getTime()

  it.each([
    ['an amount', () => formatBytes(3_100_000_000), '3,1 GB'],
    ['a number of files', () => formatFiles(1204), '1.204 Dateien'],
    ['a single file', () => formatFiles(1), '1 Datei'],
    ['seconds', () => formatDuration(20), '20 Sek.'],
    ['minutes', () => formatDuration(180), '3 Min.'],
    ['hours', () => formatDuration(7200), '2 Std.'],
    ['a day', () => formatDuration(86_400), '1 Tag'],
    ['days', () => formatDuration(4 * 86_400), '4 Tage'],
    ['just now', () => formatAgo(now, now), 'gerade eben'],
    ['seconds ago', () => formatAgo(now - 20_000, now), 'vor 20 Sek.'],
    ['minutes ago', () => formatAgo(now - 120_000, now), 'vor 2 Min.'],
    ['yesterday', () => formatAgo(now - 86_400_000, now), 'gestern'],
    ['days ago', () => formatAgo(now - 3 * 86_400_000, now), 'vor 3 Tagen'],
    ['a moment', () => formatMoment(new Date(2026, 10, 30, 9, 0)), 'Mo, 30. Nov., 09:00'],
    ['a time today', () => formatUntil(new Date(2026, 10, 29, 14, 30).getTime(), now), '14:30'],
    ['a time tomorrow', () => formatUntil(new Date(2026, 10, 30, 8, 0).getTime(), now), 'morgen, 08:00'],
  ])('writes %s as it is written there', (_, write, text) => {
    setLanguage('de')
    expect(write()).toBe(text)
  })
})
