import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { B2Client } from '../../main/engine/b2/client.ts'
import type { LargeFileUpload, PartSending } from '../../main/engine/b2/large-upload.ts'
import { INTERACTIVE, ONCE } from '../../main/engine/b2/retry.ts'
import { Slots } from '../../main/engine/lib/slots.ts'
import {
  allRows,
  BUCKET,
  inPieces,
  MODIFIED,
  partsOf,
  sha1Of,
  startB2Bench,
  type B2Bench,
} from '../support/b2-bench.ts'

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

type More = Partial<LargeFileUpload & PartSending> & { readonly partSize?: number; readonly slots?: Slots }

function aLargeFile(content: Buffer, more: More = {}): LargeFileUpload {
  const { partSize = PART, slots = new Slots(4), makeBody, ...rest } = more
  return {
    bucketId: bench.bucketId,
    fileName: 'videos/large file.mov',
    srcLastModifiedMillis: MODIFIED,
    parts: partsOf(content, partSize),
    sending: {
      makeBody: makeBody ?? ((start, length) => inPieces(content.subarray(start, start + length))),
      takeSlot: (signal) => slots.take(signal),
    },
    takeCopySlot: (signal) => slots.take(signal),
    ...rest,
  }
}

const newFile = (fileName: string) => ({ bucketId: bench.bucketId, fileName, srcLastModifiedMillis: MODIFIED })

describe('a large file', () => {
  it('arrives byte for byte in its parts, several at a time', async () => {
    const content = randomBytes(7 * PART + 123)
    const progress: number[] = []
    const { version, copiedBytes } = await client.uploadLargeFile(
      aLargeFile(content, {
        fileInfo: { large_file_sha1: sha1Of(content) },
        contentType: 'video/quicktime',
        onProgress: (sentBytes) => progress.push(sentBytes),
      }),
    )
    expect(version).toMatchObject({
      action: 'upload',
      contentLength: content.length,
      contentSha1: 'none',
      contentType: 'video/quicktime',
      fileInfo: { src_last_modified_millis: String(MODIFIED), large_file_sha1: sha1Of(content) },
    })
    expect(copiedBytes).toBe(0)
    expect((await bench.emulator.readFile(BUCKET, version.fileName)).equals(content)).toBe(true)
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

  it.each([0, 10_001])('has %i parts never', async (count) => {
    const content = randomBytes(1)
    const parts = Array.from({ length: count }, () => partsOf(content, 1)).flat()
    const upload = client.uploadLargeFile(aLargeFile(content, { parts }))
    await expect(upload).rejects.toMatchObject({ code: 'bad_request' })
    expect(bench.emulator.calls).toEqual([])
  })

  it('takes no more slots than there are', async () => {
    const slots = new Slots(2)
    let most = 0
    const makeBody = (start: number, length: number) => {
      most = Math.max(most, slots.inUse)
      return inPieces(content.subarray(start, start + length))
    }
    const content = randomBytes(6 * PART)
    await client.uploadLargeFile(aLargeFile(content, { slots, makeBody }))
    expect([most, slots.inUse, bench.countOf('get_upload_part_url')]).toEqual([2, 0, 2])
  })

  it('goes on after its end with the parts that B2 does not hold', async () => {
    const content = randomBytes(6 * PART)
    let fileId = ''
    const stop = new AbortController()
    const first = client.uploadLargeFile(
      aLargeFile(content, {
        slots: new Slots(1),
        signal: stop.signal,
        onStarted: (id) => (fileId = id),
        onProgress: (sentBytes) => {
          if (sentBytes > 3 * PART) stop.abort()
        },
      }),
    )
    await expect(first).rejects.toMatchObject({ name: 'AbortError' })
    await expect.poll(() => bench.emulator.inFlight).toBe(0)
    const held = (await allRows(client.listParts(fileId))).length
    bench.emulator.clearCalls()

    // Another client, as after a restart: it knows the large file's id and its parts.
    const { version } = await bench.connect().uploadLargeFile(aLargeFile(content, { resumeFileId: fileId }))
    expect(version.fileId).toBe(fileId)
    expect(held).toBeGreaterThanOrEqual(3)
    expect(bench.countOf('upload_part')).toBe(6 - held)
    expect(bench.countOf('start_large_file')).toBe(0)
    expect((await bench.emulator.readFile(BUCKET, version.fileName)).equals(content)).toBe(true)
  })

  it('is not sent again where it was finished before', async () => {
    const content = randomBytes(2 * PART)
    const { version } = await client.uploadLargeFile(aLargeFile(content))
    bench.emulator.clearCalls()
    const again = await client.uploadLargeFile(aLargeFile(content, { resumeFileId: version.fileId }))
    expect(again.version.fileId).toBe(version.fileId)
    expect([bench.countOf('start_large_file'), bench.countOf('upload_part')]).toEqual([0, 0])
  })

  it('is begun anew where somebody has cancelled it', async () => {
    const content = randomBytes(2 * PART)
    const { fileId } = await client.startLargeFile(newFile('videos/large file.mov'))
    await client.cancelLargeFile(fileId)
    const started: string[] = []
    const onStarted = (id: string) => started.push(id)
    const { version } = await client.uploadLargeFile(aLargeFile(content, { resumeFileId: fileId, onStarted }))
    expect(started).toEqual([version.fileId])
    expect((await bench.emulator.readFile(BUCKET, version.fileName)).equals(content)).toBe(true)
  })

  it('is begun anew where B2 holds parts of it beyond its last', async () => {
    const content = randomBytes(2 * PART)
    const { fileId } = await client.startLargeFile(newFile('videos/large file.mov'))
    await client.uploadPart({ ...bench.anUpload('', randomBytes(PART)), fileId, partNumber: 3 })
    const { version } = await client.uploadLargeFile(aLargeFile(content, { resumeFileId: fileId }))
    expect(version.fileId).not.toBe(fileId)
    expect((await bench.emulator.readFile(BUCKET, version.fileName)).equals(content)).toBe(true)
  })

  it('sends again what B2 says it does not hold when it is finished', async () => {
    const content = randomBytes(3 * PART)
    bench.emulator.failNext('finish_large_file', { status: 400, code: 'missing_part' })
    const { version } = await client.uploadLargeFile(aLargeFile(content))
    expect((await bench.emulator.readFile(BUCKET, version.fileName)).equals(content)).toBe(true)
  })

  it('replaces parts that B2 holds with other bytes, or too short ones', async () => {
    const content = randomBytes(3 * PART)
    const { fileId } = await client.startLargeFile(newFile('videos/large file.mov'))
    const held = [content.subarray(0, PART), randomBytes(PART), content.subarray(2 * PART, 2.5 * PART)]
    for (const [index, bytes] of held.entries()) {
      await client.uploadPart({ ...bench.anUpload('', bytes), fileId, partNumber: index + 1 })
    }
    bench.emulator.clearCalls()
    await client.uploadLargeFile(aLargeFile(content, { resumeFileId: fileId }))
    expect(bench.countOf('upload_part')).toBe(2)
    expect((await bench.emulator.readFile(BUCKET, 'videos/large file.mov')).equals(content)).toBe(true)
  })

  it('does not become visible with bytes other than those that were hashed', async () => {
    const makeBody = (_: number, length: number) => inPieces(randomBytes(length))
    const upload = client.uploadLargeFile(aLargeFile(randomBytes(2 * PART), { makeBody, patience: ONCE }))
    await expect(upload).rejects.toMatchObject({ code: 'checksum_mismatch' })
    expect(bench.countOf('finish_large_file')).toBe(0)
  })

  it('gives up when B2 does not take its parts the second time either', async () => {
    bench.emulator.failNext('finish_large_file', { status: 400, code: 'missing_part', count: Infinity })
    const upload = client.uploadLargeFile(aLargeFile(randomBytes(2 * PART)))
    await expect(upload).rejects.toMatchObject({ code: 'checksum_mismatch' })
    expect(bench.countOf('finish_large_file')).toBe(2)
  })

  it('asks before each of its parts counts', async () => {
    const reason = new Error('changed')
    let asked = 0
    const { sending, ...upload } = aLargeFile(randomBytes(3 * PART), { slots: new Slots(1) })
    if (sending === null) throw new Error('nothing is sent')
    const beforeTrailer = () => (++asked === 2 ? Promise.reject(reason) : Promise.resolve())
    const sent = client.uploadLargeFile({ ...upload, sending: { ...sending, beforeTrailer } })
    await expect(sent).rejects.toBe(reason)
    await expect.poll(() => bench.emulator.inFlight).toBe(0)
    const [begun] = bench.emulator.unfinishedLargeFiles(BUCKET)
    expect(await allRows(client.listParts(begun?.fileId ?? ''))).toHaveLength(1)
  })

  it('asks before it counts', async () => {
    const reason = new Error('changed')
    const upload = client.uploadLargeFile(
      aLargeFile(randomBytes(2 * PART), { beforeFinish: () => Promise.reject(reason) }),
    )
    await expect(upload).rejects.toBe(reason)
    expect([bench.countOf('upload_part'), bench.countOf('finish_large_file')]).toEqual([2, 0])
  })

  it('tells how far it is: what is stored is spared, and what is sent again counts once', async () => {
    const size = 150_000
    const content = randomBytes(3 * size)
    const { fileId } = await client.startLargeFile(newFile('videos/large file.mov'))
    await client.uploadPart({ ...bench.anUpload('', content.subarray(0, size)), fileId, partNumber: 1 })
    bench.emulator.failNext('upload_part', { status: 503 })
    const progress: [number, number][] = []
    const onProgress = (sent: number, spared: number) => progress.push([sent, spared])
    await client.uploadLargeFile(aLargeFile(content, { partSize: size, resumeFileId: fileId, onProgress }))
    expect(new Set(progress.map(([, spared]) => spared))).toEqual(new Set([size]))
    expect([progress[0]?.[0], Math.max(...progress.map(([sent]) => sent)), progress.at(-1)?.[0]]).toEqual([
      0,
      2 * size,
      2 * size,
    ])
  })

  it('has no more patience than its caller', async () => {
    bench.emulator.failNext('upload_part', { status: 503, retryAfter: 60 })
    const upload = client.uploadLargeFile(aLargeFile(randomBytes(PART), { patience: INTERACTIVE }))
    await expect(upload).rejects.toMatchObject({ code: 'b2_service_error' })
    expect(bench.clock.sleeps).toEqual([])
  })

  it('stops with all its parts when one of them fails', async () => {
    const reason = new Error('the disk is gone')
    const begun = Promise.withResolvers<undefined>()
    const upload = client.uploadLargeFile(
      aLargeFile(randomBytes(2 * PART), {
        makeBody: (start) =>
          start === 0 ? failingBody(reason, begun.promise) : endlessBody(() => begun.resolve(undefined)),
      }),
    )
    await expect(upload).rejects.toBe(reason)
    await expect.poll(() => bench.emulator.inFlight).toBe(0)
  })

  it('ends only when nothing of it is under way any more', async () => {
    const reason = new Error('the disk is gone')
    const [sleeping, stopped, over] = [1, 2, 3].map(() => Promise.withResolvers<undefined>())
    const sleep = async (_waitMs: number, signal?: AbortSignal): Promise<never> => {
      sleeping?.resolve(undefined)
      await new Promise((resolve) => signal?.addEventListener('abort', resolve))
      stopped?.resolve(undefined)
      await over?.promise
      throw reason
    }
    // One of the two waits for another try, and takes its time to stop when the other one fails.
    bench.emulator.failNext('get_upload_part_url', { status: 503 })
    let hasEnded = false
    const makeBody = () => failingBody(reason, sleeping?.promise)
    const upload = bench
      .connect({ clock: { now: () => bench.clock.now(), uptime: () => bench.clock.uptime(), sleep } })
      .uploadLargeFile(aLargeFile(randomBytes(2 * PART), { makeBody }))
      .finally(() => (hasEnded = true))
    await stopped?.promise
    await new Promise(setImmediate)
    expect(hasEnded).toBe(false)
    over?.resolve(undefined)
    await expect(upload).rejects.toBe(reason)
    await expect.poll(() => bench.emulator.inFlight).toBe(0)
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
    bench.emulator.failNext('cancel_large_file', { status: 404, code: 'not_found' })
    expect(await client.cancelLargeFile(fileId)).toEqual({ kind: 'not_present' })
    expect(bench.emulator.fileVersions(BUCKET)).toEqual([])
  })

  it.each(['start_large_file', 'upload_part', 'finish_large_file'])(
    'results in one version when the answer of %s is lost',
    async (operation) => {
      bench.emulator.failNext(operation, { kind: 'cut-after' })
      const content = randomBytes(3 * PART)
      const { version } = await client.uploadLargeFile(aLargeFile(content))
      expect(bench.emulator.fileVersions(BUCKET)).toMatchObject([{ fileId: version.fileId, action: 'upload' }])
      expect(bench.countOf('start_large_file')).toBe(1)
      expect(bench.countOf('upload_part')).toBe(3)
      expect(bench.countOf('finish_large_file')).toBe(1)
    },
  )

  it('asks for just the part whose answer was lost', async () => {
    bench.emulator.failNext('upload_part', { kind: 'cut-after', skip: 1 })
    await client.uploadLargeFile(aLargeFile(randomBytes(3 * PART), { slots: new Slots(1) }))
    expect(bench.countOf('upload_part')).toBe(3)
  })

  it('does not take a later part of the same bytes for one that did not arrive', async () => {
    const { fileId } = await client.startLargeFile(newFile('a'))
    const part = (partNumber: number) => ({ ...bench.anUpload('', 'x'), fileId, partNumber })
    await client.uploadPart(part(2))
    bench.emulator.failNext('upload_part', { kind: 'cut-before' })
    await client.uploadPart(part(1))
    expect((await allRows(client.listParts(fileId))).map((each) => each.partNumber)).toEqual([1, 2])
  })

  it('that is finished already is finished', async () => {
    const { fileId, fileName } = (await client.uploadLargeFile(aLargeFile(randomBytes(2 * PART)))).version
    const file = { fileId, fileName, bucketId: bench.bucketId }
    expect(await client.finishLargeFile(file, [])).toMatchObject({ fileId, action: 'upload' })
    bench.emulator.failNext('finish_large_file', { status: 404, code: 'not_found' })
    expect(await client.finishLargeFile(file, [])).toMatchObject({ fileId, action: 'upload' })
  })

  it.each([
    ['list', ['writeFiles', 'listFiles']],
    ['read only', ['writeFiles', 'readFiles']],
    ['do neither', ['writeFiles']],
  ])('that B2 refuses to finish is not finished for a key that may %s', async (_, capabilities) => {
    const own = bench.connect(bench.emulator.createKey({ capabilities }))
    const { fileId, fileName } = await own.startLargeFile(newFile('a'))
    bench.emulator.failNext('finish_large_file', { status: 400 })
    const finish = own.finishLargeFile({ fileId, fileName, bucketId: bench.bucketId }, [])
    await expect(finish).rejects.toMatchObject({ code: 'b2_refused' })
  })

  it('that was cancelled is not taken for an older version of its name', async () => {
    await client.uploadFile(bench.anUpload('a', 'older'))
    const { fileId, fileName } = await client.startLargeFile(newFile('a'))
    await client.cancelLargeFile(fileId)
    const finish = client.finishLargeFile({ fileId, fileName, bucketId: bench.bucketId }, [])
    await expect(finish).rejects.toMatchObject({ name: 'EngineError' })
  })

  it('is known to be finished also by a key that may not list', async () => {
    const key = bench.emulator.createKey({ capabilities: ['writeFiles', 'readFiles'] })
    bench.emulator.failNext('finish_large_file', { kind: 'cut-after' })
    const { version } = await bench.connect(key).uploadLargeFile(aLargeFile(randomBytes(2 * PART)))
    expect(version.action).toBe('upload')
  })

  it.each([
    ['b2_service_error', { status: 503, code: 'bad_request', count: Infinity }],
    ['b2_refused', { status: 400, code: 'never_heard_of' }],
  ])('is still there when cancelling it ends with %s', async (code, fault) => {
    const { fileId } = await client.startLargeFile(newFile('kept'))
    bench.emulator.failNext('cancel_large_file', fault)
    await expect(client.cancelLargeFile(fileId)).rejects.toMatchObject({ code })
    expect(bench.emulator.unfinishedLargeFiles(BUCKET)).toHaveLength(1)
  })

  it.each([
    ['a longer name', { fileName: 'same name' }],
    ['other info', { fileInfo: { large_file_sha1: sha1Of('other') } }],
    ['another type', { contentType: 'text/old' }],
  ])('is not taken for another unfinished one with %s', async (_, other) => {
    const wanted = { ...newFile('same'), contentType: 'text/new' }
    const before = await client.startLargeFile({ ...wanted, ...other })
    bench.emulator.failNext('start_large_file', { kind: 'cut-before' })
    const started = await client.startLargeFile(wanted)
    expect(started.fileId).not.toBe(before.fileId)
    expect(bench.emulator.unfinishedLargeFiles(BUCKET)).toHaveLength(2)
  })

  it('is not taken for another unfinished one that has parts', async () => {
    const before = await client.startLargeFile(newFile('same'))
    await client.uploadPart({ ...bench.anUpload('', 'x'), fileId: before.fileId, partNumber: 1 })
    bench.emulator.failNext('start_large_file', { kind: 'cut-before' })
    expect((await client.startLargeFile(newFile('same'))).fileId).not.toBe(before.fileId)
  })

  it('is refused before anything is sent when its name or info cannot be stored', async () => {
    const refused = { code: 'name_not_allowed' }
    await expect(client.startLargeFile(newFile('a//b'))).rejects.toMatchObject(refused)
    await expect(client.startLargeFile({ ...newFile('a'), fileInfo: { 'b2-x': '' } })).rejects.toMatchObject(refused)
    expect(bench.emulator.calls).toEqual([])
  })

  it.each(['cancelled', 'finished'])('takes no further part once it is %s', async (how) => {
    const file = await client.startLargeFile(newFile('over'))
    const part = { ...bench.anUpload('', 'x'), fileId: file.fileId, partNumber: 1 }
    const { contentSha1 } = await client.uploadPart(part)
    if (how === 'cancelled') await client.cancelLargeFile(file.fileId)
    else await client.finishLargeFile({ ...file, bucketId: bench.bucketId }, [contentSha1])
    await expect(client.uploadPart(part)).rejects.toMatchObject({ name: 'EngineError' })
    expect(bench.countOf('upload_part')).toBe(1)
  })

  it('is started again when the answer was lost and the key may not list', async () => {
    const key = bench.emulator.createKey({ capabilities: ['writeFiles'] })
    bench.emulator.failNext('start_large_file', { kind: 'cut-after' })
    await bench.connect(key).startLargeFile(newFile('a'))
    expect(bench.emulator.unfinishedLargeFiles(BUCKET)).toHaveLength(2)
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

async function* failingBody(reason: Error, when?: Promise<unknown>): AsyncGenerator<Uint8Array> {
  yield Buffer.alloc(10)
  await when
  throw reason
}

async function* endlessBody(onBegun: () => void): AsyncGenerator<Uint8Array> {
  yield Buffer.alloc(10)
  onBegun()
  await new Promise(() => undefined)
}
