/** Changes in a folder that is being watched arrive in the bucket by themselves. */
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../main/engine/lib/clock.ts'
import { sha1Of } from '../support/b2-bench.ts'
import { BUCKET, openBench, writeFile, type Bench } from '../support/test-bench.ts'
import { waitFor } from '../support/wait-for.ts'
import { createWorkedClock } from '../support/worked-clock.ts'

let bench: Bench
afterEach(() => bench.close())

describe('a watched folder', () => {
  beforeEach(async () => {
    bench = await openBench()
    for (const path of ['a', 'b', 'dir/one', 'dir/two', 'dir/sub/three']) bench.write(path, path)
    await bench.begin()
    bench.emulator.clearCalls()
  })

  it('sends a new file, a changed one, and hides a deleted one', async () => {
    bench.write('new', 'new')
    bench.write('a', 'changed')
    bench.remove('b')
    await bench.untilInSync()
    expect([...bench.uploads()].sort()).toEqual(['a', 'new'])
    expect(bench.hides()).toEqual(['b'])
  })

  it('follows a renamed file and a renamed directory', async () => {
    renameSync(bench.path('a'), bench.path('z'))
    renameSync(bench.path('dir'), bench.path('folder'))
    await bench.untilInSync()
    expect(Object.keys(bench.remote())).toEqual(['b', 'folder/one', 'folder/sub/three', 'folder/two', 'z'])
    expect([...bench.hides()].sort()).toEqual(['a', 'dir/one', 'dir/sub/three', 'dir/two'])
  })

  it('keeps watching what was renamed', async () => {
    renameSync(bench.path('dir'), bench.path('folder'))
    await bench.untilInSync()
    bench.write('folder/sub/later', 'later')
    bench.write('folder/one', 'one again')
    await bench.untilInSync()
    expect(await bench.remoteText('folder/one')).toBe('one again')
  })

  it('follows a file with the name of a former directory, and back', async () => {
    bench.remove('dir')
    bench.write('dir', 'now a file')
    await bench.untilInSync()
    expect(Object.keys(bench.remote())).toEqual(['a', 'b', 'dir'])
    bench.remove('dir')
    bench.write('dir/one', 'a folder again')
    await bench.untilInSync()
    expect(Object.keys(bench.remote())).toEqual(['a', 'b', 'dir/one'])
    bench.write('dir/later', 'watched again')
    await bench.untilInSync()
  })

  it('finds files in nested directories that appear at once, and later ones in them', async () => {
    writeFile(bench.path('x/y/z/deep'), 'deep')
    bench.write('x/top', 'top')
    await bench.untilInSync()
    bench.write('x/y/z/later', 'later')
    bench.write('x/y/w/v/other', 'other')
    await bench.untilInSync()
    expect(Object.keys(bench.remote())).toContain('x/y/w/v/other')
  })

  it('takes in a directory that is moved in, and hides one that is moved out', async () => {
    const outside = join(bench.home, 'outside')
    writeFile(join(outside, 'in/one'), '1')
    writeFile(join(outside, 'in/sub/two'), '2')
    renameSync(join(outside, 'in'), bench.path('in'))
    await bench.untilInSync()
    renameSync(bench.path('in'), join(outside, 'out'))
    renameSync(bench.path('dir'), join(outside, 'dir'))
    await bench.untilInSync()
    expect(Object.keys(bench.remote())).toEqual(['a', 'b'])
  })

  it('sends many files that are made at once, each once', async () => {
    for (let i = 0; i < 400; i += 1) writeFile(bench.path(`many/${i % 20}/file-${i}`), `content ${i}`)
    await bench.untilInSync()
    expect(new Set(bench.uploads()).size).toBe(bench.uploads().length)
    expect(bench.uploads()).toHaveLength(400)
  })

  it('does not follow a link that took the place of a directory, nor hide what was there', async () => {
    const outside = join(bench.home, 'outside')
    renameSync(bench.path('dir'), outside)
    symlinkSync(outside, bench.path('dir'))
    bench.write('witness', '1')
    await waitFor('the witness', () => bench.remote()['witness'] !== undefined)
    writeFileSync(join(outside, 'secret'), 'must not be sent')
    writeFileSync(join(outside, 'one'), 'changed outside')
    await bench.engine.api.checkNow({})
    bench.write('witness', 'two')
    await waitFor('the second witness', async () => (await bench.remoteText('witness')) === 'two')
    await bench.untilStatus('up-to-date')
    expect(Object.keys(bench.remote())).toEqual(['a', 'b', 'dir/one', 'dir/sub/three', 'dir/two', 'witness'])
    expect(await bench.remoteText('dir/one')).toBe('dir/one')
  })

  it('leaves a directory that was moved out and back again as it is', async () => {
    const outside = join(bench.home, 'outside')
    for (let round = 0; round < 3; round += 1) {
      renameSync(bench.path('dir'), outside)
      await waitFor('the deletion to be noticed', () => bench.status().kind !== 'up-to-date')
      renameSync(outside, bench.path('dir'))
      await bench.untilInSync()
    }
    expect(Object.keys(bench.remote())).toHaveLength(5)
  })

  it('brings a directory back that returns while its files are being hidden', async () => {
    const outside = join(bench.home, 'outside')
    bench.emulator.setLatency(300)
    renameSync(bench.path('dir'), outside)
    await waitFor('a hide to be under way', () => bench.emulator.inFlight > 0)
    renameSync(outside, bench.path('dir'))
    await waitFor('the hide to arrive', () => bench.hides().length > 0)
    await bench.untilInSync()
  })

  it('hides a file that was deleted while its upload was being answered', async () => {
    bench.emulator.setLatency(400)
    // More than goes out in one piece, so that it shows what is sent.
    bench.write('brief', 'life'.repeat(40_000))
    await waitFor('the upload to be under way', () => bench.emulator.calls.length > 0 || bench.emulator.inFlight > 0)
    await waitFor('its bytes to be sent', () => {
      const [row] = bench.engine.snapshot().transfers.sending
      return row !== undefined && row.sentBytes === row.sizeBytes
    })
    bench.remove('brief')
    await waitFor('the upload to end', () => bench.uploads().includes('brief') || bench.emulator.inFlight === 0)
    bench.emulator.setLatency(0)
    await bench.untilInSync()
  })

  it('sends what was written while an upload of the same file was being answered', async () => {
    bench.emulator.setLatency(400)
    bench.write('a', 'first'.repeat(40_000))
    await waitFor('its bytes to be sent', () => {
      const [row] = bench.engine.snapshot().transfers.sending
      return row !== undefined && row.sentBytes === row.sizeBytes
    })
    bench.write('a', 'second')
    bench.emulator.setLatency(0)
    await bench.untilInSync()
    expect(await bench.remoteText('a')).toBe('second')
  })

  it('is never up to date between a hint and its upload', async () => {
    const lies: string[] = []
    const end = bench.engine.subscribe((snapshot) => {
      const missing = Object.keys(bench.remote()).length < expectedFiles
      if (snapshot.status.kind === 'up-to-date' && hasBeenNoticed && missing) lies.push(JSON.stringify(snapshot.status))
      if (snapshot.status.kind !== 'up-to-date') hasBeenNoticed = true
    })
    let hasBeenNoticed = false
    const expectedFiles = 5 + 300
    for (let i = 0; i < 300; i += 1) writeFile(join(bench.home, `prepared/${i % 3}/f${i}`), `${i}`)
    renameSync(join(bench.home, 'prepared'), bench.path('prepared'))
    await bench.untilInSync()
    end()
    expect(lies).toEqual([])
  })
})

describe('a file that is being written, by the true clock', () => {
  beforeEach(async () => {
    bench = await openBench({ clock: systemClock })
    bench.write('a', 'a')
    await bench.begin()
    bench.emulator.clearCalls()
  })

  it('is sent once, whole, when its writer has come to rest', async () => {
    const path = bench.path('growing')
    for (let i = 0; i < 8; i += 1) {
      appendFileSync(path, `line ${i}\n`)
      const { length } = bench.uploads()
      expect(length).toBe(0)
      await waitFor('the next line', () => bench.status().kind === 'waiting', 5000)
    }
    await bench.untilInSync()
    expect(bench.uploads()).toEqual(['growing'])
  })

  it('is sent once after an atomic save, and its temporary name never', async () => {
    for (let i = 0; i < 3; i += 1) {
      writeFileSync(bench.path('a.new'), `version ${i}`)
      renameSync(bench.path('a.new'), bench.path('a'))
    }
    await bench.untilInSync()
    expect(bench.uploads()).toEqual(['a'])
    expect(await bench.remoteText('a')).toBe('version 2')
    expect(bench.hides()).toEqual([])
  })

  it('is not hidden when it is saved by deleting it and making it anew', async () => {
    rmSync(bench.path('a'))
    await waitFor('the deletion to be noticed', () => bench.status().kind !== 'up-to-date')
    bench.write('a', 'made anew')
    await bench.untilInSync()
    expect(bench.hides()).toEqual([])
    expect(bench.emulator.fileVersions(BUCKET)).toHaveLength(2)
  })

  it('never becomes an object when it changes while it is read', async () => {
    const path = bench.path('large')
    writeFileSync(path, Buffer.alloc(24_000_000, 'A'))
    await waitFor('its upload to be under way', () => {
      const [row] = bench.engine.snapshot().transfers.sending
      return row !== undefined && row.sentBytes > 0
    })
    writeFileSync(path, Buffer.alloc(24_000_000, 'B'))
    await bench.untilInSync()
    const versions = bench.emulator.fileVersions(BUCKET).filter(({ fileName }) => fileName === 'large')
    expect(versions).toHaveLength(1)
    expect((await bench.emulator.readFile(BUCKET, 'large')).every((byte) => byte === 66)).toBe(true)
  })

  it('stays waiting, unsent, while it never comes to rest', async () => {
    const path = bench.path('log')
    mkdirSync(bench.path('other'))
    const writer = setInterval(() => appendFileSync(path, 'line\n'), 100)
    try {
      await bench.untilStatus('waiting')
      bench.write('other/file', 'x')
      await waitFor('another file to be sent meanwhile', () => bench.uploads().includes('other/file'))
      expect(bench.uploads()).toEqual(['other/file'])
    } finally {
      clearInterval(writer)
    }
    await bench.untilInSync()
    expect(bench.uploads()).toEqual(['other/file', 'log'])
  })
})

describe('a log that is never left alone', () => {
  /** Of the engine's clock: it is restless after 2 s, and due again after 10 s. */
  const SPEED = 30
  /** More than is read in a moment. */
  const LOG = Buffer.alloc(3_000_000, 'so it began\n')
  const taken = () => bench.emulator.fileVersions(BUCKET).filter(({ action }) => action === 'upload')

  it.each([
    ['in one piece', {}],
    ['in parts', { absoluteMinimumPartSize: 100_000, recommendedPartSize: 1_000_000 }],
  ])('is taken all the same, %s, as it was at one moment, and again later', async (_, emulator) => {
    const clock = createWorkedClock(SPEED)
    bench = await openBench({ clock, emulator })
    const path = bench.path('log')
    writeFileSync(path, LOG)
    let lines = 0
    const writer = setInterval(() => {
      appendFileSync(path, `line ${lines++}\n`)
      // Its times are of the engine's clock, as those of a file that changes now.
      utimesSync(path, clock.now() / 1000, clock.now() / 1000)
    }, 5)
    try {
      await bench.connect()
      bench.engine.start()
      await bench.addFolder()
      await waitFor('it to be taken twice', () => taken().length >= 2)
    } finally {
      clearInterval(writer)
    }
    const written = readFileSync(path)
    for (const version of taken()) {
      expect(version.contentLength).toBeGreaterThanOrEqual(LOG.length)
      expect(bench.emulator.sha1Of(version)).toBe(sha1Of(written.subarray(0, version.contentLength)))
    }
    utimesSync(path, Date.now() / 1000, Date.now() / 1000)
    await bench.untilInSync()
  })
})
