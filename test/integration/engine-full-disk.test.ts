/** Disks that are full, real ones of some megabytes: the one that holds Pail's records, and the one that holds the files. */
import { appendFileSync, closeSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { askRclone } from '../support/rclone-judge.ts'
import { BUCKET, openBench, writeFile, type Bench } from '../support/test-bench.ts'
import { canMountTinyDisk, mountTinyDisk, unmount } from '../support/tiny-disk.ts'
import { waitFor } from '../support/wait-for.ts'

const IS_LONG = process.env['PAIL_TEST_LONG'] === '1'

/** What is looked at while a disk fills up, and at how many moments of such a look it does. */
const FILES = 500
const MOMENTS = IS_LONG ? 20 : 3

let bench: Bench

/** What every test ends with; in the long form somebody else finds folder and bucket equal. */
async function judge(): Promise<void> {
  const { emulator, home, root } = bench
  bench.change(() => rmSync(join(root, 'ballast.tmp'), { force: true }))
  await bench.untilInSync(root, BUCKET)
  bench.expectInvariants()
  if (!IS_LONG) return
  await askRclone({ account: emulator, scratch: home, root, bucketName: BUCKET, prefix: '' })
}

/** Takes all the room there is, to the last page. */
function fill(file: string): void {
  const { bavail, bsize } = statfsSync(join(file, '..'))
  for (const bytes of [bavail * bsize, bsize]) {
    try {
      for (;;) appendFileSync(file, Buffer.alloc(bytes))
    } catch {
      // There is no more.
    }
  }
}

const longNames = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `${'long-name-'.repeat(15)}${i}`)

/** How many names arrived more often than once. */
const repeats = (names: readonly string[]): number => names.length - new Set(names).size

describe.runIf(canMountTinyDisk())('a full disk under the data folder', () => {
  const ballast = () => join(bench.dataFolder, 'ballast')

  beforeEach(async () => {
    bench = await openBench({ isWitnessed: true, prepareDataFolder: mountTinyDisk })
    bench.write('before', 'x')
    await bench.begin()
    bench.emulator.clearCalls()
  })
  afterEach(async () => {
    await bench.stopEngine()
    unmount(bench.dataFolder)
    await bench.close()
  })
  // Before that, as the last hook is the first to be called.
  afterEach(judge)

  it('is one clear problem, loses nothing, sends nothing twice, and is over by itself', async () => {
    fill(ballast())
    for (const name of longNames(120)) bench.write(name, name)
    expect(await bench.untilStatus('problem')).toMatchObject({ code: 'disk_full' })
    expect(bench.problems().map(({ code }) => code)).toContain('disk_full')
    rmSync(ballast())
    await bench.untilInSync()
    expect(repeats(bench.uploads())).toBe(0)
    expect(bench.problems()).toEqual([])
  })

  it('that fills up while files are sent sends none of them twice', async () => {
    bench.emulator.setLatency(150)
    for (const name of longNames(40)) bench.write(name, name)
    await waitFor('uploads under way', () => bench.emulator.inFlight >= 4)
    fill(ballast())
    expect(await bench.untilStatus('problem')).toMatchObject({ code: 'disk_full' })
    bench.emulator.setLatency(0)
    rmSync(ballast())
    await bench.untilInSync()
    expect(repeats(bench.uploads())).toBe(0)
  })

  it('that fills up while deletions go out hides each of them once, and nothing else', async () => {
    const names = longNames(200)
    for (const name of names) bench.write(name, name)
    await bench.untilInSync()
    // Records that were just opened need room for the next one; later they use what they have again.
    await bench.stopEngine()
    bench.restartEngine()
    await bench.untilInSync()
    const deleted = names.slice(0, 45)
    bench.emulator.setLatency(100)
    for (const name of deleted) bench.remove(name)
    await waitFor('deletions under way', () => bench.hides().length > 0)
    fill(ballast())
    expect(await bench.untilStatus('problem')).toMatchObject({ code: 'disk_full' })
    bench.emulator.setLatency(0)
    rmSync(ballast())
    await bench.untilInSync()
    expect(bench.hides().toSorted()).toEqual(deleted.toSorted())
  })

  it('that fills up in the middle of looks at the folder hides nothing, and what is new is sent once', async () => {
    bench.change(() => {
      for (let i = 0; i < FILES; i += 1) writeFile(bench.path(`d${i % 50}/${i}`), `the content of ${i}`)
    })
    await bench.untilInSync(bench.root, BUCKET)
    await bench.stopEngine()
    const startedAt = performance.now()
    bench.restartEngine()
    await bench.untilStatus('up-to-date')
    const lookMs = performance.now() - startedAt
    bench.emulator.clearCalls()
    for (let i = 0; i < MOMENTS; i += 1) {
      await bench.stopEngine()
      bench.change(() => {
        for (let n = 0; n < 20; n += 1) writeFile(bench.path(`d${n}/new-${i}-${n}`), `new, ${i} and ${n}`)
      })
      bench.restartEngine()
      const fillAt = performance.now() + (lookMs * i) / MOMENTS
      await waitFor('a moment within the look', () => performance.now() >= fillAt)
      fill(ballast())
      const asked = bench.clock.now()
      await waitFor('longer than a loss is looked at', () => bench.clock.now() - asked > 60_000)
      rmSync(ballast())
      await bench.untilInSync(bench.root, BUCKET)
    }
    expect(repeats(bench.uploads())).toBe(0)
    expect(bench.uploads()).toHaveLength(20 * MOMENTS)
    expect(bench.hides()).toEqual([])
  })

  it('does not keep Pail from starting, or it starts when there is room', async () => {
    await bench.stopEngine()
    fill(ballast())
    bench.write('meanwhile', 'y')
    try {
      bench.restartEngine()
      expect(await bench.untilStatus('problem')).toMatchObject({ code: 'disk_full' })
      rmSync(ballast())
    } catch (error) {
      expect(error).toMatchObject({ code: 'disk_full' })
      rmSync(ballast())
      bench.restartEngine()
    }
    await bench.untilInSync()
    expect(bench.uploads()).toEqual(['meanwhile'])
    expect(bench.hides()).toEqual([])
  })
})

describe.runIf(canMountTinyDisk())('a full disk under the folder itself', () => {
  const documents = Array.from({ length: 30 }, (_, i) => `document-${i}`)
  const ballast = () => bench.path('ballast.tmp')

  beforeEach(async () => {
    bench = await openBench({ isWitnessed: true })
    mountTinyDisk(bench.root)
    bench.witness?.leftOut.add('ballast.tmp')
    bench.witness?.watch([{ root: bench.root, prefix: '' }])
    for (const name of documents) bench.write(name, `the first version of ${name}`)
    bench.write('.pailignore', 'ballast.tmp\n')
    await bench.begin()
    bench.emulator.clearCalls()
    bench.change(() => fill(ballast()))
  })
  afterEach(async () => {
    await bench.stopEngine()
    unmount(bench.root)
    await bench.close()
  })
  // Before that, as the last hook is the first to be called.
  afterEach(judge)

  /** What most programs do: they empty the file first. What that has freed, another program takes before they write. */
  function saveInVain(name: string): void {
    bench.change(() => {
      const file = openSync(bench.path(name), 'w')
      try {
        fill(ballast())
        expect(() => writeSync(file, `the second version of ${name}`)).toThrow('ENOSPC')
      } finally {
        closeSync(file)
      }
    })
  }

  const emptyVersions = (): readonly string[] =>
    bench.emulator
      .fileVersions(bench.emulator.buckets[0]?.bucketName ?? '')
      .filter(({ action, contentLength }) => action === 'upload' && contentLength === 0)
      .map(({ fileName }) => fileName)

  it('empties many files, which replaces nothing in the bucket; they are sent once they are saved again', async () => {
    for (const name of documents.slice(0, 15)) saveInVain(name)
    expect(await bench.untilStatus('held')).toEqual({ kind: 'held', code: 'mass_emptied' })
    const start = bench.clock.now()
    await waitFor('longer than a loss is looked at', () => bench.clock.now() - start > 60_000)
    expect(emptyVersions()).toEqual([])
    bench.change(() => rmSync(ballast()))
    for (const name of documents.slice(0, 15)) bench.write(name, `the second version of ${name}`)
    await bench.untilInSync()
    expect(emptyVersions()).toEqual([])
    expect(bench.hides()).toEqual([])
  })

  it('empties a file that is saved again soon, and no empty version of it is ever sent', async () => {
    saveInVain('document-0')
    await bench.untilSnapshot('the loss to be seen', ({ status }) => status.kind !== 'up-to-date')
    bench.change(() => rmSync(ballast()))
    bench.write('document-0', 'the second version, at last')
    await bench.untilInSync()
    expect(emptyVersions()).toEqual([])
    expect(bench.uploads()).toEqual(['document-0'])
  })

  it('empties many files while they are looked at, which replaces nothing in the bucket', async () => {
    await bench.engine.api.checkNow({})
    for (const name of documents) {
      saveInVain(name)
      // The look goes on in between.
      await new Promise(setImmediate)
    }
    expect(await bench.untilStatus('held')).toMatchObject({ kind: 'held' })
    const start = bench.clock.now()
    await waitFor('longer than a loss is looked at', () => bench.clock.now() - start > 60_000)
    expect(emptyVersions()).toEqual([])
    bench.change(() => rmSync(ballast()))
    for (const name of documents) bench.write(name, `the second version of ${name}`)
    await bench.untilInSync()
    expect(emptyVersions()).toEqual([])
    expect(bench.hides()).toEqual([])
  })

  it('is filled while deletions go out, which go on, and no other file is hidden or emptied', async () => {
    bench.change(() => rmSync(ballast()))
    await bench.untilInSync()
    const deleted = documents.slice(0, 12)
    bench.emulator.setLatency(100)
    bench.change(() => {
      for (const name of deleted) rmSync(bench.path(name))
    })
    await waitFor('deletions under way', () => bench.hides().length > 0)
    bench.change(() => fill(ballast()))
    for (const name of documents.slice(12, 18)) saveInVain(name)
    await waitFor('the deletions', () => bench.hides().length === deleted.length)
    bench.emulator.setLatency(0)
    const start = bench.clock.now()
    await waitFor('longer than a loss is looked at', () => bench.clock.now() - start > 60_000)
    bench.change(() => rmSync(ballast()))
    for (const name of documents.slice(12, 18)) bench.write(name, `the second version of ${name}`)
    await bench.untilInSync()
    expect(bench.hides().toSorted()).toEqual(deleted.toSorted())
  })

  it('can be read from all the same', async () => {
    await bench.stopEngine()
    bench.remove('document-1')
    bench.change(() => fill(ballast()))
    bench.restartEngine()
    await waitFor('the deletion', () => bench.hides().length > 0)
    await bench.untilStatus('up-to-date')
    expect(bench.hides()).toEqual(['document-1'])
    expect(bench.uploads()).toEqual([])
  })
})
