import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import { throttle } from './throttle.ts'

const settled = () => new Promise(setImmediate)

describe('throttle', () => {
  it('folds calls, loses none, and keeps its distance', async () => {
    const clock = new FakeClock()
    let runs = 0
    const { call } = throttle(clock, 200, () => {
      runs += 1
    })
    call()
    call()
    clock.advance(200)
    await settled()
    expect(runs).toBe(1)
    call()
    clock.advance(199)
    await settled()
    expect(runs).toBe(1)
    clock.advance(1)
    await settled()
    expect(runs).toBe(2)
  })

  it('waits no longer than that when the clock was set back', async () => {
    const clock = new FakeClock()
    let runs = 0
    const { call } = throttle(clock, 200, () => {
      runs += 1
    })
    call()
    clock.advance(200)
    await settled()
    clock.advance(-864_000_000)
    call()
    expect(clock.sleeps.at(-1)).toBe(200)
    clock.advance(200)
    await settled()
    expect(runs).toBe(2)
  })

  it('ends with stop', async () => {
    const clock = new FakeClock()
    let runs = 0
    const { call, stop } = throttle(clock, 200, () => {
      runs += 1
    })
    call()
    stop()
    clock.advance(1000)
    call()
    await settled()
    expect(runs).toBe(0)
  })
})
