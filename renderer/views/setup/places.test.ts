import { describe, expect, it } from 'vitest'
import type { AbsolutePath } from '../../../shared/ids.ts'
import { suggestPlace, whoHasPlace, wholePlace } from './places.ts'

describe('wholePlace', () => {
  it.each([
    ['', '', ''],
    ['', '/Pictures//2026', 'Pictures/2026/'],
    ['laptop/', 'Pictures', 'laptop/Pictures/'],
    ['laptop/', '', 'laptop/'],
    ['maria-', 'Pictures', 'maria-Pictures/'],
    ['maria-', '', 'maria-/'],
  ])('reads behind %j what was typed, %j, as %j', (keyPrefix, typed, place) => {
    expect(wholePlace(keyPrefix, typed)).toBe(place)
  })
})

describe('suggestPlace', () => {
  const suggest = (root: string, keyPrefix = '', ...taken: readonly string[]) =>
    suggestPlace(root as AbsolutePath, keyPrefix, taken)

  it("is the folder's own name", () => {
    expect([suggest('/home/maria/Pictures'), suggest('C:\\Users\\Maria\\Pictures')]).toEqual(['Pictures/', 'Pictures/'])
  })

  it('is the top of the bucket for a root without a name', () => {
    expect([suggest('/'), suggest('C:\\'), suggest('/', '', 'docs/')]).toEqual(['', 'C/', 'disk-1/'])
  })

  it('gets a number where another folder has the place, or one above or below', () => {
    expect(suggest('/a/Pictures', '', 'Pictures/')).toBe('Pictures-2/')
    expect(suggest('/a/Pictures', '', 'Pictures/old/', 'Pictures-2/')).toBe('Pictures-3/')
    expect(suggest('/a/Pictures', 'laptop/', 'Pictures/')).toBe('Pictures/')
    expect(suggest('/a/Pictures', 'laptop/', 'laptop/Pictures/')).toBe('Pictures-2/')
  })

  it('is the name again where nothing is free: the whole bucket is taken', () => {
    expect(suggest('/a/Pictures', '', '')).toMatch(/^Pictures/)
  })
})

describe('whoHasPlace', () => {
  const others = [
    { name: 'Documents', place: 'docs/' },
    { name: 'Music', place: 'media/music/' },
  ]
  it.each([
    ['docs/', 'Documents'],
    ['docs/old/', 'Documents'],
    ['media/', 'Music'],
    ['', 'Documents'],
    ['docs-old/', null],
  ])('finds for %j %j', (place, name) => {
    expect(whoHasPlace(place, others)).toBe(name)
  })
})
