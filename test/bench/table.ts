/** What was measured, as a table for people. */
import { isMet, type Bar, type Figures, type Row, type Unit } from './figures.ts'

const HEADS = ['case', 'against', 'seconds', 'CPU s', 'peak MB', 'sent MB', 'calls', 'measured', '', 'bar', '']
/** Columns of words; all others are numbers and end at the same place. */
const WORDS = new Set([0, 1, 7, 10])

/** Lines with the figures of Pail and, behind a stroke, of what it is compared with; a line for each bar. */
export function tableOf(rows: readonly Row[]): string {
  const figures = cellsOf(rows)
  const cells = [HEADS, ...rows.flatMap((row, index) => linesOf(row, figures[index] ?? []))]
  const widths = HEADS.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)))
  const rule = widths.map((width) => '-'.repeat(width))
  const [heads = [], ...lines] = cells
  return [heads, rule, ...lines].map((line) => lineOf(line, widths)).join('\n')
}

function lineOf(line: readonly string[], widths: readonly number[]): string {
  return widths
    .map((width, column) => {
      const cell = line[column] ?? ''
      return WORDS.has(column) ? cell.padEnd(width) : cell.padStart(width)
    })
    .join('  ')
    .trimEnd()
}

/** A cell of figures: Pail's, and what it is compared with. */
type Pair = readonly [ours: string, theirs: string | null]

function pairsOf({ ours, theirs }: Row): readonly Pair[] {
  const pair = (format: (figures: Figures) => string): Pair => [format(ours), theirs === null ? null : format(theirs)]
  return [
    pair(({ seconds }) => short(seconds)),
    pair(({ cpuSeconds }) => short(cpuSeconds)),
    pair(({ peakBytes }) => short(peakBytes / 1e6)),
    pair(({ sentBytes }) => short(sentBytes / 1e6)),
    pair(({ calls }) => whole(calls)),
  ]
}

/** The pairs of all rows as cells, their strokes below each other. */
function cellsOf(rows: readonly Row[]): readonly (readonly string[])[] {
  const all = rows.map(pairsOf)
  const widest = (column: number, side: 0 | 1): number =>
    Math.max(...all.map((pairs) => pairs[column]?.[side]?.length ?? 0))
  return all.map((pairs) =>
    pairs.map(([ours, theirs], column) => {
      const right = widest(column, 1)
      const other = theirs === null ? ' '.repeat(right === 0 ? 0 : right + 3) : ` / ${theirs.padStart(right)}`
      return ours.padStart(widest(column, 0)) + other
    }),
  )
}

/** The first bar stands beside the figures, the others below it. */
function linesOf({ name, against, bars }: Row, figures: readonly string[]): readonly (readonly string[])[] {
  const first = [name, against === '' ? '-' : against, ...figures]
  return bars.map((bar, index) => [...(index === 0 ? first : first.map(() => '')), ...verdictOf(bar)])
}

function verdictOf(bar: Bar): readonly string[] {
  const { what, unit, value, most } = bar
  return [what, withUnit(value, unit), `<= ${withUnit(most, unit)}`, isMet(bar) ? 'ok' : 'MISSED']
}

const FORMATS: Readonly<Record<Unit, (value: number) => string>> = {
  ratio: (value) => value.toFixed(2),
  seconds: (value) => `${value.toFixed(2)} s`,
  percent: (value) => `${value.toFixed(2)} %`,
  count: whole,
}

function withUnit(value: number, unit: Unit): string {
  return FORMATS[unit](value)
}

/** Three figures that count. */
export function short(value: number): string {
  if (value < 10) return value.toFixed(2)
  return value < 100 ? value.toFixed(1) : whole(value)
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en')
}
