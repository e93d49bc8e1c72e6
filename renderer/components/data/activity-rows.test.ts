import { describe, expect, it } from 'vitest'
import { ActivityRow } from '../../../shared/model/activity.ts'
import { groupByDay, mergeActivity } from './activity-rows.ts'

function rows(...ids: readonly number[]): readonly ActivityRow[] {
  return ids.map((activityId) => rowAt(activityId, new Date(2026, 10, 22, 12)))
}

function rowAt(activityId: number, date: Date): ActivityRow {
  const row = {
    activityId,
    at: date.getTime(),
    verb: 'uploaded',
    folderId: 1,
    path: 'a',
    sizeBytes: 1,
    sparedBytes: null,
    code: null,
  }
  return ActivityRow.parse(row)
}

function merged(known: readonly number[], page: readonly number[]): readonly number[] {
  return mergeActivity(rows(...known), rows(...page)).map((row) => row.activityId)
}

describe('mergeActivity', () => {
  it('puts newer rows before the known ones, each once', () => {
    expect(merged([5, 4, 3], [7, 6, 5, 4])).toEqual([7, 6, 5, 4, 3])
  })

  it('appends an older page', () => {
    expect(merged([5, 4], [3, 2])).toEqual([5, 4, 3, 2])
  })

  it('joins pages that only touch', () => {
    expect(merged([5, 4], [7, 6])).toEqual([7, 6, 5, 4])
  })

  it('drops the known rows when rows between them and the page are missing', () => {
    expect(merged([5, 4], [99, 98])).toEqual([99, 98])
  })

  it('keeps the known rows when the page is empty', () => {
    expect(merged([5, 4], [])).toEqual([5, 4])
  })
})

describe('groupByDay', () => {
  it('cuts at local midnight and keeps the order', () => {
    const days = groupByDay([
      rowAt(3, new Date(2026, 10, 22, 0, 1)),
      rowAt(2, new Date(2026, 10, 21, 23, 59)),
      rowAt(1, new Date(2026, 10, 21, 8, 0)),
    ])
    expect(days.map(({ day, rows: inDay }) => [day, inDay.map((row) => row.activityId)])).toEqual([
      ['2026-11-22', [3]],
      ['2026-11-21', [2, 1]],
    ])
  })
})
