import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmulator } from './emulator.ts'
import type { Emulator } from './emulator.ts'
import { connect, namesOf, NASTY_NAMES, sha1 } from './test-client.ts'
import type { Client, Reply } from './test-client.ts'

let emulator: Emulator
let client: Client
beforeAll(async () => {
  emulator = await startEmulator()
  client = await connect(emulator)
})
afterAll(() => emulator.stop())

let buckets = 0
/** A bucket of its own for each test, holding the given files. */
async function bucketWith(...names: readonly string[]): Promise<{ bucketName: string; bucketId: string }> {
  const { bucketName, bucketId } = emulator.createBucket(`listing-${++buckets}`)
  for (const name of names) await client.upload(bucketName, name, name)
  return { bucketName, bucketId }
}

type Row = { readonly fileName: string; readonly fileId: string; readonly action: string }
const rowsOf = (reply: Reply) => reply.json?.['files'] as Row[]

describe('b2_list_file_names', () => {
  it('pages through nasty names in byte order, one at a time', async () => {
    const { bucketId } = await bucketWith(...NASTY_NAMES)
    const listed: string[] = []
    let startFileName: unknown = null
    do {
      const reply = await client.call('list_file_names', { bucketId, startFileName, maxFileCount: 1 })
      listed.push(...namesOf(reply))
      startFileName = reply.json?.['nextFileName']
    } while (startFileName !== null)
    expect(listed).toEqual([...NASTY_NAMES].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))))
  })

  it('answers whole file versions, and folders as rows without an id', async () => {
    const { bucketId } = await bucketWith('note.txt', 'photos/1.jpg')
    const reply = await client.call('list_file_names', { bucketId, delimiter: '/' })
    expect(reply.json).toEqual({
      files: [
        expect.objectContaining({
          action: 'upload',
          fileName: 'note.txt',
          contentLength: 8,
          contentSha1: sha1('note.txt'),
          contentType: 'text/plain',
          legalHold: { isClientAuthorizedToRead: true, value: null },
        }),
        {
          accountId: emulator.accountId,
          action: 'folder',
          bucketId,
          contentLength: 0,
          contentMd5: null,
          contentSha1: null,
          contentType: null,
          fileId: null,
          fileInfo: {},
          fileName: 'photos/',
          uploadTimestamp: 0,
        },
      ],
      nextFileName: null,
    })
  })

  it('names the size "size" on v1', async () => {
    const { bucketId } = await bucketWith('12345')
    expect((await client.call('list_file_names', { bucketId }, 1)).json).toMatchObject({ files: [{ size: 5 }] })
    expect(rowsOf(await client.call('list_file_names', { bucketId }, 2))[0]).not.toHaveProperty('size')
  })

  it('returns 100 rows when no number or 0 is asked for, and refuses more than 10000', async () => {
    const { bucketId } = await bucketWith(...Array.from({ length: 101 }, (_, i) => `${i + 100}`))
    for (const maxFileCount of [undefined, null, 0]) {
      const reply = await client.call('list_file_names', { bucketId, maxFileCount })
      expect([namesOf(reply).length, reply.json?.['nextFileName']]).toEqual([100, '200'])
    }
    expect(await client.call('list_file_names', { bucketId, maxFileCount: 10_000 })).toMatchObject({ status: 200 })
    expect(await client.call('list_file_names', { bucketId, maxFileCount: 10_001 })).toMatchObject({
      status: 400,
      json: { code: 'out_of_range', message: 'maxFileCount out of range: 10001' },
    })
  })

  it('tells an id that is none from a bucket that is gone', async () => {
    const { bucketId, bucketName } = await bucketWith()
    emulator.deleteBucket(bucketName)
    const malformed = await client.call('list_file_names', { bucketId: 'nonsense' })
    expect(malformed).toMatchObject({ status: 400, json: { code: 'invalid_bucket_id' } })
    const gone = { code: 'bad_bucket_id', message: `Bucket ${bucketId} does not exist` }
    expect(await client.call('list_file_names', { bucketId })).toMatchObject({ status: 400, json: gone })
    expect(await client.call('get_upload_url', { bucketId })).toMatchObject({ status: 400, json: gone })
    expect(await client.call('hide_file', { bucketId, fileName: 'x' })).toMatchObject({ status: 400, json: gone })
  })

  it('silently leaves out what a key with a name prefix may not see on v1', async () => {
    const { bucketId } = await bucketWith('a', 'mine/1', 'z')
    const key = emulator.createKey({ capabilities: ['listFiles'], namePrefix: 'mine/' })
    const limited = await connect(emulator, key)
    expect(namesOf(await limited.call('list_file_names', { bucketId }, 1))).toEqual(['mine/1'])
    expect(await limited.call('list_file_names', { bucketId }, 2)).toMatchObject({ status: 401 })
  })
})

describe('hiding and deleting', () => {
  it('hides a file with a marker, and shows it again when the marker is deleted', async () => {
    const { bucketId, bucketName } = await bucketWith('a b+ä.txt')
    const hidden = await client.call('hide_file', { bucketId, fileName: 'a b+ä.txt' })
    expect(hidden.json).toEqual({
      accountId: emulator.accountId,
      action: 'hide',
      bucketId,
      contentLength: 0,
      contentMd5: 'd41d8cd98f00b204e9800998ecf8427e',
      contentSha1: 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
      contentType: 'application/x-bz-hide-marker',
      fileId: expect.any(String),
      fileInfo: {},
      fileName: 'a b+ä.txt',
      uploadTimestamp: expect.any(Number),
    })
    expect(namesOf(await client.call('list_file_names', { bucketId }))).toEqual([])
    expect(await client.download(bucketName, 'a b+ä.txt')).toMatchObject({ status: 404 })
    const marker = { fileName: 'a b+ä.txt', fileId: hidden.json?.['fileId'] }
    const deleted = await client.call('delete_file_version', marker)
    expect(deleted.json).toEqual(marker)
    expect(namesOf(await client.call('list_file_names', { bucketId }))).toEqual(['a b+ä.txt'])
    expect(await client.download(bucketName, 'a b+ä.txt')).toMatchObject({ status: 200 })
  })

  it('makes the last of many uploads of one name the current one', async () => {
    const { bucketName } = await bucketWith()
    for (let i = 0; i < 20; i++) await client.upload(bucketName, 'same', `${i}`)
    expect((await emulator.readFile(bucketName, 'same')).toString()).toBe('19')
    const times = emulator.fileVersions(bucketName).map((version) => version.uploadTimestamp)
    expect(times).toEqual([...new Set(times)].sort((a, b) => b - a))
  })
})
