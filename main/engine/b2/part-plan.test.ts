import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planParts } from './part-plan.ts'

const account = { recommendedPartSize: 100_000_000, absoluteMinimumPartSize: 5_000_000 }

describe('planParts', () => {
  it.each([
    ['exactly two parts', 200_000_000, undefined, [100_000_000, 100_000_000]],
    ['a short last part', 100_000_001, undefined, [100_000_000, 1]],
    ['a single part', 99, undefined, [99]],
    ['smaller ones when asked', 12_000_000, 6_000_000, [6_000_000, 6_000_000]],
    ['none below the minimum', 12_000_000, 1, [5_000_000, 5_000_000, 2_000_000]],
  ])('makes %s', (_, size, wished, lengths) => {
    expect(planParts(size, account, wished).map((part) => part.contentLength)).toEqual(lengths)
  })

  it('keeps to 10,000 parts up to 10 TB, and refuses more', () => {
    const plan = planParts(10_000_000_000_000, account)
    expect([plan.length, plan[0]?.contentLength]).toEqual([10_000, 1_000_000_000])
    expect(() => planParts(10_000_000_000_001, account)).toThrow(expect.objectContaining({ code: 'file_too_large' }))
    expect(() => planParts(0, account)).toThrow(expect.objectContaining({ code: 'bad_request' }))
  })

  it('covers every byte once, in order, within the limits of B2', () => {
    const sizes = fc.integer({ min: 1, max: 10 ** 13 })
    const property = fc.property(sizes, fc.option(fc.integer({ min: 1, max: 10 ** 10 })), (size, wished) => {
      const plan = planParts(size, account, wished ?? undefined)
      expect(plan.length).toBeLessThanOrEqual(10_000)
      let end = 0
      for (const [index, part] of plan.entries()) {
        expect(part).toMatchObject({ partNumber: index + 1, start: end })
        expect(part.contentLength).toBeLessThanOrEqual(5_000_000_000)
        if (index < plan.length - 1) expect(part.contentLength).toBeGreaterThanOrEqual(5_000_000)
        end += part.contentLength
      }
      expect(end).toBe(size)
      expect(plan.at(-1)?.contentLength).toBeGreaterThan(0)
    })
    fc.assert(property, { seed: 20_261_124, numRuns: 30 })
  })
})
