import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { UnixMs } from '../../../shared/ids.ts'
import { UNLIMITED, type Bandwidth } from '../../../shared/model/bandwidth.ts'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import { openStateBench, type StateBench } from '../../../test/support/state-bench.ts'
import { BandwidthKeeper } from './bandwidth.ts'

const HOUR = 3_600_000
/** A Monday, 07:00 UTC. */
const START = Date.UTC(2026, 0, 5, 7)

const working: Bandwidth = {
  up: null,
  down: 4_000_000,
  rules: [{ days: ['mon'], from: '08:00', to: '18:00', up: 500_000, down: 1_000_000 }],
}

let bench: StateBench
let clock: FakeClock
let changes: number

beforeEach(() => {
  bench = openStateBench()
  clock = new FakeClock({ startMs: START })
  changes = 0
})

function open(thisRun: Partial<Bandwidth> = {}): BandwidthKeeper {
  const { settings, transaction } = bench.state
  const onChange = () => (changes += 1)
  const keeper = new BandwidthKeeper({ settings, transaction, clock, thisRun, localOffset: () => 0, onChange })
  keeper.start()
  onTestFinished(() => keeper.stop())
  return keeper
}

async function pass(ms: number): Promise<void> {
  await new Promise(setImmediate)
  clock.advance(ms)
  await new Promise(setImmediate)
}

const inForce = ({ throttle }: BandwidthKeeper) => [throttle.up.bytesPerSecond, throttle.down.bytesPerSecond]
const at = (hours: number) => (START + hours * HOUR) as UnixMs

describe('the limits of the line', () => {
  it('are none at first, and then need no clock', async () => {
    const keeper = open()
    expect([keeper.setting, keeper.now, inForce(keeper)]).toEqual([
      UNLIMITED,
      { up: null, down: null, until: null },
      [null, null],
    ])
    await pass(0)
    expect(clock.sleeps).toEqual([HOUR])
  })

  it('hold at once when they are set, also after a restart', () => {
    const keeper = open()
    keeper.set(working)
    expect(inForce(keeper)).toEqual([null, 4_000_000])
    expect(keeper.now).toEqual({ up: null, down: 4_000_000, until: at(1) })
    expect(changes).toBe(1)
    expect(open().setting).toEqual(working)
    expect(inForce(open())).toEqual([null, 4_000_000])
  })

  it('change when the schedule says so, to the moment', async () => {
    const keeper = open()
    keeper.set(working)
    for (let minute = 0; minute < 59; minute += 1) await pass(60_000)
    await pass(59_999)
    expect(inForce(keeper)).toEqual([null, 4_000_000])
    await pass(1)
    expect(inForce(keeper)).toEqual([500_000, 1_000_000])
    expect(keeper.now.until).toBe(at(11))
    expect(changes).toBe(2)
  })

  it('are looked at once a minute at least, whatever a clock was set to', async () => {
    const keeper = open()
    keeper.set(working)
    await pass(0)
    expect(Math.max(...clock.sleeps.slice(1))).toBe(60_000)
    // As if the machine had slept: the time is another one, and no timer has run.
    await pass(2 * HOUR)
    expect(inForce(keeper)).toEqual([500_000, 1_000_000])
    clock.advance(-2 * HOUR)
    keeper.lookAgain()
    expect(inForce(keeper)).toEqual([null, 4_000_000])
  })

  it('of this run count instead of what is set, each direction by itself', async () => {
    const keeper = open({ up: 2_000_000 })
    keeper.set(working)
    expect(inForce(keeper)).toEqual([2_000_000, 4_000_000])
    await pass(2 * HOUR)
    expect(inForce(keeper)).toEqual([2_000_000, 1_000_000])
    expect(bench.state.settings.bandwidth()).toEqual(working)
    const both = open({ up: null, down: null })
    expect(both.now).toEqual({ up: null, down: null, until: null })
  })

  it('of this run may have a schedule of their own', async () => {
    const rules: Bandwidth['rules'] = [{ days: ['mon'], from: '09:00', to: '10:00', up: 200_000, down: 200_000 }]
    const keeper = open({ up: null, rules })
    keeper.set(working)
    await pass(1.5 * HOUR)
    expect(inForce(keeper)).toEqual([null, 4_000_000])
    await pass(0.5 * HOUR)
    expect(inForce(keeper)).toEqual([200_000, 200_000])
    expect(bench.state.settings.bandwidth()).toEqual(working)
  })

  it('are none when what is on disk is of another version', () => {
    bench.state.settings.setBandwidth({ ...working, rules: [{ soon: true }] } as unknown as Bandwidth)
    expect(open().setting).toEqual(UNLIMITED)
  })
})
