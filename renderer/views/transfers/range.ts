/** The rows from one item to another, also those that are not loaded. */
import { MOST_CHOSEN, type GroupCounts, type TransferGroup, type TransferIds } from '../../../shared/model/transfer.ts'
import type { Layout } from './layout.ts'
import { keyOf, type RowKey, type ShownRow } from './rows.ts'

export type RangeSources = {
  readonly layout: Layout
  readonly counts: GroupCounts
  /** Null for one that is not loaded. */
  readonly rowAt: (item: number) => ShownRow | null
  /** What the rows of a part of the list are. */
  readonly idsOf: (start: number, limit: number) => Promise<TransferIds>
}

/** In either direction, both ends included; at most as many as may be named to the engine. */
export async function rowsBetween(
  from: number,
  to: number,
  { layout, counts, rowAt, idsOf }: RangeSources,
): Promise<ReadonlyMap<RowKey, TransferGroup>> {
  const rows = new Map<RowKey, TransferGroup>()
  const [first, last] = [Math.min(from, to), Math.min(Math.max(from, to), Math.min(from, to) + MOST_CHOSEN - 1)]
  const unknown: number[] = []
  for (let at = first; at <= last; at += 1) {
    const item = layout.itemAt(at)
    if (item?.kind !== 'row') continue
    const row = rowAt(at)
    if (row !== null) rows.set(keyOf(row), row.group)
    else if (item.group !== 'now') unknown.push(item.index)
  }
  const [start, end] = [unknown[0], unknown.at(-1)]
  if (start === undefined || end === undefined) return rows
  const { jobIds, activityIds } = await idsOf(start, end - start + 1)
  for (const [offset, jobId] of jobIds.entries()) {
    rows.set(`job ${jobId}`, start + offset < counts.failed ? 'failed' : 'waiting')
  }
  for (const activityId of activityIds) rows.set(`activity ${activityId}`, 'done')
  return rows
}
