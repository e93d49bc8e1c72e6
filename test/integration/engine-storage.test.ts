/** How much is stored: the engine's numbers are what the bucket's own list of versions adds up to. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connect, startLarge, uploadPart } from '../b2-emulator/test-client.ts'
import { createScenarioClock } from '../support/scenario-clock.ts'
import { BUCKET, bucketIdOf, openBench, type Bench } from '../support/test-bench.ts'
import { waitFor } from '../support/wait-for.ts'

const HOUR = 3_600_000
const PREFIX = 'p/'
const NOTHING = { files: 0, bytes: 0 }

let bench: Bench
let clock: ReturnType<typeof createScenarioClock>

beforeEach(async () => {
  clock = createScenarioClock(10)
  bench = await openBench({ clock, prefix: PREFIX })
  bench.write('a', 'first')
  bench.write('dir/b', 'of two')
})
afterEach(() => bench.close())

/** What the bucket holds below the prefix, by its own list. */
function inBucket() {
  const versions = bench.emulator.fileVersions(BUCKET).filter(({ fileName }) => fileName.startsWith(PREFIX))
  const visible = new Set(bench.emulator.listVisible(BUCKET, PREFIX).map(({ fileId }) => fileId))
  const amount = (lengths: readonly number[]) => ({
    files: lengths.length,
    bytes: lengths.reduce((sum, length) => sum + length, 0),
  })
  const uploads = versions.filter(({ action }) => action === 'upload')
  const parts = versions
    .filter(({ action }) => action === 'start')
    .map(({ fileId }) => bench.emulator.parts(fileId).reduce((sum, { contentLength }) => sum + contentLength, 0))
  return {
    current: amount(uploads.flatMap(({ fileId, contentLength }) => (visible.has(fileId) ? [contentLength] : []))),
    old: amount(uploads.flatMap(({ fileId, contentLength }) => (visible.has(fileId) ? [] : [contentLength]))),
    unfinished: amount(parts),
  }
}
function known() {
  const { current, old, unfinished } = bench.engine.snapshot().storage
  return { current, old, unfinished }
}
/** A day goes by, and the engine looks at the bucket as it does once a day. */
async function passDay(): Promise<void> {
  const listings = () => bench.emulator.calls.filter(({ operation }) => operation === 'list_file_versions').length
  const before = listings()
  clock.jump(25 * HOUR)
  await waitFor('the listing of the day', () => listings() > before)
  await waitFor('its end', () => bench.emulator.inFlight === 0)
}

describe('what is stored', () => {
  it('is known from what Pail does, from the first file on', async () => {
    await bench.begin()
    bench.write('a', 'first, but longer')
    await bench.untilInSync()
    bench.remove('dir/b')
    await bench.untilInSync()
    await bench.stopEngine()
    bench.restartEngine()
    await bench.untilInSync()
    expect(known()).toEqual(inBucket())
    expect(known()).toMatchObject({ current: { files: 1 }, old: { files: 2, bytes: 11 }, unfinished: NOTHING })
    expect(bench.engine.snapshot().storage.countedAt).toBeNull()
  })

  it('is counted once a day, with what others have done, by a listing that is made anyway', async () => {
    await bench.begin()
    const other = await connect(bench.emulator)
    await other.upload(BUCKET, 'p/theirs', 'not from here')
    await other.upload(BUCKET, 'p/theirs', 'not from here either')
    await other.upload(BUCKET, 'elsewhere', 'no part of it')
    await uploadPart(
      other,
      await startLarge(other, bucketIdOf(bench.emulator, BUCKET), 'p/large'),
      1,
      Buffer.alloc(1000),
    )
    bench.emulator.clearCalls()
    await passDay()
    await waitFor('the count', () => bench.engine.snapshot().storage.countedAt !== null)
    expect(known()).toEqual(inBucket())
    expect(known()).toMatchObject({ current: { files: 3 }, old: { files: 1 }, unfinished: { files: 1, bytes: 1000 } })
    expect(bench.emulator.calls.filter(({ operation }) => operation === 'list_file_names')).toEqual([])
  })

  it('is nothing any more once everything is deleted for good', async () => {
    await bench.begin()
    bench.write('a', 'second')
    await bench.untilInSync()
    const { folderId } = bench
    await bench.engine.api.updateFolder({
      folderId,
      settings: { deletionPolicy: { kind: 'delete' } },
      confirmation: BUCKET,
    })
    bench.remove('a')
    await bench.untilInSync()
    expect(known()).toEqual(inBucket())
    expect(known()).toMatchObject({ current: { files: 1 }, old: NOTHING })
  })
})

describe('a limit to compare with', () => {
  it('is kept over a restart until it is taken back, and stops nothing', async () => {
    await bench.begin()
    await bench.engine.api.setStorageCap({ capBytes: 3 })
    bench.write('c', 'more than that')
    await bench.untilInSync()
    await bench.stopEngine()
    bench.restartEngine()
    expect(bench.engine.snapshot().storage.capBytes).toBe(3)
    await bench.engine.api.setStorageCap({ capBytes: null })
    expect(bench.engine.snapshot().storage.capBytes).toBeNull()
  })
})
