import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { ListedRow, TransferPage, TransferQuery } from '../../../shared/model/transfer.ts'
import { JobId, FolderId, RelativePath } from '../../../shared/ids.ts'
import { TransferList } from './transfer-list.ts'

const filter = { text: '', folderId: null }

/** The engine's side: a list of jobs that wait, by number, and the questions that were asked. */
let jobs: number[]
let listId: number
let asked: TransferQuery[]
let failure: Error | null
let gone: number[]
let list: TransferList

const rowOf = (id: number): ListedRow => ({
  group: 'waiting',
  jobId: JobId.parse(id),
  folderId: FolderId.parse(1),
  path: RelativePath.parse(`file ${id}`),
  kind: 'upload',
  sizeBytes: 1,
  isAsked: false,
  why: { kind: 'waiting', code: null, nextAttemptAt: null },
})

beforeEach(() => {
  vi.useFakeTimers()
  jobs = Array.from({ length: 1000 }, (_, index) => index + 1)
  listId = 1
  asked = []
  failure = null
  gone = []
  list = new TransferList(filter, {
    ask: (query) => {
      asked.push(query)
      return failure === null ? Promise.resolve(answer(query)) : Promise.reject(failure)
    },
    textOf: () => ({ title: 'Trouble', advice: 'Wait.' }),
    onGone: (jobIds) => gone.push(...jobIds),
  })
  return () => {
    vi.useRealTimers()
  }
})

function answer({ start, limit, anchor, watched, listId: known }: TransferQuery): TransferPage {
  const at = anchor === null || known === listId ? -1 : jobs.indexOf(anchor.id)
  const shift = at < 0 ? 0 : at - (anchor?.index ?? 0)
  const first = Math.max(0, Math.min(start + shift, jobs.length - limit))
  return {
    listId,
    counts: { now: 0, failed: 0, waiting: jobs.length, done: 0 },
    start: first,
    rows: jobs.slice(first, first + limit).map(rowOf),
    shift,
    gone: watched.filter((jobId) => !jobs.includes(jobId)),
  }
}

const settle = () => vi.advanceTimersByTimeAsync(1000)
const shown = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, offset) => list.state.rows.get(from + offset)?.path ?? null)

describe('the part of a list that is on screen', () => {
  it('is asked for with what is around it, once, and again only for what is missing', async () => {
    list.renew()
    await settle()
    expect(list.state.counts?.waiting).toBe(1000)
    list.show(0, 20, null)
    list.show(5, 25, null)
    await settle()
    expect(asked).toHaveLength(1)
    list.show(500, 520, null)
    await settle()
    expect(asked.slice(1)).toMatchObject([{ listId: 1, start: 460, limit: 100 }])
    expect(shown(500, 502)).toEqual(['file 501', 'file 502'])
  })

  it('is asked for where one is when the answer comes, whatever was passed meanwhile', async () => {
    list.renew()
    await settle()
    for (let at = 0; at < 900; at += 50) list.show(at, at + 20, null)
    await settle()
    expect(asked.slice(1).map(({ start }) => start)).toEqual([10, 810])
    expect(shown(850, 851)).toEqual(['file 851'])
  })

  it('is refreshed twice a second at most, in the list that is known', async () => {
    list.renew()
    await settle()
    for (let times = 0; times < 10; times += 1) list.refresh()
    await vi.advanceTimersByTimeAsync(0)
    expect(asked).toHaveLength(2)
    for (let times = 0; times < 10; times += 1) list.refresh()
    await vi.advanceTimersByTimeAsync(499)
    expect(asked).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(1)
    expect(asked).toHaveLength(3)
    expect(asked.map((query) => query.listId)).toEqual([null, 1, 1])
  })

  it('keeps the rows that say the same, and says how far the first of them has moved', async () => {
    list.renew()
    await settle()
    list.show(500, 520, { group: 'waiting', id: 501, index: 500 })
    await settle()
    const row = list.state.rows.get(500)
    jobs = jobs.slice(30)
    listId = 2
    list.refresh()
    await settle()
    expect(list.state.shifted).toBe(-30)
    expect(list.state.rows.get(470)).toBe(row)
    expect(shown(470, 472)).toEqual(['file 501', 'file 502'])
    // The next answer is about where it is now.
    jobs = jobs.slice(10)
    listId = 3
    list.refresh()
    await settle()
    expect([list.state.shifted, list.state.rows.get(460)]).toEqual([-40, row])
  })

  it('begins anew with another filter, and drops what was asked for the one before', async () => {
    list.renew()
    list.filter({ text: 'x', folderId: null })
    await settle()
    expect(asked.map((query) => [query.filter.text, query.listId])).toEqual([
      ['', null],
      ['x', null],
    ])
    expect(list.state.counts?.waiting).toBe(1000)
  })

  it('says why there is no answer, and forgets that with the next one', async () => {
    failure = new Error('no engine')
    list.renew()
    await settle()
    expect([list.state.counts, list.state.failure?.title]).toEqual([null, 'Trouble'])
    failure = null
    list.refresh()
    await settle()
    expect([list.state.counts?.waiting, list.state.failure]).toEqual([1000, null])
  })

  it('tells what has become of the jobs that are watched', async () => {
    list.watch([JobId.parse(3), JobId.parse(4)])
    list.renew()
    await settle()
    expect(gone).toEqual([])
    jobs = jobs.slice(3)
    list.refresh()
    await settle()
    expect(gone).toEqual([3])
  })

  it('is never all of it', async () => {
    list.renew()
    await settle()
    jobs = Array.from({ length: 100_000 }, (_, index) => index + 1)
    listId = 2
    for (let at = 0; at < 100_000; at += 1000) {
      list.show(at, at + 20, null)
      await settle()
    }
    expect(list.state.rows.size).toBeLessThan(1200)
  })
})
