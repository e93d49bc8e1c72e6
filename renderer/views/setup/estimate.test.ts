import { describe, expect, it } from 'vitest'
import type { EngineSnapshot } from '../../../shared/model/snapshot.ts'
import { prices } from '../../../shared/prices.ts'
import { estimate, lineSpeed, type LineSpeed } from './estimate.ts'

const usual: LineSpeed = { source: 'usual', bytesPerSecond: 6_250_000 }
const preview = (files: number, bytes: number, complete = true) => ({ files, bytes, skipped: [], complete })

describe('estimate', () => {
  it('adds up what was counted, and says how long that takes', () => {
    const two = estimate([preview(1000, 2_000_000_000), preview(204, 1_100_000_000)], usual, 0)
    expect(two).toMatchObject({ files: 1204, bytes: 3_100_000_000, isComplete: true, seconds: 496 })
  })

  it('is of small files what their number takes', () => {
    expect(estimate([preview(100_000, 1_000_000)], usual, 0)?.seconds).toBe(200)
  })

  it('says that there is more while one is counted, or where time was up', () => {
    expect(estimate([preview(1, 1), null], usual, 0)?.isComplete).toBe(false)
    expect(estimate([preview(1, 1, false)], usual, 0)?.isComplete).toBe(false)
    expect(estimate([null], usual, 0)).toBeNull()
  })

  it('costs nothing within what is free, and above that what is added', () => {
    const cost = (bytes: number, stored: number) => estimate([preview(1, bytes)], usual, stored)?.usdPerMonth
    expect(cost(prices.freeBytes, 0)).toBe(0)
    expect(cost(1e12, prices.freeBytes)).toBeCloseTo(prices.storageUsdPerTbMonth, 9)
    expect(cost(1e12, 0)).toBeCloseTo(prices.storageUsdPerTbMonth * 0.99, 9)
  })
})

describe('lineSpeed', () => {
  type Now = Pick<EngineSnapshot, 'status' | 'bandwidth'>
  const sending = { kind: 'sending', files: 1, bytes: 1, bytesPerSecond: 18_000_000, secondsLeft: 1 } as const
  const idle = { kind: 'checking', filesSeen: 0 } as const
  const now = (status: Now['status'], up: number | null): Now => ({
    status,
    bandwidth: { up, down: null, until: null },
  })
  it.each<[string, Now, LineSpeed]>([
    ['assumes a usual line', now(idle, null), usual],
    ['takes what is measured', now(sending, null), { source: 'measured', bytesPerSecond: 18_000_000 }],
    ['keeps to a limit', now(idle, 500_000), { source: 'limit', bytesPerSecond: 500_000 }],
    ['passes over a limit that is above', now(sending, 50e6), { source: 'measured', bytesPerSecond: 18_000_000 }],
  ])('%s', (_, snapshot, speed) => {
    expect(lineSpeed(snapshot)).toEqual(speed)
  })
})
