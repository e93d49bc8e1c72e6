import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { startEmulator } from './emulator.ts'
import type { Emulator } from './emulator.ts'
import { bucketIdOf, connect, namesOf, send, sha1, startLarge, uploadPart, uploadPartTo } from './test-client.ts'
import type { Client, UploadUrl } from './test-client.ts'

/** Small parts keep the tests quick; the rules are the same. */
const MINIMUM = 10
const [FIRST, SECOND, LAST] = ['a'.repeat(MINIMUM), 'b'.repeat(MINIMUM + 1), 'c']

let emulator: Emulator
let client: Client
let bucketId: string
beforeAll(async () => {
  const partSizes = { recommendedPartSize: 20, absoluteMinimumPartSize: MINIMUM }
  emulator = await startEmulator({ buckets: [{ bucketName: 'large-tests' }], ...partSizes })
  client = await connect(emulator)
  bucketId = bucketIdOf(emulator, 'large-tests')
})
afterAll(() => emulator.stop())

const start = (fileName: string, fields = {}) => startLarge(client, bucketId, fileName, fields)
const finish = (fileId: string, contents: readonly string[]) =>
  client.call('finish_large_file', { fileId, partSha1Array: contents.map(sha1) })
const until = async (condition: () => boolean): Promise<void> => {
  await expect.poll(condition, { timeout: 5000, interval: 5 }).toBe(true)
}

describe('a large file', () => {
  it('comes together from its parts and keeps the id and the time of its start', async () => {
    const fileInfo = { large_file_sha1: sha1(FIRST + SECOND + LAST), Author: 'Jürgen + M.' }
    const fields = { bucketId, fileName: 'big.bin', contentType: 'b2/x-auto', fileInfo }
    const started = (await client.call('start_large_file', fields)).json ?? {}
    expect(started).toEqual({
      accountId: emulator.accountId,
      action: 'start',
      bucketId,
      contentLength: 0,
      contentMd5: null,
      contentSha1: 'none',
      contentType: 'application/octet-stream',
      fileId: expect.stringMatching(/^4_z[0-9a-f]{24}_f2[0-9a-f]{15}_d/),
      fileInfo: { large_file_sha1: fileInfo.large_file_sha1, author: 'Jürgen + M.' },
      fileName: 'big.bin',
      fileRetention: { isClientAuthorizedToRead: true, value: { mode: null, retainUntilTimestamp: null } },
      legalHold: { isClientAuthorizedToRead: true, value: null },
      serverSideEncryption: { algorithm: null, mode: null },
      uploadTimestamp: expect.any(Number),
    })
    const fileId = String(started['fileId'])
    expect((await uploadPart(client, fileId, 2, SECOND)).json).toEqual({
      fileId,
      partNumber: 2,
      contentLength: SECOND.length,
      contentSha1: sha1(SECOND),
      contentMd5: expect.stringMatching(/^[0-9a-f]{32}$/),
      serverSideEncryption: { algorithm: null, mode: null },
      uploadTimestamp: expect.any(Number),
    })
    const trailer = { 'X-Bz-Content-Sha1': 'hex_digits_at_end' }
    expect(await uploadPart(client, fileId, 3, LAST + sha1(LAST), trailer)).toMatchObject({ status: 200 })
    const unverified = await uploadPart(client, fileId, 1, FIRST, { 'X-Bz-Content-Sha1': 'do_not_verify' })
    expect(unverified.json).toMatchObject({ contentSha1: `unverified:${sha1(FIRST)}` })
    const finished = await finish(fileId, [FIRST, SECOND, LAST])
    expect(finished.json).toEqual({ ...started, action: 'upload', contentLength: 22 })
    expect((await client.download('large-tests', 'big.bin')).body.toString()).toBe(FIRST + SECOND + LAST)
    expect((await emulator.readFile('large-tests', 'big.bin')).toString()).toBe(FIRST + SECOND + LAST)
    const middle = await client.download('large-tests', 'big.bin', { Range: 'bytes=8-21' })
    expect(middle).toMatchObject({ status: 206, headers: { 'x-bz-content-sha1': 'none' } })
    expect(middle.body.toString()).toBe((FIRST + SECOND + LAST).slice(8))
  })

  it('can be started, copied into and finished with GET, objects as JSON and lists with commas', async () => {
    const get = (operation: string, params: Record<string, string>) =>
      send(`${emulator.realm}/b2api/v4/b2_${operation}?${new URLSearchParams(params).toString()}`, {
        headers: { Authorization: client.token },
      })
    const begin = { bucketId, fileName: 'by-get', contentType: 'text/plain' }
    const started = await get('start_large_file', { ...begin, fileInfo: '{"who":"J, & + Ü"}' })
    expect(started.json).toMatchObject({ fileInfo: { who: 'J, & + Ü' } })
    const fileId = String(started.json?.['fileId'])
    const sourceFileId = String((await client.upload('large-tests', 'get-source', SECOND)).json?.['fileId'])
    for (const partNumber of ['1', '2']) {
      expect(await get('copy_part', { sourceFileId, largeFileId: fileId, partNumber })).toMatchObject({ status: 200 })
    }
    const finished = await get('finish_large_file', { fileId, partSha1Array: `${sha1(SECOND)},${sha1(SECOND)}` })
    expect(finished.json).toMatchObject({ action: 'upload', contentLength: 2 * SECOND.length })
    const broken = await get('start_large_file', { ...begin, fileInfo: '{who' })
    expect(broken).toMatchObject({ status: 400, json: { message: 'bad value for fileInfo: not JSON' } })
  })

  it('takes a part again and keeps the last one', async () => {
    const fileId = await start('again')
    for (const content of ['old content', 'new content']) await uploadPart(client, fileId, 1, content)
    expect(emulator.parts(fileId)).toMatchObject([{ partNumber: 1, contentSha1: sha1('new content') }])
    expect(await finish(fileId, ['new content'])).toMatchObject({ status: 200 })
    expect((await emulator.readFile('large-tests', 'again')).toString()).toBe('new content')
  })

  it('may have one part smaller than the minimum', async () => {
    const fileId = await start('one-part')
    await uploadPart(client, fileId, 1, 'x')
    expect((await finish(fileId, ['x'])).json).toMatchObject({ action: 'upload', contentLength: 1 })
  })

  it.each([
    ['a part that was never sent', { 1: FIRST, 3: LAST }, [FIRST, SECOND, LAST], 'missing_part', 'Part number 2'],
    ['a wrong hash', { 1: FIRST, 2: SECOND }, [FIRST, LAST], 'part_sha1_mismatch', 'Sha1 of part number 2'],
    ['too few hashes', { 1: FIRST, 2: SECOND }, [FIRST], 'bad_request', '1 entries, but 2 parts'],
    [
      'a small part before the last',
      { 1: LAST, 2: LAST },
      [LAST, LAST],
      'bad_request',
      'Part number 1 is smaller than',
    ],
    ['an empty last part', { 1: FIRST, 2: '' }, [FIRST, ''], 'bad_request', 'Part number 2 is smaller than 1 bytes'],
    ['no hashes', {}, [], 'bad_request', 'must not be empty'],
  ])('is not finished with %s, and can be finished afterwards', async (name, parts, sent, code, message) => {
    const fileId = await start(name)
    for (const [number, content] of Object.entries(parts)) await uploadPart(client, fileId, Number(number), content)
    const reply = await finish(fileId, sent)
    expect(reply).toMatchObject({ status: 400, json: { code, message: expect.stringContaining(message) } })
    for (const [index, content] of [FIRST, SECOND, LAST].entries()) {
      await uploadPart(client, fileId, index + 1, content)
    }
    expect(await finish(fileId, [FIRST, SECOND, LAST])).toMatchObject({ status: 200 })
  })

  it('answers 400 to whatever comes after it was finished, and when it was never started', async () => {
    const fileId = await start('finished')
    const url = (await client.call('get_upload_part_url', { fileId })).json as UploadUrl
    await uploadPart(client, fileId, 1, FIRST)
    await finish(fileId, [FIRST])
    const gone = { status: 400, json: { code: 'bad_request', message: `No active upload for: ${fileId}` } }
    expect(await finish(fileId, [FIRST])).toMatchObject(gone)
    expect(await uploadPartTo(url, 1, FIRST)).toMatchObject(gone)
    for (const operation of ['get_upload_part_url', 'list_parts', 'cancel_large_file']) {
      expect(await client.call(operation, { fileId })).toMatchObject(gone)
    }
    const malformed = { status: 400, json: { code: 'bad_request', message: 'Invalid fileId: bad-id' } }
    expect(await client.call('cancel_large_file', { fileId: 'bad-id' })).toMatchObject(malformed)
  })

  it.each<[string, Record<string, string | number | undefined>, string]>([
    ['number 0', { 'X-Bz-Part-Number': 0 }, 'Part number out of range: 0'],
    ['number 10001', { 'X-Bz-Part-Number': 10_001 }, 'Part number out of range: 10001'],
    ['a number that is none', { 'X-Bz-Part-Number': 'one' }, 'Bad part number: one'],
    ['no number', { 'X-Bz-Part-Number': undefined }, 'Missing header: x-bz-part-number'],
    ['no hash', { 'X-Bz-Content-Sha1': undefined }, 'Missing header: x-bz-content-sha1'],
    ['a wrong hash', { 'X-Bz-Content-Sha1': sha1('other') }, 'Checksum did not match data received'],
  ])('refuses a part with %s', async (_, headers, message) => {
    const fileId = await start('refusing')
    expect(await uploadPart(client, fileId, 1, FIRST, headers)).toMatchObject({ status: 400, json: { message } })
    expect(emulator.parts(fileId)).toEqual([])
    await client.call('cancel_large_file', { fileId })
  })

  it.each([
    ['a name too long', { fileName: 'x'.repeat(1025) }, 'File names in UTF8'],
    ['too much info', { fileInfo: { a: 'ü'.repeat(1200) } }, 'exceed 7000 bytes'],
    ['an unknown b2- info', { fileInfo: { 'b2-mine': 'x' } }, 'File info name not allowed: b2-mine'],
    ['an info name with a space', { fileInfo: { 'my info': 'x' } }, 'Bad file info name'],
    ['no content type', { contentType: undefined }, 'required field contentType is missing'],
  ])('does not start with %s', async (_, fields, message) => {
    const params = { bucketId, fileName: 'never-started', contentType: 'text/plain', ...fields }
    const reply = await client.call('start_large_file', params)
    expect(reply).toMatchObject({ status: 400, json: { message: expect.stringContaining(message) } })
  })
})

describe('part URLs', () => {
  it('follow the rules of upload URLs: one at a time, none after a failure, for their own file only', async () => {
    emulator.clearCalls()
    const fileId = await start('strict')
    const urlOf = async () => (await client.call('get_upload_part_url', { fileId })).json as UploadUrl
    const one = await urlOf()
    expect(one.uploadUrl).toContain(`/b2api/v4/b2_upload_part/${fileId}/`)
    for (const number of [1, 2, 2]) expect(await uploadPartTo(one, number, FIRST)).toMatchObject({ status: 200 })
    const body = new Readable({ read: () => {} })
    const headers = {
      Authorization: one.authorizationToken,
      'X-Bz-Part-Number': 3,
      'Content-Length': 10,
      'X-Bz-Content-Sha1': sha1(FIRST),
    }
    const slow = send(one.uploadUrl, { method: 'POST', headers, body })
    body.push('aaaaa')
    await until(() => emulator.inFlight === 1)
    expect(await uploadPartTo(one, 4, FIRST)).toMatchObject({ status: 400, json: { code: 'auth_token_limit' } })
    body.push('aaaaa')
    body.push(null)
    expect(await slow).toMatchObject({ status: 200 })
    expect(await uploadPartTo(one, 4, FIRST)).toMatchObject({ status: 401, json: { code: 'bad_auth_token' } })
    const file = await client.getUploadUrl('large-tests')
    const mixed = { ...file, uploadUrl: (await urlOf()).uploadUrl }
    expect(await uploadPartTo(mixed, 4, FIRST)).toMatchObject({ status: 401, json: { code: 'bad_auth_token' } })
    expect(emulator.violations.map((violation) => violation.kind)).toEqual([
      'upload-url-used-concurrently',
      'upload-url-used-after-failure',
    ])
    expect(emulator.parts(fileId).map((part) => part.partNumber)).toEqual([1, 2, 3])
  })

  it('take nothing for a file that is cancelled while the bytes arrive', async () => {
    const fileId = await start('cancelled-meanwhile')
    const url = (await client.call('get_upload_part_url', { fileId })).json as UploadUrl
    const body = new Readable({ read: () => {} })
    const headers = {
      Authorization: url.authorizationToken,
      'X-Bz-Part-Number': 1,
      'Content-Length': 10,
      'X-Bz-Content-Sha1': sha1(FIRST),
    }
    const slow = send(url.uploadUrl, { method: 'POST', headers, body })
    body.push('aaaaa')
    await until(() => emulator.inFlight === 1)
    expect((await client.call('cancel_large_file', { fileId })).json).toEqual({
      accountId: emulator.accountId,
      bucketId,
      fileId,
      fileName: 'cancelled-meanwhile',
    })
    body.push('aaaaa')
    body.push(null)
    expect(await slow).toMatchObject({ status: 400, json: { message: `No active upload for: ${fileId}` } })
  })
})

describe('b2_list_parts', () => {
  it('pages by part number and works as GET', async () => {
    const fileId = await start('many-parts')
    for (const number of [7, 3, 10_000, 1]) await uploadPart(client, fileId, number, FIRST)
    const numbers = (parts: unknown) => (parts as { partNumber: number }[]).map((part) => part.partNumber)
    const first = (await client.call('list_parts', { fileId, maxPartCount: 2 })).json
    expect([numbers(first?.['parts']), first?.['nextPartNumber']]).toEqual([[1, 3], 7])
    const rest = await send(`${emulator.realm}/b2api/v4/b2_list_parts?fileId=${fileId}&startPartNumber=7`, {
      headers: { Authorization: client.token },
    })
    expect([numbers(rest.json?.['parts']), rest.json?.['nextPartNumber']]).toEqual([[7, 10_000], null])
    expect(await client.call('list_parts', { fileId, maxPartCount: 1001 })).toMatchObject({
      status: 400,
      json: { code: 'out_of_range', message: 'maxPartCount out of range: 1001' },
    })
  })
})

describe('unfinished large files', () => {
  it('are listed as such, in pages, by prefix', async () => {
    const { bucketName, bucketId: id } = emulator.createBucket('unfinished-pages')
    const ids: string[] = []
    for (const name of ['b', 'a', 'a', 'other']) ids.push(await startLarge(client, id, name))
    expect(emulator.unfinishedLargeFiles(bucketName).map((file) => file.fileName)).toEqual(['b', 'a', 'a', 'other'])
    const list = (params: object) => client.call('list_unfinished_large_files', { bucketId: id, ...params })
    const first = await list({ maxFileCount: 3 })
    expect([namesOf(first), first.json?.['nextFileId']]).toEqual([['b', 'a', 'a'], ids[3]])
    const second = await list({ startFileId: ids[3], maxFileCount: 3 })
    expect([namesOf(second), second.json?.['nextFileId']]).toEqual([['other'], null])
    expect(namesOf(await list({ namePrefix: 'a' }))).toEqual(['a', 'a'])
    await client.call('cancel_large_file', { fileId: ids[0] })
    expect(namesOf(await list({ startFileId: ids[0] }))).toEqual(['a', 'a', 'other'])
    const tooMany = { status: 400, json: { code: 'out_of_range', message: 'maxFileCount out of range: 101' } }
    expect(await list({ maxFileCount: 101 })).toMatchObject(tooMany)
    expect(await list({ startFileId: 'x' })).toMatchObject({ status: 400, json: { code: 'invalid_file_id' } })
  })

  it('show among the versions only, and shadow neither a file nor its absence', async () => {
    const { bucketName, bucketId: id } = emulator.createBucket('unfinished-rows')
    await client.upload(bucketName, 'both', 'older')
    for (const name of ['alone', 'both']) await startLarge(client, id, name)
    expect(namesOf(await client.call('list_file_names', { bucketId: id }))).toEqual(['both'])
    expect((await client.download(bucketName, 'both')).body.toString()).toBe('older')
    expect(await client.download(bucketName, 'alone')).toMatchObject({ status: 404 })
    const hidden = await client.call('hide_file', { bucketId: id, fileName: 'alone' })
    expect(hidden).toMatchObject({ status: 400, json: { code: 'no_such_file' } })
    const rows = emulator.fileVersions(bucketName).map((version) => [version.fileName, version.action])
    expect(rows).toEqual([
      ['alone', 'start'],
      ['both', 'start'],
      ['both', 'upload'],
    ])
    const versions = await client.call('list_file_versions', { bucketId: id })
    expect(versions.json?.['files']).toMatchObject(rows.map(([fileName, action]) => ({ fileName, action })))
  })

  it('keep a bucket from being deleted until they are cancelled, or deleted like a version', async () => {
    const { bucketId: id } = emulator.createBucket('unfinished-only')
    const [one, two] = [await startLarge(client, id, 'one'), await startLarge(client, id, 'two')]
    await uploadPart(client, one, 1, FIRST)
    const drop = () => client.call('delete_bucket', { accountId: client.accountId, bucketId: id })
    expect(await drop()).toMatchObject({ status: 400, json: { code: 'cannot_delete_non_empty_bucket' } })
    await client.call('cancel_large_file', { fileId: one })
    const deleted = await client.call('delete_file_version', { fileName: 'two', fileId: two })
    expect(deleted.json).toEqual({ fileName: 'two', fileId: two })
    expect(await drop()).toMatchObject({ status: 200 })
  })

  it('sort by their start: a file uploaded meanwhile stays the current one', async () => {
    const { bucketName, bucketId: id } = emulator.createBucket('order-trap')
    const fileId = await startLarge(client, id, 'trap')
    await client.upload(bucketName, 'trap', 'small')
    await uploadPart(client, fileId, 1, FIRST)
    await finish(fileId, [FIRST])
    expect((await client.download(bucketName, 'trap')).body.toString()).toBe('small')
    expect(emulator.fileVersions(bucketName).map((version) => version.contentLength)).toEqual([5, FIRST.length])
  })

  it('are out of reach for keys of other buckets and names, and for those that may not write', async () => {
    const fileId = await start('allowed/file')
    const other = emulator.createBucket('not-for-large').bucketId
    const as = async (key: Parameters<Emulator['createKey']>[0]) => connect(emulator, emulator.createKey(key))
    const writing = ['writeFiles', 'listFiles']
    const refused = { status: 401, json: { code: 'unauthorized' } }
    const strangers = [
      await as({ capabilities: writing, bucketIds: [other] }),
      await as({ capabilities: writing, bucketIds: [bucketId], namePrefix: 'elsewhere/' }),
      await as({ capabilities: ['readFiles'] }),
    ]
    for (const stranger of strangers) {
      for (const operation of ['get_upload_part_url', 'list_parts', 'cancel_large_file']) {
        expect(await stranger.call(operation, { fileId })).toMatchObject(refused)
      }
      expect(await stranger.call('list_unfinished_large_files', { bucketId })).toMatchObject(refused)
      const begin = { bucketId, fileName: 'allowed/new', contentType: 'x/y' }
      expect(await stranger.call('start_large_file', begin)).toMatchObject(refused)
    }
    const friend = await as({ capabilities: writing, bucketIds: [bucketId], namePrefix: 'allowed/' })
    expect(await uploadPart(friend, fileId, 1, FIRST)).toMatchObject({ status: 200 })
  })

  it('leave no content behind', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'b2-emulator-large-'))
    const own = await startEmulator({ dataDirectory: directory, buckets: [{ bucketName: 'own-bucket' }] })
    const someone = await connect(own)
    const ids: string[] = []
    for (const name of ['cancelled', 'finished']) {
      ids.push(await startLarge(someone, bucketIdOf(own, 'own-bucket'), name))
      for (const number of [1, 1]) await uploadPart(someone, ids.at(-1) ?? '', number, FIRST)
    }
    const contents = () => readdirSync(join(directory, 'blobs')).length
    expect(contents()).toBe(2)
    await someone.call('cancel_large_file', { fileId: ids[0] })
    await someone.call('finish_large_file', { fileId: ids[1], partSha1Array: [sha1(FIRST)] })
    expect(contents()).toBe(1)
    await someone.call('delete_file_version', { fileName: 'finished', fileId: ids[1] })
    expect(contents()).toBe(0)
    await own.stop()
    rmSync(directory, { recursive: true })
  })

  it('and their parts are there again after a restart', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'b2-emulator-large-'))
    const options = {
      dataDirectory: directory,
      absoluteMinimumPartSize: MINIMUM,
      buckets: [{ bucketName: 'kept-bucket' }],
    }
    const first = await startEmulator(options)
    const before = await connect(first)
    const fileId = await startLarge(before, bucketIdOf(first, 'kept-bucket'), 'kept')
    await uploadPart(before, fileId, 2, 'replaced')
    for (const [number, content] of [FIRST, SECOND].entries()) {
      await uploadPart(before, fileId, number + 1, content)
    }
    const done = await startLarge(before, bucketIdOf(first, 'kept-bucket'), 'done')
    await uploadPart(before, done, 1, 'done')
    await before.call('finish_large_file', { fileId: done, partSha1Array: [sha1('done')] })
    const kept = { versions: first.fileVersions('kept-bucket'), parts: first.parts(fileId) }
    await first.stop()

    const second = await startEmulator(options)
    expect({ versions: second.fileVersions('kept-bucket'), parts: second.parts(fileId) }).toEqual(kept)
    const after = await connect(second)
    await uploadPart(after, fileId, 3, LAST)
    const partSha1Array = [FIRST, SECOND, LAST].map(sha1)
    expect(await after.call('finish_large_file', { fileId, partSha1Array })).toMatchObject({ status: 200 })
    expect((await second.readFile('kept-bucket', 'kept')).toString()).toBe(FIRST + SECOND + LAST)
    expect((await second.readFile('kept-bucket', 'done')).toString()).toBe('done')
    const partOf = (content: string) => ({ sizeBytes: content.length, sha1: sha1(content) })
    expect(second.listVisible('kept-bucket')).toMatchObject([
      { fileName: 'done', parts: [partOf('done')] },
      { fileName: 'kept', parts: [FIRST, SECOND, LAST].map(partOf) },
    ])
    await second.stop()
    rmSync(directory, { recursive: true })
  })
})
