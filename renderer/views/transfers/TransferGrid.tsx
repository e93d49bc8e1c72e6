import { useVirtualizer } from '@tanstack/react-virtual'
import { useId, useLayoutEffect, useRef, type KeyboardEvent, type MouseEvent } from 'react'
import type { MenuPlace } from '../../../shared/contract/shell-api.ts'
import type { FolderId } from '../../../shared/ids.ts'
import type { GroupCounts, TransferIds } from '../../../shared/model/transfer.ts'
import { menuPlace, placeBelow } from '../../client/native-menu.ts'
import { t } from '../../i18n/texts.ts'
import { GridLine } from './GridLine.tsx'
import type { Layout, ShownGroup } from './layout.ts'
import { keyOf, type RowAction, type RowKey, type ShownRow } from './rows.ts'
import { isSelected, type Selection } from './selection.ts'
import type { Anchor, ListState } from './transfer-list.ts'
import css from './TransferGrid.module.css'
import { useRowCursor } from './use-row-cursor.ts'
import { useScreenPlace } from './use-screen-place.ts'

/** Of a row with name and state on one line, and of one with the state below the name. */
const ROW_HEIGHT = 36
const NARROW_ROW_HEIGHT = 44

/** Rows drawn beyond what is seen, on either side. */
const OVERSCAN = 8

export type TransferGridProps = {
  readonly layout: Layout
  readonly counts: GroupCounts
  readonly shown: ShownGroup
  readonly list: Pick<ListState, 'rows' | 'shifted'>
  readonly moving: readonly ShownRow[]
  readonly selection: Selection
  readonly folderName: (folderId: FolderId) => string | undefined
  /** What the line may take, bytes a second; null for all of it. */
  readonly limit: number | null
  /** Whether there is no room for name and state on one line. */
  readonly isNarrow: boolean
  readonly onSelection: (selection: Selection) => void
  /** These rows of the list are on screen, and this one is to stay where it is. */
  readonly onShow: (start: number, end: number, anchor: Anchor | null) => void
  readonly idsOf: (start: number, limit: number) => Promise<TransferIds>
  readonly onAct: (action: RowAction, row: ShownRow) => void
  /** A key that does something with what is chosen; false for one that does not. */
  readonly onKey: (event: KeyboardEvent) => boolean
  readonly onMenu: (row: ShownRow, at: MenuPlace) => void
  readonly onRetryAll: () => void
  readonly onShowGroup: (group: ShownGroup) => void
}

/** A list of any length: draws what is on screen, keeps it where it is while rows come and go, and moves through it. */
export function TransferGrid(props: TransferGridProps) {
  const { layout, counts, list, moving, selection, isNarrow, onShow, onKey, onMenu } = props
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const rowHeight = isNarrow ? NARROW_ROW_HEIGHT : ROW_HEIGHT
  // What it returns is the same object all the time: the compiler leaves this component as it is, which is right.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtualizer = useVirtualizer({
    count: layout.count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
  })
  const lines = virtualizer.getVirtualItems()

  useLayoutEffect(() => {
    virtualizer.measure()
  }, [virtualizer, rowHeight])

  function rowAt(at: number): ShownRow | null {
    const item = layout.itemAt(at)
    if (item?.kind !== 'row') return null
    return (item.group === 'now' ? moving[item.index] : list.rows.get(item.index)) ?? null
  }

  function findItem(key: RowKey): number | null {
    const moves = moving.findIndex((row) => keyOf(row) === key)
    if (moves >= 0) return layout.itemOf('now', moves)
    for (const [index, row] of list.rows) if (row !== null && keyOf(row) === key) return layout.itemOf(row.group, index)
    return null
  }

  const cursor = useRowCursor({
    ...props,
    rowAt,
    findItem,
    scrollTo: (item) => {
      virtualizer.scrollToIndex(item, { align: 'auto' })
    },
    pageRows: Math.max(1, Math.floor((virtualizer.scrollRect?.height ?? 0) / rowHeight) - 1),
  })
  const { activeItem } = cursor

  useScreenPlace({ scroller, layout, list, rowHeight, rowAt, onShow, lines: lines.map(({ index }) => index) })

  function keyOfLine(at: number): string {
    const item = layout.itemAt(at)
    const row = rowAt(at)
    if (row !== null) return `${row.group} ${keyOf(row)}`
    return item?.kind === 'heading' ? `heading ${item.group}` : `line ${at}`
  }

  function itemUnder(event: MouseEvent): number | null {
    const line = event.target instanceof Element ? event.target.closest('[data-item]') : null
    return line === null ? null : Number(line.getAttribute('data-item'))
  }

  function openMenu(event: MouseEvent): void {
    event.preventDefault()
    // By the keyboard there is no row under the event.
    const under = itemUnder(event)
    const item = under ?? activeItem
    const row = item === null ? null : rowAt(item)
    if (item === null || row === null) return
    if (!isSelected(selection, keyOf(row), row.group)) cursor.point(item)
    const line = under === null ? document.getElementById(`${id}-${item}`) : null
    onMenu(row, line === null ? menuPlace(event) : placeBelow(line))
  }

  return (
    <div
      ref={scroller}
      className={css.grid}
      role="grid"
      aria-label={t.transfers.list}
      aria-rowcount={layout.count}
      aria-colcount={3}
      aria-multiselectable
      aria-activedescendant={lines.some(({ index }) => index === activeItem) ? `${id}-${activeItem}` : undefined}
      tabIndex={0}
      data-narrow={isNarrow ? '' : undefined}
      onClick={(event) => {
        // A button does what it says, and chooses nothing.
        const isOnButton = event.target instanceof Element && event.target.closest('button') !== null
        const item = isOnButton ? null : itemUnder(event)
        if (item !== null) cursor.click(item, event)
      }}
      onContextMenu={openMenu}
      onKeyDown={(event) => {
        // A button in a row has keys of its own.
        if (event.target !== event.currentTarget) return
        if (cursor.press(event) || onKey(event)) event.preventDefault()
      }}
    >
      <div className={css.canvas} role="rowgroup" style={{ height: virtualizer.getTotalSize() }}>
        {lines.map(({ index, start }) => (
          <GridLine
            {...props}
            key={keyOfLine(index)}
            id={`${id}-${index}`}
            item={layout.itemAt(index)}
            row={rowAt(index)}
            at={index}
            top={start}
            height={rowHeight}
            isActive={index === activeItem}
            counts={counts}
          />
        ))}
      </div>
    </div>
  )
}
