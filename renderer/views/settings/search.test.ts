import { describe, expect, it } from 'vitest'
import { isFound } from './search.ts'

const texts = ['Bandwidth', 'Upload', 'For all files together. Empty for no limit.']

describe('isFound', () => {
  it.each([
    ['', true],
    ['  ', true],
    ['upload', true],
    ['UPLO', true],
    ['limit upload', true],
    ['upload speed', false],
    ['download', false],
  ])('looks for "%s": %s', (query, found) => {
    expect(isFound(query, texts)).toBe(found)
  })

  it('does not ask for accents', () => {
    expect([isFound('schlussel', ['Schlüssel']), isFound('schlüssel', ['SCHLÜSSEL'])]).toEqual([true, true])
  })
})
