import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPartSizeFor, partSizeFor } from './part-plan.ts'

const sizes = { recommendedPartSize: 100_000_000, absoluteMinimumPartSize: 5_000_000 }

describe('the size of parts', () => {
  it.each([
    ['the least B2 takes for files of up to a thousand of those', 5_000_000_000, 5_000_000],
    ['a thousandth of larger ones', 20_000_000_000, 20_000_000],
    ['no more than B2 recommends', 400_000_000_000, 100_000_000],
    ['more than that where 10,000 parts would not reach', 10_000_000_000_000, 1_000_000_000],
    ['the least B2 takes also for a single byte', 1, 5_000_000],
  ])('is %s', (_, contentLength, expected) => {
    expect(partSizeFor(contentLength, sizes)).toBe(expected)
  })

  it('is refused for no bytes and for more than 10 TB', () => {
    expect(() => partSizeFor(10_000_000_000_001, sizes)).toThrow(expect.objectContaining({ code: 'file_too_large' }))
    expect(() => partSizeFor(0, sizes)).toThrow(expect.objectContaining({ code: 'bad_request' }))
  })

  it('is one that B2 takes, for every file', () => {
    const property = fc.property(fc.integer({ min: 1, max: 10 ** 13 }), (contentLength) => {
      expect(isPartSizeFor(partSizeFor(contentLength, sizes), contentLength, sizes)).toBe(true)
    })
    fc.assert(property, { seed: 20_261_124, numRuns: 200 })
  })

  it('is kept for as long as B2 takes it', () => {
    expect(isPartSizeFor(5_000_000, 50_000_000_000, sizes)).toBe(true)
    expect(isPartSizeFor(5_000_000, 50_000_000_001, sizes)).toBe(false)
    expect(isPartSizeFor(4_999_999, 1, sizes)).toBe(false)
  })
})
