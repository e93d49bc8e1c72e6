import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react'
import type { MenuPlace } from '../../../shared/contract/shell-api.ts'
import type { Link, LinkId } from '../../../shared/model/link.ts'
import { menuPlace, placeBelow } from '../../client/native-menu.ts'
import { actionsOf, opensMore, type LinkAction } from '../../components/data/link-state.ts'
import { t } from '../../i18n/texts.ts'
import css from './LinkGrid.module.css'
import { LinkItem } from './LinkItem.tsx'

/** About as high as a row is; how high it is exactly is measured. */
const ROW_PX = 53
const OPENS_MORE_PX = 96

/** Rows drawn beyond what is seen, on either side. */
const OVERSCAN = 8

type LinkGridProps = {
  readonly links: readonly Link[]
  /** Whether there are others below. */
  readonly hasMore: boolean
  /** Whether there is no room for name and time on one line. */
  readonly isNarrow: boolean
  readonly onMore: () => void
  readonly onAct: (action: LinkAction, link: Link, at: MenuPlace) => unknown
  readonly onMenu: (link: Link, at: MenuPlace) => unknown
}

/** Where one is: the link as long as it is there, else its place. */
type Place = { readonly linkId: LinkId; readonly index: number }

/** A list of any length, moved through with mouse and keyboard; only what is in sight is drawn. */
export function LinkGrid({ links, hasMore, isNarrow, onMore, onAct, onMenu }: LinkGridProps) {
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState<Place | null>(null)
  // It is made anew at every scroll, and so is what it gives: nothing here may be kept from before.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: links.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => {
      const link = links[index]
      return link !== undefined && opensMore(link) ? ROW_PX + OPENS_MORE_PX : ROW_PX
    },
    getItemKey: (index) => links[index]?.linkId ?? index,
    overscan: OVERSCAN,
  })
  const lines = virtual.getVirtualItems()
  const last = lines.at(-1)?.index ?? 0

  useLayoutEffect(() => {
    virtual.measure()
  }, [virtual, isNarrow])
  useEffect(() => {
    if (hasMore && last >= links.length - OVERSCAN) onMore()
  }, [hasMore, last, links.length, onMore])
  useKeptInSight(scroller, links, (index) => virtual.measurementsCache[index]?.start ?? 0)

  const activeIndex = indexOf(active, links)

  function go(index: number): void {
    const inside = Math.max(0, Math.min(links.length - 1, index))
    const link = links[inside]
    if (link === undefined) return
    setActive({ linkId: link.linkId, index: inside })
    virtual.scrollToIndex(inside, { align: 'auto' })
  }

  function press(event: KeyboardEvent): boolean {
    const at = activeIndex ?? -1
    const page = Math.max(1, Math.floor((virtual.scrollRect?.height ?? 0) / ROW_PX) - 1)
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: links.length - 1,
    }
    const target = targets[event.key]
    if (target !== undefined) {
      go(target)
      return true
    }
    const link = links[at]
    if (link === undefined) return false
    const isDelete = event.key === 'Delete' || event.key === 'Backspace'
    const [first] = actionsOf(link)
    const action = isDelete ? 'end' : event.key === 'Enter' ? first : undefined
    const line = document.getElementById(`${id}-${at}`)
    if (action === undefined || line === null || !actionsOf(link).includes(action)) return false
    onAct(action, link, placeBelow(line))
    return true
  }

  function openMenu(event: MouseEvent): void {
    event.preventDefault()
    // By the keyboard there is no row under the event.
    const under = indexUnder(event)
    const index = under ?? activeIndex
    const link = index === null ? undefined : links[index]
    if (index === null || link === undefined) return
    setActive({ linkId: link.linkId, index })
    const line = under === null ? document.getElementById(`${id}-${index}`) : null
    onMenu(link, line === null ? menuPlace(event) : placeBelow(line))
  }

  return (
    <div
      ref={scroller}
      className={css.grid}
      role="grid"
      aria-label={t.linksView.list}
      aria-rowcount={hasMore ? -1 : links.length}
      aria-colcount={3}
      aria-activedescendant={lines.some(({ index }) => index === activeIndex) ? `${id}-${activeIndex}` : undefined}
      tabIndex={0}
      data-narrow={isNarrow ? '' : undefined}
      onClick={(event) => {
        const index = indexUnder(event)
        if (index !== null) go(index)
      }}
      onContextMenu={openMenu}
      onKeyDown={(event) => {
        // A button in a row has keys of its own.
        if (event.target === event.currentTarget && press(event)) event.preventDefault()
      }}
    >
      <div className={css.canvas} role="rowgroup" style={{ height: virtual.getTotalSize() }}>
        {lines.map(({ index, key, start }) => {
          const link = links[index]
          if (link === undefined) return null
          const isActive = index === activeIndex
          return (
            <div
              key={key}
              ref={virtual.measureElement}
              id={`${id}-${index}`}
              role="row"
              aria-rowindex={index + 1}
              aria-selected={isActive}
              className={css.line}
              style={{ transform: `translateY(${start}px)` }}
              data-index={index}
              data-active={isActive ? '' : undefined}
            >
              <LinkItem link={link} isActive={isActive} onAct={onAct} onMenu={onMenu} />
            </div>
          )
        })}
      </div>
    </div>
  )
}

function indexOf(place: Place | null, links: readonly Link[]): number | null {
  if (place === null || links.length === 0) return null
  const found = links.findIndex(({ linkId }) => linkId === place.linkId)
  return found < 0 ? Math.min(place.index, links.length - 1) : found
}

function indexUnder({ target }: MouseEvent): number | null {
  if (!(target instanceof Element) || target.closest('button') !== null) return null
  const index = target.closest('[data-index]')?.getAttribute('data-index') ?? null
  return index === null ? null : Number(index)
}

/** Moves the screen with the first link on it when links above come or go; at the very top the newest is wanted. */
function useKeptInSight(
  scroller: React.RefObject<HTMLElement | null>,
  links: readonly Link[],
  startOf: (index: number) => number,
): void {
  const kept = useRef<{ readonly linkId: LinkId; readonly start: number } | null>(null)

  useLayoutEffect(() => {
    if (kept.current === null) return
    const { linkId, start } = kept.current
    const index = links.findIndex((link) => link.linkId === linkId)
    const moved = index < 0 ? 0 : startOf(index) - start
    if (moved !== 0) scroller.current?.scrollBy(0, moved)
    // Only where links come or go: sizes that are measured later are seen to by the list itself.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [links])

  useEffect(() => {
    const top = scroller.current?.scrollTop ?? 0
    const index = top === 0 ? -1 : links.findIndex((_, at) => startOf(at) >= top)
    const link = links[index]
    kept.current = link === undefined ? null : { linkId: link.linkId, start: startOf(index) }
  })
}
