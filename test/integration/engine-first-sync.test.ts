/** A folder reaches a bucket, and a restart knows what is there already. */
import { linkSync, renameSync, symlinkSync, utimesSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BUCKET, bucketIdOf, localTree, openBench, type Bench } from '../support/test-bench.ts'
import { waitFor } from '../support/wait-for.ts'

let bench: Bench
beforeEach(async () => {
  bench = await openBench()
})
afterEach(() => bench.close())

const paths = [
  'plain.txt',
  'empty',
  'with space and + & % # ?.txt',
  'Übergröße/straße.txt',
  'e\u0301 decomposed.txt',
  'emoji 🪣/👩‍👧.jpg',
  'line\\back.txt',
  'deep/er/and/deeper/file',
  '.hidden/.file',
  '~tilde',
  'quote\'"`.txt',
  '-dash',
  'constructor',
  '__proto__',
]

describe('a first sync', () => {
  it('brings every file into the bucket byte for byte', async () => {
    for (const path of paths) bench.write(path, path === 'empty' ? '' : `content of ${path}`)
    bench.write('picture.jpg', randomBytes(3_000_000))
    utimesSync(bench.path('plain.txt'), 1_600_000_000.5, 1_600_000_000.5)
    await bench.begin()
    const expected = [...paths, 'picture.jpg'].sort()
    expect(Object.keys(bench.remote()).sort()).toEqual(expected)
    expect([...bench.uploads()].sort()).toEqual(expected)
    const plain = bench.emulator.fileVersions(BUCKET).find(({ fileName }) => fileName === 'plain.txt')
    expect(plain?.fileInfo['src_last_modified_millis']).toBe('1600000000500')
    expect(bench.emulator.violations).toEqual([])
    const snapshot = bench.engine.snapshot()
    expect(snapshot.folders[0]).toMatchObject({ syncedFiles: expected.length, status: { kind: 'up-to-date' } })
    expect(snapshot.transfers).toMatchObject({ sending: [], sendingCount: 0, waitingCount: 0, failedCount: 0 })
    const { waiting, failed, done } = await bench.rows()
    expect([waiting, failed]).toEqual([[], []])
    expect(done.map(({ path }) => path as string).sort()).toEqual(expected)
  })

  it('puts everything below the prefix', async () => {
    await bench.close()
    bench = await openBench({ prefix: 'my backup/2026/' })
    bench.write('a/b', 'b')
    await bench.begin()
    expect(bench.emulator.listVisible(BUCKET).map(({ fileName }) => fileName)).toEqual(['my backup/2026/a/b'])
  })

  it('leaves links, pipes and junk alone and sends hard links as files', async () => {
    bench.write('real/file', 'x')
    linkSync(bench.path('real/file'), bench.path('hard'))
    symlinkSync('real/file', bench.path('soft'))
    symlinkSync('real', bench.path('soft-directory'))
    symlinkSync('/etc', bench.path('away'))
    symlinkSync('.', bench.path('round'))
    spawnSync('mkfifo', [bench.path('pipe')])
    bench.write('.DS_Store', 'junk')
    await bench.connect()
    bench.engine.start()
    await bench.addFolder()
    await bench.untilStatus('up-to-date')
    expect(Object.keys(bench.remote())).toEqual(['hard', 'real/file'])
  })

  it('sends a file with a modification time before 1970 and one in the future', async () => {
    bench.write('old', 'old')
    bench.write('future', 'future')
    utimesSync(bench.path('old'), -86_400, -86_400)
    utimesSync(bench.path('future'), 4_000_000_000, 4_000_000_000)
    await bench.begin()
    expect(Object.keys(bench.remote())).toEqual(['future', 'old'])
  })

  it('adopts what the bucket already holds under the same name and sends only the rest', async () => {
    for (const name of ['same', 'other-size', 'other-bytes']) bench.write(name, `${name} content`)
    bench.write('same', 'identical')
    await bench.begin()
    await bench.stopEngine()
    bench.emulator.clearCalls()
    // Records that are lost: nothing is known but what the bucket says.
    renameSync(bench.dataFolder, `${bench.dataFolder}.lost`)
    bench.write('other-size', 'a longer content than before')
    bench.write('other-bytes', 'OTHER-BYTES content')
    bench.restartEngine()
    await bench.connect()
    await bench.addFolder()
    await bench.untilInSync()
    expect([...bench.uploads()].sort()).toEqual(['other-bytes', 'other-size'])
    const activity = await bench.engine.api.listActivity({ limit: 10 })
    expect(activity.filter(({ verb }) => verb === 'adopted').map(({ path }) => path)).toEqual(['same'])
  })

  it('never hides or overwrites names it did not bring into the bucket', async () => {
    bench.write('mine', 'mine')
    await bench.begin()
    const bucketId = bucketIdOf(bench.emulator, BUCKET)
    // A folder that is added anew knows nothing of what an earlier one brought there.
    await bench.engine.api.removeFolder({ folderId: bench.folderId })
    bench.remove('mine')
    bench.write('second', 'second')
    await bench.engine.api.addFolder({ root: bench.root as never, bucketId, prefix: '' })
    await waitFor('second to arrive', () => bench.remote()['second'] !== undefined)
    await bench.untilStatus('up-to-date')
    expect(Object.keys(bench.remote())).toEqual(['mine', 'second'])
    expect(bench.hides()).toEqual([])
  })
})

describe('a restart', () => {
  it('sends nothing again', async () => {
    for (const path of paths) bench.write(path, path)
    await bench.begin()
    await bench.stopEngine()
    bench.emulator.clearCalls()
    bench.restartEngine()
    await bench.untilStatus('up-to-date')
    // What the bucket holds was listed less than a day ago.
    const asked = bench.emulator.calls.map(({ operation }) => operation)
    expect(asked.filter((operation) => operation !== 'authorize_account')).toEqual([])
    expect(bench.engine.snapshot().folders[0]?.syncedFiles).toBe(paths.length)
  })

  it('finds what was changed, added, renamed and deleted meanwhile', async () => {
    for (const name of ['keep', 'change', 'rename', 'delete', 'dir/a', 'dir/b']) bench.write(name, `${name} 1`)
    await bench.begin()
    await bench.stopEngine()
    bench.emulator.clearCalls()
    bench.write('change', 'change 2')
    bench.write('add/new', 'new')
    renameSync(bench.path('rename'), bench.path('renamed'))
    bench.remove('delete')
    bench.remove('dir')
    bench.restartEngine()
    await bench.untilInSync()
    expect([...bench.uploads()].sort()).toEqual(['add/new', 'change'])
    expect(bench.copies()).toEqual(['renamed'])
    expect([...bench.hides()].sort()).toEqual(['delete', 'dir/a', 'dir/b', 'rename'])
  })

  it('sends a file whose content changed while size and modification time stayed the same', async () => {
    bench.write('tricky', 'AAAA')
    utimesSync(bench.path('tricky'), 1_600_000_000, 1_600_000_000)
    await bench.begin()
    await bench.stopEngine()
    bench.write('tricky', 'BBBB')
    utimesSync(bench.path('tricky'), 1_600_000_000, 1_600_000_000)
    bench.restartEngine()
    await bench.untilInSync()
    expect(await bench.remoteText('tricky')).toBe('BBBB')
  })

  it('does not send a file again that was only touched', async () => {
    bench.write('touched', 'same')
    await bench.begin()
    await bench.stopEngine()
    bench.emulator.clearCalls()
    utimesSync(bench.path('touched'), 1_600_000_000, 1_600_000_000)
    bench.restartEngine()
    await bench.untilStatus('up-to-date')
    expect(bench.uploads()).toEqual([])
  })

  it('goes on where it was stopped in the middle, sending no finished file twice', async () => {
    for (let i = 0; i < 60; i += 1) bench.write(`file-${i}`, `content ${i}`)
    bench.emulator.setLatency(40)
    await bench.connect()
    bench.engine.start()
    await bench.addFolder()
    await waitFor('some uploads', () => bench.uploads().length >= 10)
    await bench.stopEngine()
    await waitFor('quiet', () => bench.emulator.inFlight === 0)
    bench.emulator.setLatency(0)
    bench.restartEngine()
    await bench.untilInSync()
    expect(new Set(bench.uploads()).size).toBe(bench.uploads().length)
    expect(Object.keys(bench.remote())).toEqual(Object.keys(localTree(bench.root)))
  })
})
