import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { B2Client } from '../../main/engine/b2/client.ts'
import type { LargeFileUpload } from '../../main/engine/b2/large-upload.ts'
import type { Part } from '../../main/engine/b2/types.ts'
import { allRows, BUCKET, inPieces, MODIFIED, sha1Of, startB2Bench, type B2Bench } from '../support/b2-bench.ts'

/** Small parts, so that many of them take no time. */
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

function aLargeFile(content: Buffer, more: Partial<LargeFileUpload> = {}): LargeFileUpload {
  return {
    bucketId: bench.bucketId,
    fileName: 'videos/large file.mov',
    contentLength: content.length,
    srcLastModifiedMillis: MODIFIED,
    makeBody: (start, length) => inPieces(content.subarray(start, start + length)),
    ...more,
  }
}

const newFile = (fileName: string) => ({ bucketId: bench.bucketId, fileName, srcLastModifiedMillis: MODIFIED })

describe('a large file', () => {
  it('arrives byte for byte in parts of the recommended size, several at a time', async () => {
    const content = randomBytes(7 * PART + 123)
    const progress: number[] = []
    const parts: Part[] = []
    const version = await client.uploadLargeFile(
      aLargeFile(content, {
        fileInfo: { large_file_sha1: sha1Of(content) },
        contentType: 'video/quicktime',
        onProgress: (bytesSent) => progress.push(bytesSent),
        onPart: (part) => parts.push(part),
      }),
    )
    expect(version).toMatchObject({
      action: 'upload',
      contentLength: content.length,
      contentSha1: 'none',
      contentType: 'video/quicktime',
      fileInfo: { src_last_modified_millis: String(MODIFIED), large_file_sha1: sha1Of(content) },
    })
    expect((await bench.emulator.readFile(BUCKET, version.fileName)).equals(content)).toBe(true)
    expect(parts.map((part) => part.contentLength).toSorted((a, b) => a - b)).toEqual([123, ...Array(7).fill(PART)])
    expect(progress.at(-1)).toBe(content.length)
    expect(bench.countOf('upload_part')).toBe(8)
    // One for each of the parts that were on their way at once.
    expect(bench.countOf('get_upload_part_url')).toBe(4)
    expect(bench.emulator.unfinishedLargeFiles(BUCKET)).toEqual([])
  })

  it('may have a single part', async () => {
    const content = randomBytes(10)
    await client.uploadLargeFile(aLargeFile(content))
    expect((await bench.emulator.readFile(BUCKET, 'videos/large file.mov')).equals(content)).toBe(true)
  })

  it('goes on after its end with the parts that are missing', async () => {
    const content = randomBytes(6 * PART)
    const parts: Part[] = []
    let fileId = ''
    const stop = new AbortController()
    const first = client.uploadLargeFile(
      aLargeFile(content, {
        parallelParts: 1,
        signal: stop.signal,
        onStarted: (id) => (fileId = id),
        onPart: (part) => {
          parts.push(part)
          if (parts.length === 3) stop.abort()
        },
      }),
    )
    await expect(first).rejects.toMatchObject({ name: 'AbortError' })
    await expect.poll(() => bench.emulator.inFlight).toBe(0)
    bench.emulator.clearCalls()

    // Another client, as after a restart: it knows the large file's id and asks for the parts.
    const later = bench.connect()
    const held = await allRows(later.listParts(fileId))
    expect(held).toEqual(parts)
    const version = await later.uploadLargeFile(aLargeFile(content, { resume: { fileId, parts: held } }))
    expect(version.fileId).toBe(fileId)
    expect(bench.countOf('upload_part')).toBe(3)
    expect(bench.countOf('start_large_file')).toBe(0)
    expect((await bench.emulator.readFile(BUCKET, version.fileName)).equals(content)).toBe(true)
  })

  it('sends again what B2 no longer holds when it is finished', async () => {
    const content = randomBytes(3 * PART)
    let fileId = ''
    await client
      .uploadLargeFile(
        aLargeFile(content, {
          onStarted: (id) => (fileId = id),
          beforeTrailer: () => Promise.reject(new Error('not now')),
        }),
      )
      .catch(() => undefined)
    const plan = [1, 2, 3].map((partNumber) => ({
      fileId,
      partNumber,
      contentLength: PART,
      contentSha1: sha1Of(content.subarray((partNumber - 1) * PART, partNumber * PART)),
    }))
    // The caller believes that all are there; B2 has none of them.
    await client.uploadLargeFile(aLargeFile(content, { resume: { fileId, parts: plan } }))
    expect((await bench.emulator.readFile(BUCKET, 'videos/large file.mov')).equals(content)).toBe(true)
  })

  it('is left unfinished when its source fails, with the error as it was, and can be cancelled', async () => {
    const content = randomBytes(5 * PART)
    const reason = new Error('the disk is gone')
    let fileId = ''
    const failing = aLargeFile(content, {
      onStarted: (id) => (fileId = id),
      makeBody: (start, length) =>
        start >= 2 * PART ? failingBody(reason) : inPieces(content.subarray(start, start + length)),
    })
    await expect(client.uploadLargeFile(failing)).rejects.toBe(reason)
    await expect.poll(() => bench.emulator.inFlight).toBe(0)
    expect(await allRows(client.listUnfinishedLargeFiles(bench.bucketId))).toMatchObject([{ fileId, action: 'start' }])
    expect(await client.cancelLargeFile(fileId)).toEqual({ kind: 'cancelled' })
    expect(await client.cancelLargeFile(fileId)).toEqual({ kind: 'not_present' })
    expect(bench.emulator.fileVersions(BUCKET)).toEqual([])
  })

  it.each(['start_large_file', 'upload_part', 'finish_large_file'])(
    'results in one version when the answer of %s is lost',
    async (operation) => {
      bench.emulator.failNext(operation, { kind: 'cut-after' })
      const content = randomBytes(3 * PART)
      const version = await client.uploadLargeFile(aLargeFile(content))
      expect(bench.emulator.fileVersions(BUCKET)).toMatchObject([{ fileId: version.fileId, action: 'upload' }])
      expect(bench.countOf('start_large_file')).toBe(1)
      expect(bench.countOf('upload_part')).toBe(3)
      expect(bench.countOf('finish_large_file')).toBe(1)
    },
  )

  it('cannot go on with parts that reach beyond its end', async () => {
    const parts = [1, 2, 3].map((partNumber) => ({ fileId: 'f', partNumber, contentLength: 1, contentSha1: '' }))
    const upload = client.uploadLargeFile(aLargeFile(randomBytes(2 * PART), { resume: { fileId: 'f', parts } }))
    await expect(upload).rejects.toMatchObject({ code: 'bad_request' })
  })

  it('is known to be finished also by a key that may not list', async () => {
    const key = bench.emulator.createKey({ capabilities: ['writeFiles', 'readFiles'] })
    bench.emulator.failNext('finish_large_file', { kind: 'cut-after' })
    const version = await bench.connect(key).uploadLargeFile(aLargeFile(randomBytes(2 * PART)))
    expect(version.action).toBe('upload')
  })

  it('is still there when cancelling it went wrong', async () => {
    const { fileId } = await client.startLargeFile(newFile('kept'))
    bench.emulator.failNext('cancel_large_file', { status: 503, code: 'bad_request', count: Infinity })
    await expect(client.cancelLargeFile(fileId)).rejects.toMatchObject({ code: 'b2_service_error' })
    expect(bench.emulator.unfinishedLargeFiles(BUCKET)).toHaveLength(1)
  })

  it('is not taken for another unfinished file of the same name', async () => {
    const other = await client.startLargeFile({ ...newFile('same'), fileInfo: { large_file_sha1: sha1Of('other') } })
    const typed = await client.startLargeFile({ ...newFile('same'), contentType: 'text/old' })
    const withParts = await client.startLargeFile(newFile('same'))
    await client.uploadPart({ ...bench.anUpload('', 'x'), fileId: withParts.fileId, partNumber: 1 })
    bench.emulator.failNext('start_large_file', { kind: 'cut-after' })
    const started = await client.startLargeFile({ ...newFile('same'), contentType: 'text/new' })
    expect([other.fileId, typed.fileId, withParts.fileId]).not.toContain(started.fileId)
    expect(bench.emulator.unfinishedLargeFiles(BUCKET)).toHaveLength(4)
  })

  it('is refused before anything is sent when its name or info cannot be stored', async () => {
    const refused = { code: 'name_not_allowed' }
    await expect(client.startLargeFile(newFile('a//b'))).rejects.toMatchObject(refused)
    await expect(client.startLargeFile({ ...newFile('a'), fileInfo: { 'b2-x': '' } })).rejects.toMatchObject(refused)
    expect(bench.emulator.calls).toEqual([])
  })

  it('lists all parts over several pages', async () => {
    const { fileId } = await client.startLargeFile(newFile('many parts'))
    const parts = Array.from({ length: 1_003 }, (_, index) => index + 1)
    for (const partNumber of parts) {
      await client.uploadPart({ ...bench.anUpload('', String(partNumber)), fileId, partNumber })
    }
    expect((await allRows(client.listParts(fileId))).map((part) => part.partNumber)).toEqual(parts)
    expect(bench.countOf('list_parts')).toBe(2)
    expect(bench.countOf('get_upload_part_url')).toBe(1)
  })

  it('lists all unfinished files over several pages, below a prefix only', async () => {
    for (let i = 0; i < 103; i++) await client.startLargeFile(newFile(`u/${i}`))
    await client.startLargeFile(newFile('v'))
    expect(await allRows(client.listUnfinishedLargeFiles(bench.bucketId, { namePrefix: 'u/' }))).toHaveLength(103)
    expect(bench.countOf('list_unfinished_large_files')).toBe(2)
  })
})

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

  it.each([undefined, { srcLastModifiedMillis: 5 }])(
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
    const large = (fileName: string, content: Buffer) => client.uploadLargeFile({ ...aLargeFile(content), fileName })
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

  it('are made again when the name holds the same content under another type', async () => {
    const { fileId: sourceFileId } = await client.uploadFile(bench.anUpload('a', 'content'))
    const replace = { srcLastModifiedMillis: 5, contentType: 'text/csv' }
    await client.copyFile({
      sourceFileId,
      bucketId: bench.bucketId,
      fileName: 'b',
      replace: { ...replace, contentType: 'text/plain' },
    })
    bench.emulator.failNext('copy_file', { kind: 'cut-before' })
    const copy = await client.copyFile({ sourceFileId, bucketId: bench.bucketId, fileName: 'b', replace })
    expect(copy.contentType).toBe('text/csv')
  })

  it('to names that B2 does not store are refused before anything is sent', async () => {
    const { fileId: sourceFileId } = await client.uploadFile(bench.anUpload('a', 'content'))
    bench.emulator.clearCalls()
    const copy = client.copyFile({ sourceFileId, bucketId: bench.bucketId, fileName: 'a//b' })
    await expect(copy).rejects.toMatchObject({ code: 'name_not_allowed' })
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

async function* failingBody(reason: Error): AsyncGenerator<Uint8Array> {
  yield Buffer.alloc(10)
  throw reason
}
