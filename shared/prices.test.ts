import { describe, expect, it } from 'vitest'
import { monthlyStorageUsd, prices } from './prices.ts'

describe('monthlyStorageUsd', () => {
  it.each([
    [0, 0],
    [prices.freeBytes, 0],
    [prices.freeBytes + 1e12, prices.storageUsdPerTbMonth],
    [prices.freeBytes + 500e9, prices.storageUsdPerTbMonth / 2],
  ])('says what %d bytes cost, of which the first are free', (bytes, usd) => {
    expect(monthlyStorageUsd(bytes)).toBeCloseTo(usd, 9)
  })
})
