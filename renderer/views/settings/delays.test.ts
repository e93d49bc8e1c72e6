import { describe, expect, it } from 'vitest'
import { delayOptions } from './delays.ts'

describe('delayOptions', () => {
  it('offers the usual delays', () => {
    expect(delayOptions(30).map(({ label }) => label)).toEqual(['30 s', '5 min', '1 h', '1 day', '7 days'])
  })

  it('offers the one that is set as well, in its place', () => {
    expect(delayOptions(90).map(({ value }) => value)).toEqual(['30', '90', '300', '3600', '86400', '604800'])
  })
})
