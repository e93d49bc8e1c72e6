import { beforeEach, describe, expect, it } from 'vitest'
import type { FolderId, RelativePath, UnixMs } from '../../../shared/ids.ts'
import { anEntry, listJobs, NOW, openStateBench, relative, type StateBench } from '../../../test/support/state-bench.ts'
import type { LocalEntry, LossKind } from '../model/local.ts'

const DELAY_MS = 30_000

let bench: StateBench
let folderId: FolderId

beforeEach(() => {
  bench = openStateBench()
  ;({ folderId } = bench.addFolder())
})

type Notice = Exclude<LocalEntry, { readonly kind: LossKind }>
const blocked = (path: string, since = NOW as number): Notice => ({
  path: relative(path),
  kind: 'blocked',
  code: 'file_unreadable',
  details: { errno: 'EACCES' },
  since: since as UnixMs,
})
const skipped = (path: string): Notice => ({ path: relative(path), kind: 'skipped', reason: 'symlink' })
const kept = (path: string): Notice => ({ path: relative(path), kind: 'kept', stamp: '5:1:2:3' })

const find = (path: string) => bench.state.local.find(folderId, relative(path))
const notice = (...notices: readonly Notice[]) => bench.look(folderId, { notices })
const lose = (path: string, seenAt: number, kind?: LossKind) => bench.lose(folderId, [path], seenAt, kind)
/** Losses that were seen twice, the delay apart. */
const confirmed = () => bench.state.losses.listReady(folderId, '', 100).map(({ path }) => path as string)
const pass = (path: string) => bench.state.losses.passOf(folderId, relative(path))
const agree = (...paths: readonly string[]) => bench.agree(folderId, ...paths.map((path) => anEntry(path)))

describe('a local entry', () => {
  it.each([blocked('a'), skipped('dir/b'), kept('dir/deep/c')])('comes back as it went in: %j', (entry) => {
    notice(entry)
    expect(find(entry.path)).toEqual(entry)
    expect(bench.state.local.listDirectory(folderId, relative('dir'))).toEqual(entry.path === 'dir/b' ? [entry] : [])
  })

  it('is replaced by the newest, and leaves nothing of what was before', () => {
    notice(blocked('a'))
    notice(skipped('a'))
    expect(find('a')).toEqual(skipped('a'))
    notice(kept('a'))
    expect(find('a')).toEqual(kept('a'))
    lose('a', 0)
    expect(find('a')).toEqual({ path: 'a', kind: 'absent' })
    notice(blocked('a'))
    expect(find('a')).toEqual(blocked('a'))
  })

  it('keeps the time since when it is blocked while that has the same reason', () => {
    notice(blocked('a', 5))
    notice(blocked('a', 9))
    expect(find('a')).toMatchObject({ since: 5 })
    notice({ ...blocked('a', 11), code: 'file_emptied' } as Notice)
    expect(find('a')).toMatchObject({ since: 11, code: 'file_emptied' })
    notice(skipped('a'))
    notice(blocked('a', 15))
    expect(find('a')).toMatchObject({ since: 15 })
  })

  it('is over when the path is as agreed, or has a job', () => {
    notice(blocked('a'), skipped('b'))
    bench.look(folderId, { settled: [relative('a')] })
    bench.plan(folderId, ['b'])
    expect([find('a'), find('b')]).toEqual([undefined, undefined])
  })

  it('ends the job for its path: what is skipped or blocked is not sent', () => {
    bench.plan(folderId, ['a', 'b', 'c'])
    notice(blocked('a'), skipped('b'))
    expect(listJobs(bench.state).map(({ path }) => path)).toEqual(['c'])
  })

  it('can be forgotten below a directory, without its namesakes, and for a whole folder', () => {
    const paths = ['dir/a', 'dir/sub/b', 'dir.c', 'dir2/d', 'dir']
    notice(...paths.map(skipped))
    bench.state.transaction(() => bench.state.local.forgetBelow(folderId, relative('dir')))
    expect(paths.filter((path) => find(path))).toEqual(['dir.c', 'dir2/d', 'dir'])
    bench.state.transaction(() => bench.state.local.forgetAll(folderId))
    expect(paths.filter((path) => find(path))).toEqual([])
  })

  it('tells its directory, unless it is a loss', () => {
    notice(skipped('one/a'), skipped('one/b'), blocked('top'))
    lose('two/c', 0)
    expect([...bench.state.local.listDirectories(folderId)].sort()).toEqual(['', 'one'])
  })
})

describe('lists', () => {
  it('of blocked paths begin with the one blocked longest, and are counted by their reason', () => {
    notice(blocked('late', 9), blocked('early', 5), skipped('x'), {
      ...blocked('odd', 7),
      code: 'file_emptied',
    } as Notice)
    expect(bench.state.local.listBlocked(folderId, 2).map(({ path }) => path)).toEqual(['early', 'odd'])
    expect([...bench.state.local.countBlocked(folderId)].sort((a, b) => a.files - b.files)).toEqual([
      { code: 'file_emptied', files: 1 },
      { code: 'file_unreadable', files: 2 },
    ])
  })

  it('of what is skipped come page by page', () => {
    notice(...['top', 'a/x', 'a/b/y', 'z/z', 'a/a'].map(skipped), blocked('a/blocked'))
    const pages: string[][] = []
    for (let after = ''; pages.length < 5; after = pages.at(-1)?.at(-1) ?? '') {
      const page = bench.state.local.listSkipped(folderId, after, 2).map(({ path }) => path as string)
      if (page.length === 0) break
      pages.push(page)
    }
    expect(pages).toEqual([['top', 'a/a'], ['a/x', 'a/b/y'], ['z/z']])
  })
})

describe('a loss', () => {
  beforeEach(() => agree('a', 'b'))

  it('is certain when it is seen again after the delay, and not before', () => {
    lose('a', 1000)
    expect(confirmed()).toEqual([])
    lose('a', 1000 + DELAY_MS - 1)
    expect(confirmed()).toEqual([])
    lose('a', 1000 + DELAY_MS)
    expect(confirmed()).toEqual(['a'])
    lose('a', 1000 + DELAY_MS + 1)
    expect(confirmed()).toEqual(['a'])
    expect(bench.state.losses.listUnconfirmed(folderId, 1e9, 10)).toEqual([])
  })

  it('stays certain when the delay is made longer', () => {
    lose('a', 1000)
    lose('a', 1000 + DELAY_MS)
    const losses = [{ path: relative('a'), kind: 'absent' as const }]
    bench.look(folderId, { losses, seenAt: 1000 + DELAY_MS + 1, deleteDelayMs: 1e9 })
    expect(confirmed()).toEqual(['a'])
  })

  it('was first seen when it was first seen, however often that is said', () => {
    lose('a', 1000)
    lose('a', 20_000)
    lose('b', 15_000)
    expect(bench.state.losses.firstUnconfirmedAt(folderId)).toBe(1000)
    expect(bench.state.losses.listUnconfirmed(folderId, 999, 10)).toEqual([])
    expect(bench.state.losses.listUnconfirmed(folderId, 1000, 10)).toEqual([{ path: 'a', kind: 'absent' }])
    expect(bench.state.losses.listUnconfirmed(folderId, 15_000, 10).map(({ path }) => path)).toEqual(['a', 'b'])
    expect(bench.state.losses.listUnconfirmed(folderId, 15_000, 1)).toHaveLength(1)
    lose('a', 1000 + DELAY_MS)
    expect(bench.state.losses.firstUnconfirmedAt(folderId)).toBe(15_000)
  })

  it('is none any more when the file is there again, and begins anew when it is not', () => {
    lose('a', 1000)
    bench.look(folderId, { settled: [relative('a')] })
    expect(find('a')).toBeUndefined()
    lose('a', 1000 + DELAY_MS)
    expect(confirmed()).toEqual([])
  })

  it('of another kind is another loss, whose time begins anew, and which nobody approved', () => {
    lose('a', 1000)
    lose('a', 1000 + DELAY_MS)
    bench.state.transaction(() => bench.state.losses.setPass(folderId, relative('a'), 'approved'))
    lose('a', 1000 + DELAY_MS, 'emptied')
    expect([confirmed(), pass('a'), find('a')?.kind]).toEqual([[], null, 'emptied'])
    expect(bench.state.losses.firstUnconfirmedAt(folderId)).toBe(1000 + DELAY_MS)
    lose('a', 1000 + 2 * DELAY_MS, 'emptied')
    expect(confirmed()).toEqual(['a'])
  })

  it('keeps how it came through the gate when it is seen again, also by the next run', () => {
    lose('a', 1000)
    bench.state.approveLosses(folderId, [{ path: 'a' as RelativePath, fileId: 'id of a' }])
    lose('a', 1000 + DELAY_MS)
    expect(pass('a')).toBe('approved')
    bench.reopen().beginRun()
    lose('a', 5)
    expect(pass('a')).toBe('approved')
  })

  it('proves nothing to the next run, whose clock begins anew', () => {
    lose('a', 1000)
    lose('a', 1000 + DELAY_MS)
    lose('b', 1000)
    bench.reopen().beginRun()
    expect(bench.state.losses.firstUnconfirmedAt(folderId)).toBeNull()
    lose('a', 1e9)
    lose('b', 1e9)
    expect(confirmed()).toEqual([])
    expect(bench.state.losses.firstUnconfirmedAt(folderId)).toBe(1e9)
    lose('a', 1e9 + DELAY_MS)
    expect(confirmed()).toEqual(['a'])
  })

  it('that only an earlier run has seen can be forgotten, and nothing else', () => {
    agree('c')
    for (const path of ['a', 'b', 'c']) lose(path, 1000)
    bench.state.approveLosses(folderId, [{ path: relative('a'), fileId: 'id of a' }])
    bench.reopen().beginRun()
    notice(blocked('x'))
    lose('b', 5, 'absent')
    bench.state.transaction(() => bench.state.losses.forgetUnseen(folderId))
    expect(['a', 'b', 'c', 'x'].filter((path) => find(path))).toEqual(['b', 'x'])
  })

  it('is what a path turns to that was skipped or blocked before, from then on', () => {
    notice(skipped('a'))
    lose('a', 1e9)
    expect(confirmed()).toEqual([])
    lose('a', 1e9 + DELAY_MS)
    expect(confirmed()).toEqual(['a'])
  })

  it('that turns to something else is no loss any more', () => {
    lose('a', 0)
    lose('a', DELAY_MS)
    notice(skipped('a'))
    expect([confirmed(), bench.state.folders.totals(folderId).lostFiles]).toEqual([[], 0])
    lose('a', 2 * DELAY_MS)
    expect(confirmed()).toEqual([])
  })
})
