import { describe, expect, it } from 'vitest'
import { layOut, nearestRow, nextRow, type Layout, type ShownGroup } from './layout.ts'

const none = { now: 0, failed: 0, waiting: 0, done: 0 }
const some = { now: 3, failed: 2, waiting: 100_000, done: 4 }
const laidOut = (shown: ShownGroup, counts = some, movingRows = counts.now, isFiltered = false): Layout =>
  layOut(shown, counts, { movingRows, isFiltered })

/** What stands where, rows with their place. */
const shownBy = (layout: Layout, from = 0, to = layout.count): readonly string[] =>
  Array.from({ length: to - from }, (_, offset) => {
    const item = layout.itemAt(from + offset)
    switch (item?.kind) {
      case 'heading':
      case 'nothing':
        return `${item.kind} ${item.group}`
      case 'row':
        return `${item.group} ${item.index}`
      case 'more':
        return `more ${item.count}`
      case 'older':
        return 'older'
      case undefined:
        return 'none'
    }
  })

describe('layOut', () => {
  it('puts what moves first, then the rows of the list, each group below its heading', () => {
    const layout = laidOut('all')
    expect(layout.count).toBe(1 + 3 + 1 + 2 + 1 + 100_000 + 1 + 4 + 1)
    expect(layout.rowCount).toBe(100_009)
    expect(shownBy(layout, 0, 10)).toEqual([
      'heading now',
      'now 0',
      'now 1',
      'now 2',
      'heading failed',
      'failed 0',
      'failed 1',
      'heading waiting',
      'waiting 2',
      'waiting 3',
    ])
    expect(shownBy(layout, layout.count - 7)).toEqual([
      'waiting 100001',
      'heading done',
      'done 100002',
      'done 100003',
      'done 100004',
      'done 100005',
      'older',
    ])
    expect([layout.itemAt(layout.count), layout.itemAt(-1)]).toEqual([null, null])
  })

  it('lists eight of many that move among all, and all that are at hand alone', () => {
    const many = { ...none, now: 140 }
    expect(shownBy(laidOut('all', many, 100)).at(-1)).toBe('more 132')
    expect(laidOut('all', many, 100).count).toBe(10)
    expect(shownBy(laidOut('now', many, 100)).at(-1)).toBe('more 40')
    expect(laidOut('now', many, 100).count).toBe(102)
  })

  it('says that nothing moves, but not that nothing failed', () => {
    expect(shownBy(laidOut('all', { ...none, waiting: 1 }))).toEqual([
      'heading now',
      'nothing now',
      'heading waiting',
      'waiting 0',
    ])
  })

  it('does not say that nothing moves where that is only of what matches', () => {
    expect(shownBy(laidOut('all', { ...none, waiting: 1 }, 0, true))).toEqual(['heading waiting', 'waiting 0'])
  })

  it.each([
    ['failed', ['heading failed', 'failed 0', 'failed 1']],
    ['done', ['heading done', 'done 100002', 'done 100003', 'done 100004', 'done 100005', 'older']],
  ] as const)('shows %s alone', (shown, lines) => {
    expect(shownBy(laidOut(shown))).toEqual(lines)
  })

  it('says that a group that is shown alone is empty', () => {
    expect(shownBy(laidOut('failed', none))).toEqual(['heading failed', 'nothing failed'])
  })

  it('finds each row again by its place', () => {
    for (const shown of ['all', 'waiting', 'done'] as const) {
      const layout = laidOut(shown)
      for (const at of [1, 5, 9, 5000, layout.count - 2]) {
        const item = layout.itemAt(at)
        if (item?.kind === 'row') expect(layout.itemOf(item.group, item.index)).toBe(at)
      }
    }
    const failed = laidOut('failed')
    expect([failed.itemOf('waiting', 2), failed.itemOf('failed', 2), failed.itemOf('failed', -1)]).toEqual([
      null,
      null,
      null,
    ])
  })
})

describe('moving through rows', () => {
  const layout = laidOut('all')

  it('leaves headings out', () => {
    expect([nextRow(layout, -1, 1), nextRow(layout, 3, 1), nextRow(layout, 8, -1)]).toEqual([1, 5, 6])
    expect([nextRow(layout, layout.count - 2, 1), nextRow(layout, 1, -1)]).toEqual([null, null])
  })

  it('finds the nearest row, from beyond the ends too', () => {
    expect([nearestRow(layout, -20), nearestRow(layout, 4), nearestRow(layout, 1e6)]).toEqual([1, 5, layout.count - 2])
    expect(nearestRow(laidOut('failed', none), 1)).toBeNull()
  })
})
