import { describe, expect, it } from 'vitest'
import { RateMeter, secondsLeft } from './rate-meter.ts'

const T = 1_000_000

describe('RateMeter', () => {
  it('is at rest before anything moves', () => {
    expect(new RateMeter().read(T)).toEqual({ bytesPerSecond: 0, filesPerSecond: 0 })
  })

  it('spreads what moved over the time since it began', () => {
    const meter = new RateMeter()
    for (let i = 0; i < 8; i += 1) meter.add(T + i * 500, 1000, 1)
    expect(meter.read(T + 4000)).toEqual({ bytesPerSecond: 2000, filesPerSecond: 2 })
  })

  it('does not promise the moon for the first bytes', () => {
    const meter = new RateMeter()
    meter.add(T, 1_000_000, 1)
    expect(meter.read(T + 1).bytesPerSecond).toBe(1_000_000)
  })

  it('forgets what moved before the last eight seconds', () => {
    const meter = new RateMeter()
    meter.add(T, 1_000_000, 1)
    expect(meter.read(T + 7999).bytesPerSecond).toBeGreaterThan(0)
    expect(meter.read(T + 8001)).toEqual({ bytesPerSecond: 0, filesPerSecond: 0 })
  })
})

describe('secondsLeft', () => {
  it.each([
    ['nothing when nothing moves', { bytesPerSecond: 0, filesPerSecond: 0 }, null],
    ['by bytes where those take longer', { bytesPerSecond: 10, filesPerSecond: 10 }, 100],
    ['by files where those take longer', { bytesPerSecond: 1000, filesPerSecond: 1 }, 50],
    ['by files alone while only empty ones move', { bytesPerSecond: 0, filesPerSecond: 5 }, 10],
  ])('says %s', (_, rate, expected) => {
    expect(secondsLeft(rate, 1000, 50)).toBe(expected)
  })
})
