import Database from 'better-sqlite3'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { matchesText } from '../../../shared/format/matches-text.ts'
import { MATCHES_TEXT, textParameters } from './text-match.ts'

/** Letters with cases, accents in one piece and in parts, and what LIKE and GLOB take for more than it is. */
const letters = fc.constantFrom(
  ...['a', 'A', 'b', 'B', 'z', '7', ' ', '/', '.', '-', '^', '%', '_', '\\', '*', '?', '[', ']', "'", '"'],
  ...['ü', 'Ü', 'u\u0308', 'é', 'É', 'e\u0301', 'ß', 'ж', 'Ж', 'α', 'Α', '漢', '🍮'],
)
const path = fc.string({ unit: letters, minLength: 1, maxLength: 12 })

it('finds in SQL what is found in a window, for any text', () => {
  const db = new Database(':memory:')
  const select = db.prepare<[object], number>(`SELECT ${MATCHES_TEXT} FROM (SELECT @path AS path)`).pluck()
  fc.assert(
    fc.property(path, fc.string({ unit: letters, minLength: 1, maxLength: 3 }), fc.nat(), (whole, other, at) => {
      // Half of the texts are a part of the path, in another case.
      const start = at % whole.length
      for (const text of [other, whole.slice(start, start + 3).toUpperCase()]) {
        if (!text.isWellFormed() || /[ßẞ]|SS/.test(text)) continue
        const found = select.get({ path: whole, ...textParameters(text) }) === 1
        expect([whole, text, found]).toEqual([whole, text, matchesText(whole, text)])
      }
    }),
    { seed: 20261130, numRuns: 3000 },
  )
  db.close()
})

it('lets everything pass without a text', () => {
  const db = new Database(':memory:')
  expect(db.prepare(`SELECT ${MATCHES_TEXT} FROM (SELECT 'a' AS path)`).pluck().get(textParameters(''))).toBe(1)
  db.close()
})
