/** Bringing back what a bucket holds: bytes, times and names, whatever the line, the disk and the folder are like. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RANGE_BYTES } from '../../main/engine/restore/fetch.ts'
import { FAULT_KINDS } from '../b2-emulator/faults.ts'
import { MODIFIED, sha1Of } from '../support/b2-bench.ts'
import { openRestoreBench, type RestoreBench } from '../support/restore-bench.ts'
import { waitFor } from '../support/wait-for.ts'

let bench: RestoreBench
beforeEach(async () => {
  bench = await openRestoreBench()
})
afterEach(async () => {
  await bench.close()
})

const DOWNLOAD = 'download_file_by_id'
/** Three ranges, the last one short. */
const LARGE = RANGE_BYTES * 2 + 12_345

describe('restoring', () => {
  it('brings back bytes and times, leaves nothing else behind, and has nothing to do the second time', async () => {
    for (const name of ['a.txt', 'ä/ß 🪣/c', 'empty']) await bench.put(name, name === 'empty' ? '' : name)
    await bench.client.uploadFile(bench.anUpload('elsewhere', 'x'))
    await bench.put('gone', 'gone')
    await bench.client.hideFile(bench.bucketId, 'p/gone')
    const first = await bench.restore()
    expect(first).toMatchObject({ restored: 3, unchanged: 0, failed: 0, kept: 0, endedBy: null, events: [] })
    expect(bench.names()).toEqual(['a.txt', 'empty', 'ä/ß 🪣/c'])
    expect([bench.read('ä/ß 🪣/c'), bench.read('empty')]).toEqual(['ä/ß 🪣/c', ''])
    expect(Math.trunc(statSync(bench.path('a.txt')).mtimeMs)).toBe(MODIFIED)
    expect(bench.isStagingGone()).toBe(true)
    bench.emulator.clearCalls()
    expect(await bench.restore()).toMatchObject({ restored: 0, unchanged: 3, bytesDownloaded: 0 })
    expect(bench.downloads()).toEqual([])
  })

  it('says when there is nothing under the prefix', async () => {
    await expect(bench.restore()).rejects.toMatchObject({ code: 'not_found' })
    expect(bench.names()).toEqual([])
  })

  it('takes a large file in ranges, and proves it by the SHA-1 that its uploader has noted', async () => {
    const content = randomBytes(LARGE)
    await bench.putLarge('large', content, { large_file_sha1: sha1Of(content) })
    expect(await bench.restore()).toMatchObject({ restored: 1, unverified: 0, bytesDownloaded: LARGE })
    expect(bench.sha1('large')).toBe(sha1Of(content))
    expect(bench.downloads()).toEqual(['large', 'large', 'large'])
    expect(bench.names()).toEqual(['large'])
  })

  it('says of which files nobody vouches for the bytes', async () => {
    const content = randomBytes(3_000)
    await bench.putLarge('unknown', content)
    const { events, unverified } = await bench.restore()
    expect([unverified, events]).toEqual([1, [{ kind: 'unverified', path: 'unknown' }]])
    expect(bench.sha1('unknown')).toBe(sha1Of(content))
  })

  // A proxy's page with status 200 has none of B2's headers, and lost answers are those of calls that change something.
  it.each(FAULT_KINDS.filter((kind) => !['cap', 'wrong-sha1'].includes(kind)))(
    'gets over %s, for small files and for ranges of large ones',
    async (kind) => {
      const content = randomBytes(LARGE)
      await bench.putLarge('large', content, { large_file_sha1: sha1Of(content) })
      for (let i = 0; i < 6; i += 1) await bench.put(`small ${i}`, `${i}`.repeat(20_000))
      for (const skip of [0, 3, 5]) bench.emulator.failNext(DOWNLOAD, { kind, skip, bytesPerSecond: 10_000_000 })
      expect(await bench.restore()).toMatchObject({ restored: 7, failed: 0, endedBy: null })
      expect(bench.sha1('large')).toBe(sha1Of(content))
      for (let i = 0; i < 6; i += 1) expect(bench.read(`small ${i}`)).toBe(`${i}`.repeat(20_000))
    },
  )

  it('waits as long as B2 asks when there are too many requests', async () => {
    for (let i = 0; i < 10; i += 1) await bench.put(`${i}`, `${i}`)
    bench.emulator.failNext(DOWNLOAD, { status: 429, code: 'too_many_requests', retryAfter: 7, count: 5 })
    expect(await bench.restore()).toMatchObject({ restored: 10, failed: 0 })
    expect(Math.max(...bench.clock.sleeps)).toBeGreaterThanOrEqual(7_000)
  })

  it('downloads again what was damaged on the way, and never gives wrong bytes a name', async () => {
    const content = randomBytes(LARGE)
    await bench.putLarge('large', content, { large_file_sha1: sha1Of(content) })
    await bench.put('small', 'small')
    bench.emulator.failNext(DOWNLOAD, { kind: 'wrong-sha1', count: 2 })
    expect(await bench.restore()).toMatchObject({ restored: 2, failed: 0 })
    expect([bench.sha1('large'), bench.read('small')]).toEqual([sha1Of(content), 'small'])

    rmSync(bench.root, { recursive: true })
    bench.emulator.failNext(DOWNLOAD, { kind: 'wrong-sha1', count: Infinity })
    const { events, ...result } = await bench.restore()
    expect(result).toMatchObject({ restored: 0, failed: 2, endedBy: null })
    expect(events.map(({ kind, path }) => [kind, path]).toSorted()).toEqual([
      ['failed', 'large'],
      ['failed', 'small'],
    ])
    expect([bench.exists('large'), bench.exists('small')]).toEqual([false, false])
    bench.emulator.clearFaults()
    expect(await bench.restore()).toMatchObject({ restored: 2, failed: 0 })
    expect(bench.sha1('large')).toBe(sha1Of(content))
    expect(bench.names()).toEqual(['large', 'small'])
  })

  it('leaves out what is removed from B2 meanwhile, and restores the rest', async () => {
    for (const name of ['a', 'b', 'c']) await bench.put(name, name)
    bench.emulator.failNext(DOWNLOAD, { status: 404, code: 'not_found' })
    const { events, ...result } = await bench.restore()
    expect(result).toMatchObject({ restored: 2, failed: 1, endedBy: null })
    expect(events).toMatchObject([{ kind: 'failed', error: { code: 'not_found' } }])
  })

  it('ends when B2 sends no more today, and says so', async () => {
    for (let i = 0; i < 20; i += 1) await bench.put(`${i}`, `${i}`)
    bench.emulator.failNext(DOWNLOAD, { kind: 'cap', code: 'download_cap_exceeded', skip: 5, count: Infinity })
    const { restored, failed, endedBy } = await bench.restore()
    expect(endedBy).toMatchObject({ code: 'download_cap_exceeded' })
    expect([restored + failed, restored < 6]).toEqual([20, true])
    bench.emulator.clearFaults()
    expect(await bench.restore({ b2: bench.connect() })).toMatchObject({ failed: 0, unchanged: restored })
  })
})

describe('what is in the folder already', () => {
  const older = (name: string): void => utimesSync(bench.path(name), 1_000_000_000, 1_000_000_000)

  it.each([
    ['newer', 'another content', false],
    ['older', 'another content', true],
    ['as long, and newer', 'in thee bucket', false],
  ])('stays when it differs and is %s, unless it may be replaced', async (_, content, isOlder) => {
    await bench.put('dir/a', 'in the bucket!')
    bench.write('dir/a', content)
    if (isOlder) older('dir/a')
    const { events, ...result } = await bench.restore()
    expect(result).toMatchObject({ restored: 0, kept: 1, failed: 0 })
    expect(events).toEqual([{ kind: 'kept', path: 'dir/a', isNewer: !isOlder }])
    expect(bench.read('dir/a')).toBe(content)
    expect(bench.downloads()).toEqual([])
    expect(await bench.restore({ overwrites: true })).toMatchObject({ restored: 1, kept: 0 })
    expect(bench.read('dir/a')).toBe('in the bucket!')
  })

  it('is not downloaded when only its time is another', async () => {
    await bench.put('a', 'the same')
    bench.write('a', 'the same')
    for (const overwrites of [false, true]) {
      expect(await bench.restore({ overwrites })).toMatchObject({ restored: 0, unchanged: 1, kept: 0 })
    }
    expect(bench.downloads()).toEqual([])
  })

  it('stays when it comes to be there while its place is being downloaded for', async () => {
    await bench.put('a', 'in the bucket')
    bench.emulator.setLatency(300)
    const running = bench.restore()
    await waitFor('the download to be under way', () => bench.exists('.pail-restore') && bench.emulator.inFlight > 0)
    await waitFor('the listing to be over', () =>
      bench.emulator.calls.some((call) => call.operation === 'list_file_names'),
    )
    bench.write('a', 'saved just now')
    expect(await running).toMatchObject({ restored: 0, kept: 1 })
    expect(bench.read('a')).toBe('saved just now')
  })

  it('is never written through, when it is a link that leads out', async () => {
    const outside = join(bench.root, '../outside')
    mkdirSync(outside)
    writeFileSync(join(outside, 'file'), 'mine')
    mkdirSync(bench.root)
    symlinkSync(outside, bench.path('dir'))
    symlinkSync(join(outside, 'file'), bench.path('link'))
    symlinkSync(join(outside, 'new'), bench.path('dangling'))
    for (const name of ['dir/file', 'dir/sub/x', 'link', 'dangling', 'good']) await bench.put(name, 'from the bucket')
    for (const overwrites of [false, true]) {
      const { events, ...result } = await bench.restore({ overwrites })
      expect(result).toMatchObject({ failed: 4, endedBy: null })
      expect(events.map(({ kind, path }) => `${kind} ${path}`).toSorted()).toEqual([
        'blocked dangling',
        'blocked dir/file',
        'blocked dir/sub/x',
        'blocked link',
      ])
    }
    expect(bench.read('good')).toBe('from the bucket')
    expect(readFileSync(join(outside, 'file'), 'utf8')).toBe('mine')
    expect(() => statSync(join(outside, 'new'))).toThrow('ENOENT')
    expect(() => statSync(join(outside, 'sub'))).toThrow('ENOENT')
  })

  it('is not used as a staging folder when it is a link', async () => {
    mkdirSync(bench.root)
    mkdirSync(join(bench.root, '../outside'))
    symlinkSync(join(bench.root, '../outside'), bench.path('.pail-restore'))
    await bench.put('a', 'a')
    await expect(bench.restore()).rejects.toMatchObject({ code: 'file_unreadable' })
  })

  it('may be a file where a folder is needed, and a folder where a file is', async () => {
    for (const name of ['file/below', 'folder', 'good']) await bench.put(name, 'from the bucket')
    bench.write('file', 'a file')
    bench.write('folder/x', 'x')
    for (const overwrites of [false, true]) {
      const { events, failed } = await bench.restore({ overwrites })
      expect([failed, events.map(({ kind, path }) => `${kind} ${path}`).toSorted()]).toEqual([
        2,
        ['blocked folder', 'failed file/below'],
      ])
    }
    expect(bench.names()).toEqual(['file', 'folder/x', 'good'])
    expect(bench.read('file')).toBe('a file')
  })
})

describe('names that no disk should be given as they are', () => {
  it('stay in the folder, under names that tell what they were', async () => {
    const names = [
      '../../escaped',
      '/etc/passwd',
      'a//b',
      'dir/',
      'x/../y',
      './z',
      '.pail-folder',
      '.pail-restore/lock',
    ]
    for (const name of [...names, 'a', 'a/c', 'back\\slash', '..']) await bench.putHostile(name, name)
    const { events, ...result } = await bench.restore()
    expect(result).toMatchObject({ restored: 12, failed: 0, mapped: 10 })
    expect(bench.names()).toEqual(
      [
        '%{}/etc/passwd',
        '%{2E}/z',
        '.pail-folder%{}',
        '.pail-restore%{}/lock',
        '.%{2E}',
        '.%{2E}%{}/.%{2E}/escaped',
        'a',
        'a%{}/%{}/b',
        'a%{}/c',
        'back\\slash',
        'dir/%{}',
        'x/.%{2E}/y',
      ].toSorted(),
    )
    expect(bench.read('%{}/etc/passwd')).toBe('/etc/passwd')
    expect(events.filter(({ kind }) => kind === 'mapped')).toHaveLength(10)
    expect(readFileSync(join(bench.root, '../beside'), 'utf8')).toBe('untouched')
    bench.emulator.clearCalls()
    expect(await bench.restore()).toMatchObject({ restored: 0, unchanged: 12, mapped: 10 })
  })
})
