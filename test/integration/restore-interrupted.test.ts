/** Restores that do not come to their end: a disk that fills up, another one that works there, an end from outside. */
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { AbsolutePath } from '../../shared/ids.ts'
import { RANGE_BYTES } from '../../main/engine/restore/fetch.ts'
import { sha1Of } from '../support/b2-bench.ts'
import { openRestoreBench } from '../support/restore-bench.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { canMountTinyDisk, mountTinyDisk, unmount } from '../support/tiny-disk.ts'
import { waitFor } from '../support/wait-for.ts'

const DOWNLOAD = 'download_file_by_id'

describe('a restore that was stopped', () => {
  it('goes on with the ranges of a large file that are missing', async () => {
    const bench = await openRestoreBench()
    onTestFinished(bench.close)
    const content = randomBytes(RANGE_BYTES * 4 + 1)
    await bench.putLarge('large', content, { large_file_sha1: sha1Of(content) })
    const stop = new AbortController()
    bench.emulator.failNext(DOWNLOAD, { kind: 'stall-midway', skip: 2 })
    const parts = (): number => {
      const name = readdirSync(bench.path('.pail-restore')).find((each) => each.endsWith('.parts')) ?? ''
      return (
        readFileSync(bench.path(`.pail-restore/${name}`), 'utf8')
          .trimEnd()
          .split('\n').length - 1
      )
    }
    const client = bench.connect({ timeouts: { silenceMs: 100_000 } })
    const running = bench.restore({ b2: client, signal: stop.signal })
    await waitFor('all other parts', () => parts() === 4)
    stop.abort(new Error('enough'))
    expect(await running).toMatchObject({ endedBy: stop.signal.reason, restored: 0, failed: 1 })
    expect(bench.exists('large')).toBe(false)
    await waitFor('calls to end', () => bench.emulator.inFlight === 0)
    bench.emulator.clearCalls()
    expect(await bench.restore()).toMatchObject({ restored: 1, failed: 0 })
    expect(bench.downloads()).toEqual(['large'])
    expect(bench.sha1('large')).toBe(sha1Of(content))
    expect(bench.isStagingGone()).toBe(true)
  })

  it('begins a large file anew when what was there of it is wrong, gone or of another version', async () => {
    const bench = await openRestoreBench()
    onTestFinished(bench.close)
    const content = randomBytes(RANGE_BYTES * 2)
    const { fileId } = await bench.putLarge('large', content, { large_file_sha1: sha1Of(content) })
    const name = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(fileId)))
      .toString('hex')
      .slice(0, 32)
    const staging = bench.path('.pail-restore')
    const record = (head: string): void => {
      rmSync(bench.root, { recursive: true, force: true })
      mkdirSync(staging, { recursive: true })
      writeFileSync(join(staging, `${name}.parts`), `${head}\n0\n1\n`)
      bench.emulator.clearCalls()
    }
    const right = `${fileId} ${content.length} ${RANGE_BYTES}`
    const cases: readonly [string, Buffer | null, number][] = [
      // Taken for complete, and found to be wrong.
      [right, Buffer.alloc(content.length), 2],
      [right, null, 2],
      [right, content.subarray(1), 2],
      [`another ${content.length} ${RANGE_BYTES}`, content, 2],
      [`${fileId} ${content.length} 1000`, content, 2],
      [right, content, 0],
    ]
    for (const [head, staged, downloads] of cases) {
      record(head)
      if (staged !== null) writeFileSync(join(staging, name), staged)
      expect(await bench.restore()).toMatchObject({ restored: 1, failed: 0 })
      expect([bench.sha1('large'), bench.downloads().length]).toEqual([sha1Of(content), downloads])
      expect(bench.isStagingGone()).toBe(true)
    }
  })

  it('has written down nothing of a line that was broken off', async () => {
    const bench = await openRestoreBench()
    onTestFinished(bench.close)
    const content = randomBytes(RANGE_BYTES * 12)
    const { fileId } = await bench.putLarge('large', content, { large_file_sha1: sha1Of(content) })
    const name = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(fileId)))
      .toString('hex')
      .slice(0, 32)
    mkdirSync(bench.path('.pail-restore'), { recursive: true })
    // Part 11, of which only a 1 came to be on the disk.
    writeFileSync(bench.path(`.pail-restore/${name}.parts`), `${fileId} ${content.length} ${RANGE_BYTES}\n0\n1`)
    const half = Buffer.from(content)
    half.fill(0, RANGE_BYTES)
    writeFileSync(bench.path(`.pail-restore/${name}`), half)
    expect(await bench.restore()).toMatchObject({ restored: 1, failed: 0 })
    expect([bench.sha1('large'), bench.downloads().length]).toEqual([sha1Of(content), 11])
  })
})

describe('two restores into one folder', () => {
  it('are one at a time', async () => {
    const bench = await openRestoreBench()
    onTestFinished(bench.close)
    await bench.put('a', 'a')
    mkdirSync(bench.path('.pail-restore'), { recursive: true })
    // The parent of this process is alive.
    const stat = readFileSync(`/proc/${process.ppid}/stat`, 'utf8')
    const startedAt = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
    writeFileSync(bench.path('.pail-restore/lock'), `${process.ppid} ${startedAt}`)
    await expect(bench.restore()).rejects.toMatchObject({ code: 'data_folder_in_use' })
    // Its number, given to another process since.
    writeFileSync(bench.path('.pail-restore/lock'), `${process.ppid} 1`)
    expect(await bench.restore()).toMatchObject({ restored: 1 })
  })
})

describe.runIf(canMountTinyDisk())('a disk that is too small', () => {
  const open = async () => {
    const disk = join(tempFolder(), 'disk') as AbsolutePath
    mountTinyDisk(disk)
    const bench = await openRestoreBench({ root: join(disk, 'root') as AbsolutePath })
    onTestFinished(async () => {
      await bench.close()
      unmount(disk)
    })
    return { bench, ballast: join(disk, 'ballast') }
  }

  it('is noticed before anything is downloaded', async () => {
    const { bench } = await open()
    for (let i = 0; i < 20; i += 1) await bench.put(`${i}`, Buffer.alloc(1_000_000, i))
    const details = { neededBytes: expect.any(Number), freeBytes: expect.any(Number) }
    await expect(bench.restore()).rejects.toMatchObject({ code: 'disk_full', details })
    expect([bench.downloads(), bench.names()]).toEqual([[], []])
    // What differs and stays needs no room.
    for (let i = 0; i < 20; i += 1) bench.write(`${i}`, 'other')
    expect(await bench.restore()).toMatchObject({ kept: 20, failed: 0 })
  })

  it('ends the run when it fills up in the middle, and goes on when there is room', async () => {
    const { bench, ballast } = await open()
    const names = Array.from({ length: 9 }, (_, i) => `${i}`)
    for (const name of names) await bench.put(name, Buffer.alloc(1_000_000, name))
    let isFilled = false
    const onProgress = ({ filesDone }: { readonly filesDone: number }): void => {
      if (filesDone < 3 || isFilled) return
      isFilled = true
      const { bavail, bsize } = statfsSync(join(ballast, '..'))
      appendFileSync(ballast, Buffer.alloc(bavail * bsize))
    }
    const first = await bench.restore({ onProgress, downloads: 1 })
    expect(first).toMatchObject({ endedBy: { code: 'disk_full' }, restored: 3, failed: 6 })
    expect(bench.names()).toEqual(['0', '1', '2'])
    rmSync(ballast)
    await waitFor('calls to end', () => bench.emulator.inFlight === 0)
    bench.emulator.clearCalls()
    expect(await bench.restore()).toMatchObject({ endedBy: null, restored: 6, unchanged: 3 })
    expect(bench.downloads().toSorted()).toEqual(names.slice(3))
    for (const name of names) expect(bench.sha1(name)).toBe(sha1Of(Buffer.alloc(1_000_000, name)))
  })
})
