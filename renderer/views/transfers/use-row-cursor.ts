import { useRef, useState, type KeyboardEvent, type MouseEvent } from 'react'
import { attempt } from '../../state/actions.ts'
import { nearestRow, nextRow, type ShownGroup } from './layout.ts'
import { rowsBetween, type RangeSources } from './range.ts'
import { keyOf, type RowKey } from './rows.ts'
import { allOf, NOTHING, only, toggled, type Selection } from './selection.ts'

/** Where one is: the row as long as it is there, else its place. */
type Place = { readonly item: number; readonly key: RowKey | null }

/** What choosing a row does to what is chosen: it alone, it too, all from the last one chosen alone, or nothing. */
type How = 'only' | 'toggle' | 'range' | 'none'

export type RowCursorOptions = RangeSources & {
  readonly shown: ShownGroup
  readonly selection: Selection
  readonly onSelection: (selection: Selection) => void
  /** The item of a row that is loaded; null for none. */
  readonly findItem: (key: RowKey) => number | null
  readonly scrollTo: (item: number) => void
  /** Rows that have room on screen. */
  readonly pageRows: number
}

export type RowCursor = {
  /** The row one is at with the keyboard; null where there is none. */
  readonly activeItem: number | null
  readonly click: (item: number, event: MouseEvent) => void
  /** To be chosen unless it is already, as a menu for it opens. */
  readonly point: (item: number) => void
  /** True for a key that moves or chooses. */
  readonly press: (event: KeyboardEvent) => boolean
}

/** Moves through rows and chooses them as the system's own lists do it, with mouse and keyboard. */
export function useRowCursor(options: RowCursorOptions): RowCursor {
  const { layout, rowAt, findItem, selection, onSelection, shown, scrollTo, pageRows } = options
  const [active, setActive] = useState<Place | null>(null)
  const [origin, setOrigin] = useState<Place | null>(null)
  const lastChoice = useRef(0)

  function itemOf(place: Place | null): number | null {
    if (place === null) return null
    const { item, key } = place
    const row = rowAt(item)
    const isThere = key === null || (row !== null && keyOf(row) === key)
    return nearestRow(layout, isThere ? item : (findItem(key) ?? item))
  }

  const activeItem = itemOf(active)

  function placeAt(item: number): Place {
    const row = rowAt(item)
    return { item, key: row === null ? null : keyOf(row) }
  }

  /** What is not loaded is asked for; what was asked for earlier, and comes later, counts no more. */
  function chooseRange(from: number, to: number): void {
    const choice = (lastChoice.current += 1)
    void attempt(async () => {
      const rows = await rowsBetween(from, to, options)
      if (lastChoice.current === choice) onSelection({ kind: 'some', rows })
    })
  }

  function go(item: number, how: How): void {
    const row = rowAt(item)
    setActive(placeAt(item))
    if (how === 'none') return
    if (how === 'range') {
      const from = itemOf(origin) ?? activeItem ?? item
      if (origin === null) setOrigin(placeAt(from))
      chooseRange(from, item)
      return
    }
    setOrigin(placeAt(item))
    if (row === null) {
      chooseRange(item, item)
      return
    }
    lastChoice.current += 1
    onSelection(how === 'only' ? only(keyOf(row), row.group) : toggled(selection, keyOf(row), row.group))
  }

  function chooseAll(): void {
    lastChoice.current += 1
    const [first, last] = [nextRow(layout, -1, 1), nextRow(layout, layout.count, -1)]
    if (shown !== 'done') onSelection(allOf(shown))
    else if (first !== null && last !== null) chooseRange(first, last)
  }

  function targetOf(key: string): number | null {
    switch (key) {
      case 'ArrowDown':
        return activeItem === null ? nextRow(layout, -1, 1) : (nextRow(layout, activeItem, 1) ?? activeItem)
      case 'ArrowUp':
        return activeItem === null ? nextRow(layout, -1, 1) : (nextRow(layout, activeItem, -1) ?? activeItem)
      case 'PageDown':
        return nearestRow(layout, (activeItem ?? 0) + pageRows)
      case 'PageUp':
        return nearestRow(layout, (activeItem ?? 0) - pageRows)
      case 'Home':
        return nextRow(layout, -1, 1)
      case 'End':
        return nextRow(layout, layout.count, -1)
      default:
        return null
    }
  }

  return {
    activeItem,
    click(item, event) {
      go(item, event.shiftKey ? 'range' : event.ctrlKey || event.metaKey ? 'toggle' : 'only')
    },
    point(item) {
      go(item, 'only')
    },
    press(event) {
      const isControl = event.ctrlKey || event.metaKey
      if (isControl && event.key.toLowerCase() === 'a') {
        chooseAll()
        return true
      }
      if (event.key === ' ') {
        if (activeItem !== null) go(activeItem, 'toggle')
        return true
      }
      if (event.key === 'Escape') {
        onSelection(NOTHING)
        return true
      }
      const target = targetOf(event.key)
      if (target === null) return false
      go(target, event.shiftKey ? 'range' : isControl ? 'none' : 'only')
      scrollTo(target)
      return true
    },
  }
}
