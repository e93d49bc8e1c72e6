/** Addresses of links, read back by what reads them: a browser's parser, and the emulator as B2 does. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { percentDecode } from '../../../test/b2-emulator/names.ts'
import { pickOverrides } from '../../../test/b2-emulator/operations/sharing.ts'
import { NASTY_NAMES } from '../../../test/b2-emulator/test-client.ts'
import { downloadUrl } from '../b2/download-url.ts'
import { seenByReceiver } from './receiver.ts'

const account = { downloadUrl: 'https://f002.backblazeb2.com' }

/** Letters that somebody along the way takes for something else, and a few of everything. */
const letter = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(...Array.from(' +#%?&=;,:@!$\'"()[]{}<>|\\^`~*.-_/äößÜé\u0301😀👩‍👧‍👦自\u00a0\u200b')),
  },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
)
const serverName = fc
  .array(letter, { minLength: 1, maxLength: 60 })
  .map((letters) => letters.join(''))
  // eslint-disable-next-line no-control-regex
  .filter((name) => name.isWellFormed() && !/[\u0000-\u001f\u007f]/.test(name))
  .filter((name) => !name.split('/').some((part) => part === '.' || part === '..'))

/** The name and the overrides that B2 is asked for, by the address as it stands or as a browser has it. */
function asked(address: string) {
  const [, path = '', query = ''] = /^https:\/\/[^/]+(\/[^?]*)(?:\?(.*))?$/.exec(address) ?? []
  const parameters = new URLSearchParams(query)
  return {
    name: percentDecode(path.replace('/file/my-bucket/', '')),
    token: parameters.get('Authorization'),
    overrides: pickOverrides((name) => parameters.get(name)),
  }
}

function assertExact(name: string): void {
  const seen = seenByReceiver(name)
  const addresses = [
    downloadUrl(account, 'my-bucket', name),
    downloadUrl(account, 'my-bucket', name, { authorizationToken: '3_20261007+/=_x', ...seen }),
  ]
  for (const address of addresses) {
    // What a chat program makes a link of: no spaces, quotes or brackets, and no sentence's end.
    expect(address).toMatch(/^https:\/\/[\w.~%/?&=-]*[\w~%/-]$/)
    expect(new URL(address).href).toBe(address)
    expect(asked(address).name).toBe(name)
  }
  expect(asked(addresses[1] ?? '')).toEqual({
    name,
    token: '3_20261007+/=_x',
    overrides: JSON.parse(JSON.stringify(seen)) as object,
  })
}

describe('the address of a link', () => {
  it('leads to exactly the name, for every name that B2 takes', () => {
    fc.assert(fc.property(serverName, assertExact), { numRuns: 20_000 })
  })

  it('does so for names that others have stumbled over', () => {
    // Browsers alter those with a part of dots, so they get no address.
    const nasty = NASTY_NAMES.filter((name) => !/(^|\/)\.\.?(\/|$)/.test(name))
    const names = [...nasty, 'ends with a dot.', 'a...', '%2e%2e/x', 'a+b c%20d', 'q?x#y', '👩‍👧‍👦.jpg', 'e\u0301', 'é']
    for (const name of names) assertExact(name)
  })
})

describe('what the receiver sees', () => {
  it.each([
    ['dir/report.pdf', 'inline; filename="report.pdf"', 'application/pdf'],
    ['a "b" \\ c.txt', String.raw`inline; filename="a \"b\" \\ c.txt"`, 'text/plain; charset=utf-8'],
    ['Müller.PDF', 'inline', 'application/pdf'],
    ['page.html', 'attachment; filename="page.html"', undefined],
    ['drawing.svg', 'attachment; filename="drawing.svg"', undefined],
    ['no-ending', 'attachment; filename="no-ending"', undefined],
    ['.png', 'inline; filename=".png"', 'image/png'],
    ['x.constructor', 'attachment; filename="x.constructor"', undefined],
    ['dir/', 'attachment; filename="dir"', undefined],
  ])('of %j is %j, %j', (name, b2ContentDisposition, b2ContentType) => {
    expect(seenByReceiver(name)).toEqual(
      b2ContentType === undefined ? { b2ContentDisposition } : { b2ContentDisposition, b2ContentType },
    )
  })
})
