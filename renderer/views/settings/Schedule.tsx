import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react'
import { useId, useState } from 'react'
import { formatRate } from '../../../shared/format/bytes.ts'
import type { Bandwidth, BandwidthLimits } from '../../../shared/model/bandwidth.ts'
import { Button } from '../../components/ui/Button.tsx'
import { CommitField } from '../../components/ui/CommitField.tsx'
import { IconButton } from '../../components/ui/IconButton.tsx'
import { t } from '../../i18n/texts.ts'
import { showToast } from '../../state/ui-store.ts'
import { parseRate, rateToText } from './number-text.ts'
import css from './Schedule.module.css'
import type { BandwidthSetting } from './use-bandwidth.ts'
import { gridOf, isOnTheHour, MAX_RULES, rulesOf, withoutLimits, type WeekGrid } from './week-grid.ts'
import { WeekTable } from './WeekTable.tsx'

/** What one may begin to paint with: slow enough for a call beside it. */
const FIRST_LIMITS: BandwidthLimits = { up: 500_000, down: null }

/** More can hardly be told apart. */
const MAX_LIMITS = 4

type ScheduleProps = { readonly bandwidth: Bandwidth; readonly save: BandwidthSetting['save'] }

/** Limits to choose from, and the week to paint them into. Limits that no hour has stay here while the page is open. */
export function Schedule({ bandwidth, save }: ScheduleProps) {
  const words = t.settings.bandwidth
  const [grid, setGrid] = useState<WeekGrid>(() => {
    const known = gridOf(bandwidth.rules)
    return known.limits.length === 0 ? { ...known, limits: [FIRST_LIMITS] } : known
  })
  const [brush, setBrush] = useState<number | null>(0)

  async function change(next: WeekGrid): Promise<void> {
    const rules = rulesOf(next)
    if (rules.length > MAX_RULES) {
      showToast(words.tooMany, 'danger')
      return
    }
    const before = grid
    setGrid(next)
    if (!(await save({ ...bandwidth, rules: [...rules] }))) setGrid(before)
  }

  return (
    <div className={css.schedule}>
      <Brushes grid={grid} brush={brush} onBrush={setBrush} onChange={change} />
      <WeekTable
        grid={grid}
        brush={brush}
        limitWords={(cell) => limitWords(cell === null ? undefined : grid.limits[cell])}
        onPaint={(cells) => void change({ ...grid, cells })}
      />
      {isOnTheHour(bandwidth.rules) ? null : <p className={css.note}>{words.rounded}</p>}
    </div>
  )
}

function limitWords(limits: BandwidthLimits | undefined): string {
  const words = t.settings.bandwidth
  if (limits === undefined) return words.usual
  const rate = (value: number | null): string => (value === null ? words.unlimited : formatRate(value))
  return words.limits(rate(limits.up), rate(limits.down))
}

/** A sign for what the field beside it says in words. */
function Direction({ direction }: { readonly direction: 'up' | 'down' }) {
  const Icon = direction === 'up' ? ArrowUp : ArrowDown
  return (
    <span className={css.direction} title={t.settings.bandwidth[direction]}>
      <Icon size={14} aria-hidden />
    </span>
  )
}

type BrushesProps = {
  readonly grid: WeekGrid
  readonly brush: number | null
  readonly onBrush: (brush: number | null) => void
  readonly onChange: (grid: WeekGrid) => Promise<void>
}

function Brushes({ grid, brush, onBrush, onChange }: BrushesProps) {
  const words = t.settings.bandwidth
  const name = useId()
  const { limits } = grid
  const setLimits = (index: number, next: BandwidthLimits): Promise<void> =>
    onChange({ ...grid, limits: limits.map((each, other) => (other === index ? next : each)) })
  return (
    <div className={css.brushes} role="radiogroup" aria-label={words.brush}>
      <label className={css.brush}>
        <input
          type="radio"
          className={css.radio}
          name={name}
          checked={brush === null}
          onChange={() => {
            onBrush(null)
          }}
        />
        <span className={css.swatch} data-limit="" />
        <span>{words.usual}</span>
      </label>
      {limits.map((each, index) => (
        <div key={index} className={css.brush}>
          <label className={css.label}>
            <input
              type="radio"
              className={css.radio}
              name={name}
              checked={brush === index}
              aria-label={words.limit(index + 1)}
              onChange={() => {
                onBrush(index)
              }}
            />
            <span className={css.swatch} data-limit={index + 1}>
              {index + 1}
            </span>
          </label>
          {(['up', 'down'] as const).map((direction) => (
            <span key={direction} className={css.rate}>
              <Direction direction={direction} />
              <CommitField
                aria-label={direction === 'up' ? words.limitUp(index + 1) : words.limitDown(index + 1)}
                value={rateToText(each[direction])}
                unit={words.unit}
                placeholder={words.noLimit}
                wrong={words.wrong}
                isGood={(text) => parseRate(text).isGood}
                onCommit={async (text) => {
                  const typed = parseRate(text)
                  if (typed.isGood) await setLimits(index, { ...each, [direction]: typed.bytesPerSecond })
                }}
              />
            </span>
          ))}
          <IconButton
            label={words.removeLimit(index + 1)}
            icon={<X size={14} />}
            onClick={() => {
              onBrush(null)
              void onChange(withoutLimits(grid, index))
            }}
          />
        </div>
      ))}
      {limits.length < MAX_LIMITS ? (
        <Button
          variant="quiet"
          icon={<Plus size={14} aria-hidden />}
          onClick={() => {
            onBrush(limits.length)
            void onChange({ ...grid, limits: [...limits, FIRST_LIMITS] })
          }}
        >
          {words.addLimit}
        </Button>
      ) : null}
    </div>
  )
}
