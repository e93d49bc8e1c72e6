import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { FolderId, UnixMs } from '../../../shared/ids.ts'
import type { WeekTimes } from '../../../shared/model/week-times.ts'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import { openStateBench, type StateBench } from '../../../test/support/state-bench.ts'
import { SendingHours } from './sending-hours.ts'

const HOUR = 3_600_000
/** A Monday, 07:00 UTC. */
const START = Date.UTC(2026, 0, 5, 7)
const working: WeekTimes = { days: ['mon', 'tue'], from: '08:00', to: '18:00' }

let bench: StateBench
let clock: FakeClock
/** By how much the clock on the wall was set. */
let setMs: number
let always: FolderId
let one: FolderId
let told: string[]

beforeEach(() => {
  bench = openStateBench()
  clock = new FakeClock({ startMs: START })
  always = bench.addFolder('/always').folderId
  one = bench.addFolder('/one', 'one/', { sendingTimes: [working] }).folderId
  told = []
  setMs = 0
})

function open(): SendingHours {
  const hours = new SendingHours({
    clock: {
      now: () => (clock.now() + setMs) as UnixMs,
      uptime: () => clock.uptime(),
      sleep: (waitMs, signal) => clock.sleep(waitMs, signal),
    },
    localOffset: () => 0,
    folders: () => bench.state.folders.list(),
    onClosed: (folderId) => told.push(`closed ${folderId}`),
    onOpened: () => told.push('opened'),
  })
  hours.start()
  onTestFinished(() => hours.stop())
  return hours
}
async function pass(ms: number): Promise<void> {
  await new Promise(setImmediate)
  clock.advance(ms)
  await new Promise(setImmediate)
}
const at = (hours: number) => (START + hours * HOUR) as UnixMs

describe('the hours in which a folder sends', () => {
  it('close and open it to the moment, and no other folder', async () => {
    const hours = open()
    expect([...hours.closed]).toEqual([[one, at(1)]])
    await pass(HOUR - 1)
    expect(hours.closed.has(one)).toBe(true)
    await pass(1)
    expect([hours.closed.size, told]).toEqual([0, [`closed ${one}`, 'opened']])
    await pass(10 * HOUR - 1)
    expect(hours.closed.size).toBe(0)
    await pass(1)
    expect([...hours.closed]).toEqual([[one, at(25)]])
    expect(told).toEqual([`closed ${one}`, 'opened', `closed ${one}`])
    expect(hours.closed.has(always)).toBe(false)
  })

  it('count at once when they are changed', () => {
    const hours = open()
    const set = (sendingTimes: WeekTimes[]) => {
      const folder = bench.state.folders.find(one)
      if (folder === undefined) throw new Error('there is one')
      bench.state.transaction(() => bench.state.folders.setSettings(one, { ...folder.settings, sendingTimes }))
      hours.lookAgain()
    }
    set([])
    expect([hours.closed.size, told.at(-1)]).toEqual([0, 'opened'])
    set([{ ...working, from: '09:00' }])
    expect([...hours.closed]).toEqual([[one, at(2)]])
    set([{ ...working, from: '10:00' }])
    expect([...hours.closed]).toEqual([[one, at(3)]])
    expect(told).toEqual([`closed ${one}`, 'opened', `closed ${one}`])
  })

  it('are noticed within a minute where the clock was set, ahead or back', async () => {
    const hours = open()
    setMs = 2 * HOUR
    await pass(60_000)
    expect(hours.closed.size).toBe(0)
    setMs = 0
    await pass(60_000)
    expect([...hours.closed]).toEqual([[one, at(1)]])
  })

  it('need no clock where no folder has any', async () => {
    bench.state.transaction(() => {
      bench.state.folders.remove(one)
    })
    open()
    await pass(0)
    expect(clock.sleeps).toEqual([HOUR])
  })
})
