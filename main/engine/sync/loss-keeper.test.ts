import { mkdirSync, renameSync, rmSync, statSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { AbsolutePath, UnixMs } from '../../../shared/ids.ts'
import type { FolderSettingsChange, SyncFolder } from '../../../shared/model/folder.ts'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import { canMake, makeMemoryDrive } from '../../../test/support/mounts.ts'
import {
  anEntry,
  entryOnDisk,
  hide,
  openStateBench,
  relative,
  leaseFirst,
  type StateBench,
} from '../../../test/support/state-bench.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import type { JobAction } from '../model/action.ts'
import type { LossKind } from '../model/local.ts'
import { holdsFile } from '../scan/holds-file.ts'
import { LossKeeper } from './loss-keeper.ts'

const DELAY_MS = 30_000

let root: AbsolutePath
let bench: StateBench
let folder: SyncFolder
let clock: FakeClock
let keeper: LossKeeper
let movingInode: number | null
const seen = {
  holdsFile: () => holdsFile(root, () => false),
  moving: { hasFile: ({ ino }: { readonly ino: number }) => ino === movingInode },
  listed: { lookedAt: Infinity, restsUntil: 0 },
}

/** `gateFiles` 2 and 30 %, so that three files of ten are asked about unless said otherwise. */
function begin(settings: FolderSettingsChange = {}): void {
  root = join(tempFolder(), 'root') as AbsolutePath
  mkdirSync(root)
  bench = openStateBench()
  folder = bench.addFolder(root, '', { gateFiles: 2, gatePercent: 30, ...settings })
  clock = new FakeClock()
  movingInode = null
  seen.listed = { lookedAt: Infinity, restsUntil: 0 }
  keeper = new LossKeeper({ folder, state: bench.state, clock, seen })
}
beforeEach(() => begin())
const names = (count: number, prefix = 'f') => Array.from({ length: count }, (_, i) => `${prefix}${i}`)

/** Files on disk and in the bucket, each with content of its own. */
function agree(...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), `content of ${path}`)
    bench.agree(folder.folderId, entryOnDisk(root, path, `content of ${path}`))
  }
}
const remove = (...paths: readonly string[]) => paths.forEach((path) => rmSync(join(root, path)))
/** Emptied by somebody: the time of the change moves. */
const empty = (...paths: readonly string[]) =>
  paths.forEach((path) => {
    truncateSync(join(root, path))
    utimesSync(join(root, path), 5, 5)
  })
/** What a look finds now. */
const see = (kind: LossKind, ...paths: readonly string[]) => bench.lose(folder.folderId, paths, clock.uptime(), kind)
/** What two looks find, the delay apart. */
function confirm(kind: LossKind, ...paths: readonly string[]): void {
  see(kind, ...paths)
  clock.advance(DELAY_MS)
  see(kind, ...paths)
}
function lose(...paths: readonly string[]): void {
  remove(...paths)
  confirm('absent', ...paths)
}
function loseContent(...paths: readonly string[]): void {
  empty(...paths)
  confirm('emptied', ...paths)
}
const job = (path: string) => bench.state.jobs.findForPath(folder.folderId, relative(path))
const jobs = () => bench.listJobs().map(({ path, kind }) => `${kind} ${path}`)
const local = (path: string) => bench.state.local.find(folder.folderId, relative(path))
const base = (path: string) => bench.state.base.find(folder.folderId, relative(path))
const memory = () => bench.state.folders.memory(folder.folderId)
const notice = { kind: 'blocked', code: 'directory_unreadable', details: {}, since: 0 as UnixMs } as const
const block = (path: string) => bench.look(folder.folderId, { notices: [{ ...notice, path: relative(path) }] })
/** Runs the jobs there are, as if B2 had done its part. */
function carryOut(): void {
  for (const leased of leaseFirst(bench.state, clock.now(), 100)) {
    const entry = anEntry(leased.path, leased.sizeBytes === 0 ? { content: '' } : {})
    if (leased.kind === 'hide') bench.state.commitLoss(leased, 'hidden', clock.now())
    else bench.state.commitUpload(leased, entry, clock.now(), 'uploaded', clock.now())
  }
}
const copyFrom = (path: string): JobAction => {
  const { fileId, sha1 } = base(path) ?? anEntry(path)
  return { kind: 'copy', from: { folderId: folder.folderId, path: relative(path), fileId, sha1 }, reason: 'same-file' }
}
const pass = { kind: 'pass' }
const held = (code: string, loss = 'absent') => ({ kind: 'hold', code, loss })

describe('losses that are few', () => {
  beforeEach(() => agree(...names(10)))

  it('become hides when they are certain, and not before', () => {
    remove('f0')
    see('absent', 'f0')
    expect([keeper.judge(true), jobs()]).toEqual([pass, []])
    clock.advance(DELAY_MS)
    see('absent', 'f0')
    expect([keeper.judge(true), jobs(), keeper.decisions]).toEqual([pass, ['hide f0'], []])
    expect(bench.state.losses.passOf(folder.folderId, relative('f0'))).toBe('counted')
  })

  it('become deletions where the folder wants that, and are forgotten where it wants nothing hidden', () => {
    lose('f0')
    keeper.update({ ...folder, settings: { ...folder.settings, deletionPolicy: { kind: 'delete' } } })
    keeper.judge(true)
    expect(jobs()).toEqual(['delete f0'])
    lose('f1')
    keeper.update({ ...folder, settings: { ...folder.settings, deletionPolicy: { kind: 'keep' } } })
    keeper.judge(true)
    expect([jobs(), base('f1'), local('f1')]).toEqual([['delete f0'], undefined, undefined])
    expect(bench.state.activity.list(1)).toMatchObject([{ verb: 'kept', path: 'f1' }])
  })

  it('of content become uploads of nothing, also where nothing is hidden', () => {
    keeper.update({ ...folder, settings: { ...folder.settings, deletionPolicy: { kind: 'keep' } } })
    loseContent('f0')
    keeper.judge(true)
    expect(job('f0')).toMatchObject({ kind: 'upload', sizeBytes: 0 })
    // Planned once.
    keeper.judge(true)
    expect(job('f0')?.revision).toBe(1)
  })

  it('are many once those of the last hour are counted in', () => {
    lose('f0', 'f1')
    expect(keeper.judge(true)).toEqual(pass)
    carryOut()
    lose('f2')
    expect(keeper.judge(true)).toEqual(pass)
    carryOut()
    lose('f3')
    expect(keeper.judge(true)).toEqual(held('mass_deletion'))
    clock.advance(3_600_000 - 2 * DELAY_MS - 1)
    expect(keeper.judge(true)).toEqual(held('mass_deletion'))
    clock.advance(1)
    expect(keeper.judge(true)).toEqual(pass)
  })

  it('of content are many too once those of the last hour are counted in', () => {
    agree(...names(30).slice(10))
    for (const [from, to, verdict] of [[0, 8, pass] as const, [8, 11, held('mass_emptied', 'emptied')] as const]) {
      loseContent(...names(30).slice(from, to))
      expect(keeper.judge(true)).toEqual(verdict)
      carryOut()
    }
    expect(keeper.decisions).toMatchObject([{ kind: 'emptied', files: 3 }])
    clock.advance(3_600_000 - DELAY_MS - 1)
    expect(keeper.judge(true)).toEqual(held('mass_emptied', 'emptied'))
    clock.advance(1)
    expect(keeper.judge(true)).toEqual(pass)
  })

  it('are few however many there are of which the content is under another name', () => {
    for (const name of names(5)) {
      const copy = `copy of ${name}`
      writeFileSync(join(root, copy), `content of ${name}`)
      bench.agree(folder.folderId, entryOnDisk(root, copy, `content of ${name}`))
    }
    lose(...names(5))
    expect([keeper.judge(true), jobs().length]).toEqual([pass, 5])
    expect(bench.state.losses.passOf(folder.folderId, relative('f0'))).toBe('elsewhere')
    carryOut()
    // And they do not count later.
    lose('f5', 'f6')
    expect(keeper.judge(true)).toEqual(pass)
  })

  it('are planned a great many at a time', () => {
    begin({ gateFiles: 5000 })
    bench.agree(folder.folderId, ...names(1300).map((name) => anEntry(name)))
    confirm('absent', ...names(1200))
    expect(keeper.judge(true)).toEqual(pass)
    expect(bench.state.folders.totals(folder.folderId).pendingFiles).toBe(1200)
  })
})

describe('losses that are many', () => {
  beforeEach(() => {
    agree(...names(10))
    lose(...names(4))
  })

  it('wait for a person, who sees how many and which', () => {
    expect([keeper.judge(true), jobs()]).toEqual([held('mass_deletion'), []])
    expect(keeper.decisions).toMatchObject([
      { kind: 'deleted', files: 4, totalFiles: 10, bytes: 52, samples: names(4) },
    ])
    lose(...names(8).slice(4))
    keeper.judge(true)
    expect(keeper.decisions).toMatchObject([{ files: 8, samples: names(5) }])
    expect(keeper.list(keeper.decisions[0]?.listId ?? '').map(({ path }) => path)).toEqual(names(8))
  })

  it('go out when the person says so, all of them, and do not count against later ones', () => {
    keeper.judge(true)
    keeper.decide('deleted', keeper.decisions[0]?.listId ?? '', 'apply')
    expect([keeper.judge(true), jobs(), keeper.decisions]).toEqual([pass, names(4).map((name) => `hide ${name}`), []])
    // And are not asked about again with others before they have.
    lose('f4')
    expect(keeper.judge(true)).toEqual(pass)
    carryOut()
    lose('f5')
    expect(keeper.judge(true)).toEqual(pass)
  })

  it('stay in the bucket when the person says so, and are tracked no longer', () => {
    keeper.judge(true)
    keeper.decide('deleted', keeper.decisions[0]?.listId ?? '', 'keep')
    expect([keeper.judge(true), jobs(), keeper.decisions]).toEqual([pass, [], []])
    expect(names(4).filter((name) => base(name) !== undefined)).toEqual([])
    expect(bench.state.remote.find(folder.folderId, relative('f0'))).toBeDefined()
    expect(bench.state.folders.totals(folder.folderId)).toMatchObject({ syncedFiles: 6, lostFiles: 0 })
  })

  it.each(['apply', 'keep'] as const)('are asked about anew when others are lost before the answer: %s', (answer) => {
    keeper.judge(true)
    const { listId } = keeper.decisions[0] ?? { listId: '' }
    lose('f4')
    expect(() => keeper.decide('deleted', listId, answer)).toThrow(expect.objectContaining({ code: 'list_changed' }))
    expect([keeper.judge(true), jobs(), base('f0')?.path]).toEqual([held('mass_deletion'), [], 'f0'])
    expect(keeper.decisions[0]?.listId).not.toBe(listId)
    expect(() => keeper.list(listId)).toThrow(expect.objectContaining({ code: 'list_changed' }))
  })

  it('are asked about anew when the bucket holds another version of one', () => {
    keeper.judge(true)
    const { listId } = keeper.decisions[0] ?? { listId: '' }
    bench.agree(folder.folderId, anEntry('f0', { fileId: 'another' }))
    expect(() => keeper.decide('deleted', listId, 'apply')).toThrow(expect.objectContaining({ code: 'list_changed' }))
  })

  it('take no answer that was meant for something else, or for nothing', () => {
    keeper.judge(true)
    const { listId } = keeper.decisions[0] ?? { listId: '' }
    for (const kind of ['emptied', 'overwrite'] as const) {
      expect(() => keeper.decide(kind, listId, 'apply')).toThrow(expect.objectContaining({ code: 'list_changed' }))
    }
    expect(jobs()).toEqual([])
  })

  it('are few again when files come back', () => {
    keeper.judge(true)
    bench.look(folder.folderId, { settled: [relative('f3'), relative('f2')] })
    expect([keeper.judge(true), jobs(), keeper.decisions]).toEqual([pass, ['hide f0', 'hide f1'], []])
  })

  it('stop those that were planned before, while they are few', () => {
    begin()
    agree(...names(10))
    lose('f0', 'f1')
    keeper.judge(true)
    lose('f2', 'f3')
    expect(keeper.judge(true)).toEqual(held('mass_deletion'))
    expect(keeper.decisions[0]?.files).toBe(4)
    keeper.decide('deleted', keeper.decisions[0]?.listId ?? '', 'keep')
    expect(jobs()).toEqual([])
  })

  it('are an emptied root also where most of them are known elsewhere', () => {
    begin()
    agree(...names(3))
    const other = bench.addFolder('/other', 'other/').folderId
    bench.agree(other, ...['f0', 'f1'].map((name) => anEntry(name)))
    lose(...names(3))
    expect(keeper.judge(true)).toEqual(held('root_emptied'))
    expect(keeper.decisions[0]?.samples).toEqual(['f2'])
  })

  it('are no emptied root where there is another file', () => {
    begin()
    agree('old', 'older')
    lose('old', 'older')
    bench.plan(folder.folderId, ['new'], { kind: 'upload', sizeBytes: 3, reason: 'new' })
    expect(keeper.judge(true)).toEqual(held('root_emptied'))
    writeFileSync(join(root, 'new'), 'new')
    expect(keeper.judge(true)).toEqual(pass)
  })

  it('stay asked about when a file is written after that', () => {
    begin()
    agree('old', 'older')
    lose('old', 'older')
    expect(keeper.judge(true)).toEqual(held('root_emptied'))
    bench.state.transaction(() => bench.state.folders.setHeld(folder.folderId, 'root_emptied', clock.now()))
    writeFileSync(join(root, 'new'), 'new')
    expect(keeper.judge(true)).toEqual(held('root_emptied'))
    expect(jobs()).toEqual([])
  })

  it('wait while the very file is there under a name where it has not come to rest, and are looked at again then', () => {
    begin()
    agree(...names(10))
    lose('f0', 'f1')
    movingInode = base('f0')?.fingerprint.ino ?? null
    keeper.judge(false)
    expect(jobs()).toEqual(['hide f1'])
    expect(keeper.msUntilDue()).toBe(2000)
    movingInode = null
    keeper.judge(false)
    // From there it may have moved on, of which nobody told: its second look has to come after that.
    expect([jobs(), bench.state.losses.firstUnconfirmedAt(folder.folderId)]).toEqual([['hide f1'], clock.uptime()])
    clock.advance(DELAY_MS)
    see('absent', 'f0')
    keeper.judge(false)
    expect(jobs()).toEqual(['hide f1', 'hide f0'])
  })

  it('are not asked about before one of them is certain: copies may still explain them', () => {
    begin()
    agree(...names(10))
    remove(...names(9))
    see('absent', ...names(9))
    expect(keeper.judge(true)).toEqual(pass)
  })

  it('are still asked about after a restart, without being certain, and prove nothing anew', () => {
    keeper.judge(true)
    const { decisions } = keeper
    bench.state.transaction(() => bench.state.folders.setHeld(folder.folderId, 'mass_deletion', clock.now()))
    bench.reopen().beginRun()
    keeper = new LossKeeper({ folder, state: bench.state, clock, seen })
    expect(keeper.decisions).toEqual([])
    expect(keeper.judge(true)).toEqual(held('mass_deletion'))
    expect(keeper.decisions).toEqual(decisions)
    keeper.decide('deleted', decisions[0]?.listId ?? '', 'apply')
    expect([keeper.judge(true), jobs()]).toEqual([pass, []])
    confirm('absent', ...names(4))
    expect([keeper.judge(true), jobs().length]).toEqual([pass, 4])
  })
})

describe('a root that is another', () => {
  beforeEach(() => {
    agree(...names(10))
    bench.state.transaction(() => bench.state.folders.setAsksEveryLoss(folder.folderId, true))
  })

  it('is asked about for one file, and trusted again once nothing is missing', () => {
    lose('f0')
    expect(keeper.judge(true)).toEqual(held('mass_deletion'))
    bench.look(folder.folderId, { settled: [relative('f0')] })
    expect([keeper.judge(true), memory().asksEveryLoss]).toEqual([pass, false])
  })

  it('is not trusted by a look at some files, nor while something could not be looked into, which may lack files too', () => {
    expect([keeper.judge(false), memory().asksEveryLoss]).toEqual([pass, true])
    block('dir')
    expect([keeper.judge(true), memory().asksEveryLoss]).toEqual([pass, true])
    bench.look(folder.folderId, { settled: [relative('dir')] })
    expect([keeper.judge(true), memory().asksEveryLoss]).toEqual([pass, false])
  })

  it('is trusted again once a look at everything misses only what a person has approved', () => {
    lose('f0', 'f1')
    keeper.judge(true)
    block('dir')
    keeper.decide('deleted', keeper.decisions[0]?.listId ?? '', 'apply')
    expect([keeper.judge(true), memory().asksEveryLoss]).toEqual([pass, true])
    bench.look(folder.folderId, { settled: [relative('dir')] })
    expect([keeper.judge(true), memory().asksEveryLoss]).toEqual([pass, false])
  })

  it('is asked about for files that are gone and for emptied ones, one after the other', () => {
    lose('f0')
    loseContent('f1')
    expect(keeper.judge(true)).toEqual(held('mass_deletion'))
    keeper.decide('deleted', keeper.decisions[0]?.listId ?? '', 'apply')
    expect(keeper.judge(true)).toEqual(held('mass_emptied', 'emptied'))
    keeper.decide('emptied', keeper.decisions[0]?.listId ?? '', 'apply')
    expect([keeper.judge(true), jobs()]).toEqual([pass, ['upload f1', 'hide f0']])
    carryOut()
    expect([keeper.judge(true), memory().asksEveryLoss]).toEqual([pass, false])
  })
})

describe('emptied files', () => {
  beforeEach(() => {
    agree(...names(20))
    loseContent(...names(11))
  })

  it('are asked about when they are many', () => {
    expect([keeper.judge(true), jobs()]).toEqual([held('mass_emptied', 'emptied'), []])
    expect(keeper.decisions).toMatchObject([{ kind: 'emptied', files: 11, totalFiles: 20 }])
    keeper.decide('emptied', keeper.decisions[0]?.listId ?? '', 'apply')
    expect([keeper.judge(true), jobs().length]).toEqual([pass, 11])
  })

  it('leave the bucket as it is for as long as they are as they were decided about', () => {
    keeper.judge(true)
    writeFileSync(join(root, 'f1'), 'written again meanwhile')
    keeper.decide('emptied', keeper.decisions[0]?.listId ?? '', 'keep')
    expect([keeper.judge(true), jobs(), base('f0')?.fileId]).toEqual([pass, [], 'id of f0'])
    const { size, mtimeMs, ctimeMs, ino } = statSync(join(root, 'f0'))
    expect(local('f0')).toEqual({ path: 'f0', kind: 'kept', stamp: `${size}:${mtimeMs}:${ctimeMs}:${ino}` })
  })
})

describe('the second look', () => {
  beforeEach(() => agree('a', 'b', 'dir/c', 'dir/d'))
  const again = () => {
    const { confirmed, other } = keeper.lookAgain()
    return [confirmed.map(({ path }) => path), other]
  }

  it('is not made before somebody has looked for another name of the file', () => {
    remove('a', 'b')
    see('absent', 'a')
    clock.advance(1)
    seen.listed.lookedAt = clock.uptime()
    clock.advance(999)
    see('absent', 'b')
    seen.listed.restsUntil = clock.uptime() + DELAY_MS + 500
    clock.advance(DELAY_MS - 1000)
    // That of `a` was looked for since it was seen to be gone, that of `b` was not.
    expect([keeper.msUntilDue(), keeper.wantsLookElsewhere, again()]).toEqual([0, false, [['a'], []]])
    see('absent', 'a')
    expect([keeper.msUntilDue(), keeper.wantsLookElsewhere]).toEqual([1500, false])
    clock.advance(1500)
    expect([keeper.msUntilDue(), keeper.wantsLookElsewhere, again()]).toEqual([0, true, [[], []]])
    seen.listed.lookedAt = clock.uptime()
    expect([keeper.wantsLookElsewhere, again()]).toEqual([false, [['b'], []]])
    seen.listed.lookedAt = -Infinity
    expect([keeper.wantsLookElsewhere, again()]).toEqual([true, [[], []]])
  })

  it('is due when the delay is over, and not before', () => {
    expect(keeper.msUntilDue()).toBeNull()
    remove('a', 'b')
    see('absent', 'a')
    clock.advance(10_000)
    see('absent', 'b')
    expect([keeper.msUntilDue(), again()]).toEqual([20_000, [[], []]])
    clock.advance(20_000)
    expect([keeper.msUntilDue(), again()]).toEqual([0, [['a'], []]])
    clock.advance(60_000)
    expect([keeper.msUntilDue(), again()]).toEqual([0, [['a', 'b'], []]])
  })

  it('agrees where a file is gone, with its directory too, or is another thing', () => {
    remove('a', 'b', 'dir/c', 'dir/d')
    rmSync(join(root, 'dir'), { recursive: true })
    mkdirSync(join(root, 'b'))
    see('absent', 'a', 'b', 'dir/c')
    clock.advance(DELAY_MS)
    expect(again()).toEqual([['a', 'b', 'dir/c'], []])
  })

  it('does not agree where a file is back, behind a link, on another device, or not agreed on any more', () => {
    bench.agree(folder.folderId, anEntry('drive/x', { fingerprint: { isOtherDevice: true } }), anEntry('forgotten'))
    remove('b')
    renameSync(join(root, 'dir'), join(root, '../dir'))
    symlinkSync('../dir', join(root, 'dir'))
    see('absent', 'a', 'b', 'dir/c', 'drive/x', 'forgotten')
    bench.state.transaction(() => bench.state.base.forget(folder.folderId, relative('forgotten')))
    clock.advance(DELAY_MS)
    expect(again()).toEqual([['b'], ['a', 'forgotten', 'dir/c', 'drive/x']])
  })

  it.runIf(canMake(makeMemoryDrive))('does not agree where a drive hides the directory of the file', () => {
    remove('dir/c')
    see('absent', 'dir/c')
    const drive = makeMemoryDrive(join(root, 'dir'), dirname(root))
    drive.plugIn()
    onTestFinished(() => drive.discard())
    clock.advance(DELAY_MS)
    expect(again()).toEqual([[], ['dir/c']])
  })

  it('agrees where a file is still empty by somebody’s hand, and not where it is not', () => {
    empty('a', 'b', 'dir/c')
    see('emptied', 'a', 'b', 'dir/c', 'dir/d')
    writeFileSync(join(root, 'b'), 'written again')
    const { mtimeMs } = base('dir/c')?.fingerprint ?? { mtimeMs: 0 }
    bench.agree(folder.folderId, anEntry('dir/c', { fingerprint: { mtimeMs: statSync(join(root, 'dir/c')).mtimeMs } }))
    rmSync(join(root, 'dir/d'))
    clock.advance(DELAY_MS)
    expect([again(), mtimeMs > 0]).toEqual([[['a'], ['b', 'dir/c', 'dir/d']], true])
  })

  it('is not made by the next run of what this one saw', () => {
    remove('a')
    see('absent', 'a')
    bench.reopen().beginRun()
    clock.advance(DELAY_MS)
    keeper = new LossKeeper({ folder, state: bench.state, clock, seen })
    expect([keeper.msUntilDue(), again()]).toEqual([null, [[], []]])
  })

  it('comes later in a folder with a longer delay', () => {
    remove('a')
    see('absent', 'a')
    keeper.update({ ...folder, settings: { ...folder.settings, deleteDelaySeconds: 3600 } })
    expect(keeper.msUntilDue()).toBe(3_600_000)
  })
})

describe('a loss from which a copy is still to be made', () => {
  it('waits for that, is looked at again soon, and goes out after it', () => {
    agree('a', ...names(4))
    remove('a')
    bench.plan(folder.folderId, ['b'], copyFrom('a'))
    confirm('absent', 'a')
    expect([keeper.judge(true), jobs()]).toEqual([pass, ['copy b']])
    expect(keeper.msUntilDue()).toBe(2000)
    clock.advance(2000)
    expect(keeper.msUntilDue()).toBe(0)
    keeper.judge(true)
    expect(keeper.msUntilDue()).toBe(2000)
    const [leased] = leaseFirst(bench.state, clock.now(), 1)
    const copied = anEntry('b', { content: 'content of a' })
    if (leased !== undefined) bench.state.commitUpload(leased, copied, clock.now(), 'copied', clock.now())
    expect([keeper.judge(true), jobs()]).toEqual([pass, ['hide a']])
    expect(bench.state.losses.passOf(folder.folderId, relative('a'))).toBe('elsewhere')
  })

  it('is not looked at again while a person is asked about others', () => {
    agree('a', ...names(10))
    remove('a')
    bench.plan(folder.folderId, ['b'], copyFrom('a'))
    confirm('absent', 'a')
    keeper.judge(true)
    lose(...names(5))
    expect([keeper.judge(true), keeper.msUntilDue()]).toEqual([held('mass_deletion'), null])
  })

  it('is no loss of the last file', () => {
    agree('a')
    remove('a')
    bench.plan(folder.folderId, ['b'], copyFrom('a'))
    confirm('absent', 'a')
    expect(keeper.judge(true)).toEqual(pass)
  })
})

describe('files of others in the bucket', () => {
  /** A job that fails because the bucket holds something else under its name. */
  function refuse(path: string, fileId: string): void {
    writeFileSync(join(root, path), path)
    const { sha1 } = anEntry(path)
    const theirs = { path: relative(path), fileId, sha1, sizeBytes: 1, uploadedAt: clock.now(), isOurs: false }
    bench.state.recordListed(folder.folderId, [theirs])
    bench.plan(folder.folderId, [path])
    const leased = leaseFirst(bench.state, clock.now(), 10).find((one) => one.path === path)
    const notBefore = (clock.now() + 1000) as UnixMs
    const next = { isUncertain: false, attempts: 1, notBefore, code: 'would_overwrite' as const }
    if (leased === undefined) throw new Error('no job')
    bench.state.transaction(() => bench.state.jobs.reschedule(leased, { ...next, details: {}, failedAt: clock.now() }))
  }
  beforeEach(() => {
    expect(keeper.overwrites()).toBeNull()
    refuse('b', 'theirs b')
    refuse('a', 'theirs a')
  })

  it('are asked about together', () => {
    expect(keeper.overwrites()).toMatchObject({ kind: 'overwrite', files: 2, bytes: 2, samples: ['a', 'b'] })
    expect(keeper.list(keeper.overwrites()?.listId ?? '')).toMatchObject([
      { path: 'a', fileId: 'theirs a' },
      { path: 'b', fileId: 'theirs b' },
    ])
  })

  it('may be replaced when a person says so, exactly these versions, at once, and are not asked about again', () => {
    keeper.decide('overwrite', keeper.overwrites()?.listId ?? '', 'apply')
    expect(bench.state.overwrites.isApproved(folder.folderId, relative('a'), 'theirs a')).toBe(true)
    expect(leaseFirst(bench.state, clock.now(), 10).map(({ path }) => path)).toEqual(['b', 'a'])
    expect(keeper.overwrites()).toBeNull()
  })

  it('stay when a person says so', () => {
    keeper.decide('overwrite', keeper.overwrites()?.listId ?? '', 'keep')
    expect([jobs(), local('a')?.kind, local('b')?.kind]).toEqual([[], 'kept', 'kept'])
    expect(bench.state.overwrites.isApproved(folder.folderId, relative('a'), 'theirs a')).toBe(false)
  })

  it('are asked about anew when another version has come', () => {
    const { listId } = keeper.overwrites() ?? { listId: '' }
    refuse('b', 'a newer one')
    expect(() => keeper.decide('overwrite', listId, 'apply')).toThrow(expect.objectContaining({ code: 'list_changed' }))
    bench.plan(folder.folderId, ['unrelated'], hide)
    expect(bench.state.overwrites.isApproved(folder.folderId, relative('a'), 'theirs a')).toBe(false)
  })
})
