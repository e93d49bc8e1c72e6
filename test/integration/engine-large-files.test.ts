/** Large files as the engine sends them: in parts, going on where it was, and only what has changed. */
import { randomBytes } from 'node:crypto'
import { renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { ALL_CAPABILITIES } from '../b2-emulator/model.ts'
import { connect } from '../b2-emulator/test-client.ts'
import { sha1Of } from '../support/b2-bench.ts'
import { createScenarioClock } from '../support/scenario-clock.ts'
import { BUCKET, openBench, type Bench } from '../support/test-bench.ts'
import { waitFor } from '../support/wait-for.ts'

/** B2's least size of a part here, so that files of ten of them are large. */
const PART = 100_000
const PARTS = 20

let bench: Bench
afterEach(async () => {
  expect(bench.emulator.violations).toEqual([])
  await bench.close()
})

let clock: ReturnType<typeof createScenarioClock>
const open = async () => {
  clock = createScenarioClock(10)
  bench = await openBench({ clock, emulator: { recommendedPartSize: 10 * PART, absoluteMinimumPartSize: PART } })
}
const count = (operation: string) =>
  bench.emulator.calls.filter((call) => call.operation === operation && call.status === 200).length
const counts = () => ({
  started: count('start_large_file'),
  sent: count('upload_part'),
  copied: count('copy_part'),
  finished: count('finish_large_file'),
})
const unfinished = () => bench.emulator.unfinishedLargeFiles(BUCKET)
const newest = (fileName: string) => bench.emulator.listVisible(BUCKET).find((file) => file.fileName === fileName)

/** Bytes of a file with some of them exchanged from these places on. */
function edited(content: Buffer, ...places: readonly number[]): Buffer {
  const copy = Buffer.from(content)
  for (const place of places) randomBytes(1000).copy(copy, place)
  return copy
}

/** An engine that was stopped when some parts of `large` were in B2. */
async function stopMidway(content: Buffer): Promise<void> {
  await open()
  bench.write('large', content)
  bench.emulator.failNext('upload_part', { kind: 'slow', bytesPerSecond: 50_000, skip: 7, count: Infinity })
  await bench.connect()
  bench.engine.start()
  await bench.addFolder()
  await waitFor('some parts to be there', () => count('upload_part') >= 7)
  await bench.stopEngine()
  bench.emulator.clearFaults()
  await waitFor('the last request to end', () => bench.emulator.inFlight === 0)
}

/** The same folder with an engine that has no record of it. */
async function startWithoutRecords(): Promise<void> {
  rmSync(join(bench.dataFolder, 'pail.db'))
  bench.restartEngine()
  await bench.connect()
  await bench.addFolder()
}

describe('a large file', () => {
  it('does not wait until a huge one has been hashed', async () => {
    await open()
    bench.change(() => {
      writeFileSync(bench.path('huge'), '')
      truncateSync(bench.path('huge'), 20e9)
    })
    await bench.connect()
    bench.engine.start()
    await bench.addFolder()
    const isUnderWay = () => bench.engine.snapshot().transfers.sending.some(({ path }) => path === 'huge')
    await waitFor('the huge one to be hashed', isUnderWay)
    bench.write('large', randomBytes(PARTS * PART))
    await waitFor('the other one to arrive', () => newest('large'))
    expect(counts()).toMatchObject({ started: 1, finished: 1 })
    expect(isUnderWay()).toBe(true)
  })

  it('arrives in parts, with the SHA-1 of the whole', async () => {
    await open()
    const content = randomBytes(PARTS * PART - 7)
    bench.write('large', content)
    bench.write('small', randomBytes(9 * PART))
    await bench.begin()
    expect(counts()).toEqual({ started: 1, sent: PARTS, copied: 0, finished: 1 })
    expect(newest('large')).toMatchObject({ sha1: 'none', fileInfo: { large_file_sha1: sha1Of(content) } })
    expect(bench.uploads()).toEqual(['small'])
    const [row] = (await bench.engine.api.listActivity({ limit: 10 })).filter(({ path }) => path === 'large')
    expect(row).toMatchObject({ verb: 'uploaded', sizeBytes: content.length, sparedBytes: null })
  })

  it('goes on after a restart with the parts that are missing, and is not begun anew', async () => {
    const content = randomBytes(PARTS * PART)
    await stopMidway(content)
    const held = count('upload_part')
    bench.emulator.clearCalls()
    bench.restartEngine()
    await bench.untilInSync()
    expect(counts()).toEqual({ started: 0, sent: PARTS - held, copied: 0, finished: 1 })
    expect(newest('large')?.fileInfo).toMatchObject({ large_file_sha1: sha1Of(content) })
    expect(unfinished()).toEqual([])
  })

  it('goes on with the parts that are missing also when the records were lost', async () => {
    const content = randomBytes(PARTS * PART)
    await stopMidway(content)
    const held = count('upload_part')
    bench.emulator.clearCalls()
    await startWithoutRecords()
    await bench.untilInSync()
    expect(counts()).toEqual({ started: 0, sent: PARTS - held, copied: 0, finished: 1 })
    expect((await bench.emulator.readFile(BUCKET, 'large')).equals(content)).toBe(true)
  })

  it('is not begun twice where Pail ended before B2 had answered', async () => {
    await open()
    bench.write('large', randomBytes(PARTS * PART))
    bench.emulator.failNext('start_large_file', { kind: 'stall-after' })
    await bench.connect()
    bench.engine.start()
    await bench.addFolder()
    await waitFor('it to be begun', () => unfinished().length === 1)
    await bench.stopEngine()
    bench.restartEngine()
    await bench.untilInSync()
    expect(counts()).toEqual({ started: 0, sent: PARTS, copied: 0, finished: 1 })
    expect(unfinished()).toEqual([])
  })

  it('that was begun is cancelled after a day where no record tells of it, but not what others began', async () => {
    await stopMidway(randomBytes(PARTS * PART))
    const other = await connect(bench.emulator, bench.emulator.createKey({ capabilities: ALL_CAPABILITIES }))
    const { bucketId } = bench.emulator.buckets[0] ?? {}
    await other.call('start_large_file', { bucketId, fileName: 'other', contentType: 'b2/x-auto' })
    bench.write('large', 'small now')
    await startWithoutRecords()
    await bench.untilInSync()
    expect(unfinished()).toHaveLength(2)
    // The clock of scenarios is a day behind B2's.
    clock.jump(49 * 3_600_000)
    await bench.engine.api.checkNow({})
    await waitFor('it to be cancelled', () => unfinished().length === 1)
    expect(unfinished()).toMatchObject([{ fileName: 'other' }])
  })

  it('that changed sends only what has changed, and says how much was spared', async () => {
    await open()
    const content = randomBytes(PARTS * PART)
    bench.write('large', content)
    await bench.begin()
    bench.emulator.clearCalls()
    const changed = edited(content, 3.5 * PART, 11.2 * PART)
    bench.write('large', changed)
    await bench.untilInSync()
    expect(counts()).toEqual({ started: 1, sent: 2, copied: 3, finished: 1 })
    expect(newest('large')?.fileInfo).toMatchObject({ large_file_sha1: sha1Of(changed) })
    expect((await bench.emulator.readFile(BUCKET, 'large')).equals(changed)).toBe(true)
    const [row] = await bench.engine.api.listActivity({ limit: 1 })
    expect(row).toMatchObject({ path: 'large', sizeBytes: content.length, sparedBytes: 18 * PART })
  })

  it('that grew, or became shorter, sends its end', async () => {
    await open()
    const content = randomBytes(PARTS * PART)
    bench.write('large', content)
    await bench.begin()
    for (const next of [Buffer.concat([content, randomBytes(PART / 2)]), content.subarray(0, 15.5 * PART)]) {
      bench.emulator.clearCalls()
      bench.write('large', next)
      await bench.untilInSync()
      expect(counts()).toEqual({ started: 1, sent: 1, copied: 1, finished: 1 })
      expect((await bench.emulator.readFile(BUCKET, 'large')).equals(next)).toBe(true)
    }
  })

  it('is copied by B2 under its new name, and only what changes after that is sent', async () => {
    await open()
    const content = randomBytes(PARTS * PART)
    bench.write('large', content)
    await bench.begin()
    bench.emulator.clearCalls()
    renameSync(bench.path('large'), bench.path('renamed'))
    await bench.untilInSync()
    expect([bench.copies(), counts().sent]).toEqual([['renamed'], 0])
    expect(newest('renamed')?.fileInfo).toMatchObject({ large_file_sha1: sha1Of(content) })
    bench.write('renamed', edited(content, 0))
    await bench.untilInSync()
    expect(counts()).toMatchObject({ sent: 1, copied: 1 })
  })

  it('is sent where the version that it is like is gone', async () => {
    await open()
    const content = randomBytes(PARTS * PART)
    bench.write('large', content)
    await bench.begin()
    bench.emulator.clearCalls()
    bench.emulator.failNext('copy_part', { status: 404, code: 'not_found', count: Infinity })
    bench.write('large', edited(content, 0))
    await bench.untilInSync()
    expect(counts()).toMatchObject({ copied: 0, finished: 1 })
    const [row] = await bench.engine.api.listActivity({ limit: 1 })
    expect(row).toMatchObject({ path: 'large', sparedBytes: null })
  })

  it('that was begun and changed is begun anew, and the old beginning is cancelled', async () => {
    const content = randomBytes(PARTS * PART)
    await stopMidway(content)
    const old = unfinished().map(({ fileId }) => fileId)
    bench.write('large', randomBytes(PARTS * PART))
    bench.restartEngine()
    await bench.untilInSync()
    await bench.engine.api.checkNow({})
    await waitFor('the old beginning to be cancelled', () => unfinished().length === 0)
    expect(old).toHaveLength(1)
  })

  it('that was begun is cancelled when its folder is not synced any more', async () => {
    await stopMidway(randomBytes(PARTS * PART))
    expect(unfinished()).toHaveLength(1)
    bench.restartEngine()
    await bench.engine.api.pause(undefined)
    await bench.engine.api.removeFolder({ folderId: bench.folderId })
    await bench.engine.api.resume(undefined)
    await waitFor('the beginning to be cancelled', () => unfinished().length === 0)
  })

  it('that cannot be cancelled does not keep others from being cancelled', async () => {
    await stopMidway(randomBytes(PARTS * PART))
    bench.restartEngine()
    bench.write('another', randomBytes(PARTS * PART))
    bench.emulator.failNext('upload_part', { kind: 'slow', bytesPerSecond: 50_000, count: Infinity })
    await waitFor('both to be begun', () => unfinished().length === 2)
    await bench.engine.api.pause(undefined)
    bench.emulator.clearFaults()
    // As B2 answers to a key for another bucket: all but the second call.
    bench.emulator.failNext('cancel_large_file', { status: 401, code: 'unauthorized' })
    bench.emulator.failNext('cancel_large_file', { status: 401, code: 'unauthorized', skip: 2, count: Infinity })
    await bench.engine.api.removeFolder({ folderId: bench.folderId })
    await bench.engine.api.resume(undefined)
    await waitFor('the other one to be cancelled', () => unfinished().length === 1)
    expect(unfinished()).toMatchObject([{ fileName: 'large' }])
  })

  it('that vanished after it was begun is not cancelled at once: it may come back', async () => {
    await stopMidway(randomBytes(PARTS * PART))
    rmSync(bench.path('large'))
    bench.restartEngine()
    await bench.untilInSync()
    expect(unfinished()).toHaveLength(1)
  })
})
