import { beforeEach, describe, expect, it } from 'vitest'
import type { FolderId, UnixMs } from '../../../shared/ids.ts'
import {
  anEntry,
  hide,
  NOW,
  openStateBench,
  relative,
  upload,
  leaseFirst,
  type StateBench,
} from '../../../test/support/state-bench.ts'
import type { JobAction } from '../model/action.ts'
import type { LossKind, LossPass } from '../model/local.ts'

const DELAY_MS = 30_000

let bench: StateBench
let folderId: FolderId
let otherId: FolderId

beforeEach(() => {
  bench = openStateBench()
  ;({ folderId } = bench.addFolder())
  otherId = bench.addFolder('/other', 'other/').folderId
})

/** Agreed files: name to content. */
const agree = (files: Readonly<Record<string, string>>, id = folderId) =>
  bench.agree(id, ...Object.entries(files).map(([path, content]) => anEntry(path, { content })))
const lose = (kind: LossKind, ...paths: readonly string[]) => bench.lose(folderId, paths, 0, kind)
/** Seen twice, the delay apart. */
const confirm = (kind: LossKind, ...paths: readonly string[]): void => {
  lose(kind, ...paths)
  bench.lose(folderId, paths, DELAY_MS, kind)
}
const setPass = (path: string, pass: LossPass) =>
  bench.state.transaction(() => bench.state.losses.setPass(folderId, relative(path), pass))
const open = (kind: LossKind = 'absent') =>
  bench.state.losses.listOpen(folderId, kind).map(({ path }) => path as string)
const count = (kind: LossKind = 'absent') => bench.state.losses.countOpen(folderId, kind)
const ready = (limit = 100, after = '') =>
  bench.state.losses.listReady(folderId, relative(after), limit).map(({ path }) => path as string)
const copyFrom = (path: string, id = folderId): JobAction => ({
  kind: 'copy',
  from: { folderId: id, path: relative(path), fileId: `id of ${path}`, sha1: anEntry(path).sha1 },
  reason: 'same-file',
})

describe('losses that count', () => {
  it('are those whose content is under no other name', () => {
    agree({ 'gone/once': 'one', gone: 'two', 'dir/same': 'two', both: 'three', 'both too': 'three' })
    lose('absent', 'gone/once', 'gone', 'both', 'both too')
    expect(open()).toEqual(['both', 'both too', 'gone/once'])
    expect(count()).toBe(3)
    expect(bench.state.losses.countAbsent(folderId)).toBe(4)
  })

  it('look at every folder for the content', () => {
    agree({ gone: 'one', 'gone too': 'two' })
    agree({ here: 'one', 'lost as well': 'two' }, otherId)
    lose('absent', 'gone', 'gone too')
    bench.lose(otherId, ['lost as well'], 0)
    expect(open()).toEqual(['gone too'])
  })

  it('take no content for the same that only has the same size, or the same hash of another size', () => {
    agree({ gone: 'abc', here: 'xyz' })
    bench.agree(folderId, { ...anEntry('odd'), sha1: anEntry('gone', { content: 'abc' }).sha1 })
    lose('absent', 'gone')
    expect(open()).toEqual(['gone'])
  })

  it('count each empty file, as there is nothing that another name could hold', () => {
    agree({ empty: '', 'empty too': '', other: 'x' })
    lose('absent', 'empty')
    expect(open()).toEqual(['empty'])
    expect(count()).toBe(1)
  })

  it('count emptied files each, wherever their content is, and apart from absent ones', () => {
    agree({ a: 'one', b: 'one', c: 'two' })
    lose('emptied', 'a')
    lose('absent', 'c')
    expect([open('emptied'), open('absent')]).toEqual([['a'], ['c']])
    expect(bench.state.losses.countAbsent(folderId)).toBe(1)
  })

  it('take content for lost that one name has lost by absence and the other by being emptied', () => {
    agree({ a: 'one', b: 'one' })
    lose('absent', 'a')
    expect(open()).toEqual([])
    lose('emptied', 'b')
    expect(open()).toEqual(['a'])
  })

  it('are not those from which a copy is still to be made, in this folder or another', () => {
    agree({ moved: 'one', 'moved away': 'two', gone: 'three', 'dir/moved': 'four' })
    bench.plan(folderId, ['new name'], copyFrom('moved'))
    bench.plan(folderId, ['new/name'], copyFrom('dir/moved'))
    bench.plan(otherId, ['elsewhere'], copyFrom('moved away'))
    // A namesake in another folder is another file.
    bench.plan(otherId, ['unrelated'], copyFrom('gone', otherId))
    lose('absent', 'moved', 'moved away', 'gone', 'dir/moved')
    expect(open()).toEqual(['gone'])
    bench.look(folderId, { settled: [relative('new name')] })
    expect(open()).toEqual(['gone', 'moved'])
  })

  it('are not those that a person approved, but those that only were few', () => {
    agree({ a: 'one', b: 'two', c: 'three' })
    lose('absent', 'a', 'b', 'c')
    setPass('a', 'approved')
    setPass('b', 'counted')
    setPass('c', 'elsewhere')
    expect(open()).toEqual(['b', 'c'])
    expect(count()).toBe(2)
  })

  it('still take for lost the content that a person let go', () => {
    agree({ a: 'one', b: 'one' })
    lose('absent', 'a', 'b')
    setPass('b', 'approved')
    expect(open()).toEqual(['a'])
  })

  it('are listed with their versions and sizes in the order of directories and names', () => {
    agree({ z: '1', 'b/a': '2', 'a/z': '3', 'a/b': '4' })
    lose('absent', 'z', 'b/a', 'a/z', 'a/b')
    expect(bench.state.losses.listOpen(folderId, 'absent')).toEqual(
      ['z', 'a/b', 'a/z', 'b/a'].map((path) => ({ path, fileId: `id of ${path}`, sizeBytes: 1 })),
    )
  })
})

describe('losses that are ready', () => {
  it('were confirmed and have no job yet', () => {
    agree({ once: '1', twice: '2', 'dir/twice': '3', planned: '4', deleted: '5' })
    lose('absent', 'once')
    confirm('absent', 'twice', 'dir/twice', 'planned', 'deleted')
    bench.plan(folderId, ['planned'], hide)
    bench.plan(folderId, ['deleted'], { kind: 'delete', reason: 'absent' })
    expect(ready()).toEqual(['twice', 'dir/twice'])
    expect(ready(1)).toEqual(['twice'])
    expect(ready(1, 'twice')).toEqual(['dir/twice'])
    expect(ready(1, 'dir/twice')).toEqual([])
    expect(bench.state.losses.hasReady(folderId)).toBe(true)
    expect(bench.state.losses.hasReady(otherId)).toBe(false)
  })

  it('tell what they are', () => {
    agree({ a: 'four', e: 'five!' })
    confirm('absent', 'a')
    confirm('emptied', 'e')
    setPass('a', 'approved')
    const found = bench.state.losses.listReady(folderId, '', 10)
    expect([...found].sort((one, other) => (one.path < other.path ? -1 : 1))).toEqual([
      { path: 'a', fileId: 'id of a', kind: 'absent', pass: 'approved', sizeBytes: 4 },
      { path: 'e', fileId: 'id of e', kind: 'emptied', pass: null, sizeBytes: 5 },
    ])
  })

  it('wait until every copy is made from them', () => {
    agree({ moved: '1', 'dir/moved': '2', namesake: '3' })
    confirm('absent', 'moved', 'dir/moved', 'namesake')
    bench.plan(folderId, ['new name'], copyFrom('moved'))
    bench.plan(otherId, ['new name'], copyFrom('dir/moved'))
    bench.plan(otherId, ['unrelated'], copyFrom('namesake', otherId))
    expect(ready()).toEqual(['namesake', 'dir/moved', 'moved'].slice(0, 1))
    const copied = leaseFirst(bench.state, NOW, 1)
    expect(copied.map(({ from }) => from?.path)).toEqual(['moved'])
    bench.state.transaction(() => copied.forEach((job) => bench.state.jobs.complete(job)))
    expect(ready()).toEqual(['moved', 'namesake'])
  })

  it('begin anew where the file that is to be brought under another name is not there either', () => {
    agree({ a: '1', b: '2', c: '3', d: '4' })
    confirm('absent', 'a', 'b', 'c', 'd')
    for (const path of ['a', 'b', 'c']) bench.plan(otherId, [`new ${path}`], copyFrom(path))
    expect(ready()).toEqual(['d'])
    const movedOnAt = DELAY_MS + 5000
    bench.look(otherId, { settled: [relative('new a')], seenAt: movedOnAt })
    bench.lose(otherId, ['new b'], movedOnAt)
    for (const job of leaseFirst(bench.state, NOW, 3)) bench.state.forgetStaleJob(job, movedOnAt)
    expect(bench.state.jobs.hasAny(otherId)).toBe(false)
    expect(ready()).toEqual(['d'])
    bench.lose(folderId, ['a', 'b', 'c'], movedOnAt + DELAY_MS - 1)
    expect(ready()).toEqual(['d'])
    bench.lose(folderId, ['a', 'b', 'c'], movedOnAt + DELAY_MS)
    expect(ready()).toEqual(['a', 'b', 'c', 'd'])
  })

  it('wait, and do not count, while what is yet to be sent may be a version of theirs that nobody has heard of', () => {
    agree({ unheard: 'moved', known: 'stays', 'no content': '' })
    confirm('absent', 'unheard', 'known', 'no content')
    bench.state.transaction(() => {
      for (const path of ['unheard', 'no content']) bench.state.base.doubt(folderId, relative(path))
    })
    bench.plan(folderId, ['empty'], upload(0))
    bench.plan(folderId, ['another'], upload(4))
    expect(ready()).toEqual(['known', 'no content', 'unheard'])
    bench.plan(otherId, ['new name'], upload(5))
    expect([ready(), open()]).toEqual([
      ['known', 'no content'],
      ['known', 'no content'],
    ])
    const waits = ['unheard', 'known', 'no content'].map((path) =>
      bench.state.losses.mayBeOnItsWay(folderId, relative(path)),
    )
    expect(waits).toEqual([true, false, false])
    bench.look(otherId, { settled: [relative('new name')] })
    expect(ready()).toContain('unheard')
  })

  it('are emptied files without an upload, and absent ones that are still to be sent by an older plan', () => {
    agree({ emptied: '1', 'emptied, sent': '2', absent: '3' })
    confirm('emptied', 'emptied', 'emptied, sent')
    // Under way when it was lost.
    bench.plan(folderId, ['absent'])
    leaseFirst(bench.state, NOW, 1)
    confirm('absent', 'absent')
    expect(bench.state.jobs.findForPath(folderId, relative('absent'))?.kind).toBe('upload')
    bench.state.planLosses(folderId, [{ path: relative('emptied, sent'), action: upload(0), pass: 'elsewhere' }])
    expect(ready()).toEqual(['absent', 'emptied'])
  })
})

describe('losses that went out', () => {
  const carryOut = (path: string, at: number) => {
    bench.state.planLosses(folderId, [{ path: relative(path), action: hide, pass: passes[path] ?? 'counted' }])
    const [job] = leaseFirst(bench.state, NOW, 1)
    if (job !== undefined) bench.state.commitLoss(job, 'hidden', at as UnixMs)
  }
  const passes: Record<string, LossPass> = { approved: 'approved', elsewhere: 'elsewhere' }
  const since = (at: number) => bench.state.losses.countSince(folderId, 'absent', at as UnixMs)

  it('count for as long as the window reaches back, if they went out because they were few', () => {
    agree({ a: '1', b: '2', approved: '3', elsewhere: '4' })
    confirm('absent', 'a', 'b', 'approved', 'elsewhere')
    carryOut('a', 1000)
    carryOut('b', 2000)
    carryOut('approved', 3000)
    carryOut('elsewhere', 3000)
    expect([since(0), since(999), since(1000), since(1999), since(2000)]).toEqual([2, 2, 1, 1, 0])
    expect(bench.state.losses.countSince(otherId, 'absent', 0 as UnixMs)).toBe(0)
  })

  it('are emptied files by name, that are not emptied once more', () => {
    const emptied = (at = 0) => bench.state.losses.countSince(folderId, 'emptied', at as UnixMs)
    const sendEmpty = (path: string, at: number, pass: LossPass = 'counted') => {
      agree({ [path]: path })
      confirm('emptied', path)
      bench.state.planLosses(folderId, [{ path: relative(path), action: upload(0), pass }])
      const [job] = leaseFirst(bench.state, NOW, 1)
      if (job === undefined) throw new Error('no job')
      bench.state.commitUpload(job, anEntry(path, { content: '' }), NOW, 'uploaded', at as UnixMs)
    }
    sendEmpty('a', 1000)
    sendEmpty('dir/a', 1000)
    sendEmpty('a', 2000)
    sendEmpty('approved', 2000, 'approved')
    expect([emptied(), emptied(999), emptied(1000), emptied(2000), since(0)]).toEqual([2, 2, 1, 0, 0])
    agree({ a: 'content' })
    lose('emptied', 'a')
    expect(emptied()).toBe(1)
  })

  it('count for the next run too', () => {
    agree({ a: '1' })
    confirm('absent', 'a')
    carryOut('a', 1000)
    bench.reopen().beginRun()
    expect(since(0)).toBe(1)
  })
})
