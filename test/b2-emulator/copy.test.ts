import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startEmulator } from './emulator.ts'
import type { Emulator } from './emulator.ts'
import { bucketIdOf, connect, sha1, startLarge, uploadPart } from './test-client.ts'
import type { Client, Reply } from './test-client.ts'

const MINIMUM = 10
const CONTENT = 'The quick brown fox jumps over the lazy dog'
const MAX_COPY = 100

let emulator: Emulator
let client: Client
let bucketId: string
let otherId: string
let source: Record<string, unknown>
let sourceFileId: string
beforeAll(async () => {
  emulator = await startEmulator({
    buckets: [{ bucketName: 'copy-tests' }, { bucketName: 'copy-target' }],
    absoluteMinimumPartSize: MINIMUM,
    maxCopyBytes: MAX_COPY,
  })
  client = await connect(emulator)
  bucketId = bucketIdOf(emulator, 'copy-tests')
  otherId = bucketIdOf(emulator, 'copy-target')
})
afterAll(() => emulator.stop())
beforeEach(async () => {
  const headers = { 'Content-Type': 'text/x-fox', 'X-Bz-Info-src_last_modified_millis': '1641308478123' }
  source = (await client.upload('copy-tests', 'source', CONTENT, headers)).json ?? {}
  sourceFileId = String(source['fileId'])
})

const copy = (fields: object, as = client): Promise<Reply> =>
  as.call('copy_file', { sourceFileId, fileName: 'copy', ...fields })
const as = (key: Parameters<Emulator['createKey']>[0]) => connect(emulator, emulator.createKey(key))

/** Makes a large file of these parts. */
async function large(fileName: string, parts: readonly string[], id = bucketId): Promise<string> {
  const fileId = await startLarge(client, id, fileName, { fileInfo: { large_file_sha1: sha1(parts.join('')) } })
  for (const [index, part] of parts.entries()) await uploadPart(client, fileId, index + 1, part)
  await client.call('finish_large_file', { fileId, partSha1Array: parts.map(sha1) })
  return fileId
}

describe('b2_copy_file', () => {
  it('makes a new version with the content and the metadata of its source', async () => {
    const reply = await copy({ destinationBucketId: otherId })
    expect(reply.json).toEqual({
      ...source,
      action: 'copy',
      bucketId: otherId,
      fileId: expect.stringMatching(/^4_z[0-9a-f]{24}_f1/),
      fileName: 'copy',
      uploadTimestamp: expect.any(Number),
    })
    expect(emulator.fileVersions('copy-target')[0]).toMatchObject({ action: 'upload', contentSha1: sha1(CONTENT) })
    expect((await client.download('copy-target', 'copy')).body.toString()).toBe(CONTENT)
  })

  it('onto the same name replaces the metadata and keeps the older version', async () => {
    const fileInfo = { Src_Last_Modified_Millis: '7' }
    const fields = { fileName: 'source', metadataDirective: 'REPLACE', contentType: 'b2/x-auto', fileInfo }
    expect((await copy(fields)).json).toMatchObject({
      contentType: 'application/octet-stream',
      contentSha1: sha1(CONTENT),
      fileInfo: { src_last_modified_millis: '7' },
    })
    const headers = (await client.download('copy-tests', 'source')).headers
    expect(headers).toMatchObject({ 'x-bz-info-src_last_modified_millis': '7' })
    expect(await client.call('get_file_info', { fileId: sourceFileId })).toMatchObject({ json: source })
  })

  it('takes a range of any version, clamped to its end, and answers the hash of those bytes', async () => {
    await client.call('hide_file', { bucketId, fileName: 'source' })
    for (const [range, part] of [
      ['bytes=4-8', CONTENT.slice(4, 9)],
      ['bytes=40-1000', CONTENT.slice(40)],
    ] as const) {
      expect((await copy({ range })).json).toMatchObject({ contentLength: part.length, contentSha1: sha1(part) })
      expect((await client.download('copy-tests', 'copy')).body.toString()).toBe(part)
    }
  })

  it('of an empty file is empty', async () => {
    const empty = await client.upload('copy-tests', 'empty', '')
    const reply = await copy({ sourceFileId: empty.json?.['fileId'], fileName: 'empty-copy' })
    expect(reply.json).toMatchObject({ contentLength: 0, contentSha1: sha1('') })
    expect(await client.download('copy-tests', 'empty-copy')).toMatchObject({ status: 200, body: Buffer.alloc(0) })
  })

  it('of a large file has no hash of its own, unless it is a range', async () => {
    const parts = ['a'.repeat(MINIMUM), 'b'.repeat(MINIMUM)]
    const fileId = await large('large-source', parts)
    const whole = await copy({ sourceFileId: fileId, fileName: 'large-copy' })
    expect(whole.json).toMatchObject({
      contentLength: 20,
      contentSha1: 'none',
      contentMd5: null,
      fileInfo: { large_file_sha1: sha1(parts.join('')) },
    })
    expect((await emulator.readFile('copy-tests', 'large-copy')).toString()).toBe(parts.join(''))
    const range = await copy({ sourceFileId: fileId, range: 'bytes=8-12' })
    expect(range.json).toMatchObject({ contentLength: 5, contentSha1: sha1('aabbb') })
    expect((await emulator.readFile('copy-tests', 'copy')).toString()).toBe('aabbb')
  })

  it('survives its source, and a copy of it does too', async () => {
    const first = await copy({ fileName: 'first-copy' })
    await client.call('delete_file_version', { fileName: 'source', fileId: sourceFileId })
    await copy({ sourceFileId: first.json?.['fileId'], fileName: 'second-copy' })
    await client.call('delete_file_version', { fileName: 'first-copy', fileId: first.json?.['fileId'] })
    expect((await client.download('copy-tests', 'second-copy')).body.toString()).toBe(CONTENT)
  })

  it.each<[string, object, number, string, string]>([
    ['a content type with COPY', { contentType: 'x/y' }, 400, 'bad_request', 'contentType must not be given'],
    ['file info with COPY', { metadataDirective: 'COPY', fileInfo: {} }, 400, 'bad_request', 'fileInfo must not'],
    ['no content type with REPLACE', { metadataDirective: 'REPLACE' }, 400, 'bad_request', 'contentType is required'],
    ['an open range', { range: 'bytes=4-' }, 400, 'bad_request', 'Bad range: bytes=4-'],
    ['a range backwards', { range: 'bytes=8-4' }, 400, 'bad_request', 'Bad range: bytes=8-4'],
    ['a range behind the end', { range: 'bytes=43-50' }, 416, 'range_not_satisfiable', 'outside the size'],
    ['a bad name', { fileName: 'a\tb' }, 400, 'bad_request', 'control characters'],
    ['a malformed source', { sourceFileId: 'bad' }, 400, 'bad_request', 'Bad fileId: bad'],
    ['no such bucket', { destinationBucketId: '0'.repeat(24) }, 400, 'bad_bucket_id', 'does not exist'],
  ])('refuses %s', async (_, fields, status, code, message) => {
    const before = emulator.fileVersions('copy-tests').length
    expect(await copy(fields)).toMatchObject({ status, json: { code, message: expect.stringContaining(message) } })
    expect(emulator.fileVersions('copy-tests')).toHaveLength(before)
  })

  it('refuses a source that is gone, hidden by a marker or unfinished', async () => {
    const marker = (await client.call('hide_file', { bucketId, fileName: 'source' })).json?.['fileId']
    const unfinished = await startLarge(client, bucketId, 'unfinished')
    for (const fileId of [marker, unfinished]) {
      expect(await copy({ sourceFileId: fileId })).toMatchObject({ status: 400, json: { code: 'bad_request' } })
    }
    await client.call('delete_file_version', { fileName: 'source', fileId: sourceFileId })
    expect(await copy({})).toMatchObject({ status: 404, json: { code: 'not_found' } })
  })

  it('refuses more than the largest copy, and takes a range of it', async () => {
    const big = (await client.upload('copy-tests', 'big', 'x'.repeat(MAX_COPY + 1))).json?.['fileId']
    expect(await copy({ sourceFileId: big })).toMatchObject({
      status: 400,
      json: { code: 'source_too_large', message: `Copy source too big: ${MAX_COPY + 1}` },
    })
    expect(await copy({ sourceFileId: big, range: `bytes=0-${MAX_COPY - 1}` })).toMatchObject({ status: 200 })
  })

  it('needs to read a private source, and reach both ends', async () => {
    const refused = { status: 401, json: { code: 'unauthorized' } }
    const copying = ['readFiles', 'writeFiles']
    expect(await copy({}, await as({ capabilities: ['writeFiles'] }))).toMatchObject(refused)
    expect(await copy({}, await as({ capabilities: ['readFiles'] }))).toMatchObject(refused)
    expect(await copy({}, await as({ capabilities: copying, bucketIds: [otherId] }))).toMatchObject(refused)
    const here = await as({ capabilities: copying, bucketIds: [bucketId] })
    expect(await copy({ destinationBucketId: otherId }, here)).toMatchObject(refused)
    const named = await as({ capabilities: copying, bucketIds: [bucketId], namePrefix: 'sou' })
    expect(await copy({}, named)).toMatchObject(refused)
    expect(await copy({ fileName: 'source-2' }, named)).toMatchObject({ status: 200 })

    const { bucketName, bucketId: publicId } = emulator.createBucket('copy-public', 'allPublic')
    const open = (await client.upload(bucketName, 'open', 'open')).json?.['fileId']
    const writer = await as({ capabilities: ['writeFiles'] })
    expect(await copy({ sourceFileId: open, destinationBucketId: publicId }, writer)).toMatchObject({ status: 200 })
  })
})

describe('b2_copy_part', () => {
  const copyPart = (fields: object, by = client): Promise<Reply> => by.call('copy_part', { sourceFileId, ...fields })

  it('mixes with uploaded parts and answers the hash of the copied bytes', async () => {
    const largeFileId = await startLarge(client, otherId, 'mixed')
    const first = await copyPart({ largeFileId, partNumber: 1, range: 'bytes=0-18' })
    expect(first.json).toEqual({
      fileId: largeFileId,
      partNumber: 1,
      contentLength: 19,
      contentSha1: sha1(CONTENT.slice(0, 19)),
      contentMd5: expect.stringMatching(/^[0-9a-f]{32}$/),
      serverSideEncryption: { algorithm: null, mode: null },
      uploadTimestamp: expect.any(Number),
    })
    await uploadPart(client, largeFileId, 2, '-- uploaded --')
    expect((await copyPart({ largeFileId, partNumber: 3 })).json).toMatchObject({ contentSha1: sha1(CONTENT) })
    await client.call('delete_file_version', { fileName: 'source', fileId: sourceFileId })
    const parts = [CONTENT.slice(0, 19), '-- uploaded --', CONTENT]
    const finished = await client.call('finish_large_file', { fileId: largeFileId, partSha1Array: parts.map(sha1) })
    expect(finished.json).toMatchObject({ action: 'upload', contentLength: parts.join('').length })
    expect((await emulator.readFile('copy-target', 'mixed')).toString()).toBe(parts.join(''))
  })

  it('reads across the parts of a large source', async () => {
    const parts = ['0123456789', 'abcdefghij', 'ABCDEFGHIJ']
    const from = await large('three-parts', parts)
    const largeFileId = await startLarge(client, bucketId, 'across')
    for (const [partNumber, range, content] of [
      [1, 'bytes=8-21', '89abcdefghijAB'],
      [2, undefined, parts.join('')],
    ] as const) {
      const reply = await copyPart({ sourceFileId: from, largeFileId, partNumber, range })
      expect(reply.json).toMatchObject({ contentLength: content.length, contentSha1: sha1(content) })
    }
    const partSha1Array = ['89abcdefghijAB', parts.join('')].map(sha1)
    await client.call('finish_large_file', { fileId: largeFileId, partSha1Array })
    const again = await copy({ sourceFileId: largeFileId, range: 'bytes=12-15' })
    expect(again.json).toMatchObject({ contentSha1: sha1('AB01') })
    expect((await client.download('copy-tests', 'copy')).body.toString()).toBe('AB01')
  })

  it('takes small parts, which only finishing refuses', async () => {
    const largeFileId = await startLarge(client, bucketId, 'too-small')
    for (const partNumber of [1, 2]) await copyPart({ largeFileId, partNumber, range: 'bytes=0-3' })
    const partSha1Array = [sha1('The '), sha1('The ')]
    expect(await client.call('finish_large_file', { fileId: largeFileId, partSha1Array })).toMatchObject({
      status: 400,
      json: { code: 'bad_request', message: `Part number 1 is smaller than ${MINIMUM} bytes` },
    })
  })

  it.each<[string, object, number, string]>([
    ['a range behind the end', { range: 'bytes=43-50' }, 416, 'range_not_satisfiable'],
    ['part number 0', { partNumber: 0 }, 400, 'bad_request'],
    ['part number 10001', { partNumber: 10_001 }, 400, 'bad_request'],
    ['a malformed large file', { largeFileId: 'bad' }, 400, 'bad_request'],
    ['a malformed source', { sourceFileId: 'bad' }, 400, 'bad_request'],
  ])('refuses %s', async (_, fields, status, code) => {
    const largeFileId = await startLarge(client, bucketId, 'refusing')
    expect(await copyPart({ largeFileId, partNumber: 1, ...fields })).toMatchObject({ status, json: { code } })
    expect(emulator.parts(largeFileId)).toEqual([])
  })

  it('needs to read a private source, and reach both ends', async () => {
    const largeFileId = await startLarge(client, otherId, 'reach')
    const refused = { status: 401, json: { code: 'unauthorized' } }
    const copying = ['readFiles', 'writeFiles']
    const fields = { largeFileId, partNumber: 1 }
    for (const key of [
      { capabilities: ['writeFiles'] },
      { capabilities: copying, bucketIds: [bucketId] },
      { capabilities: copying, bucketIds: [otherId] },
    ]) {
      expect(await copyPart(fields, await as(key))).toMatchObject(refused)
    }
    const both = await as({ capabilities: copying, bucketIds: [bucketId, otherId] })
    expect(await copyPart(fields, both)).toMatchObject({ status: 200 })
  })
})
