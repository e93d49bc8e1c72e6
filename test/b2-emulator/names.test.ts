import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkFileName, compareNames, percentDecode, percentEncode } from './names.ts'
import { NASTY_NAMES } from './test-client.ts'

describe('percentDecode', () => {
  it.each([
    ['a%20b', 'a b'],
    ['a+b', 'a b'],
    ['a%2Bb', 'a+b'],
    ['%E8%87%AA%E7%94%B1', '自由'],
    ['%F0%90%90%80', '\u{10400}'],
    ['%ef%bb%bfx', '\uFEFFx'],
    ["/-._~!$'()*:;=@", "/-._~!$'()*:;=@"],
  ])('reads %s', (encoded, text) => {
    expect(percentDecode(encoded)).toBe(text)
  })

  it.each(['%', '%4', '%zz', '100%', '%FF', '%C3', 'ä'])('refuses %s', (encoded) => {
    expect(() => percentDecode(encoded)).toThrow()
  })

  it('reads back what percentEncode wrote', () => {
    for (const name of NASTY_NAMES) expect(percentDecode(percentEncode(name))).toBe(name)
  })
})

describe('compareNames', () => {
  it('orders by UTF-8 bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(Math.sign(compareNames(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)))
      }),
      { numRuns: 2000 },
    )
  })

  it('puts astral characters after U+FFFD, unlike JavaScript', () => {
    expect(['\u{10400}', '\uFFFD'].sort(compareNames)).toEqual(['\uFFFD', '\u{10400}'])
  })

  it('puts cats-readme.txt before cats/photo1.jpg', () => {
    expect(compareNames('cats-readme.txt', 'cats/photo1.jpg')).toBeLessThan(0)
  })
})

describe('checkFileName', () => {
  it('takes what B2 takes', () => {
    for (const name of [...NASTY_NAMES, 'ä'.repeat(512)]) expect(() => checkFileName(name)).not.toThrow()
  })

  it.each([
    ['', 'File names must contain at least one character'],
    [`${'ä'.repeat(512)}x`, 'File names in UTF8 must be no more than 1024 bytes'],
    ['tab\there', 'File names must not contain control characters'],
    ['del\x7f', 'File names must not contain control characters'],
    ['half \ud83e', 'File names must be valid Unicode'],
  ])('refuses %j', (name, message) => {
    expect(() => checkFileName(name)).toThrow(message)
  })
})
