import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useSyncExternalStore, type ReactNode, type RefObject } from 'react'
import type { FolderId } from '../../../shared/ids.ts'
import { ActivityLine, folderOf } from '../../components/data/ActivityList.tsx'
import { Button } from '../../components/ui/Button.tsx'
import { formatDay } from '../../format/moment.ts'
import { useNow } from '../../hooks/use-now.ts'
import { t } from '../../i18n/texts.ts'
import type { Timeline } from './timeline.ts'
import css from './TimelineList.module.css'

/** As in the style sheet. */
const ROW_PX = 29
const DAY_PX = 36

/** Nearer to the top than this is at it: what is new may come in. */
const TOP_PX = 8

/** Lines drawn beyond what is seen. */
const OVERSCAN = 12

type TimelineListProps = {
  readonly timeline: Timeline
  readonly lastActivityId: number
  readonly folderName: (folderId: FolderId) => string | undefined
  readonly label: string
}

/** Events under the days they are of, however many there are: only those in sight are drawn. */
export function TimelineList({ timeline, lastActivityId, folderName, label }: TimelineListProps) {
  const { items, newer } = useSyncExternalStore(timeline.subscribe, timeline.state)
  const scroller = useRef<HTMLDivElement>(null)
  // It is made anew at every scroll, and so is what it gives: nothing here may be kept from before.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: items,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (timeline.itemAt(index).kind === 'day' ? DAY_PX : ROW_PX),
    overscan: OVERSCAN,
  })
  const lines = virtual.getVirtualItems()
  const first = lines[0]?.index ?? 0
  const last = lines.at(-1)?.index ?? 0
  const offset = virtual.scrollOffset ?? 0
  const dayOnTop = offset < DAY_PX ? null : timeline.dayAt(virtual.getVirtualItemForOffset(offset)?.index ?? 0)

  // Sizes follow the kinds of lines, which move when something is added at the top.
  useEffect(() => {
    virtual.measure()
  }, [virtual, items])
  useEffect(() => {
    timeline.see(first, last)
  }, [timeline, first, last, items])
  useEffect(() => {
    void timeline.look((scroller.current?.scrollTop ?? 0) < TOP_PX, lastActivityId)
  }, [timeline, lastActivityId])

  return (
    <div className={css.frame}>
      {dayOnTop === null ? null : (
        <div className={css.onTop} aria-hidden>
          <div className={css.onTopDay}>
            <Day at={dayOnTop} as="p" />
          </div>
        </div>
      )}
      {newer === 0 ? null : <NewerButton count={newer} timeline={timeline} scroller={scroller} />}
      <div
        ref={scroller}
        className={css.scroller}
        tabIndex={0}
        role="group"
        aria-label={label}
        onScroll={(event) => {
          if (newer > 0 && event.currentTarget.scrollTop < TOP_PX) void timeline.showNewer()
        }}
      >
        {items === 0 ? null : (
          <ul className={css.list} style={{ height: virtual.getTotalSize() }} aria-label={label}>
            {lines.map(({ index, start, size }) => (
              <Line key={index} start={start} size={size} isFirst={index === 0}>
                <Content timeline={timeline} index={index} folderName={folderName} />
              </Line>
            ))}
          </ul>
        )}
      </div>
    </div>
  )
}

type LineProps = {
  readonly start: number
  readonly size: number
  readonly isFirst: boolean
  readonly children: ReactNode
}

function Line({ start, size, isFirst, children }: LineProps) {
  return (
    <li
      className={css.line}
      data-first={isFirst ? '' : undefined}
      style={{ height: size, transform: `translateY(${start}px)` }}
    >
      {children}
    </li>
  )
}

type ContentProps = Pick<TimelineListProps, 'timeline' | 'folderName'> & { readonly index: number }

function Content({ timeline, index, folderName }: ContentProps) {
  const item = timeline.itemAt(index)
  switch (item.kind) {
    case 'day':
      return <Day at={item.at} />
    case 'row':
      return <ActivityLine row={item.row} folder={folderOf(item.row, folderName)} />
    case 'gone':
      return <span className={css.gone} aria-hidden />
  }
}

/** By itself: what is today is yesterday tomorrow. */
function Day({ at, as: Tag = 'h2' }: { readonly at: number; readonly as?: 'h2' | 'p' }) {
  const now = useNow()
  return <Tag className={css.day}>{formatDay(new Date(at), new Date(now))}</Tag>
}

type NewerButtonProps = {
  readonly count: number
  readonly timeline: Timeline
  readonly scroller: RefObject<HTMLDivElement | null>
}

/** What has happened meanwhile is above, and does not push away what is being read. */
function NewerButton({ count, timeline, scroller }: NewerButtonProps) {
  return (
    <div className={css.newer}>
      <Button
        variant="primary"
        onClick={() => {
          void timeline.showNewer().then(() => {
            scroller.current?.scrollTo({ top: 0 })
          })
        }}
      >
        {t.activity.newer(count)}
      </Button>
    </div>
  )
}
