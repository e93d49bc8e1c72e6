import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react'
import { useId, useState } from 'react'
import { formatRate } from '../../../shared/format/bytes.ts'
import type { Bandwidth, BandwidthLimits } from '../../../shared/model/bandwidth.ts'
import { MAX_WEEK_TIMES } from '../../../shared/model/week-times.ts'
import { Button } from '../../components/ui/Button.tsx'
import { CommitField } from '../../components/ui/CommitField.tsx'
import { IconButton } from '../../components/ui/IconButton.tsx'
import { Radio } from '../../components/ui/Radio.tsx'
import { t } from '../../i18n/texts.ts'
import { showToast } from '../../state/ui-store.ts'
import { parseRate, rateToText } from './number-text.ts'
import css from './Schedule.module.css'
import type { BandwidthSetting } from './use-bandwidth.ts'
import { gridOf, isOnTheHour, rulesOf, withoutLimits, type WeekGrid } from './week-grid.ts'
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
    if (rules.length > MAX_WEEK_TIMES) {
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
  return (
    <div className={css.brushes} role="radiogroup" aria-label={words.brush}>
      <label className={css.brush}>
        <Radio
          name={name}
          checked={brush === null}
          onChoose={() => {
            onBrush(null)
          }}
        />
        <span className={css.swatch} data-limit="" />
        <span>{words.usual}</span>
      </label>
      {limits.map((each, index) => (
        <LimitBrush
          key={index}
          group={name}
          number={index + 1}
          limits={each}
          isChosen={brush === index}
          onChoose={() => {
            onBrush(index)
          }}
          onChange={(next) => onChange({ ...grid, limits: limits.map((old, other) => (other === index ? next : old)) })}
          onRemove={() => {
            onBrush(null)
            void onChange(withoutLimits(grid, index))
          }}
        />
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

type LimitBrushProps = {
  /** Of the radio buttons it is one of. */
  readonly group: string
  readonly number: number
  readonly limits: BandwidthLimits
  readonly isChosen: boolean
  readonly onChoose: () => void
  readonly onChange: (limits: BandwidthLimits) => Promise<void>
  readonly onRemove: () => void
}

function LimitBrush({ group, number, limits, isChosen, onChoose, onChange, onRemove }: LimitBrushProps) {
  const words = t.settings.bandwidth
  return (
    <div className={css.brush}>
      <label className={css.label}>
        <Radio name={group} checked={isChosen} aria-label={words.limit(number)} onChoose={onChoose} />
        <span className={css.swatch} data-limit={number}>
          {number}
        </span>
      </label>
      {(['up', 'down'] as const).map((direction) => (
        <span key={direction} className={css.rate}>
          <Direction direction={direction} />
          <CommitField
            aria-label={direction === 'up' ? words.limitUp(number) : words.limitDown(number)}
            value={rateToText(limits[direction])}
            unit={words.unit}
            placeholder={words.noLimit}
            wrong={words.wrong}
            isGood={(text) => parseRate(text).isGood}
            onCommit={async (text) => {
              const typed = parseRate(text)
              if (typed.isGood) await onChange({ ...limits, [direction]: typed.bytesPerSecond })
            }}
          />
        </span>
      ))}
      <IconButton label={words.removeLimit(number)} icon={<X size={14} />} onClick={onRemove} />
    </div>
  )
}
