import { describe, expect, it } from 'vitest'
import { JobId } from '../../../shared/ids.ts'
import type { TransferGroup } from '../../../shared/model/transfer.ts'
import type { RowKey } from './rows.ts'
import {
  allOf,
  choiceOf,
  countSelected,
  groupsIn,
  isSelected,
  namedJobs,
  NOTHING,
  only,
  toggled,
  withoutJobs,
  type Selection,
} from './selection.ts'

const counts = { now: 2, failed: 3, waiting: 1000, done: 50 }
const filter = { text: 'tiff', folderId: null }
const some = (rows: Readonly<Record<RowKey, TransferGroup>>): Selection => ({
  kind: 'some',
  rows: new Map(Object.entries(rows) as [RowKey, TransferGroup][]),
})

describe('a selection of some rows', () => {
  const chosen = some({ 'job 1': 'now', 'job 2': 'waiting', 'job 3': 'failed', 'activity 1': 'done' })

  it('is what was chosen, one by one', () => {
    const two = toggled(only('job 1', 'waiting'), 'job 2', 'failed')
    expect([isSelected(two, 'job 1', 'waiting'), isSelected(two, 'job 3', 'waiting')]).toEqual([true, false])
    expect(countSelected(two, counts)).toBe(2)
    expect(countSelected(toggled(two, 'job 1', 'waiting'), counts)).toBe(1)
    expect(countSelected(NOTHING, counts)).toBe(0)
  })

  it('loses what has gone meanwhile', () => {
    expect(namedJobs(chosen)).toEqual([1, 2, 3])
    const left = withoutJobs(chosen, [JobId.parse(1), JobId.parse(9)])
    expect([isSelected(left, 'job 1', 'now'), countSelected(left, counts)]).toEqual([false, 3])
    expect(namedJobs(allOf('all'))).toEqual([])
  })

  it('keeps jobs and what has arrived apart, though their numbers are the same', () => {
    expect(isSelected(chosen, 'activity 1', 'done')).toBe(true)
    expect(isSelected(chosen, 'activity 2', 'done')).toBe(false)
  })

  it('is given to the engine by the jobs of the groups that it is about', () => {
    expect(choiceOf(chosen, filter, ['now', 'waiting'])).toEqual({ kind: 'these', jobIds: [1, 2] })
    expect(choiceOf(chosen, filter, ['failed'])).toEqual({ kind: 'these', jobIds: [3] })
    expect(choiceOf(only('activity 1', 'done'), filter, ['now', 'failed', 'waiting'])).toBeNull()
    expect([...groupsIn(chosen, counts)]).toEqual(['now', 'waiting', 'failed', 'done'])
  })
})

describe('a selection of all that match', () => {
  it('is all that is still to be done, of the groups that are shown', () => {
    expect(countSelected(allOf('all'), counts)).toBe(1005)
    expect(countSelected(allOf('waiting'), counts)).toBe(1000)
    expect(countSelected(allOf('done'), counts)).toBe(0)
    expect(isSelected(allOf('all'), 'activity 1', 'done')).toBe(false)
    expect([...groupsIn(allOf('all'), { ...counts, failed: 0 })]).toEqual(['now', 'waiting'])
  })

  it('may leave a few out, and take them in again', () => {
    const most = toggled(toggled(allOf('all'), 'job 1', 'waiting'), 'job 2', 'failed')
    expect(countSelected(most, counts)).toBe(1003)
    expect(isSelected(most, 'job 1', 'waiting')).toBe(false)
    expect(countSelected(toggled(most, 'job 1', 'waiting'), counts)).toBe(1004)
    // What has arrived is not among them, and is not left out of them.
    expect(toggled(most, 'activity 1', 'done')).toBe(most)
  })

  it('is given to the engine as what matches, but for those', () => {
    const most = toggled(allOf('all'), 'job 7', 'waiting')
    expect(choiceOf(most, filter, ['failed', 'waiting'])).toEqual({
      kind: 'matching',
      filter,
      groups: ['failed', 'waiting'],
      except: [7],
    })
    expect(choiceOf(allOf('now'), filter, ['failed', 'waiting'])).toBeNull()
  })
})
