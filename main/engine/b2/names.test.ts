import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { checkRemoteName, compareRemoteNames, percentDecode, percentEncode } from './names.ts'

describe('percentEncode', () => {
  it.each([
    ['plain/Name-1._~', 'plain/Name-1._~'],
    ['a b', 'a%20b'],
    ['a+b&c,d', 'a%2Bb%26c%2Cd'],
    ["!'()*", '%21%27%28%29%2A'],
    ['%?#"\\', '%25%3F%23%22%5C'],
    ['自由', '%E8%87%AA%E7%94%B1'],
    ['𐐀', '%F0%90%90%80'],
  ])('encodes %j as B2 wants it', (name, encoded) => {
    expect(percentEncode(name)).toBe(encoded)
  })

  it('leaves nothing raw but letters, digits and -._~/', () => {
    for (let code = 32; code < 127; code++) {
      const character = String.fromCharCode(code)
      expect(percentEncode(character) === character).toBe(/[A-Za-z0-9\-._~/]/.test(character))
    }
  })

  it('is undone by percentDecode for every valid string', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(percentDecode(percentEncode(text))).toBe(text)
      }),
    )
  })
})

describe('percentDecode', () => {
  it('reads a plus as a space', () => {
    expect(percentDecode('a+b%2Bc')).toBe('a b+c')
  })
})

describe('checkRemoteName', () => {
  it.each([
    ['', 'it is empty'],
    ['a\nb', "it contains the control character U+000A at place 2 of the file's name"],
    ['dir/bell\u0007', "it contains the control character U+0007 at place 5 of the file's name"],
    ['dir/\u{1f600}\t/x', "it contains the control character U+0009 at place 2 of a folder's name"],
    ['a\u007fb\u0001', "it contains the control character U+007F at place 2 of the file's name"],
    ['a\ud800b', "it is not valid Unicode: it contains U+D800 at place 2 of the file's name"],
    ['/a', 'it starts with a slash'],
    ['a/', 'it ends with a slash'],
    ['a//b', 'it contains two slashes in a row'],
    ['a/../b', 'one of its parts is ".."'],
    ['.', 'one of its parts is "."'],
    [`a/${'x'.repeat(251)}`, 'one of its parts has 251 bytes in UTF-8, more than 250'],
    ['ü'.repeat(126), 'one of its parts has 252 bytes in UTF-8, more than 250'],
    [`${'x'.repeat(200)}/`.repeat(6) + 'end', 'with its folders it has 1,209 bytes in UTF-8, more than 1,024'],
    [`${'ü'.repeat(100)}/`.repeat(6) + 'end', 'with its folders it has 1,209 bytes in UTF-8, more than 1,024'],
  ])('refuses %j', (name, reason) => {
    expect(checkRemoteName(name)).toBe(reason)
  })

  it.each(['a', 'a b/ü+&,%\\.txt', '..a', 'x'.repeat(250), '🙂/日本語', 'C:\\x'])('takes %j', (name) => {
    expect(checkRemoteName(name)).toBeNull()
  })
})

describe('compareRemoteNames', () => {
  it('orders as the UTF-8 bytes of the names do', () => {
    const name = fc.string({
      unit: fc.constantFrom('a', 'b', '/', '-', 'ü', '\ud7ff', '\ue000', '\uffff', '😀', '𐐀'),
    })
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(Math.sign(compareRemoteNames(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)))
      }),
    )
  })
})
