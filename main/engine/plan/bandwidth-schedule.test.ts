/**
 * In fixed time zones, whatever this machine's is. Random schedules are compared with a walk from minute to minute; a
 * failure names its seed, `PAIL_TEST_SEED=N` plays it again.
 */
import { describe, expect, it } from 'vitest'
import type { UnixMs } from '../../../shared/ids.ts'
import { Bandwidth, type BandwidthRule } from '../../../shared/model/bandwidth.ts'
import { Weekday } from '../../../shared/model/week-times.ts'
import { seededRandom } from '../../../test/b2-emulator/random.ts'
import { zone } from '../../../test/support/time-zone.ts'
import { bandwidthAt } from './bandwidth-schedule.ts'

const seed = Number(process.env['PAIL_TEST_SEED'] ?? Date.now() % 2 ** 31)
const MINUTE = 60_000

const utc = zone('UTC')
const berlin = zone('Europe/Berlin')
const working: Bandwidth = {
  up: null,
  down: null,
  rules: [
    { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', to: '18:00', up: 500_000, down: 2_000_000 },
    { days: ['fri', 'sat'], from: '22:00', to: '06:00', up: 8_000_000, down: null },
  ],
}

const at = (iso: string) => Date.parse(iso) as UnixMs
const show = (bandwidth: Bandwidth, iso: string, offsetAt = utc) => {
  const { up, down, until } = bandwidthAt(bandwidth, at(iso), offsetAt)
  return [up, down, until === null ? null : new Date(until).toISOString().slice(0, 16)]
}

describe('bandwidthAt', () => {
  // 2026-01-05 is a Monday.
  it.each([
    ['2026-01-05T07:59:59.999Z', null, null, '2026-01-05T08:00'],
    ['2026-01-05T08:00:00Z', 500_000, 2_000_000, '2026-01-05T18:00'],
    ['2026-01-05T17:59:59.999Z', 500_000, 2_000_000, '2026-01-05T18:00'],
    ['2026-01-05T18:00:00Z', null, null, '2026-01-06T08:00'],
    ['2026-01-09T19:00:00Z', null, null, '2026-01-09T22:00'],
    ['2026-01-09T23:59:00Z', 8_000_000, null, '2026-01-10T06:00'],
    ['2026-01-10T00:00:00Z', 8_000_000, null, '2026-01-10T06:00'],
    ['2026-01-10T06:00:00Z', null, null, '2026-01-10T22:00'],
    ['2026-01-11T05:59:00Z', 8_000_000, null, '2026-01-11T06:00'],
    ['2026-01-11T23:00:00Z', null, null, '2026-01-12T08:00'],
  ])('at %s it is %s up and %s down until %s', (iso, up, down, until) => {
    expect(show(working, iso)).toEqual([up, down, until])
  })

  it('does not depend on the time without rules, or with one that changes nothing', () => {
    expect(show({ up: 1e6, down: null, rules: [] }, '2026-01-05T12:00Z')).toEqual([1e6, null, null])
    const same: BandwidthRule = { days: ['mon'], from: '08:00', to: '18:00', up: 1e6, down: null }
    expect(show({ up: 1e6, down: null, rules: [same] }, '2026-01-05T12:00Z')).toEqual([1e6, null, null])
  })

  it('lets the first of several rules count, and passes over changes that make no difference', () => {
    const day = { days: ['mon', 'tue'] as Weekday[], down: null }
    const rules: BandwidthRule[] = [
      { ...day, from: '12:00', to: '13:00', up: 3e6 },
      { ...day, from: '08:00', to: '18:00', up: 1e6 },
      { ...day, from: '18:00', to: '20:00', up: 1e6 },
    ]
    const lunch: Bandwidth = { up: null, down: null, rules }
    expect(show(lunch, '2026-01-05T12:30Z')).toEqual([3e6, null, '2026-01-05T13:00'])
    expect(show(lunch, '2026-01-05T14:00Z')).toEqual([1e6, null, '2026-01-05T20:00'])
  })

  it('takes a rule that ends when it begins for 24 hours, from its day into the next', () => {
    const rules: BandwidthRule[] = [{ days: ['wed'], from: '09:30', to: '09:30', up: 1e6, down: null }]
    const wednesday: Bandwidth = { up: null, down: null, rules }
    expect(show(wednesday, '2026-01-07T09:29Z')).toEqual([null, null, '2026-01-07T09:30'])
    expect(show(wednesday, '2026-01-07T09:30Z')).toEqual([1e6, null, '2026-01-08T09:30'])
    expect(show(wednesday, '2026-01-08T09:30Z')).toEqual([null, null, '2026-01-14T09:30'])
  })

  it('goes by local time, in summer and in winter', () => {
    expect(show(working, '2026-01-05T07:00Z', berlin)).toEqual([500_000, 2_000_000, '2026-01-05T17:00'])
    expect(show(working, '2026-07-06T06:00Z', berlin)).toEqual([500_000, 2_000_000, '2026-07-06T16:00'])
    expect(show(working, '2026-07-06T02:29Z', zone('Asia/Kolkata'))).toEqual([null, null, '2026-07-06T02:30'])
    expect(show(working, '2026-01-04T18:59Z', zone('Pacific/Auckland'))).toEqual([null, null, '2026-01-04T19:00'])
  })

  it('begins after the change of clocks with what is skipped: at the moment at which they are changed', () => {
    // 2026-03-29 in Berlin: 02:00 is 03:00.
    const rules: BandwidthRule[] = [{ days: ['sun'], from: '02:30', to: '05:00', up: 1e6, down: null }]
    const night: Bandwidth = { up: null, down: null, rules }
    expect(show(night, '2026-03-29T00:59Z', berlin)).toEqual([null, null, '2026-03-29T01:00'])
    expect(show(night, '2026-03-29T01:00Z', berlin)).toEqual([1e6, null, '2026-03-29T03:00'])
    const skipped = { ...night, rules: rules.map((rule) => ({ ...rule, to: '02:45' })) }
    expect(show(skipped, '2026-03-28T12:00Z', berlin)).toEqual([null, null, '2026-04-05T00:30'])
  })

  it('goes by the clock on the wall when an hour comes twice', () => {
    // 2026-10-25 in Berlin: 03:00 is 02:00 once more, at 01:00 UTC.
    const rules: BandwidthRule[] = [{ days: ['sun'], from: '02:30', to: '05:00', up: 1e6, down: null }]
    const night: Bandwidth = { up: null, down: null, rules }
    expect(show(night, '2026-10-25T00:15Z', berlin)).toEqual([null, null, '2026-10-25T00:30'])
    expect(show(night, '2026-10-25T00:30Z', berlin)).toEqual([1e6, null, '2026-10-25T01:00'])
    expect(show(night, '2026-10-25T01:00Z', berlin)).toEqual([null, null, '2026-10-25T01:30'])
    expect(show(night, '2026-10-25T01:30Z', berlin)).toEqual([1e6, null, '2026-10-25T04:00'])
  })

  it.each(['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia'])(
    `says the same as a walk from minute to minute in %s, seed ${seed}`,
    (timeZone) => {
      const offsetAt = zone(timeZone)
      const random = seededRandom(seed)
      const below = (limit: number) => Math.floor(random() * limit)
      const time = () => `${String(below(24)).padStart(2, '0')}:${String(below(60)).padStart(2, '0')}`
      const limit = () => [null, 100_000, 200_000][below(3)] ?? null
      const rule = (): BandwidthRule => ({
        days: Weekday.options.filter((_, index) => index === below(7) || random() < 0.4),
        from: time(),
        to: time(),
        up: limit(),
        down: limit(),
      })
      // Around both changes of clocks, and at any time.
      const starts = ['2026-03-26T00:00Z', '2026-10-22T00:00Z', '2026-04-02T00:00Z', '2026-06-01T00:00Z']
      for (let round = 0; round < 40; round += 1) {
        const rules = Array.from({ length: 1 + below(4) }, rule)
        const bandwidth: Bandwidth = { up: limit(), down: null, rules }
        const start = (at(starts[round % starts.length] ?? '') + below(5 * 1440) * MINUTE) as UnixMs
        const { until, ...now } = bandwidthAt(bandwidth, start, offsetAt)
        const next = until ?? start + 7 * 1440 * MINUTE
        for (let moment = start; moment < next; moment = (moment + 7 * MINUTE) as UnixMs) {
          expect(bandwidthAt(bandwidth, moment, offsetAt)).toEqual({ ...now, until })
        }
        if (until === null) continue
        expect(bandwidthAt(bandwidth, (until - 1) as UnixMs, offsetAt)).toEqual({ ...now, until })
        expect(bandwidthAt(bandwidth, until, offsetAt)).not.toMatchObject(now)
      }
    },
  )
})

describe('a schedule', () => {
  it.each([
    { rules: [{ days: [], from: '08:00', to: '18:00', up: null, down: null }] },
    { rules: [{ days: ['mon'], from: '8:00', to: '18:00', up: null, down: null }] },
    { rules: [{ days: ['mon'], from: '08:00', to: '24:00', up: null, down: null }] },
    { rules: [{ days: ['mon'], from: '08:00', to: '12:60', up: null, down: null }] },
    { rules: [], up: 9_999 },
    { rules: [], up: 20_000.5 },
  ])('is refused when it cannot be meant: %j', (more) => {
    expect(Bandwidth.safeParse({ up: null, down: null, ...more }).success).toBe(false)
  })
})
