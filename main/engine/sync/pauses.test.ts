import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { EngineError } from '../../../shared/errors.ts'
import type { FolderId, UnixMs } from '../../../shared/ids.ts'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import { openStateBench, type StateBench } from '../../../test/support/state-bench.ts'
import type { State } from '../state/state.ts'
import { Pauses } from './pauses.ts'

let bench: StateBench
let clock: FakeClock
let one: FolderId
let two: FolderId
let resumed: number

beforeEach(() => {
  bench = openStateBench()
  clock = new FakeClock()
  one = bench.addFolder().folderId
  two = bench.addFolder('/two', 'two/').folderId
  resumed = 0
})

function open(state: State = bench.state): Pauses {
  const pauses = new Pauses({ state, clock, onResumed: () => (resumed += 1) })
  pauses.start()
  onTestFinished(() => pauses.stop())
  return pauses
}
const inMs = (ms: number) => ({ until: (clock.now() + ms) as UnixMs })
const forGood = { until: null }
/** Lets time pass, and what waits for it run. */
async function pass(ms: number): Promise<void> {
  await new Promise(setImmediate)
  clock.advance(ms)
  await new Promise(setImmediate)
}

describe('a pause', () => {
  it('concerns what it is set for, and ends when it is taken back', () => {
    const pauses = open()
    expect([pauses.all, pauses.folders.size]).toEqual([null, 0])
    pauses.set(one, forGood)
    expect([pauses.all, [...pauses.folders]]).toEqual([null, [[one, forGood]]])
    pauses.set(null, forGood)
    expect(pauses.all).toEqual(forGood)
    pauses.set(one, null)
    pauses.set(null, null)
    expect([pauses.all, pauses.folders.size]).toEqual([null, 0])
  })

  it('ends by itself in time, to the millisecond, and says so once', async () => {
    const pauses = open()
    pauses.set(one, inMs(5000))
    pauses.set(two, forGood)
    await pass(4999)
    expect([[...pauses.folders.keys()], resumed]).toEqual([[one, two], 0])
    await pass(1)
    expect([[...pauses.folders.keys()], resumed]).toEqual([[two], 1])
    pauses.set(null, inMs(1000))
    await pass(1000)
    expect([pauses.all, resumed]).toEqual([null, 2])
    await pass(1e9)
    expect([[...pauses.folders.keys()], resumed]).toEqual([[two], 2])
  })

  it.each<[string, number]>([
    ['longer', 8000],
    ['shorter', 1000],
  ])('that is made %s ends then', async (_, ms) => {
    const pauses = open()
    pauses.set(null, inMs(5000))
    await pass(0)
    pauses.set(null, inMs(ms))
    await pass(ms - 1)
    expect(pauses.all).not.toBeNull()
    await pass(1)
    expect(pauses.all).toBeNull()
  })

  it('of several that end at different times ends each in its own', async () => {
    const pauses = open()
    pauses.set(one, inMs(2000))
    pauses.set(null, inMs(1000))
    await pass(1000)
    expect([pauses.all, [...pauses.folders.keys()]]).toEqual([null, [one]])
    await pass(1000)
    expect(pauses.folders.size).toBe(0)
  })

  it('outlives a restart, and ends in the next run when its time is over', async () => {
    const pauses = open()
    pauses.set(null, inMs(5000))
    pauses.set(one, forGood)
    await pauses.stop()
    const again = open(bench.reopen())
    expect([again.all, [...again.folders]]).toEqual([inMs(5000), [[one, forGood]]])
    await again.stop()
    clock.advance(10_000)
    const late = open(bench.reopen())
    await pass(0)
    expect([late.all, [...late.folders.keys()], resumed]).toEqual([null, [one], 1])
    expect(bench.state.settings.pause()).toBeNull()
  })

  it('is forgotten with its folder', async () => {
    const pauses = open()
    pauses.set(one, inMs(1000))
    pauses.forget(one)
    expect(pauses.folders.size).toBe(0)
    await pass(1000)
    expect(resumed).toBe(0)
  })

  it('that cannot be recorded is not in force, and one that ends on a full disk is over all the same', async () => {
    let isFull = false
    const transaction: State['transaction'] = (step) => {
      if (isFull) throw new EngineError('disk_full', 'full')
      return bench.state.transaction(step)
    }
    const pauses = open({ ...bench.state, transaction })
    pauses.set(one, inMs(1000))
    pauses.set(null, inMs(1000))
    isFull = true
    expect(() => pauses.set(two, forGood)).toThrow(expect.objectContaining({ code: 'disk_full' }))
    expect([...pauses.folders.keys()]).toEqual([one])
    await pass(1000)
    expect([pauses.all, pauses.folders.size, resumed]).toEqual([null, 0, 1])
  })
})
