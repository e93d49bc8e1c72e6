/** Files above the largest size that B2 copies at once: copied by parts, going on where that was, and never unlike the disk. */
import { randomBytes } from 'node:crypto'
import { copyFileSync, renameSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { ALL_CAPABILITIES } from '../b2-emulator/model.ts'
import { connect } from '../b2-emulator/test-client.ts'
import type { Fault } from '../b2-emulator/faults.ts'
import { sha1Of } from '../support/b2-bench.ts'
import { createScenarioClock } from '../support/scenario-clock.ts'
import { bucketIdOf, BUCKET, openBench, type Bench } from '../support/test-bench.ts'
import { untilHeard } from '../support/until-heard.ts'
import { waitFor } from '../support/wait-for.ts'

/** B2's least and recommended size of a part here. Ten of them are copied at once, and that is the largest copy, too. */
const PART = 15_000
const MOST_COPIED = 10 * PART
const COPIES = 8
const SIZE = COPIES * MOST_COPIED - 7

let bench: Bench
afterEach(async () => {
  expect(bench.emulator.violations).toEqual([])
  await bench.close()
})

let clock: ReturnType<typeof createScenarioClock>
const open = async () => {
  clock = createScenarioClock(50)
  const emulator = { recommendedPartSize: PART, absoluteMinimumPartSize: PART, maxCopyBytes: MOST_COPIED }
  bench = await openBench({ clock, emulator })
}
/** A file in sync, and a log of calls that begins after that. */
async function begin(content: Buffer): Promise<void> {
  await open()
  bench.write('large', content)
  await bench.begin()
  bench.emulator.clearCalls()
}

const count = (operation: string) =>
  bench.emulator.calls.filter((call) => call.operation === operation && call.status === 200).length
const counts = () => ({
  started: count('start_large_file'),
  sent: count('upload_part') + count('upload_file'),
  copied: count('copy_part'),
  finished: count('finish_large_file'),
})
const allCopied = { started: 1, sent: 0, copied: COPIES, finished: 1 }
const unfinished = () => bench.emulator.unfinishedLargeFiles(BUCKET)
const versionsOf = (name: string) => bench.emulator.fileVersions(BUCKET).filter(({ fileName }) => fileName === name)
const inBucket = (name: string) => bench.emulator.readFile(BUCKET, name)

/** An engine that was stopped when some parts of `large` were copied to `moved`. */
async function stopMidway(content: Buffer): Promise<void> {
  await begin(content)
  bench.emulator.failNext('copy_part', { kind: 'stall-before', skip: 5, count: Infinity })
  renameSync(bench.path('large'), bench.path('moved'))
  await waitFor('some parts to be copied', () => count('copy_part') === 5)
  await bench.stopEngine()
  bench.emulator.clearFaults()
  await untilHeard(bench.emulator)
}

/** What another program stored as `large`, with the hash of `content` although it holds something else. */
async function storeElsewhere(content: Buffer, stored: Buffer): Promise<void> {
  const other = await connect(bench.emulator, bench.emulator.createKey({ capabilities: ALL_CAPABILITIES }))
  const bucketId = bucketIdOf(bench.emulator, BUCKET)
  const { json: source } = await other.upload(BUCKET, 'other', stored)
  const fileInfo = { large_file_sha1: sha1Of(content) }
  const started = await other.call('start_large_file', {
    bucketId,
    fileName: 'large',
    contentType: 'b2/x-auto',
    fileInfo,
  })
  const largeFileId = started.json?.['fileId']
  const parts: unknown[] = []
  for (let partNumber = 1; partNumber <= COPIES; partNumber++) {
    const first = (partNumber - 1) * MOST_COPIED
    const range = `bytes=${first}-${Math.min(first + MOST_COPIED, SIZE) - 1}`
    const part = { sourceFileId: source?.['fileId'], largeFileId, partNumber, range }
    parts.push((await other.call('copy_part', part)).json?.['contentSha1'])
  }
  await other.call('finish_large_file', { fileId: largeFileId, partSha1Array: parts })
}

describe('a file too large for a single copy', () => {
  it('that moves is copied by parts, sends nothing, and loses its old name when the new one is there', async () => {
    const content = randomBytes(SIZE)
    await begin(content)
    renameSync(bench.path('large'), bench.path('moved'))
    await bench.untilInSync()
    expect(counts()).toEqual(allCopied)
    const order = bench.emulator.calls.map(({ operation }) => operation)
    expect(order.filter((operation) => operation === 'finish_large_file' || operation === 'hide_file')).toEqual([
      'finish_large_file',
      'hide_file',
    ])
    expect(versionsOf('moved')).toMatchObject([{ fileInfo: { large_file_sha1: sha1Of(content) } }])
    expect((await inBucket('moved')).equals(content)).toBe(true)
    expect(unfinished()).toEqual([])
  })

  it('sends only what changes after it has moved', async () => {
    const content = randomBytes(SIZE)
    await begin(content)
    renameSync(bench.path('large'), bench.path('moved'))
    await bench.untilInSync()
    bench.emulator.clearCalls()
    content.fill('changed', 0, 100)
    bench.write('moved', content)
    await bench.untilInSync()
    expect(counts()).toMatchObject({ started: 1, sent: 1 })
  })

  it('goes on after a restart with the parts that are missing', async () => {
    const content = randomBytes(SIZE)
    await stopMidway(content)
    bench.emulator.clearCalls()
    bench.restartEngine()
    await bench.untilInSync()
    expect(counts()).toEqual({ started: 0, sent: 0, copied: COPIES - 5, finished: 1 })
    expect((await inBucket('moved')).equals(content)).toBe(true)
    expect(unfinished()).toEqual([])
  })

  it('that is again what it was before is copied from that version', async () => {
    const content = randomBytes(SIZE)
    await begin(content)
    bench.write('large', randomBytes(SIZE))
    await bench.untilInSync()
    bench.emulator.clearCalls()
    bench.write('large', content)
    await bench.untilInSync()
    expect(counts()).toEqual(allCopied)
    expect((await inBucket('large')).equals(content)).toBe(true)
  })

  it('is not begun anew for a version that is gone when some of it was sent', async () => {
    const content = randomBytes(SIZE)
    await begin(content)
    const [gone] = versionsOf('large')
    bench.write('large', randomBytes(SIZE))
    await bench.untilInSync()
    const other = await connect(bench.emulator)
    await other.call('delete_file_version', { fileName: 'large', fileId: gone?.fileId })
    bench.emulator.clearCalls()
    // As with more than 5 GB, nothing tells that it is gone before its parts are copied.
    const tooLarge: Fault = { status: 400, code: 'source_too_large', count: Infinity }
    bench.emulator.failNext('copy_file', tooLarge)
    bench.emulator.failNext('upload_part', { kind: 'slow', bytesPerSecond: 500, skip: 30, count: Infinity })
    bench.write('large', content)
    await waitFor('some parts to be there', () => count('upload_part') === 30)
    await bench.stopEngine()
    bench.emulator.clearFaults()
    await untilHeard(bench.emulator)
    const held = count('upload_part')
    bench.emulator.clearCalls()
    bench.emulator.failNext('copy_file', tooLarge)
    bench.restartEngine()
    await bench.untilInSync()
    expect(counts()).toEqual({ started: 0, sent: Math.ceil(SIZE / PART) - held, copied: 0, finished: 1 })
  })

  it('is cancelled where nobody goes on with it', async () => {
    await stopMidway(randomBytes(SIZE))
    renameSync(bench.path('moved'), bench.path('large'))
    bench.restartEngine()
    await bench.untilInSync()
    expect(unfinished()).toHaveLength(1)
    clock.jump(2 * 3_600_000)
    await bench.engine.api.checkNow({})
    await waitFor('it to be cancelled', () => unfinished().length === 0)
    expect(counts()).toMatchObject({ sent: 0 })
  })

  it.each<[string, string, Fault]>([
    ['B2 is busy', 'copy_part', { status: 503, count: 3 }],
    ['connections are cut', 'copy_part', { kind: 'cut-before', count: 3 }],
    ['the answers of copies are lost', 'copy_part', { kind: 'cut-after', count: 3 }],
    ['an answer breaks off', 'copy_part', { kind: 'truncated', count: 3 }],
    ['the answer of the beginning is lost', 'start_large_file', { kind: 'cut-after' }],
    ['the answer of the end is lost', 'finish_large_file', { kind: 'cut-after' }],
  ])('arrives once, and sends nothing, where %s', async (_, operation, fault) => {
    const content = randomBytes(SIZE)
    await begin(content)
    bench.emulator.failNext(operation, fault)
    renameSync(bench.path('large'), bench.path('moved'))
    await bench.untilInSync()
    const begun = bench.emulator.calls.filter((call) => call.operation === 'start_large_file')
    expect([begun.length, counts().sent]).toEqual([1, 0])
    expect(versionsOf('moved')).toHaveLength(1)
    expect((await inBucket('moved')).equals(content)).toBe(true)
    expect(unfinished()).toEqual([])
  })

  it('is copied from another name where the version that moved is gone', async () => {
    const content = randomBytes(SIZE)
    await begin(content)
    copyFileSync(bench.path('large'), bench.path('second'))
    await bench.untilInSync()
    await bench.stopEngine()
    const other = await connect(bench.emulator)
    const [gone] = versionsOf('large')
    await other.call('delete_file_version', { fileName: 'large', fileId: gone?.fileId })
    bench.emulator.clearCalls()
    renameSync(bench.path('large'), bench.path('moved'))
    bench.restartEngine()
    await bench.untilInSync()
    expect(counts()).toEqual(allCopied)
    expect((await inBucket('moved')).equals(content)).toBe(true)
  })

  it('is sent where no version of it is left once it was begun', async () => {
    const content = randomBytes(SIZE)
    await begin(content)
    bench.emulator.failNext('copy_part', { status: 404, code: 'not_found', count: Infinity })
    renameSync(bench.path('large'), bench.path('moved'))
    await bench.untilInSync()
    expect(counts()).toMatchObject({ copied: 0, finished: 1 })
    expect((await inBucket('moved')).equals(content)).toBe(true)
    expect(unfinished()).toEqual([])
  })

  it('is sent where B2 holds other bytes than the version says', async () => {
    const content = randomBytes(SIZE)
    await open()
    const stored = Buffer.from(content)
    stored.fill('not this', 5 * MOST_COPIED, 5 * MOST_COPIED + 1000)
    await storeElsewhere(content, stored)
    bench.write('large', content)
    await bench.connect()
    bench.engine.start()
    await bench.addFolder()
    await bench.untilStatus('up-to-date')
    bench.emulator.clearCalls()
    renameSync(bench.path('large'), bench.path('moved'))
    await waitFor('it to arrive', () => versionsOf('moved').length === 1)
    await bench.untilStatus('up-to-date')
    expect((await inBucket('moved')).equals(content)).toBe(true)
    expect(unfinished()).toEqual([])
  })
})
