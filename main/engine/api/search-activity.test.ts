import { beforeEach, describe, expect, it } from 'vitest'
import type { FolderId, UnixMs } from '../../../shared/ids.ts'
import { ALL_ACTIVITY, type ActivityFilter, type ActivityVerb } from '../../../shared/model/activity.ts'
import { seededRandom } from '../../../test/b2-emulator/random.ts'
import { openStateBench, relative, type StateBench } from '../../../test/support/state-bench.ts'
import { searchActivity, type ActivityQuery } from './search-activity.ts'

const one = 1 as FolderId
const two = 2 as FolderId

let bench: StateBench
beforeEach(() => {
  bench = openStateBench()
})

function happen(verb: ActivityVerb, folderId: FolderId | null, path: string | null): void {
  bench.state.activity.append({ at: 1 as UnixMs, verb, folderId, ...(path === null ? {} : { path: relative(path) }) })
}
async function find(filter: Partial<ActivityFilter>, query: Partial<ActivityQuery> = {}) {
  const rows = await searchActivity(bench.state, { limit: 100, ...query, filter: { ...ALL_ACTIVITY, ...filter } })
  return rows.map(({ activityId }) => activityId)
}

describe('what happened', () => {
  beforeEach(() => {
    happen('folder-added', one, null)
    happen('uploaded', one, 'Work/Report.pdf')
    happen('uploaded', two, 'Work/Report.pdf')
    happen('hidden', one, 'report')
    happen('failed', one, 'Müllerstraße 100%_a.txt')
    happen('records-recovered', null, null)
  })

  it('is all of it, newest first, where nothing is looked for', async () => {
    expect(await find({})).toEqual([6, 5, 4, 3, 2, 1])
  })

  it.each([
    ['report', [4, 3, 2]],
    ['WORK/r', [3, 2]],
    ['müllerSTRASSE', []],
    ['MÜLLERSTRAßE', [5]],
    ['mu\u0308ller', [5]],
    ['100%_', [5]],
    ['%', [5]],
    ['_', [5]],
    ['nowhere', []],
  ])('is found by a part of the path: %s', async (text, ids) => {
    expect(await find({ text })).toEqual(ids)
  })

  it('is found by its folder, its kind, and the very file, together', async () => {
    expect(await find({ folderId: two })).toEqual([3])
    expect(await find({ kind: 'sent' })).toEqual([3, 2])
    expect(await find({ kind: 'folders' })).toEqual([6, 1])
    expect(await find({ kind: 'removed' })).toEqual([4])
    expect(await find({ path: relative('report') })).toEqual([4])
    expect(await find({ path: relative('Work/Report.pdf'), folderId: one })).toEqual([2])
    expect(await find({ text: 'report', kind: 'sent', folderId: one })).toEqual([2])
  })

  it('is given from one id to another, without those', async () => {
    expect(await find({}, { before: 5, after: 2 })).toEqual([4, 3])
    expect(await find({}, { after: 6 })).toEqual([])
    expect(await find({}, { before: 1 })).toEqual([])
    expect(await find({ text: 'report' }, { before: 4, limit: 1 })).toEqual([3])
  })
})

describe('a long history', () => {
  const ROWS = 65_000

  it.each([1, 2])('is given page by page without gaps and doubles, whatever is looked for: seed %d', async (seed) => {
    const random = seededRandom(seed)
    const wanted: number[] = []
    bench.state.transaction(() => {
      for (let row = 0; row < ROWS; row += 1) {
        // Long stretches without one of them, and dense ones.
        const isWanted = row % 30_000 < 3000 && random() < 0.2
        happen('uploaded', one, isWanted ? `a/needle ${row}` : `a/hay ${row}`)
        if (isWanted) wanted.unshift(bench.state.activity.newestId())
      }
    })
    const found: number[] = []
    for (let before = Infinity; ;) {
      const limit = 1 + Math.floor(random() * 300)
      const page = await find({ text: 'NEEDLE' }, { before, limit })
      found.push(...page)
      if (page.length < limit) break
      before = page.at(-1) ?? 0
    }
    expect(found).toEqual(wanted)
  })

  it('lets the engine go on between two stretches', async () => {
    bench.state.transaction(() => {
      for (let row = 0; row < ROWS; row += 1) happen('uploaded', one, `a/hay ${row}`)
    })
    let turns = 0
    const count = (): void => {
      turns += 1
      next = setImmediate(count)
    }
    let next = setImmediate(count)
    await find({ text: 'needle' })
    clearImmediate(next)
    expect(turns).toBeGreaterThanOrEqual(3)
  })

  it('ends when the engine does', async () => {
    bench.state.transaction(() => {
      for (let row = 0; row < ROWS; row += 1) happen('uploaded', one, `a/hay ${row}`)
    })
    const search = find({ text: 'needle' })
    bench.state.close()
    await expect(search).rejects.toMatchObject({ code: 'engine_stopped' })
  })
})
