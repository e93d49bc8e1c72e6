import { describe, expect, it } from 'vitest'
import { countFailure, restartWaitMs } from './restart-policy.ts'

describe('restartWaitMs', () => {
  it('doubles from one second and never exceeds a minute', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 2000].map((failures) => restartWaitMs(failures))
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000])
  })
})

describe('countFailure', () => {
  it('counts an engine that never was ready, or not for long', () => {
    expect([countFailure(0, 0), countFailure(3, 59_999)]).toEqual([1, 4])
  })

  it('starts to count anew after a minute of health', () => {
    expect(countFailure(7, 60_000)).toBe(1)
  })
})
