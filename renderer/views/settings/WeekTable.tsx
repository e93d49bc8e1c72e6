import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { formatClock } from '../../../shared/format/moment.ts'
import { t } from '../../i18n/texts.ts'
import { HOURS_A_DAY, paintCells, weekDays, type WeekGrid } from './week-grid.ts'
import css from './WeekTable.module.css'

type WeekTableProps = {
  readonly grid: Pick<WeekGrid, 'cells'>
  /** What names the table; as for limits when absent. */
  readonly label?: string
  /** What stands in painted cells; the number of their limits when absent. */
  readonly mark?: string
  /** What is painted: an index into the grid's limits, or null for none of them. */
  readonly brush: number | null
  /** A cell's limits, for assistive technology. */
  readonly limitWords: (cell: number | null) => string
  /** Once a stroke is over. */
  readonly onPaint: (cells: WeekGrid['cells']) => void
}

const LAST_HOUR = weekDays.length * HOURS_A_DAY - 1

/** Seven days of 24 hours, painted by dragging, or by the keyboard: arrows move, Space paints, Shift paints on. */
export function WeekTable({ grid, label, mark, brush, limitWords, onPaint }: WeekTableProps) {
  const words = t.settings.bandwidth
  const stroke = useStroke(grid.cells, onPaint)
  const [focused, setFocused] = useState(0)
  const table = useRef<HTMLDivElement>(null)

  /** Painting what has this limit already takes it away. */
  const paintOf = (hour: number): number | null => (grid.cells[hour] === brush ? null : brush)
  const paint = (hours: readonly number[], index: number | null): void => {
    onPaint(paintCells(grid.cells, hours, index))
  }

  function onKeyDown(event: KeyboardEvent, hour: number): void {
    const isPaint = event.key === ' ' || event.key === 'Enter'
    const next = isPaint ? hour : nextHour(event.key, hour)
    if (next === null) return
    event.preventDefault()
    if (isPaint) paint([hour], paintOf(hour))
    else if (event.shiftKey) paint(hoursBetween(hour, next), brush)
    setFocused(next)
    table.current?.querySelector<HTMLElement>(`[data-hour="${next}"]`)?.focus()
  }

  return (
    <div className={css.scroll}>
      <div ref={table} className={css.table} role="grid" aria-label={label ?? words.grid}>
        <HourRow />
        {weekDays.map((day, dayIndex) => (
          <div key={day} className={css.row} role="row">
            <span role="rowheader">
              <button
                type="button"
                className={css.day}
                title={words.allDay(words.shortDays[day], words.days[day])}
                aria-label={words.allDay(words.shortDays[day], words.days[day])}
                onClick={() => {
                  paint(hoursOf(dayIndex), brush)
                }}
              >
                {words.shortDays[day]}
              </button>
            </span>
            {hoursOf(dayIndex).map((hour) => (
              <HourCell
                key={hour}
                hour={hour}
                limit={limitNumber(stroke.cells[hour])}
                mark={mark}
                label={describe(hour, limitWords(stroke.cells[hour] ?? null))}
                isFocused={hour === focused}
                onFocus={() => {
                  setFocused(hour)
                }}
                onKeyDown={(event) => {
                  onKeyDown(event, hour)
                }}
                onBegin={() => {
                  stroke.begin(hour, paintOf(hour))
                }}
                onPass={() => {
                  stroke.extend(hour)
                }}
              />
            ))}
          </div>
        ))}
      </div>
    </div>
  )
}

/** A stroke under way: its hours so far, and what they get. */
type Stroke = { readonly hours: readonly number[]; readonly paint: number | null }

/** Painting with the pointer: `cells` show the stroke while it lasts, and `onPaint` hears of it once it is over. */
function useStroke(cells: WeekGrid['cells'], onPaint: (cells: WeekGrid['cells']) => void) {
  const [stroke, setStroke] = useState<Stroke | null>(null)

  // Wherever the button is let go, the stroke is over.
  useEffect(() => {
    if (stroke === null) return
    const end = (): void => {
      setStroke(null)
      onPaint(paintCells(cells, stroke.hours, stroke.paint))
    }
    window.addEventListener('pointerup', end)
    window.addEventListener('pointercancel', end)
    return () => {
      window.removeEventListener('pointerup', end)
      window.removeEventListener('pointercancel', end)
    }
  }, [stroke, cells, onPaint])

  return {
    cells: stroke === null ? cells : paintCells(cells, stroke.hours, stroke.paint),
    begin: (hour: number, paint: number | null) => {
      setStroke({ hours: [hour], paint })
    },
    extend: (hour: number) => {
      setStroke((before) => (before === null ? null : { ...before, hours: [...before.hours, hour] }))
    },
  }
}

function HourRow() {
  return (
    <div className={css.row} role="row">
      <span role="columnheader" />
      {Array.from({ length: HOURS_A_DAY }, (_, hour) => (
        <span key={hour} role="columnheader" className={css.hour} aria-label={clockOf(hour)}>
          {hour % 3 === 0 ? hour : ''}
        </span>
      ))}
    </div>
  )
}

type HourCellProps = {
  readonly hour: number
  /** Counted from one; empty for no rule. */
  readonly limit: string
  readonly mark: string | undefined
  readonly label: string
  /** The one of all that Tab reaches. */
  readonly isFocused: boolean
  readonly onFocus: () => void
  readonly onKeyDown: (event: KeyboardEvent) => void
  readonly onBegin: () => void
  readonly onPass: () => void
}

function HourCell({ hour, limit, mark, label, isFocused, onFocus, onKeyDown, onBegin, onPass }: HourCellProps) {
  return (
    <span
      role="gridcell"
      className={css.cell}
      data-hour={hour}
      data-limit={limit}
      data-mark={limit === '' ? '' : (mark ?? limit)}
      tabIndex={isFocused ? 0 : -1}
      title={label}
      aria-label={label}
      onFocus={onFocus}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        if (event.button !== 0) return
        // A finger holds on to where it came down; the other hours have to hear of it as well.
        event.currentTarget.releasePointerCapture(event.pointerId)
        onBegin()
      }}
      onPointerEnter={onPass}
    />
  )
}

/** Counted from one, as people do; empty for no rule. */
function limitNumber(cell: number | null | undefined): string {
  return cell === null || cell === undefined ? '' : String(cell + 1)
}

function describe(hour: number, limits: string): string {
  const { days, hour: words } = t.settings.bandwidth
  const day = weekDays[Math.floor(hour / HOURS_A_DAY)] ?? 'mon'
  const begin = hour % HOURS_A_DAY
  return words(days[day], clockOf(begin), clockOf(begin + 1), limits)
}

function clockOf(hour: number): string {
  return formatClock(new Date(2026, 0, 1, hour))
}

function hoursOf(day: number): readonly number[] {
  return Array.from({ length: HOURS_A_DAY }, (_, hour) => day * HOURS_A_DAY + hour)
}

function hoursBetween(from: number, to: number): readonly number[] {
  // Down and up go by whole days: only the two ends are passed.
  if (Math.abs(to - from) % HOURS_A_DAY === 0) return [from, to]
  const [first, last] = from < to ? [from, to] : [to, from]
  return Array.from({ length: last - first + 1 }, (_, step) => first + step)
}

/** Where a key leads from an hour; null for a key that does not move. */
function nextHour(key: string, hour: number): number | null {
  const day = Math.floor(hour / HOURS_A_DAY) * HOURS_A_DAY
  switch (key) {
    case 'ArrowRight':
      return Math.min(LAST_HOUR, hour + 1)
    case 'ArrowLeft':
      return Math.max(0, hour - 1)
    case 'ArrowDown':
      return hour + HOURS_A_DAY > LAST_HOUR ? hour : hour + HOURS_A_DAY
    case 'ArrowUp':
      return hour < HOURS_A_DAY ? hour : hour - HOURS_A_DAY
    case 'Home':
      return day
    case 'End':
      return day + HOURS_A_DAY - 1
    default:
      return null
  }
}
