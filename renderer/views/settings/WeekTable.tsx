import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { formatClock } from '../../../shared/format/moment.ts'
import { t } from '../../i18n/texts.ts'
import { HOURS_A_DAY, paintCells, weekDays, type WeekGrid } from './week-grid.ts'
import css from './WeekTable.module.css'

type WeekTableProps = {
  readonly grid: WeekGrid
  /** What is painted: an index into the grid's limits, or null for none of them. */
  readonly brush: number | null
  /** A cell's limits, for assistive technology. */
  readonly limitWords: (cell: number | null) => string
  /** Once a stroke is over. */
  readonly onPaint: (cells: WeekGrid['cells']) => void
}

/** A stroke under way: its hours so far, and what they get. */
type Stroke = { readonly hours: readonly number[]; readonly paint: number | null }

const LAST_HOUR = weekDays.length * HOURS_A_DAY - 1

/** Seven days of 24 hours, painted by dragging, or by the keyboard: arrows move, Space paints, Shift paints on. */
export function WeekTable({ grid, brush, limitWords, onPaint }: WeekTableProps) {
  const words = t.settings.bandwidth
  const [stroke, setStroke] = useState<Stroke | null>(null)
  const [focused, setFocused] = useState(0)
  const table = useRef<HTMLDivElement>(null)
  const cells = stroke === null ? grid.cells : paintCells(grid.cells, stroke.hours, stroke.paint)

  // Wherever the button is let go, the stroke is over.
  useEffect(() => {
    if (stroke === null) return
    const end = (): void => {
      setStroke(null)
      onPaint(paintCells(grid.cells, stroke.hours, stroke.paint))
    }
    window.addEventListener('pointerup', end)
    window.addEventListener('pointercancel', end)
    return () => {
      window.removeEventListener('pointerup', end)
      window.removeEventListener('pointercancel', end)
    }
  }, [stroke, grid.cells, onPaint])

  /** Painting what has this limit already takes it away. */
  function paintOf(hour: number): number | null {
    return grid.cells[hour] === brush ? null : brush
  }

  function moveTo(hour: number): void {
    setFocused(hour)
    table.current?.querySelector<HTMLElement>(`[data-hour="${hour}"]`)?.focus()
  }

  function onKeyDown(event: KeyboardEvent, hour: number): void {
    if (event.key === ' ' || event.key === 'Enter') {
      event.preventDefault()
      onPaint(paintCells(grid.cells, [hour], paintOf(hour)))
      return
    }
    const next = nextHour(event.key, hour)
    if (next === null) return
    event.preventDefault()
    if (event.shiftKey) onPaint(paintCells(grid.cells, hoursBetween(hour, next), brush))
    moveTo(next)
  }

  return (
    <div className={css.scroll}>
      <div ref={table} className={css.table} role="grid" aria-label={words.grid}>
        <div className={css.row} role="row">
          <span role="columnheader" />
          {Array.from({ length: HOURS_A_DAY }, (_, hour) => (
            <span key={hour} role="columnheader" className={css.hour} aria-label={clockOf(hour)}>
              {hour % 3 === 0 ? hour : ''}
            </span>
          ))}
        </div>
        {weekDays.map((day, dayIndex) => (
          <div key={day} className={css.row} role="row">
            <span role="rowheader">
              <button
                type="button"
                className={css.day}
                title={words.allDay(words.days[day])}
                aria-label={words.allDay(words.days[day])}
                onClick={() => {
                  onPaint(paintCells(grid.cells, hoursOf(dayIndex), brush))
                }}
              >
                {words.shortDays[day]}
              </button>
            </span>
            {hoursOf(dayIndex).map((hour) => (
              <span
                key={hour}
                role="gridcell"
                className={css.cell}
                data-hour={hour}
                data-limit={limitNumber(cells[hour])}
                tabIndex={hour === focused ? 0 : -1}
                title={describe(hour, limitWords(cells[hour] ?? null))}
                aria-label={describe(hour, limitWords(cells[hour] ?? null))}
                onFocus={() => {
                  setFocused(hour)
                }}
                onKeyDown={(event) => {
                  onKeyDown(event, hour)
                }}
                onPointerDown={(event) => {
                  if (event.button !== 0) return
                  // A finger holds on to where it came down; the other hours have to hear of it as well.
                  event.currentTarget.releasePointerCapture(event.pointerId)
                  setStroke({ hours: [hour], paint: paintOf(hour) })
                }}
                onPointerEnter={() => {
                  if (stroke !== null) setStroke({ ...stroke, hours: [...stroke.hours, hour] })
                }}
              >
                {limitNumber(cells[hour])}
              </span>
            ))}
          </div>
        ))}
      </div>
    </div>
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
