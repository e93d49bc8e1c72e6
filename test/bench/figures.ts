/** The bench's arithmetic: from what single runs took to a verdict. */
import type { Call } from '../b2-emulator/calls.ts'
import type { Cost } from './measured.ts'

/** What one run took, or the median of several. */
export type Figures = Cost & {
  /** Bytes of files that were uploaded, those of failed tries included. */
  readonly sentBytes: number
  /** Requests of any kind, failed ones included. */
  readonly calls: number
  /** Of those, the ones that list files. */
  readonly listings: number
  /** Of those made more than 5 seconds after the first one, the share that was answered 429. */
  readonly refusedShare: number
}

/** Calls in the first seconds are a client's way to find out how much it may. */
const FINDING_OUT_MS = 5000

export type Unit = 'ratio' | 'seconds' | 'percent' | 'count'

/** Something that must not be more than `most`; percent are of one hundred. */
export type Bar = { readonly what: string; readonly unit: Unit; readonly value: number; readonly most: number }

/** A line of the table and what belongs to it. */
export type Row = {
  readonly name: string
  /** What Pail is compared with; empty for nothing. */
  readonly against: string
  readonly ours: Figures
  readonly theirs: Figures | null
  readonly bars: readonly Bar[]
}

/** What a run took, and what the server saw of it. */
export function figuresOf(cost: Cost, calls: readonly Call[]): Figures {
  const startedAt = calls.reduce((earliest, call) => Math.min(earliest, call.startedAt), Infinity)
  const late = calls.filter((call) => call.startedAt > startedAt + FINDING_OUT_MS)
  const refused = late.filter(({ status }) => status === 429)
  return {
    ...cost,
    sentBytes: calls.reduce((sum, call) => sum + (/^upload_/.test(call.operation) ? call.bytesReceived : 0), 0),
    calls: calls.length,
    listings: calls.filter(({ operation }) => /^list_file_/.test(operation)).length,
    refusedShare: late.length === 0 ? 0 : refused.length / late.length,
  }
}

export function isMet({ value, most }: Bar): boolean {
  return value <= most
}

/** The middle value, of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2
}

/** The value that so many hundredths of all do not exceed. */
export function percentile(values: readonly number[], hundredths: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((sorted.length * hundredths) / 100) - 1)] ?? NaN
}

/** Each figure's own median. */
export function mediansOf(runs: readonly Figures[]): Figures {
  const of = (pick: (run: Figures) => number): number => median(runs.map(pick))
  return {
    seconds: of((run) => run.seconds),
    cpuSeconds: of((run) => run.cpuSeconds),
    peakBytes: of((run) => run.peakBytes),
    sentBytes: of((run) => run.sentBytes),
    calls: of((run) => run.calls),
    listings: of((run) => run.listings),
    refusedShare: of((run) => run.refusedShare),
  }
}

/** Of several ways to run a program, the one whose median is quickest. */
export function quickestOf<Way extends { readonly medians: Figures }>(ways: readonly [Way, ...Way[]]): Way {
  return ways.reduce((best, way) => (way.medians.seconds < best.medians.seconds ? way : best))
}

/** Pail's time as a share of the other's. */
export function timeBar(ours: Figures, theirs: Figures, most: number): Bar {
  return { what: 'time', unit: 'ratio', value: ours.seconds / theirs.seconds, most }
}

/** Pail's peak of memory as a share of the other's. */
export function memoryBar(ours: Figures, theirs: Figures, most: number): Bar {
  return { what: 'peak memory', unit: 'ratio', value: ours.peakBytes / theirs.peakBytes, most }
}
