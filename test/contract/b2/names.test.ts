import { expect } from 'vitest'
import { contract, filesOf } from './service.ts'
import { decodeName, encodeName, send } from './wire.ts'

/** A name, and another encoding of it than `encodeName` gives that B2 takes just as well (its official vectors). */
const VECTORS: readonly (readonly [name: string, otherEncoding: string])[] = [
  ['a b', 'a+b'],
  ['a+b', 'a%2bb'],
  ['a&b', 'a%26b'],
  ['a,b', 'a%2Cb'],
  ['100%', '100%25'],
  ['%41', '%2541'],
  ["!$'()*:;=@-._~", "!$'()*:;=@-._~"],
  ['"#<>?[]^`{|}', '%22%23%3C%3E%3F%5B%5D%5E%60%7B%7C%7D'],
  ['sub/folder', 'sub%2Ffolder'],
  ['\u81ea\u7531', '%e8%87%aa%e7%94%b1'],
  ['\u{10400}', '%F0%90%90%80'],
  ['Stra\u00dfe', 'Stra%C3%9Fe'],
  // Unicode is not normalized: these two are different files.
  ['\u00e4', '%C3%A4'],
  ['a\u0308', 'a%CC%88'],
  ['\ufeffbom', '%EF%BB%BFbom'],
  ['\u{1faa3} \u{1f469}\u200d\u{1f467}', '%F0%9F%AA%A3%20%F0%9F%91%A9%E2%80%8D%F0%9F%91%A7'],
]

contract('file names', [], (test) => {
  for (const [end, otherEncoding] of VECTORS) {
    test(`keep ${JSON.stringify(end)} exactly, in either encoding`, async (b2) => {
      const fileName = b2.newName(`-${end}`)
      const base = fileName.slice(0, -end.length)
      expect(await b2.store(fileName, 'first')).toMatchObject({ fileName })
      const other = await b2.store(fileName, 'second', { 'X-Bz-File-Name': encodeName(base) + otherEncoding })
      expect(other).toMatchObject({ fileName })

      const reply = await b2.client.call('list_file_names', { bucketId: b2.bucketId, prefix: fileName })
      expect(filesOf(reply).map((file) => file.fileName)).toEqual([fileName])
      const download = await b2.download(fileName)
      expect(download.body.toString()).toBe('second')
      expect(decodeName(String(download.headers['x-bz-file-name']))).toBe(fileName)
      const url = b2.downloadUrlOf(base) + otherEncoding
      const again = await send(url, { headers: { Authorization: b2.client.token } })
      expect(again.body.toString()).toBe('second')
    })
  }

  test('may have 1,024 bytes', async ({ prefix, store, download }) => {
    const fileName = prefix + '\u00e4'.repeat(Math.floor((1024 - prefix.length) / 2)).padEnd(1024 - prefix.length, 'x')
    const longest = fileName.slice(0, fileName.length - (Buffer.byteLength(fileName) - 1024))
    expect(Buffer.byteLength(longest)).toBe(1024)
    expect(await store(longest, 'long')).toMatchObject({ fileName: longest })
    expect((await download(longest)).body.toString()).toBe('long')
  })

  const forbidden: readonly (readonly [what: string, (prefix: string) => string])[] = [
    ['no character', () => ''],
    ['more than 1,024 bytes', (prefix) => prefix + 'x'.repeat(1025 - prefix.length)],
    ['a tab', (prefix) => `${prefix}a%09b`],
    ['a line end', (prefix) => `${prefix}a%0Ab`],
    ['a zero byte', (prefix) => `${prefix}a%00b`],
    ['the character DEL', (prefix) => `${prefix}a%7Fb`],
    ['bytes that are no UTF-8', (prefix) => `${prefix}a%FFb`],
    ['a broken escape', (prefix) => `${prefix}100%`],
  ]
  for (const [what, encoded] of forbidden) {
    test(`are refused with ${what}`, async ({ prefix, upload, client, bucketId }) => {
      const reply = await upload('', 'x', { 'X-Bz-File-Name': encoded(prefix) })
      expect(reply).toMatchObject({ status: 400, json: { code: 'bad_request', status: 400 } })
      const listed = await client.call('list_file_versions', { bucketId, prefix: `${prefix}a` })
      expect(filesOf(listed)).toEqual([])
    })
  }

  // Older rules forbid these; newer documentation allows them, and the real service may do either.
  for (const end of ['back\\slash', 'double//slash', 'slash-at-the-end/']) {
    test(`with ${JSON.stringify(end)} are kept exactly or refused, never changed`, async (b2) => {
      const fileName = b2.newName(`-${end}`)
      const reply = await b2.upload(fileName)
      if (reply.status === 200) expect(reply.json).toMatchObject({ fileName })
      else expect(reply).toMatchObject({ status: 400, json: { code: 'bad_request' } })
      if (b2.isEmulator) expect(reply.status).toBe(200)
    })
  }
})
