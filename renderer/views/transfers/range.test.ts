import { expect, it } from 'vitest'
import { FolderId, JobId, RelativePath } from '../../../shared/ids.ts'
import type { TransferIds } from '../../../shared/model/transfer.ts'
import { layOut } from './layout.ts'
import { rowsBetween } from './range.ts'
import type { ShownRow } from './rows.ts'

const counts = { now: 1, failed: 2, waiting: 5000, done: 3 }
const layout = layOut('all', counts, { movingRows: 1, isFiltered: false })
/** Below the heading of what moves, its row, and the heading of what failed. */
const FIRST_LISTED = 3

const waiting = (jobId: number): ShownRow => ({
  group: 'waiting',
  jobId: JobId.parse(jobId),
  folderId: FolderId.parse(1),
  path: RelativePath.parse('a'),
  kind: 'upload',
  sizeBytes: 1,
  isAsked: false,
  why: { kind: 'sending' },
})

/** Jobs are numbered by their place in the list, and only those below 20 are loaded. */
async function between(from: number, to: number) {
  const asked: (readonly [number, number])[] = []
  const rows = await rowsBetween(from, to, {
    layout,
    counts,
    rowAt: (at) => {
      const item = layout.itemAt(at)
      return item?.kind === 'row' && item.group === 'waiting' && item.index < 20 ? waiting(100 + item.index) : null
    },
    idsOf: (start, limit): Promise<TransferIds> => {
      asked.push([start, limit])
      const indexes = Array.from({ length: limit }, (_, offset) => start + offset)
      return Promise.resolve({
        jobIds: indexes.filter((index) => index < 5002).map((index) => JobId.parse(100 + index)),
        activityIds: indexes.filter((index) => index >= 5002),
      })
    },
  })
  return { rows, asked }
}

it('takes loaded rows as they are, in either direction, and no heading', async () => {
  const { rows, asked } = await between(8, 6)
  expect([...rows]).toEqual([
    ['job 102', 'waiting'],
    ['job 103', 'waiting'],
    ['job 104', 'waiting'],
  ])
  expect(asked).toEqual([])
})

it('asks for what is not loaded, with the group that each row is in', async () => {
  const { rows, asked } = await between(FIRST_LISTED, layout.count - 1)
  expect(asked).toEqual([[0, 5005]])
  expect(rows.size).toBe(5005)
  expect([rows.get('job 100'), rows.get('job 101'), rows.get('job 102')]).toEqual(['failed', 'failed', 'waiting'])
  expect([rows.get('job 5101'), rows.get('activity 5002'), rows.get('activity 5004')]).toEqual([
    'waiting',
    'done',
    'done',
  ])
})
