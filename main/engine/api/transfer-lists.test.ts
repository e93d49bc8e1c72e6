import { beforeEach, describe, expect, it } from 'vitest'
import type { FolderId, JobId, UnixMs } from '../../../shared/ids.ts'
import { TransferPage, type ListedRow, type TransferQuery } from '../../../shared/model/transfer.ts'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import { anEntry, NOW, openStateBench, relative, type StateBench } from '../../../test/support/state-bench.ts'
import type { Supervisor } from '../sync/supervisor.ts'
import { TransferLists } from './transfer-lists.ts'

/** Longer than any list is kept without being made anew. */
const LONG_MS = 60_000

let bench: StateBench
let clock: FakeClock
let folderId: FolderId
let lists: TransferLists
/** Jobs that are under way, and folders that are not started. */
let running: Map<JobId, unknown>
let asleep: Set<FolderId>

beforeEach(() => {
  bench = openStateBench()
  clock = new FakeClock()
  ;({ folderId } = bench.addFolder())
  running = new Map()
  asleep = new Set()
  const supervisor = {
    find: () => undefined,
    scheduler: { running },
    get folders() {
      return bench.state.folders.list().flatMap((folder) => (asleep.has(folder.folderId) ? [] : [{ folder }]))
    },
  }
  lists = new TransferLists({ state: bench.state, supervisor: supervisor as unknown as Supervisor, clock })
})

const job = (path: string) => {
  const found = bench.state.jobs.findForPath(folderId, relative(path))
  if (found === undefined) throw new Error(`no job for ${path}`)
  return found
}
const run = (path: string): void => {
  running.set(job(path).jobId, { job: job(path) })
}
function fail(path: string): void {
  const next = { isUncertain: false, attempts: 1, notBefore: (NOW + 500) as UnixMs, code: 'name_not_allowed' as const }
  bench.state.transaction(() => {
    bench.state.jobs.reschedule(job(path), { ...next, details: { reason: 'because' }, failedAt: NOW })
  })
}
/** A file that is in the bucket since. */
function arrive(path: string): void {
  bench.plan(folderId, [path])
  bench.state.commitUpload(job(path), anEntry(path), NOW, 'uploaded', NOW)
}
const ask = async (query: Partial<TransferQuery> = {}): Promise<TransferPage> => {
  const filter = { text: '', folderId: null }
  return TransferPage.parse(
    await lists.page({ filter, listId: null, start: 0, limit: 100, anchor: null, watched: [], ...query }),
  )
}
const search = (text: string) => ask({ filter: { text, folderId: null } })
const pathsIn = ({ rows }: TransferPage) => rows.map((row) => (row === null ? 'gone' : (row.path as string)))
const idOf = (row: ListedRow | null | undefined): number =>
  row == null ? 0 : row.group === 'done' ? row.activityId : row.jobId

describe('a list of transfers', () => {
  it('has what failed, then what waits, then what has arrived, and not what is under way', async () => {
    arrive('first')
    arrive('second')
    bench.plan(folderId, ['a', 'b', 'c', 'bad'])
    fail('bad')
    run('b')
    const page = await ask()
    expect(page.counts).toEqual({ now: 1, failed: 1, waiting: 2, done: 2 })
    expect(pathsIn(page)).toEqual(['bad', 'a', 'c', 'second', 'first'])
    expect(page.rows).toMatchObject([
      { group: 'failed', code: 'name_not_allowed', details: { reason: 'because' }, nextAttemptAt: NOW + 500 },
      { group: 'waiting', isAsked: false, why: { kind: 'waiting', code: null } },
      { group: 'waiting' },
      { group: 'done', verb: 'uploaded', at: NOW },
      { group: 'done' },
    ])
  })

  it('has each file that has arrived once, with what came of it last, and none of folders that are gone', async () => {
    arrive('a')
    arrive('b')
    arrive('a')
    const other = bench.addFolder('/other', 'other/').folderId
    bench.state.transaction(() => {
      bench.state.activity.append({ at: NOW, verb: 'failed', folderId, path: relative('c') })
      bench.state.activity.append({ at: NOW, verb: 'hidden', folderId, path: relative('b') })
      bench.state.activity.append({ at: NOW, verb: 'uploaded', folderId: other, path: relative('elsewhere') })
    })
    bench.state.folders.remove(other)
    const { rows } = await ask()
    expect(rows).toMatchObject([
      { path: 'b', verb: 'hidden', sizeBytes: null },
      { path: 'a', verb: 'uploaded' },
    ])
  })

  it('is filtered by a part of the path and by folder, with counts of what matches', async () => {
    const other = bench.addFolder('/other', 'other/').folderId
    arrive('Work/done.txt')
    bench.plan(folderId, ['work/a', 'work/b', 'play/c', 'work/bad'])
    bench.plan(other, ['work/d'])
    fail('work/bad')
    run('work/b')
    expect((await search('WORK')).counts).toEqual({ now: 1, failed: 1, waiting: 2, done: 1 })
    const page = await ask({ filter: { text: 'work', folderId } })
    expect([page.counts, pathsIn(page)]).toEqual([
      { now: 1, failed: 1, waiting: 1, done: 1 },
      ['work/bad', 'work/a', 'Work/done.txt'],
    ])
    expect((await ask({ filter: { text: '', folderId: other } })).counts).toEqual({
      now: 0,
      failed: 0,
      waiting: 1,
      done: 0,
    })
    expect(pathsIn(await search('nothing'))).toEqual([])
  })

  it('has nothing of folders that are not at work', async () => {
    const other = bench.addFolder('/other', 'other/').folderId
    bench.plan(folderId, ['a'])
    bench.plan(other, ['b'])
    asleep.add(other)
    expect(pathsIn(await ask())).toEqual(['a'])
  })

  it('searches 100,000 paths without a break of the event loop, and finds what was planned since', async () => {
    bench.plan(
      folderId,
      Array.from({ length: 100_000 }, (_, index) => `f${index}`),
    )
    let turns = 0
    const count = (): void => {
      turns += 1
      immediate = setImmediate(count)
    }
    let immediate = setImmediate(count)
    expect((await search('F9999')).counts.waiting).toBe(11)
    clearImmediate(immediate)
    expect(turns).toBeGreaterThan(10)
    bench.plan(folderId, ['f99999.new'])
    expect((await search('F9999')).counts.waiting).toBe(12)
  })
})

describe('pages of a list', () => {
  const names = Array.from({ length: 30 }, (_, index) => `f${String(index).padStart(2, '0')}`)

  it('are parts of the same list, whatever comes and goes meanwhile', async () => {
    bench.plan(folderId, names)
    const first = await ask({ limit: 10 })
    bench.state.transaction(() => bench.state.jobs.drop(folderId, relative('f15')))
    bench.plan(folderId, ['late'])
    const second = await ask({ listId: first.listId, start: 10, limit: 10 })
    expect([second.listId, second.counts.waiting]).toEqual([first.listId, 30])
    expect(pathsIn(second)).toEqual(['f10', 'f11', 'f12', 'f13', 'f14', 'gone', 'f16', 'f17', 'f18', 'f19'])
    expect(pathsIn(await ask({ listId: first.listId, start: 28, limit: 10 }))).toEqual(names.slice(20))
    expect((await ask({ listId: first.listId, start: 500, limit: 0 })).start).toBe(30)
  })

  it('are of a new list once the one before is old and something has changed, and at once when that is asked for', async () => {
    bench.plan(folderId, names)
    const { listId } = await ask()
    clock.advance(LONG_MS)
    expect((await ask({ listId })).listId).toBe(listId)
    bench.plan(folderId, ['late'])
    const newer = await ask({ listId })
    expect([newer.listId === listId, newer.counts.waiting]).toEqual([false, 31])
    bench.plan(folderId, ['later'])
    expect((await ask({ listId: newer.listId })).counts.waiting).toBe(31)
    expect((await ask()).counts.waiting).toBe(32)
    expect((await ask({ listId: 12_345 })).counts.waiting).toBe(32)
  })

  it('follow a row to where it is in a new list', async () => {
    bench.plan(folderId, names)
    const { listId, rows } = await ask()
    const anchor = { group: 'waiting' as const, id: idOf(rows[20]), index: 20 }
    bench.state.transaction(() => {
      for (const name of names.slice(0, 8)) bench.state.jobs.drop(folderId, relative(name))
    })
    fail('f29')
    clock.advance(LONG_MS)
    // What follows the row is asked for: eight less before it, and one that has failed more.
    const page = await ask({ listId, start: 20, limit: 3, anchor })
    expect([page.shift, page.start, pathsIn(page)]).toEqual([-7, 13, ['f20', 'f21', 'f22']])
    bench.state.transaction(() => bench.state.jobs.drop(folderId, relative('f20')))
    clock.advance(LONG_MS)
    const without = await ask({ listId: page.listId, start: 13, limit: 2, anchor: { ...anchor, index: 13 } })
    expect([without.shift, pathsIn(without)]).toEqual([0, ['f21', 'f22']])
  })

  it('tell which jobs that are watched have gone', async () => {
    bench.plan(folderId, names)
    const watched = [job('f03').jobId, job('f04').jobId]
    expect((await ask({ watched })).gone).toEqual([])
    bench.state.transaction(() => bench.state.jobs.drop(folderId, relative('f03')))
    expect((await ask({ watched })).gone).toEqual(watched.slice(0, 1))
  })

  it('can be told by the ids of their rows, of a list that is kept', async () => {
    arrive('x')
    bench.plan(folderId, names)
    fail('f29')
    const { listId, rows } = await ask()
    expect(lists.ids(listId, 0, 2)).toEqual({ jobIds: rows.slice(0, 2).map(idOf), activityIds: [] })
    expect(lists.ids(listId, 28, 40)).toEqual({
      jobIds: rows.slice(28, 30).map(idOf),
      activityIds: rows.slice(30).map(idOf),
    })
    await search('a')
    await search('b')
    expect(() => lists.ids(listId, 0, 1)).toThrow(expect.objectContaining({ code: 'list_changed' }))
  })
})
