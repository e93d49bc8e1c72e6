/**
 * Where everything stands in the one long list of a view: a heading for each group, what moves, then the rows of the engine's
 * list (what failed, what waits, what has arrived). All are of the same height, so an item is a number.
 */
import type { GroupCounts, TransferGroup } from '../../../shared/model/transfer.ts'

export type ShownGroup = TransferGroup | 'all'

/** The groups in the order they are shown. */
export const GROUPS = ['now', 'failed', 'waiting', 'done'] as const

/** In a list of all groups so many that move are enough: the others would push what waits out of sight. */
const MOST_NOW = 8

export type Item =
  | { readonly kind: 'heading' | 'nothing'; readonly group: TransferGroup }
  /** How many more move than are listed. */
  | { readonly kind: 'more'; readonly count: number }
  /** `index` in the rows that move, or in the engine's list. */
  | { readonly kind: 'row'; readonly group: TransferGroup; readonly index: number }
  /** Where to find what came before. */
  | { readonly kind: 'older' }

type Segment = { readonly first: number; readonly length: number; readonly itemAt: (offset: number) => Item }

export type Layout = {
  readonly count: number
  /** The rows alone. */
  readonly rowCount: number
  itemAt(at: number): Item | null
  /** Where a row is shown; null where its group is not, or where it is one too many. */
  itemOf(group: TransferGroup, index: number): number | null
}

export type LayoutOptions = {
  /** How many rows of what moves are at hand; there may be fewer than are counted. */
  readonly movingRows: number
  /** Whether the counts are of what matches a filter. */
  readonly isFiltered: boolean
}

export function layOut(shown: ShownGroup, counts: GroupCounts, { movingRows, isFiltered }: LayoutOptions): Layout {
  const segments: Segment[] = []
  let count = 0
  const add = (length: number, itemAt: Segment['itemAt']): void => {
    if (length > 0) segments.push({ first: count, length, itemAt })
    count += length
  }
  const listed = { now: 0, failed: 0, waiting: counts.failed, done: counts.failed + counts.waiting }
  const lengthOf = (group: TransferGroup): number => {
    if (group !== 'now') return counts[group]
    return shown === 'all' ? Math.min(movingRows, MOST_NOW) : movingRows
  }
  const groups: readonly TransferGroup[] = shown === 'all' ? GROUPS : [shown]
  for (const group of groups) {
    const length = lengthOf(group)
    // That nothing moves at all is worth saying; that nothing failed is not.
    if (length === 0 && shown === 'all' && (group !== 'now' || isFiltered)) continue
    add(1, () => ({ kind: 'heading', group }))
    if (length === 0) add(1, () => ({ kind: 'nothing', group }))
    add(length, (offset) => ({ kind: 'row', group, index: listed[group] + offset }))
    const more = group === 'now' && length > 0 ? counts.now - length : 0
    if (more > 0) add(1, () => ({ kind: 'more', count: more }))
    if (group === 'done' && length > 0) add(1, () => ({ kind: 'older' }))
  }
  const firstOf = new Map<TransferGroup, Pick<Segment, 'first' | 'length'>>()
  for (const { first, length, itemAt } of segments) {
    const item = itemAt(0)
    if (item.kind === 'row') firstOf.set(item.group, { first, length })
  }
  return {
    count,
    rowCount: groups.reduce((sum, group) => sum + lengthOf(group), 0),
    itemAt(at) {
      const found = segments.find(({ first, length }) => at >= first && at < first + length)
      return found?.itemAt(at - found.first) ?? null
    },
    itemOf(group, index) {
      const found = firstOf.get(group)
      const offset = index - listed[group]
      return found === undefined || offset < 0 || offset >= found.length ? null : found.first + offset
    },
  }
}

/** The next row from an item on in a direction, that item left out; null where there is none. */
export function nextRow(layout: Layout, from: number, step: 1 | -1): number | null {
  for (let at = from + step; at >= 0 && at < layout.count; at += step) {
    if (layout.itemAt(at)?.kind === 'row') return at
  }
  return null
}

/** The row at an item, or else the nearest one; null where there is none. */
export function nearestRow(layout: Layout, at: number): number | null {
  const inside = Math.max(0, Math.min(layout.count - 1, at))
  if (layout.itemAt(inside)?.kind === 'row') return inside
  return nextRow(layout, inside, 1) ?? nextRow(layout, inside, -1)
}
