import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { AbsolutePath, FolderId } from '../../../shared/ids.ts'
import { createWorkedClock } from '../../../test/support/worked-clock.ts'
import { entryOnDisk, openStateBench, relative, type StateBench } from '../../../test/support/state-bench.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import { waitFor } from '../../../test/support/wait-for.ts'
import type { Clock } from '../lib/clock.ts'
import { silentLogger } from '../lib/logger.ts'
import { FolderSync } from './folder-sync.ts'

/** More than the walker looks at without giving others a turn. */
const MANY = 2000

let home: string
let root: AbsolutePath
let bench: StateBench
let sync: FolderSync
let folderId: FolderId
let clock: Clock
let held: number

function start(): void {
  const folder = bench.state.folders.find(folderId)
  if (folder === undefined) throw new Error('no folder')
  const nothing = (): void => undefined
  sync = new FolderSync({
    folder,
    ownData: null,
    state: bench.state,
    clock,
    random: () => 0.5,
    logger: silentLogger,
    watchFolder: null,
    onChange: nothing,
    onPlanned: nothing,
    onHeld: () => (held += 1),
    onChecked: nothing,
    onMachineTrouble: nothing,
  })
  sync.start()
}

beforeEach(async () => {
  home = tempFolder()
  root = join(home, 'root') as AbsolutePath
  mkdirSync(root)
  writeFileSync(join(root, 'a'), 'a')
  bench = openStateBench()
  clock = createWorkedClock(10)
  held = 0
  ;({ folderId } = bench.addFolder(root, '', { deleteDelaySeconds: 1 }))
  start()
  onTestFinished(() => sync.stop())
  await waitFor('the first check', () => sync.isSettled)
})

const pending = (): number => bench.state.folders.totals(folderId).pendingFiles
const job = (path: string) => bench.state.jobs.findForPath(folderId, relative(path))

/** What was planned is in the bucket. */
function agreeOnAll(...paths: readonly string[]): void {
  for (const path of paths) {
    bench.agree(folderId, entryOnDisk(root, path, path))
    bench.look(folderId, { settled: [relative(path)] })
  }
}

/** The only file is gone, which has to be decided about: the id of that list. */
async function untilAskedAbout(path: string): Promise<string> {
  agreeOnAll(path)
  rmSync(join(root, path))
  sync.checkNow()
  return waitFor('the decision', () => sync.losses.decisions[0]?.listId)
}

/** Every condition within some time of the folder's clock. */
async function conditionsFor(ms: number): Promise<string[]> {
  const start = clock.now()
  const seen = new Set<string>()
  while (clock.now() - start < ms) {
    const { condition } = sync
    seen.add(condition.kind === 'held' ? condition.code : condition.kind)
    await new Promise(setImmediate)
  }
  return [...seen]
}

describe('FolderSync', () => {
  it('plans what it finds, and is settled then', () => {
    expect(pending()).toBe(1)
    expect(sync.condition).toEqual({ kind: 'idle' })
    expect(sync.checkedAt).not.toBeNull()
  })

  it.each([
    ['a hint', () => sync.hint(relative('many'))],
    ['a request to check everything', () => sync.checkNow()],
  ])('is not settled from %s on until all that it leads to is planned', async (_, begin) => {
    mkdirSync(join(home, 'many'))
    for (let i = 0; i < MANY; i += 1) writeFileSync(join(home, 'many', `f${i}`), '')
    renameSync(join(home, 'many'), join(root, 'many'))
    begin()
    const lies: number[] = []
    while (pending() < MANY + 1) {
      if (sync.isSettled) lies.push(pending())
      await new Promise(setImmediate)
    }
    expect(lies).toEqual([])
    await waitFor('rest', () => sync.isSettled)
  })

  it('is not settled while a file is being written', async () => {
    writeFileSync(join(root, 'b'), 'b')
    while (sync.check.moving.count === 0) {
      // By the clock that runs ahead every file is at rest, unless it was written this very moment.
      utimesSync(join(root, 'b'), clock.now() / 1000, clock.now() / 1000)
      sync.hint(relative('b'))
      await new Promise(setImmediate)
    }
    expect([sync.isSettled, pending()]).toEqual([false, 1])
    await waitFor('the file to be planned', () => pending() === 2)
    await waitFor('rest', () => sync.isSettled)
  })

  it('plans a hide once a file was gone at two looks, the delay apart', async () => {
    writeFileSync(join(root, 'b'), 'b')
    agreeOnAll('a', 'b')
    rmSync(join(root, 'a'))
    const seenGoneAt = clock.uptime()
    sync.hint(relative('a'))
    await waitFor('the loss', () => bench.state.folders.totals(folderId).lostFiles === 1)
    await waitFor('its job', () => job('a') !== undefined)
    expect(job('a')?.kind).toBe('hide')
    expect(clock.uptime() - seenGoneAt).toBeGreaterThanOrEqual(1000)
  })

  it('hides no name of a file that has another one by now, of which no hint told', async () => {
    mkdirSync(join(root, 'old'))
    writeFileSync(join(root, 'old', 'b'), 'old/b')
    agreeOnAll('a', 'old/b')
    sync.checkNow()
    await waitFor('everything to be known', () => sync.isSettled)
    mkdirSync(join(root, 'new'))
    renameSync(join(root, 'old'), join(root, 'new', 'place'))
    sync.hint(relative('old'))
    await waitFor('the loss', () => bench.state.folders.totals(folderId).lostFiles === 1)
    expect(job('new/place/b')).toBeUndefined()
    await waitFor('its other name', () => job('new/place/b') !== undefined || job('old/b') !== undefined)
    expect([job('new/place/b')?.kind, job('old/b')]).toEqual(['copy', undefined])
  })

  it('stays held while single paths in an emptied root are hinted at, and goes on when a file is back', async () => {
    agreeOnAll('a')
    rmSync(join(root, 'a'))
    sync.checkNow()
    await waitFor('the hold', () => sync.condition.kind === 'held')
    expect([held, bench.state.folders.memory(folderId).held?.code]).toEqual([1, 'root_emptied'])
    expect(sync.losses.decisions).toMatchObject([{ kind: 'deleted', files: 1, samples: ['a'] }])
    sync.hint(relative('never-there'))
    expect(await conditionsFor(1500)).toEqual(['root_emptied'])
    expect(pending()).toBe(0)
    writeFileSync(join(root, 'a'), 'back')
    sync.hint(relative('a'))
    await waitFor('the hold to end', () => sync.isSettled)
    expect(bench.state.folders.memory(folderId).held).toBeNull()
    expect(job('a')?.kind).toBe('upload')
    const verbs = bench.state.activity.list(10).map(({ verb, code }) => [verb, code])
    expect(verbs).toEqual([
      ['resumed', null],
      ['held', 'root_emptied'],
    ])
  })

  it('is held from the start on after a restart, until it has looked', async () => {
    agreeOnAll('a')
    rmSync(join(root, 'a'))
    sync.checkNow()
    await waitFor('the hold', () => sync.condition.kind === 'held')
    const { since } = sync.condition as { since: number }
    await sync.stop()
    bench.state.beginRun()
    start()
    expect(sync.condition).toEqual({ kind: 'held', code: 'root_emptied', since })
    expect(await conditionsFor(1500)).toEqual(['root_emptied'])
    expect(sync.losses.decisions).toMatchObject([{ kind: 'deleted', files: 1 }])
  })

  it('carries out an answer at once, and is held no longer', async () => {
    const listId = await untilAskedAbout('a')
    sync.decide('deleted', listId, 'apply')
    expect([sync.condition.kind, job('a')?.kind, sync.losses.decisions]).toEqual(['idle', 'hide', []])
  })

  it('carries out an answer that comes during a check when that has seen everything', async () => {
    const listId = await untilAskedAbout('a')
    for (const many of ['many', 'more', 'most']) {
      mkdirSync(join(root, many))
      for (let i = 0; i < MANY; i += 1) writeFileSync(join(root, many, `f${i}`), '')
    }
    sync.checkNow()
    while (sync.check.filesSeen === 0) await new Promise(setImmediate)
    expect(sync.check.filesSeen).toBeLessThan(3 * MANY)
    sync.decide('deleted', listId, 'apply')
    // The walk may still come to the file under another name.
    expect(job('a')).toBeUndefined()
    await waitFor('the hide', () => job('a')?.kind === 'hide')
    expect(pending()).toBeGreaterThan(1)
  })

  it('does nothing while the root is away, and goes on by itself when it is back', async () => {
    agreeOnAll('a')
    renameSync(root, join(home, 'away'))
    expect(sync.checkRoot()).toEqual({ kind: 'held', code: 'root_missing' })
    await waitFor('the hold', () => sync.condition.kind === 'held')
    sync.hint(relative('a'))
    expect(await conditionsFor(3000)).toEqual(['root_missing'])
    expect(bench.state.folders.totals(folderId)).toMatchObject({ syncedFiles: 1, lostFiles: 0, pendingFiles: 0 })
    renameSync(join(home, 'away'), root)
    await waitFor('the end of the hold', () => sync.isSettled)
    expect(pending()).toBe(0)
  })

  it('takes another directory for its root only when a person says so, and asks about what is missing then', async () => {
    agreeOnAll('a')
    renameSync(root, join(home, 'away'))
    mkdirSync(root)
    writeFileSync(join(root, 'b'), 'b')
    sync.checkNow()
    await waitFor('the hold', () => sync.condition.kind === 'held' && sync.condition.code === 'root_replaced')
    expect(bench.state.folders.totals(folderId).lostFiles).toBe(0)
    sync.acceptRoot()
    agreeOnAll('b')
    await waitFor('the question', () => sync.losses.decisions.length === 1)
    expect(sync.condition).toMatchObject({ kind: 'held', code: 'mass_deletion' })
    expect(pending()).toBe(0)
  })

  it('asks about what a copy of the root lacks, whatever it looks at first', async () => {
    const more = Array.from({ length: 9 }, (_, i) => `b${i}`)
    for (const path of more) writeFileSync(join(root, path), path)
    agreeOnAll('a', ...more)
    renameSync(root, join(home, 'away'))
    mkdirSync(root)
    renameSync(join(home, 'away/.pail-folder'), join(root, '.pail-folder'))
    for (const path of more) writeFileSync(join(root, path), path)
    // The first look is at a file that is there.
    sync.hint(relative('b0'))
    await waitFor('the hint to be taken', () => job('b0') !== undefined)
    expect(bench.state.folders.memory(folderId).asksEveryLoss).toBe(true)
    sync.checkNow()
    await waitFor('the question', () => sync.losses.decisions.length === 1)
    expect(sync.losses.decisions).toMatchObject([{ kind: 'deleted', files: 1, samples: ['a'] }])
    expect(job('a')).toBeUndefined()
  })

  it('concludes nothing while the ignore rules in the folder cannot be read', async () => {
    mkdirSync(join(root, '.pailignore'))
    writeFileSync(join(root, 'b'), 'b')
    sync.checkNow()
    await waitFor('the hold', () => sync.condition.kind === 'held')
    expect(sync.condition).toMatchObject({ code: 'ignore_rules_unreadable' })
    rmSync(join(root, '.pailignore'), { recursive: true })
    await waitFor('the end of the hold', () => sync.isSettled)
  })

  it('finds a tree that is gone by a hint at its top, and hides nothing that was never sent', async () => {
    mkdirSync(join(root, 'dir/sub'), { recursive: true })
    writeFileSync(join(root, 'dir/sub/x'), '')
    sync.hint(relative('dir'))
    await waitFor('the file to be planned', () => pending() === 2)
    renameSync(join(root, 'dir'), join(home, 'gone'))
    sync.hint(relative('dir'))
    await waitFor('its job to be forgotten', () => pending() === 1)
    expect(job('a')?.kind).toBe('upload')
  })

  it('applies settings to what it finds from then on', async () => {
    const folder = bench.state.folders.find(folderId)
    if (folder === undefined) throw new Error('no folder')
    writeFileSync(join(root, 'b.tmp'), 'b')
    sync.update({ ...folder, settings: { ...folder.settings, ignoreRules: '*.tmp\na' } })
    await waitFor('the file to be ignored', () => job('a') === undefined)
    await waitFor('rest', () => sync.isSettled)
    expect(pending()).toBe(0)
    expect(bench.state.local.listSkipped(folderId, '', 10)).toMatchObject([{ path: 'a' }, { path: 'b.tmp' }])
  })
})
