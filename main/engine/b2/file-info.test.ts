import { describe, expect, it } from 'vitest'
import { checkFileInfo, infoHeaders, isSameInfo, readInfoHeaders, withModified } from './file-info.ts'

const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`n${i}`, 'v']))

describe('checkFileInfo', () => {
  it.each([
    ['ten entries', many(10), null],
    ['eleven', many(11), 'more than 10'],
    ['every character of a token', { "a0!#$%&'*+-.^_`|~": '' }, null],
    ['upper case, which B2 would store as lower', { Note: '' }, '"Note"'],
    ['a space in a name', { 'a b': '' }, '"a b"'],
    ['no name', { '': '' }, '""'],
    ['a name as long as may be', { ['n'.repeat(50)]: '' }, null],
    ['a long name', { ['n'.repeat(51)]: '' }, 'longer than 50'],
    ['what browsers are told', { 'b2-content-disposition': 'inline' }, null],
    ['what B2 keeps to itself', { 'b2-anything': '' }, 'keeps to itself'],
    ['a time that is none', withModified({ srcLastModifiedMillis: NaN }), 'not a number'],
    ['a time before 1970', withModified({ srcLastModifiedMillis: -5 }), null],
    ['half a character', { note: '\ud800' }, 'not valid Unicode'],
    ['too much of it', { note: 'ü'.repeat(1_200) }, 'longer than 7,000 bytes'],
  ])('looks at %s', (_, fileInfo, expected) => {
    const reason = checkFileInfo('name', fileInfo)
    if (expected === null) expect(reason).toBeNull()
    else expect(reason).toContain(expected)
  })

  it('counts the name as it goes over the wire', () => {
    expect(checkFileInfo('写'.repeat(341), {})).toBeNull()
    expect(checkFileInfo('写'.repeat(341), { note: 'x'.repeat(4_000) })).toContain('7,000')
  })
})

describe('file info', () => {
  it('is the same after a way over the wire', () => {
    const fileInfo = withModified({
      fileInfo: { note: 'ü + & , % "', empty: '' },
      srcLastModifiedMillis: 1_700_000_000_123.9,
    })
    expect(fileInfo['src_last_modified_millis']).toBe('1700000000123')
    const headers = Object.entries(infoHeaders(fileInfo)).map(([name, value]) => [name.toLowerCase(), value] as const)
    expect(readInfoHeaders({ ...Object.fromEntries(headers), 'content-length': '5' })).toEqual(fileInfo)
  })

  it('is the same when it holds the same entries, and no others', () => {
    const info = { a: '1', b: '2' }
    expect(isSameInfo(info, { b: '2', a: '1' })).toBe(true)
    for (const other of [{}, { a: '1' }, { a: '1', b: '3' }, { ...info, c: '' }, { a: '1', c: '2' }]) {
      expect([isSameInfo(info, other), isSameInfo(other, info)]).toEqual([false, false])
    }
  })

  it('has the time of the last change that was given by its own name', () => {
    const fileInfo = { src_last_modified_millis: '1' }
    expect(withModified({ fileInfo, srcLastModifiedMillis: 2 })).toEqual({ src_last_modified_millis: '2' })
  })

  it('that somebody else encoded wrongly is kept as it came', () => {
    expect(readInfoHeaders({ 'x-bz-info-note': '100%', 'x-bz-info-twice': ['a', 'b'] })).toEqual({ note: '100%' })
  })
})
