import { randomBytes } from 'node:crypto'
import { Agent, type Dispatcher } from 'undici'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { B2Client } from '../../main/engine/b2/client.ts'
import { Slots } from '../../main/engine/lib/slots.ts'
import { BUCKET, inParts, MODIFIED, sha1Of, startB2Bench, type B2Bench } from '../support/b2-bench.ts'

/** The least size of parts that copies can be told from. */
const PART = 10_000

let bench: B2Bench
let client: B2Client
beforeEach(async () => {
  bench = await startB2Bench({ recommendedPartSize: PART, absoluteMinimumPartSize: 1_000 })
  client = bench.connect()
})
afterEach(async () => {
  expect(bench.emulator.violations).toEqual([])
  await bench.close()
})

const newFile = (fileName: string) => ({ bucketId: bench.bucketId, fileName, srcLastModifiedMillis: MODIFIED })

describe('copies', () => {
  it('make a part of a stored range, whose SHA-1 B2 tells', async () => {
    const old = randomBytes(30_000)
    const { fileId: sourceFileId } = await client.uploadFile(bench.anUpload('old', old))
    const head = randomBytes(5_000)
    const file = await client.startLargeFile(newFile('new'))
    const { fileId } = file
    const part1 = await client.uploadPart({ ...bench.anUpload('', head), fileId, partNumber: 1 })
    const range = { first: 5_000, last: 29_999 }
    const part2 = await client.copyPart({ sourceFileId, largeFileId: fileId, partNumber: 2, range })
    expect(part2).toMatchObject({ contentLength: 25_000, contentSha1: sha1Of(old.subarray(5_000)) })
    await client.finishLargeFile({ ...file, bucketId: bench.bucketId }, [part1.contentSha1, part2.contentSha1])
    const whole = Buffer.concat([head, old.subarray(5_000)])
    expect((await bench.emulator.readFile(BUCKET, 'new')).equals(whole)).toBe(true)
  })

  it('keep type and info of the source, or get new ones', async () => {
    const { fileId: sourceFileId } = await client.uploadFile(
      bench.anUpload('a', 'content', { contentType: 'text/plain', fileInfo: { note: 'ü' } }),
    )
    const same = await client.copyFile({ sourceFileId, bucketId: bench.bucketId, fileName: 'b' })
    expect(same).toMatchObject({ contentSha1: sha1Of('content'), contentType: 'text/plain', fileInfo: { note: 'ü' } })
    const replace = { srcLastModifiedMillis: 5, contentType: 'text/csv', fileInfo: { other: '1' } }
    const other = await client.copyFile({ sourceFileId, bucketId: bench.bucketId, fileName: 'c', replace })
    expect(other).toMatchObject({ contentType: 'text/csv', fileInfo: { src_last_modified_millis: '5', other: '1' } })
    const range = { first: 3, last: 5 }
    await client.copyFile({ sourceFileId, bucketId: bench.bucketId, fileName: 'd', range, replace })
    expect((await bench.emulator.readFile(BUCKET, 'd')).toString()).toBe('ten')
  })

  it.each([undefined, { srcLastModifiedMillis: 5 }, { srcLastModifiedMillis: 5, contentType: 'b2/x-auto' }])(
    'result in one version when the answer is lost (replacing %j)',
    async (replace) => {
      const { fileId: sourceFileId } = await client.uploadFile(bench.anUpload('a', 'content'))
      bench.emulator.failNext('copy_file', { kind: 'cut-after' })
      const copy = await client.copyFile({ sourceFileId, bucketId: bench.bucketId, fileName: 'b', replace })
      const versions = bench.emulator.fileVersions(BUCKET).filter((version) => version.fileName === 'b')
      expect(versions).toMatchObject([{ fileId: copy.fileId }])
    },
  )

  it('into a name that holds something else are made again when nothing came of them', async () => {
    const { fileId: sourceFileId } = await client.uploadFile(bench.anUpload('a', 'content'))
    await client.uploadFile(bench.anUpload('b', 'other'))
    bench.emulator.failNext('copy_file', { kind: 'cut-before' })
    await client.copyFile({ sourceFileId, bucketId: bench.bucketId, fileName: 'b' })
    expect((await bench.emulator.readFile(BUCKET, 'b')).toString()).toBe('content')
  })

  it('are not confused with what the name holds already, when nothing came of them', async () => {
    const large = async (fileName: string, content: Buffer) =>
      (await client.uploadLargeFile({ ...newFile(fileName), ...inParts(content, PART) })).version
    const source = await large('source', randomBytes(3 * PART))
    await large('target', randomBytes(3 * PART))
    bench.emulator.failNext('copy_file', { kind: 'cut-before' })
    await client.copyFile({ sourceFileId: source.fileId, bucketId: bench.bucketId, fileName: 'target' })
    const [copy, original] = await Promise.all([
      bench.emulator.readFile(BUCKET, 'target'),
      bench.emulator.readFile(BUCKET, 'source'),
    ])
    expect(copy.equals(original)).toBe(true)
  })

  it.each([
    ['type', { contentType: 'text/plain' }],
    ['time', { srcLastModifiedMillis: 4 }],
  ])('are made again when the name holds the same content with another %s', async (_, other) => {
    const { fileId: sourceFileId } = await client.uploadFile(bench.anUpload('a', 'content'))
    const replace = { srcLastModifiedMillis: 5, contentType: 'text/csv' }
    const copy = { sourceFileId, bucketId: bench.bucketId, fileName: 'b', replace }
    await client.copyFile({ ...copy, replace: { ...replace, ...other } })
    bench.emulator.failNext('copy_file', { kind: 'cut-before' })
    expect(await client.copyFile(copy)).toMatchObject({
      contentType: 'text/csv',
      fileInfo: { src_last_modified_millis: '5' },
    })
  })

  it('are made again when only a longer name, or the source itself, is like them', async () => {
    const { fileId: sourceFileId } = await client.uploadFile(bench.anUpload('a', 'content'))
    const copy = { sourceFileId, bucketId: bench.bucketId }
    await client.copyFile({ ...copy, fileName: 'bb' })
    for (const fileName of ['b', 'a']) {
      bench.emulator.failNext('copy_file', { kind: 'cut-before' })
      expect(await client.copyFile({ ...copy, fileName })).toMatchObject({ fileName })
    }
    const names = bench.emulator.fileVersions(BUCKET).map((version) => version.fileName)
    expect(names.toSorted()).toEqual(['a', 'a', 'b', 'bb'])
  })

  it('of a range are not taken for a copy of the whole', async () => {
    const { fileId: sourceFileId } = await client.uploadFile(bench.anUpload('a', 'content'))
    const copy = { sourceFileId, bucketId: bench.bucketId, fileName: 'b' }
    await client.copyFile(copy)
    bench.emulator.failNext('copy_file', { kind: 'cut-before' })
    await client.copyFile({ ...copy, range: { first: 3, last: 5 } })
    expect((await bench.emulator.readFile(BUCKET, 'b')).toString()).toBe('ten')
  })

  it('of files whose noted SHA-1 is the same are told apart by their length', async () => {
    const fileInfo = { large_file_sha1: sha1Of('noted') }
    const large = async (fileName: string, bytes: number) =>
      (await client.uploadLargeFile({ ...newFile(fileName), ...inParts(randomBytes(bytes), PART), fileInfo })).version
    const { fileId: sourceFileId } = await large('a', 2 * PART)
    await large('b', 3 * PART)
    bench.emulator.failNext('copy_file', { kind: 'cut-before' })
    const copy = await client.copyFile({ sourceFileId, bucketId: bench.bucketId, fileName: 'b' })
    expect(copy.contentLength).toBe(2 * PART)
  })

  it('ask what came of a lost answer once before each try, not many times', async () => {
    const { fileId: sourceFileId } = await client.uploadFile(bench.anUpload('a', 'content'))
    await client.uploadFile(bench.anUpload('b', 'content'))
    bench.emulator.failNext('copy_file', { kind: 'cut-before' })
    bench.emulator.failNext('get_file_info', { status: 503, count: Infinity })
    const copy = client.copyFile({ sourceFileId, bucketId: bench.bucketId, fileName: 'b' })
    await expect(copy).rejects.toMatchObject({ code: 'b2_service_error' })
    expect(bench.countOf('get_file_info')).toBe(7)
  })

  it('have twenty minutes to be made, other calls less than one', async () => {
    const waits: Record<string, number | null | undefined> = {}
    const noting: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
      waits[options.path.replace(/.*b2_/, '')] = options.headersTimeout
      return dispatch(options, handler)
    }
    const agent = new Agent()
    client = bench.connect({ dispatcher: agent.compose(noting) })
    const { fileId: sourceFileId } = await client.uploadFile(bench.anUpload('a', 'content'))
    await client.copyFile({ sourceFileId, bucketId: bench.bucketId, fileName: 'b' })
    const { fileId: largeFileId } = await client.startLargeFile(newFile('large'))
    await client.copyPart({ sourceFileId, largeFileId, partNumber: 1 })
    expect(waits).toMatchObject({ copy_file: 1_200_000, copy_part: 1_200_000, start_large_file: 55_000 })
    await agent.close()
  })

  it('to names that B2 does not store are refused before anything is sent', async () => {
    const { fileId: sourceFileId } = await client.uploadFile(bench.anUpload('a', 'content'))
    bench.emulator.clearCalls()
    const copy = client.copyFile({ sourceFileId, bucketId: bench.bucketId, fileName: 'a//b' })
    await expect(copy).rejects.toMatchObject({ code: 'name_not_allowed' })
    const replace = { srcLastModifiedMillis: 5, fileInfo: { 'b2-x': '' } }
    const described = client.copyFile({ sourceFileId, bucketId: bench.bucketId, fileName: 'a', replace })
    await expect(described).rejects.toMatchObject({ code: 'name_not_allowed' })
    expect(bench.emulator.calls).toEqual([])
  })

  it('of what is not there, or with a key that may not read, say so', async () => {
    const { fileId } = await client.uploadFile(bench.anUpload('a', 'content'))
    await client.deleteFileVersion('a', fileId)
    const copy = { sourceFileId: fileId, bucketId: bench.bucketId, fileName: 'b' }
    await expect(client.copyFile(copy)).rejects.toMatchObject({ code: 'not_found' })
    const blind = bench.connect(bench.emulator.createKey({ capabilities: ['writeFiles'] }))
    const missing = { code: 'capability_missing', details: { capability: 'readFiles' } }
    await expect(blind.copyFile(copy)).rejects.toMatchObject(missing)
    const part = { sourceFileId: fileId, largeFileId: 'any', partNumber: 1 }
    await expect(blind.copyPart(part)).rejects.toMatchObject(missing)
  })

  it('are not asked for with a key for another bucket or prefix', async () => {
    const { emulator, bucketId } = bench
    const { fileId: sourceFileId } = await client.uploadFile(bench.anUpload('a', 'content'))
    const rights = { capabilities: ['readFiles', 'writeFiles'], bucketIds: [bucketId], namePrefix: 'mine/' }
    const limited = bench.connect(emulator.createKey(rights))
    emulator.clearCalls()
    const elsewhere = emulator.buckets.find((bucket) => bucket.bucketId !== bucketId)?.bucketId ?? ''
    for (const to of [
      { bucketId, fileName: 'yours' },
      { bucketId: elsewhere, fileName: 'mine/a' },
    ]) {
      await expect(limited.copyFile({ sourceFileId, ...to })).rejects.toMatchObject({ code: 'bucket_not_allowed' })
    }
    expect(bench.countOf('copy_file')).toBe(0)
  })

  it('of the parts of a large file wait for slots of their own, which none keeps that has to be sent after all', async () => {
    const content = randomBytes(6 * PART)
    const { parts, sending } = inParts(content, PART)
    const source = await client.uploadLargeFile({ ...newFile('source'), ...inParts(content, PART) })
    const { fileId } = source.version
    const slots = new Slots(2)
    const copying: number[] = []
    const takeCopySlot = async (signal: AbortSignal) => {
      const release = await slots.take(signal)
      copying.push(slots.inUse)
      return release
    }
    const copyFrom = (index: number) => ({ fileId, sourceStart: index * PART })
    const upload = {
      parts: parts.map((part, index) => ({ ...part, copyFrom: copyFrom(index) })),
      sending,
      takeCopySlot,
    }
    expect(await client.uploadLargeFile({ ...newFile('copy'), ...upload })).toMatchObject({ copiedBytes: 6 * PART })
    expect([copying.length, Math.max(...copying), slots.inUse]).toEqual([6, 2, 0])
    // Without the source all is sent, by one slot that both kinds share here: whoever kept it would wait for itself.
    await client.deleteFileVersion('source', fileId)
    const one = new Slots(1)
    const take = (signal: AbortSignal) => one.take(signal)
    const shared = { ...upload, sending: sending && { ...sending, takeSlot: take }, takeCopySlot: take }
    expect(await client.uploadLargeFile({ ...newFile('sent'), ...shared })).toMatchObject({ copiedBytes: 0 })
    expect((await bench.emulator.readFile(BUCKET, 'sent')).equals(content)).toBe(true)
  })

  it('above the largest size ask for parts', async () => {
    await bench.close()
    bench = await startB2Bench({ maxCopyBytes: 10 })
    client = bench.connect()
    const { fileId: sourceFileId } = await client.uploadFile(bench.anUpload('a', 'eleven bytes'))
    const copy = client.copyFile({ sourceFileId, bucketId: bench.bucketId, fileName: 'b' })
    await expect(copy).rejects.toMatchObject({ code: 'file_too_large', details: { b2Code: 'source_too_large' } })
  })
})
