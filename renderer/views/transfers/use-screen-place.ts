import { useEffect, useLayoutEffect, useRef, type RefObject } from 'react'
import type { Layout } from './layout.ts'
import type { ShownRow } from './rows.ts'
import type { Anchor, ListState } from './transfer-list.ts'

type ScreenPlace = {
  readonly scroller: RefObject<HTMLElement | null>
  readonly layout: Layout
  readonly list: Pick<ListState, 'shifted'>
  readonly rowHeight: number
  readonly rowAt: (item: number) => ShownRow | null
  /** The items that are drawn. */
  readonly lines: readonly number[]
  /** These rows of the list are on screen, and this one is to stay where it is. */
  readonly onShow: (start: number, end: number, anchor: Anchor | null) => void
}

type Kept = Anchor & { readonly item: number; readonly shifted: number }

/** Tells what is on screen, and moves the screen with the first row on it when rows above that come or go. */
export function useScreenPlace(place: ScreenPlace): void {
  const { scroller, layout, list, rowHeight, lines, onShow } = place
  const kept = useRef<Kept | null>(null)

  useLayoutEffect(() => {
    const anchor = kept.current
    if (anchor === null) return
    const item = layout.itemOf(anchor.group, anchor.index + list.shifted - anchor.shifted)
    if (item !== null && item !== anchor.item) scroller.current?.scrollBy(0, (item - anchor.item) * rowHeight)
  }, [scroller, layout, list.shifted, rowHeight])

  useEffect(() => {
    const indexes = lines.flatMap((at) => {
      const item = layout.itemAt(at)
      return item?.kind === 'row' && item.group !== 'now' ? [item.index] : []
    })
    kept.current = firstOnScreen(place, scroller.current?.scrollTop ?? 0)
    const [first, last] = [indexes[0] ?? 0, indexes.at(-1) ?? -1]
    onShow(first, last + 1, kept.current)
  })
}

/** At the very top the newest is what one wants to see, whatever was first before. */
function firstOnScreen({ layout, list, rowHeight, rowAt, lines }: ScreenPlace, scrollTop: number): Kept | null {
  if (scrollTop === 0) return null
  for (const at of lines) {
    const item = layout.itemAt(at)
    const row = rowAt(at)
    if (at * rowHeight < scrollTop || item?.kind !== 'row' || row === null || row.group === 'now') continue
    const id = row.group === 'done' ? row.activityId : row.jobId
    return { group: row.group, id, index: item.index, item: at, shifted: list.shifted }
  }
  return null
}
