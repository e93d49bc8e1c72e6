import { describe, expect, it } from 'vitest'
import { backoffMs } from './backoff.ts'

describe('backoffMs', () => {
  it('doubles its bound up to 64 seconds', () => {
    const bounds = [0, 1, 2, 5, 6, 7, 2_000].map((failures) => backoffMs(failures, () => 1))
    expect(bounds).toEqual([1_000, 2_000, 4_000, 32_000, 64_000, 64_000, 64_000])
  })

  it('chooses any wait below the bound', () => {
    expect([0, 0.5].map((chance) => backoffMs(3, () => chance))).toEqual([0, 4_000])
  })

  it('takes other bounds', () => {
    const gentle = { firstMs: 10, ceilingMs: 25 }
    expect([0, 1, 2].map((failures) => backoffMs(failures, () => 1, gentle))).toEqual([10, 20, 25])
  })
})
