import { describe, expect, it } from 'vitest'
import type { FolderId } from '../../../shared/ids.ts'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import { Holds } from './holds.ts'

const one = 1 as FolderId
const two = 2 as FolderId

describe('Holds', () => {
  it('keeps the time since when, through every failure of the same kind, and waits longer each time', () => {
    const clock = new FakeClock()
    const holds = new Holds(clock)
    const start = clock.now()
    const waits: number[] = []
    for (let i = 0; i < 4; i += 1) {
      holds.holdAll('network_unreachable', {})
      waits.push((holds.all?.until ?? 0) - clock.now())
      clock.advance(waits.at(-1) ?? 0)
    }
    expect(waits).toEqual([2000, 4000, 8000, 16_000])
    expect(holds.all?.since).toBe(start)
  })

  it('counts failures that are reported side by side once', () => {
    const holds = new Holds(new FakeClock())
    for (let i = 0; i < 8; i += 1) holds.holdAll('network_unreachable', {})
    expect(holds.all?.failures).toBe(0)
  })

  it('takes over another reason at once', () => {
    const holds = new Holds(new FakeClock())
    holds.holdAll('network_unreachable', {})
    holds.holdAll('key_rejected', { a: 1 })
    expect(holds.all).toMatchObject({ code: 'key_rejected', details: { a: 1 }, failures: 0 })
  })

  it('keeps folders apart, and a success ends the hold of its own folder', () => {
    const clock = new FakeClock()
    const holds = new Holds(clock)
    holds.holdFolder(one, 'bucket_missing', {})
    holds.holdFolder(two, 'capability_missing', {})
    holds.clearAfterSuccess(one, clock.now())
    expect([...holds.folders.keys()]).toEqual([two])
    holds.forgetFolder(two)
    expect(holds.folders.size).toBe(0)
  })

  it('knows when the next hold is tried, and none when all have had their time', () => {
    const clock = new FakeClock()
    const holds = new Holds(clock)
    expect(holds.nextTime(clock.now())).toBeNull()
    holds.holdFolder(one, 'bucket_missing', {})
    holds.holdAll('network_unreachable', {})
    expect((holds.nextTime(clock.now()) ?? 0) - clock.now()).toBe(2000)
    clock.advance(3_600_000)
    expect(holds.nextTime(clock.now())).toBeNull()
    holds.clearAll()
    expect([holds.all, holds.folders.size]).toEqual([null, 1])
  })

  it('is not ended by what was begun before it', () => {
    const clock = new FakeClock()
    const holds = new Holds(clock)
    const startedAt = clock.now()
    clock.advance(10)
    holds.holdAll('storage_cap_exceeded', {})
    holds.clearAfterSuccess(one, startedAt)
    expect(holds.all?.code).toBe('storage_cap_exceeded')
  })

  it('can be hurried, and is due as well when the clock was set back', () => {
    const clock = new FakeClock()
    const holds = new Holds(clock)
    const isDue = () => holds.all !== null && holds.isDue(holds.all)
    holds.holdAll('key_rejected', {})
    expect(isDue()).toBe(false)
    holds.hurry()
    expect([isDue(), holds.all?.code]).toEqual([true, 'key_rejected'])
    const ahead = new FakeClock({ startMs: clock.now() + 86_400_000 })
    const late = new Holds(ahead)
    late.holdAll('key_rejected', {})
    const [hold] = [late.all]
    expect(hold !== null && holds.isDue(hold)).toBe(true)
  })
})
