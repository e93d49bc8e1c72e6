import { randomBytes } from 'node:crypto'
import { inspect } from 'node:util'
import { Agent, type Dispatcher } from 'undici'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { INTERACTIVE } from '../../main/engine/b2/retry.ts'
import type { Emulator, EmulatorOptions } from '../b2-emulator/emulator.ts'
import { allRows, BUCKET, MODIFIED, sha1Of, startB2Bench, type B2Bench } from '../support/b2-bench.ts'
import type { FakeClock } from '../support/fake-clock.ts'

let bench: B2Bench
let emulator: Emulator
let clock: FakeClock
let connect: B2Bench['connect']
let anUpload: B2Bench['anUpload']
let countOf: B2Bench['countOf']

async function open(options: EmulatorOptions = {}): Promise<void> {
  bench = await startB2Bench(options)
  ;({ emulator, clock, connect, anUpload, countOf } = bench)
}

beforeEach(() => open())
afterEach(async () => {
  expect(emulator.violations).toEqual([])
  await bench.close()
})

function bucketIdOf(bucketName = BUCKET): string {
  const bucket = emulator.buckets.find((candidate) => candidate.bucketName === bucketName)
  if (bucket === undefined) throw new Error(`no bucket ${bucketName}`)
  return bucket.bucketId
}

const operations = (): string[] => emulator.calls.map((call) => call.operation)

describe('uploading', () => {
  it('stores names of every kind byte for byte, and lists them in the order of their UTF-8 bytes', async () => {
    const names = [
      'a+b&c,d=e;f.txt',
      'äöü/ß ẞ.txt',
      'cafe\u0301.txt',
      'café.txt',
      'percent %41 %.txt',
      '日本語/ファイル.txt',
      '😀/🎉.txt',
      '\ue000private.txt',
      'quote\'s "double" (paren) [b] {c} `d` ^ | < > ? # ~ ! $ * : @',
      'back\\slash.txt',
      ' leading and trailing ',
      '..hidden...',
      'CASE',
      'case',
    ]
    const client = connect()
    for (const name of names) await client.uploadFile(anUpload(name, `content of ${name}`))
    for (const name of names) {
      expect((await emulator.readFile(BUCKET, name)).toString()).toBe(`content of ${name}`)
    }
    const listed = await allRows(client.listFileNames(bucketIdOf(), { pageSize: 3 }))
    const inByteOrder = names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    expect(listed.map((file) => file.fileName)).toEqual(inByteOrder)
  })

  it('returns the version with its SHA-1, time and info', async () => {
    const info = { note: 'ü + & ,' }
    const version = await connect().uploadFile(
      anUpload('a.txt', 'hello', { fileInfo: info, contentType: 'text/plain' }),
    )
    expect(version).toMatchObject({
      fileName: 'a.txt',
      action: 'upload',
      contentLength: 5,
      contentSha1: sha1Of('hello'),
      contentType: 'text/plain',
      fileInfo: { src_last_modified_millis: String(MODIFIED), ...info },
    })
    expect(emulator.listVisible(BUCKET)).toMatchObject([{ sha1: sha1Of('hello'), fileId: version.fileId }])
  })

  it('stores an empty file', async () => {
    await connect().uploadFile(anUpload('empty', ''))
    expect(emulator.listVisible(BUCKET)).toMatchObject([{ fileName: 'empty', sizeBytes: 0 }])
  })

  it('uses one upload URL for one file after the other', async () => {
    const client = connect()
    for (let i = 0; i < 5; i++) await client.uploadFile(anUpload(`f${i}`, 'x'))
    expect(countOf('get_upload_url')).toBe(1)
    expect(countOf('authorize_account')).toBe(1)
  })

  it('stores 200 files at once, never two on one URL', async () => {
    const client = connect()
    const names = Array.from({ length: 200 }, (_, i) => `many/${String(i).padStart(3, '0')}`)
    await Promise.all(names.map((name) => client.uploadFile(anUpload(name, name))))
    expect(emulator.listVisible(BUCKET).map((file) => file.fileName)).toEqual(names)
    expect(countOf('authorize_account')).toBe(1)
    expect(countOf('upload_file')).toBe(200)
    emulator.clearCalls()
    await Promise.all(names.map((name) => client.uploadFile(anUpload(name, name))))
    expect(countOf('get_upload_url')).toBe(0)
  })

  it('takes new URLs at once when pods refuse, and never one that failed', async () => {
    const client = connect()
    await client.uploadFile(anUpload('first', 'x'))
    emulator.clearCalls()
    emulator.failNext('upload_file', { status: 503, count: 4 })
    await client.uploadFile(anUpload('second', 'y'))
    expect(clock.sleeps).toEqual([])
    const urls = emulator.calls.flatMap((call) => call.uploadUrl ?? [])
    expect(urls).toHaveLength(5)
    expect(new Set(urls).size).toBe(5)
    await Promise.all(['third', 'fourth', 'fifth'].map((name) => client.uploadFile(anUpload(name, 'z'))))
    expect(countOf('upload_file')).toBe(8)
  })

  it('does not fall back to an idle URL when one has failed: it may lead to the same pod', async () => {
    const client = connect()
    await Promise.all(['1', '2', '3'].map((name) => client.uploadFile(anUpload(name, 'x'))))
    emulator.clearCalls()
    emulator.failNext('upload_file', { status: 503 })
    await client.uploadFile(anUpload('4', 'x'))
    expect(countOf('get_upload_url')).toBe(1)
  })

  it('backs off after five URLs', async () => {
    emulator.failNext('upload_file', { status: 503, count: 6 })
    await connect().uploadFile(anUpload('a', 'x'))
    expect(clock.sleeps).toEqual([500, 1_000])
    expect(countOf('upload_file')).toBe(7)
  })

  it('backs off after five URLs also when every answer is lost', async () => {
    emulator.failNext('upload_file', { kind: 'cut-before', count: 7 })
    await connect().uploadFile(anUpload('a', 'x'))
    expect(clock.sleeps).toEqual([750, 750, 750, 750, 750, 1_000, 2_000])
  })

  it('waits when a pod says how long', async () => {
    emulator.failNext('upload_file', { status: 503, retryAfter: 7 })
    emulator.failNext('get_upload_url', { status: 429, retryAfter: 2 })
    await connect().uploadFile(anUpload('a', 'x'))
    expect(clock.sleeps).toEqual([2_250, 7_875])
  })

  it.each([
    // All was on its way: B2 is asked whether it has arrived, and given a moment before.
    ['a cut connection', { kind: 'cut-before' as const }, [750]],
    ['a busy URL', { status: 400, code: 'auth_token_limit' }, []],
    ['an expired URL', { status: 401, code: 'expired_auth_token' }, []],
    ['a request time-out', { status: 408 }, []],
    ['a refusal that may be a mistake', { status: 401, code: 'unauthorized' }, []],
  ])('gets over %s with a new URL', async (_, fault, sleeps) => {
    const client = connect()
    await client.uploadFile(anUpload('before', 'x'))
    emulator.failNext('upload_file', fault)
    await client.uploadFile(anUpload('a', 'x'))
    expect(clock.sleeps).toEqual(sleeps)
    expect(countOf('get_upload_url')).toBe(2)
    expect(emulator.fileVersions(BUCKET)).toHaveLength(2)
  })

  it('takes a new URL at once when the connection is cut in the middle', async () => {
    emulator.failNext('upload_file', { kind: 'cut-midway' })
    await connect().uploadFile(anUpload('a', randomBytes(20_000_000)))
    expect(clock.sleeps).toEqual([])
    expect(emulator.fileVersions(BUCKET)).toHaveLength(1)
  })

  it.each([
    ['the cap on transactions', { kind: 'cap', code: 'transaction_cap_exceeded' } as const],
    ['a refusal', { status: 400 }],
  ])('says that it may be stored when an answer was lost and %s keeps it from asking', async (_, fault) => {
    emulator.failNext('upload_file', { kind: 'cut-after' })
    emulator.failNext('list_file_names', fault)
    const upload = connect().uploadFile(anUpload('a', 'x'))
    await expect(upload).rejects.toMatchObject({ details: { mayBeStored: true } })
    expect(emulator.fileVersions(BUCKET)).toHaveLength(1)
  })

  it('says nothing of the kind when B2 was asked and holds nothing', async () => {
    emulator.failNext('upload_file', { kind: 'cut-before' })
    emulator.failNext('get_upload_url', { status: 400, skip: 1 })
    const upload = connect().uploadFile(anUpload('a', 'x'))
    await expect(upload).rejects.toMatchObject({
      code: 'b2_refused',
      details: expect.not.objectContaining({ mayBeStored: true }) as object,
    })
  })

  it.each([
    ['another content of the same time', 'old', {}],
    ['the same content of another time', 'new', { srcLastModifiedMillis: 5 }],
  ])('does not take %s for what it has sent when nothing came of it', async (_, content, more) => {
    const client = connect()
    await client.uploadFile(anUpload('a', content, more))
    emulator.failNext('upload_file', { kind: 'cut-before' })
    const version = await client.uploadFile(anUpload('a', 'new'))
    expect(version.fileInfo['src_last_modified_millis']).toBe(String(MODIFIED))
    expect((await emulator.readFile(BUCKET, 'a')).toString()).toBe('new')
    expect(emulator.fileVersions(BUCKET)).toHaveLength(2)
  })

  it('sends again when the answer was lost and the key may not look', async () => {
    const client = connect(emulator.createKey({ capabilities: ['writeFiles'] }))
    emulator.failNext('upload_file', { kind: 'cut-after' })
    await client.uploadFile(anUpload('a', 'x'))
    expect(countOf('upload_file')).toBe(2)
  })

  it.each([
    ['upload_file', 2],
    ['get_upload_url', 1],
  ])('believes a refusal of %s the time number %i', async (operation, times) => {
    emulator.failNext(operation, { status: 401, code: 'unauthorized', count: Infinity })
    await expect(connect().uploadFile(anUpload('a', 'x'))).rejects.toMatchObject({ code: 'bucket_not_allowed' })
    expect(countOf(operation)).toBe(times)
  })

  it('refuses more than 5 GB before sending anything', async () => {
    const upload = connect().uploadFile(anUpload('a', 'x', { contentLength: 5_000_000_001 }))
    await expect(upload).rejects.toMatchObject({ code: 'file_too_large' })
    expect(emulator.calls).toEqual([])
  })

  it('stops at a full account and says so', async () => {
    emulator.failNext('upload_file', { status: 403, code: 'storage_cap_exceeded' })
    await expect(connect().uploadFile(anUpload('a', 'x'))).rejects.toMatchObject({ code: 'storage_cap_exceeded' })
    expect(countOf('upload_file')).toBe(1)
  })

  it('gets over an early 401 while a large body is on its way', async () => {
    const client = connect()
    await client.uploadFile(anUpload('before', 'x'))
    emulator.expireTokens('upload')
    const content = randomBytes(50_000_000)
    const version = await client.uploadFile(anUpload('large', content))
    expect(version.contentSha1).toBe(sha1Of(content))
    expect(emulator.fileVersions(BUCKET)).toHaveLength(2)
    expect(countOf('authorize_account')).toBe(1)
  })

  it('leaves no version and keeps the error when the caller objects before the trailer', async () => {
    const client = connect()
    const reason = new Error('changed meanwhile')
    const beforeTrailer = (): Promise<void> => Promise.reject(reason)
    await expect(client.uploadFile(anUpload('a', randomBytes(300_000), { beforeTrailer }))).rejects.toBe(reason)
    await client.uploadFile(anUpload('b', 'x'))
    await expect.poll(() => emulator.inFlight).toBe(0)
    expect(emulator.fileVersions(BUCKET).map((version) => version.fileName)).toEqual(['b'])
    expect(countOf('get_upload_url')).toBe(2)
    expect(clock.sleeps).toEqual([])
  })

  it.each([4, 6])('leaves no version of a source of 5 bytes that announced %i', async (contentLength) => {
    const upload = connect().uploadFile(anUpload('a', '12345', { contentLength }))
    await expect(upload).rejects.toMatchObject({ code: 'file_changed_while_reading' })
    await expect.poll(() => emulator.inFlight).toBe(0)
    expect(emulator.fileVersions(BUCKET)).toEqual([])
  })

  it('stops when it is aborted in the middle and leaves no version', async () => {
    const controller = new AbortController()
    const onProgress = (bytesSent: number): void => {
      if (bytesSent > 1_000_000) controller.abort()
    }
    const upload = anUpload('a', randomBytes(20_000_000), { signal: controller.signal, onProgress })
    await expect(connect().uploadFile(upload)).rejects.toMatchObject({ name: 'AbortError' })
    await expect.poll(() => emulator.inFlight).toBe(0)
    expect(emulator.fileVersions(BUCKET)).toEqual([])
  })

  it('refuses a name B2 cannot store before sending anything', async () => {
    const upload = connect().uploadFile(anUpload('a\u0007b', 'x'))
    await expect(upload).rejects.toMatchObject({
      code: 'name_not_allowed',
      details: { reason: "it contains the control character U+0007 at place 2 of the file's name" },
    })
    expect(emulator.calls).toEqual([])
  })

  it('does not send again what was stored though its answer was lost', async () => {
    let lost = 0
    const losesFirstUploadAnswer: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) =>
      dispatch(
        options,
        options.path.includes('upload_file') && lost++ === 0
          ? {
              ...forwarding(handler),
              onResponseStart: (controller) =>
                controller.abort(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })),
            }
          : handler,
      )
    const agent = new Agent()
    const client = connect({ dispatcher: agent.compose(losesFirstUploadAnswer) })
    const version = await client.uploadFile(anUpload('dir/a', 'hello'))
    expect(emulator.fileVersions(BUCKET)).toMatchObject([{ fileId: version.fileId }])
    expect(countOf('upload_file')).toBe(1)
    await agent.close()
  })
})

/** The handler's own methods, bound, so that some can be replaced. */
function forwarding(handler: Dispatcher.DispatchHandler): Dispatcher.DispatchHandler {
  return {
    onRequestStart: (controller, context) => handler.onRequestStart?.(controller, context),
    onResponseData: (controller, chunk) => handler.onResponseData?.(controller, chunk),
    onResponseEnd: (controller, trailers) => handler.onResponseEnd?.(controller, trailers),
    onResponseError: (controller, error) => handler.onResponseError?.(controller, error),
  }
}

describe('the token', () => {
  it('is replaced once for many callers when it expires in the middle', async () => {
    const client = connect()
    await client.uploadFile(anUpload('a', 'x'))
    emulator.clearCalls()
    emulator.expireTokens()
    const uploads = Array.from({ length: 50 }, (_, i) => client.uploadFile(anUpload(`f${i}`, 'x')))
    const listings = Array.from({ length: 50 }, () => allRows(client.listFileNames(bucketIdOf())))
    await Promise.all([...uploads, ...listings])
    expect(countOf('authorize_account')).toBe(1)
    expect(clock.sleeps).toEqual([])
  })

  it('is replaced before its day is over', async () => {
    const client = connect()
    await client.listBuckets()
    clock.advance(22 * 3_600_000)
    await client.listBuckets()
    expect(countOf('authorize_account')).toBe(1)
    clock.advance(3_600_000)
    await client.listBuckets()
    expect(countOf('authorize_account')).toBe(2)
  })

  it('takes an upload URL with it', async () => {
    const client = connect()
    await client.uploadFile(anUpload('a', 'x'))
    clock.advance(23 * 3_600_000)
    await client.uploadFile(anUpload('b', 'x'))
    expect(countOf('get_upload_url')).toBe(2)
  })
})

describe('connecting', () => {
  it.each([
    [401, 'bad_auth_token', 'key_rejected'],
    [401, 'unauthorized', 'key_rejected'],
    [401, 'unsupported', 'key_unsupported'],
    [403, 'access_denied', 'account_blocked'],
  ])('that is answered %i %s is %s, and asks no more until a person does', async (status, b2Code, code) => {
    const client = connect()
    emulator.failNext('authorize_account', { status, code: b2Code })
    await expect(client.authorize()).rejects.toMatchObject({ code })
    await expect(client.listBuckets()).rejects.toMatchObject({ code })
    expect(countOf('authorize_account')).toBe(1)
    await client.authorize()
    clock.advance(24 * 3_600_000)
    await client.listBuckets()
  })

  it('notices a key that is revoked while it is in use', async () => {
    const key = emulator.createKey({ capabilities: ['listFiles', 'writeFiles'] })
    const client = connect(key)
    await client.uploadFile(anUpload('a', 'x'))
    emulator.revokeKey(key.applicationKeyId)
    await expect(client.uploadFile(anUpload('b', 'x'))).rejects.toMatchObject({ code: 'key_rejected' })
    await expect(client.hideFile(bucketIdOf(), 'a')).rejects.toMatchObject({ code: 'key_rejected' })
  })

  it('keeps the key out of everything that can be printed', async () => {
    const applicationKey = 'K002secretsecretsecretsecretsec'
    const client = connect({ applicationKey })
    const error = await client.authorize().catch((thrown: unknown) => thrown)
    const printed = [client, error].map((value) => `${inspect(value, { depth: 9 })} ${JSON.stringify(value)}`).join()
    expect(printed).toContain('key_rejected')
    expect(printed).not.toContain('secret')
    expect(printed).not.toContain(Buffer.from(`${emulator.applicationKeyId}:${applicationKey}`).toString('base64'))
  })

  it('does not let a person wait long for a server that is away', async () => {
    await emulator.setReachable(false)
    await expect(connect().authorize({ patience: INTERACTIVE })).rejects.toMatchObject({ code: 'network_unreachable' })
    expect(clock.sleeps).toEqual([500])
    await emulator.setReachable(true)
  })

  it('says what an address is that is not B2', async () => {
    const client = connect({ realm: `${emulator.realm}/nothing/here` })
    await expect(client.authorize()).rejects.toMatchObject({ code: 'not_a_b2_service' })
    expect(() => connect({ realm: 'http://api.backblazeb2.com' })).toThrow(
      expect.objectContaining({ code: 'realm_not_allowed' }),
    )
  })

  it('asks B2 each time a person connects', async () => {
    const client = connect()
    await client.authorize()
    await client.authorize()
    expect(countOf('authorize_account')).toBe(2)
  })

  it('takes an address with a slash at its end', async () => {
    expect(await connect({ realm: `${emulator.realm}/` }).account()).toMatchObject({ accountId: emulator.accountId })
  })

  it('reads the account', async () => {
    const key = emulator.createKey({ capabilities: ['listFiles'], bucketIds: [bucketIdOf()], namePrefix: 'docs/' })
    expect(await connect(key).account()).toMatchObject({
      accountId: emulator.accountId,
      capabilities: ['listFiles'],
      allowedBuckets: [{ id: bucketIdOf(), name: BUCKET }],
      namePrefix: 'docs/',
    })
  })
})

describe('a restricted key', () => {
  it('is told what it lacks before anything is asked', async () => {
    const client = connect(emulator.createKey({ capabilities: ['listBuckets', 'listFiles'] }))
    expect(await client.missingCapabilities(['writeFiles', 'listFiles'])).toEqual(['writeFiles'])
    const missing = { code: 'capability_missing', details: { capability: 'writeFiles' } }
    await expect(client.uploadFile(anUpload('a', 'x'))).rejects.toMatchObject(missing)
    await expect(client.hideFile(bucketIdOf(), 'a')).rejects.toMatchObject(missing)
    expect(operations()).toEqual(['authorize_account'])
  })

  it('works in its buckets and below its prefix', async () => {
    const key = emulator.createKey({
      capabilities: ['listBuckets', 'listFiles', 'readFiles', 'writeFiles'],
      bucketIds: [bucketIdOf()],
      namePrefix: 'mine/',
    })
    await connect().uploadFile(anUpload('theirs/x', 'x'))
    const client = connect(key)
    await client.uploadFile(anUpload('mine/a', 'x'))
    expect(await client.listBuckets()).toMatchObject([{ bucketName: BUCKET, bucketType: 'allPrivate' }])
    expect((await allRows(client.listFileNames(bucketIdOf()))).map((file) => file.fileName)).toEqual(['mine/a'])
    const refused = { code: 'bucket_not_allowed' }
    await expect(client.uploadFile(anUpload('theirs/b', 'x'))).rejects.toMatchObject(refused)
    await expect(allRows(client.listFileNames(bucketIdOf(), { prefix: 'theirs/' }))).rejects.toMatchObject(refused)
    await expect(client.hideFile(bucketIdOf('pail-other'), 'mine/a')).rejects.toMatchObject(refused)
    await expect(client.findBucketByName('pail-other')).rejects.toMatchObject(refused)
    await expect(client.findBucketById(bucketIdOf('pail-other'))).rejects.toMatchObject(refused)
    expect(emulator.calls.filter((call) => call.status !== 200)).toEqual([])
  })

  it('deletes and shares below its prefix only, and shares only when it may', async () => {
    const { fileId } = await connect().uploadFile(anUpload('theirs/x', 'x'))
    emulator.clearCalls()
    const capabilities = ['deleteFiles', 'shareFiles', 'readFiles']
    const client = connect(emulator.createKey({ capabilities, bucketIds: [bucketIdOf()], namePrefix: 'mine/' }))
    const share = { bucketId: bucketIdOf(), fileNamePrefix: 'theirs/', validDurationInSeconds: 60 }
    const refused = { code: 'bucket_not_allowed' }
    await expect(client.deleteFileVersion('theirs/x', fileId)).rejects.toMatchObject(refused)
    await expect(client.getDownloadAuthorization(share)).rejects.toMatchObject(refused)
    const reader = connect(emulator.createKey({ capabilities: ['readFiles'] }))
    const missing = { code: 'capability_missing', details: { capability: 'shareFiles' } }
    await expect(reader.getDownloadAuthorization(share)).rejects.toMatchObject(missing)
    expect(new Set(operations())).toEqual(new Set(['authorize_account']))
  })

  it('without listBuckets knows its buckets from the key', async () => {
    const bucketIds = [bucketIdOf(), bucketIdOf('pail-other')]
    const client = connect(emulator.createKey({ capabilities: ['writeFiles'], bucketIds }))
    const names = (await client.listBuckets()).map((bucket) => bucket.bucketName)
    expect(names.toSorted()).toEqual(['pail-other', BUCKET])
    expect(await client.findBucketByName(BUCKET)).toEqual({
      bucketId: bucketIdOf(),
      bucketName: BUCKET,
      bucketType: 'unknown',
    })
    expect(operations()).toEqual(['authorize_account'])
    emulator.deleteBucket('pail-other')
    await client.authorize()
    expect((await client.listBuckets()).map((bucket) => bucket.bucketName)).toEqual([BUCKET])
  })

  it('for several buckets is asked about each', async () => {
    const bucketIds = [bucketIdOf(), bucketIdOf('pail-other')]
    const client = connect(emulator.createKey({ capabilities: ['listBuckets'], bucketIds }))
    emulator.createBucket('pail-third')
    expect((await client.listBuckets()).map((bucket) => bucket.bucketName).toSorted()).toEqual(['pail-other', BUCKET])
    emulator.deleteBucket('pail-other')
    expect((await client.listBuckets()).map((bucket) => bucket.bucketName)).toEqual([BUCKET])
  })
})

describe('buckets', () => {
  it('are created private, found and listed', async () => {
    const client = connect()
    const bucket = await client.createBucket('pail-new')
    expect(bucket).toMatchObject({ bucketName: 'pail-new', bucketType: 'allPrivate' })
    expect(await client.findBucketByName('pail-new')).toEqual(bucket)
    expect(await client.findBucketById(bucket.bucketId)).toEqual(bucket)
    expect(await client.findBucketByName('pail-none')).toBeUndefined()
    expect((await client.listBuckets()).map((each) => each.bucketName)).toEqual(['pail-new', 'pail-other', BUCKET])
    await expect(client.createBucket('pail-new')).rejects.toMatchObject({ code: 'bucket_name_taken' })
  })

  it('that are gone are called so by every call', async () => {
    const client = connect()
    const bucketId = bucketIdOf()
    await client.uploadFile(anUpload('a', 'x'))
    const again = anUpload('b', 'x')
    emulator.deleteBucket(BUCKET)
    const gone = { code: 'bucket_missing' }
    await expect(client.uploadFile(again)).rejects.toMatchObject(gone)
    await expect(client.hideFile(bucketId, 'a')).rejects.toMatchObject(gone)
    await expect(allRows(client.listFileNames(bucketId))).rejects.toMatchObject(gone)
    expect(clock.sleeps).toEqual([])
  })
})

describe('listing, hiding and deleting', () => {
  it('follows the cursor through hidden names to the end', async () => {
    await bench.close()
    await open({ listScanLimit: 3 })
    const client = connect()
    for (let i = 0; i < 12; i++) await client.uploadFile(anUpload(`f${String(i).padStart(2, '0')}`, 'x'))
    for (let i = 1; i < 11; i++) await client.hideFile(bucketIdOf(), `f${String(i).padStart(2, '0')}`)
    emulator.clearCalls()
    const pages: string[][] = []
    for await (const page of client.listFileNames(bucketIdOf(), { pageSize: 2 })) {
      pages.push(page.map((file) => file.fileName))
    }
    expect(pages).toEqual([['f00'], ['f11']])
    expect(countOf('list_file_names')).toBeGreaterThan(2)
    const versions = await allRows(client.listFileVersions(bucketIdOf(), { pageSize: 5 }))
    expect(versions.map((version) => version.fileId)).toEqual(emulator.fileVersions(BUCKET).map((each) => each.fileId))
    expect(versions).toHaveLength(22)
  })

  it('starts where it is told and stays in the prefix', async () => {
    const client = connect()
    for (const name of ['a/1', 'a/2', 'a/3', 'b/1']) await client.uploadFile(anUpload(name, 'x'))
    const rows = await allRows(client.listFileNames(bucketIdOf(), { prefix: 'a/', startFileName: 'a/2' }))
    expect(rows.map((row) => row.fileName)).toEqual(['a/2', 'a/3'])
  })

  it.each([0, 100_000])('asks for no page of %i rows, which B2 would refuse', async (pageSize) => {
    const client = connect()
    for (const name of ['a', 'b']) await client.uploadFile(anUpload(name, 'x'))
    expect(await allRows(client.listFileNames(bucketIdOf(), { pageSize }))).toHaveLength(2)
    expect(await allRows(client.listFileVersions(bucketIdOf(), { pageSize }))).toHaveLength(2)
  })

  it('treats what is done already as done', async () => {
    const client = connect()
    const { fileId } = await client.uploadFile(anUpload('a', 'x'))
    expect(await client.hideFile(bucketIdOf(), 'a')).toMatchObject({ kind: 'hidden', version: { action: 'hide' } })
    expect(await client.hideFile(bucketIdOf(), 'a')).toEqual({ kind: 'already_hidden' })
    expect(await client.hideFile(bucketIdOf(), 'never')).toEqual({ kind: 'no_such_file' })
    expect(await client.getFileInfo(fileId)).toMatchObject({ fileName: 'a', contentLength: 1 })
    expect(await client.deleteFileVersion('a', fileId)).toEqual({ kind: 'deleted' })
    expect(await client.deleteFileVersion('a', fileId)).toEqual({ kind: 'not_present' })
    await expect(client.getFileInfo(fileId)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('tries again when B2 is busy, and obeys Retry-After', async () => {
    emulator.failNext('hide_file', { status: 429, retryAfter: 3 })
    emulator.failNext('hide_file', { status: 500 })
    emulator.failNext('hide_file', { kind: 'cut-before' as const })
    const client = connect()
    await client.uploadFile(anUpload('a', 'x'))
    expect(await client.hideFile(bucketIdOf(), 'a')).toMatchObject({ kind: 'hidden' })
    expect(clock.sleeps).toEqual([3_375, 1_000, 2_000])
  })
})

describe('share links', () => {
  it('open exactly as the address says', async () => {
    const client = connect()
    const name = 'Bücher/a+b & c?.txt'
    await client.uploadFile(anUpload(name, 'shared'))
    const disposition = { b2ContentDisposition: 'attachment; filename="x.txt"' }
    const { authorizationToken } = await client.getDownloadAuthorization({
      bucketId: bucketIdOf(),
      fileNamePrefix: name,
      validDurationInSeconds: 3_600,
      ...disposition,
    })
    const response = await fetch(await client.downloadUrlFor(BUCKET, name, { authorizationToken, ...disposition }))
    expect(await response.text()).toBe('shared')
    expect(response.headers.get('content-disposition')).toBe(disposition.b2ContentDisposition)
    expect((await fetch(await client.downloadUrlFor(BUCKET, name))).status).toBe(401)
  })
})
