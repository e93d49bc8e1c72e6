/** A failure names its seed, `PAIL_TEST_SEED=N` plays it again. */
import { describe, expect, it } from 'vitest'
import type { UnixMs } from '../../../shared/ids.ts'
import { Weekday, type WeekTimes } from '../../../shared/model/week-times.ts'
import { seededRandom } from '../../../test/b2-emulator/random.ts'
import { zone } from '../../../test/support/time-zone.ts'
import { sendingAt } from './sending-hours.ts'

const seed = Number(process.env['PAIL_TEST_SEED'] ?? Date.now() % 2 ** 31)
const MINUTE = 60_000
const berlin = zone('Europe/Berlin')
const at = (iso: string) => Date.parse(iso) as UnixMs
const show = (times: readonly WeekTimes[], iso: string, offsetAt = berlin) => {
  const { isOpen, until } = sendingAt(times, at(iso), offsetAt)
  return [isOpen, until === null ? null : new Date(until).toISOString().slice(0, 16)]
}
const everyNight: readonly WeekTimes[] = [{ days: [...Weekday.options], from: '22:00', to: '06:00' }]

describe('sendingAt', () => {
  it('is open always without any times, and with times that are all of the week', () => {
    expect(show([], '2026-01-05T12:00Z')).toEqual([true, null])
    const always: WeekTimes = { days: [...Weekday.options], from: '00:00', to: '00:00' }
    expect(show([always], '2026-01-05T12:00Z')).toEqual([true, null])
  })

  it.each([
    ['2026-01-05T20:59:59.999Z', false, '2026-01-05T21:00'],
    ['2026-01-05T21:00Z', true, '2026-01-06T05:00'],
    ['2026-01-06T04:59:59.999Z', true, '2026-01-06T05:00'],
    ['2026-01-06T05:00Z', false, '2026-01-06T21:00'],
    ['2026-07-06T19:59Z', false, '2026-07-06T20:00'],
  ])('opens and closes by the clock on the wall: at %s', (iso, isOpen, until) => {
    expect(show(everyNight, iso)).toEqual([isOpen, until])
  })

  it('is one stretch where times touch or overlap', () => {
    const times: WeekTimes[] = [
      { days: ['mon'], from: '08:00', to: '12:00' },
      { days: ['mon'], from: '12:00', to: '14:00' },
      { days: ['mon'], from: '13:00', to: '15:00' },
    ]
    expect(show(times, '2026-01-05T09:00Z')).toEqual([true, '2026-01-05T14:00'])
  })

  it('lasts an hour less, or longer, in nights in which clocks are changed', () => {
    // Until 06:00 in both, which is 04:00 UTC in summer and 05:00 in winter.
    expect(show(everyNight, '2026-03-28T21:00Z')).toEqual([true, '2026-03-29T04:00'])
    expect(show(everyNight, '2026-10-24T20:00Z')).toEqual([true, '2026-10-25T05:00'])
  })

  it('passes over times that clocks skip, and has those twice that come twice', () => {
    const times: WeekTimes[] = [{ days: ['sun'], from: '02:15', to: '02:45' }]
    expect(show(times, '2026-03-29T00:00Z')).toEqual([false, '2026-04-05T00:15'])
    expect(show(times, '2026-10-25T00:20Z')).toEqual([true, '2026-10-25T00:45'])
    expect(show(times, '2026-10-25T00:50Z')).toEqual([false, '2026-10-25T01:15'])
  })

  it.each(['UTC', 'Europe/Berlin', 'Australia/Lord_Howe'])(
    `says the same as a walk from minute to minute in %s, seed ${seed}`,
    (timeZone) => {
      const offsetAt = zone(timeZone)
      const random = seededRandom(seed)
      const below = (limit: number) => Math.floor(random() * limit)
      const time = () => `${String(below(24)).padStart(2, '0')}:${String(below(60)).padStart(2, '0')}`
      const times = (): WeekTimes => ({
        days: Weekday.options
          .filter((_, index) => index === below(7) || random() < 0.4)
          .concat('wed')
          .slice(0, 7),
        from: time(),
        to: time(),
      })
      const starts = ['2026-03-26T00:00Z', '2026-10-22T00:00Z', '2026-06-01T00:00Z']
      for (let round = 0; round < 30; round += 1) {
        const some = Array.from({ length: 1 + below(3) }, times)
        const start = (at(starts[round % starts.length] ?? '') + below(5 * 1440) * MINUTE) as UnixMs
        const { isOpen, until } = sendingAt(some, start, offsetAt)
        const next = until ?? start + 14 * 1440 * MINUTE
        for (let moment = start; moment < next; moment = (moment + 7 * MINUTE) as UnixMs) {
          expect(sendingAt(some, moment, offsetAt)).toEqual({ isOpen, until })
        }
        if (until !== null) expect(sendingAt(some, until, offsetAt).isOpen).toBe(!isOpen)
      }
    },
  )
})
