import { afterEach, describe, expect, it } from 'vitest'
import { formatDay } from '../format/moment.ts'
import { de } from './de.ts'
import { en } from './en.ts'
import { speak, t } from './texts.ts'

afterEach(() => {
  speak('en')
})

/** Every text by the way to it: `setup.key.title`; what is made of values stands as `(made)`. */
function textsOf(value: unknown, place = ''): readonly (readonly [string, string])[] {
  if (typeof value === 'string') return [[place, value]]
  if (typeof value !== 'object' || value === null) return [[place, '(made)']]
  return Object.entries(value).flatMap(([key, inner]) => textsOf(inner, place === '' ? key : `${place}.${key}`))
}

/** The same in both languages. */
const sameInBoth: ReadonlySet<string> = new Set([
  '%',
  'B2 online',
  'Bucket',
  'Buckets',
  'Caja',
  'Dolphin',
  'Explorer',
  'Finder',
  'In B2',
  'Links',
  'MB/s',
  'Nemo',
  'Offline',
  'Normal',
  'Pail',
  'Proxy',
  'Thunar',
  'Version',
  'in B2',
])

describe('the catalogues', () => {
  it('have the same texts in every language', () => {
    expect(textsOf(de).map(([place]) => place)).toEqual(textsOf(en).map(([place]) => place))
  })

  it('are translated, and empty nowhere', () => {
    const german = new Map(textsOf(de))
    const left = textsOf(en).filter(([place, text]) => text !== '(made)' && german.get(place) === text)
    expect(left.filter(([, text]) => !sameInBoth.has(text))).toEqual([])
    expect([...german].filter(([, text]) => text.trim() === '')).toEqual([])
  })
})

describe('speak', () => {
  it('changes the words, and how days and numbers are written', () => {
    const now = new Date(2026, 10, 29, 14, 5)
    const said = () => [t.close, formatDay(new Date(2026, 10, 22), now), t.list.rest(7812)]
    expect(said()).toEqual(['Close', 'Sunday 22 November', '7,812 more'])
    speak('de')
    expect(said()).toEqual(['Schließen', 'Sonntag, 22. November', 'noch 7.812'])
    expect(formatDay(now, now)).toBe('Heute')
  })
})
