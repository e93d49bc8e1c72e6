import { describe, expect, it } from 'vitest'
import { linePoints } from './line-points.ts'

describe('linePoints', () => {
  it('goes from edge to edge, the largest at the top and nothing at the bottom', () => {
    expect(linePoints([0, 50, 100], 600, 40)).toBe('0,39 300,20 600,1')
  })

  it('lies at the bottom while nothing moves', () => {
    expect(linePoints([0, 0], 600, 40)).toBe('0,39 600,39')
  })

  it('has one point for one value', () => {
    expect(linePoints([5], 600, 40)).toBe('0,1')
  })
})
