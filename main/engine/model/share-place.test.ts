import { describe, expect, it } from 'vitest'
import { isInSharePlace, sharePlace } from './share-place.ts'

describe('the place for links', () => {
  it.each(['', 'folder/', 'fold'])('is found again below %j', (namePrefix) => {
    expect(sharePlace(namePrefix).startsWith(namePrefix)).toBe(true)
    expect(isInSharePlace(`${sharePlace(namePrefix)}x/report.pdf`)).toBe(true)
  })

  it.each(['.pail-shares', 'a.pail-shares/x', '.pail-shares2/x', 'x/.pail-share/y', 'pail-shares/x'])(
    'is not %j',
    (name) => {
      expect(isInSharePlace(name)).toBe(false)
    },
  )
})
