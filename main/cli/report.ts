/** What a run did, for people and for programs. */
import { formatBytes, formatRate } from '../../shared/format/bytes.ts'
import { formatFiles } from '../../shared/format/count.ts'
import { formatDuration } from '../../shared/format/duration.ts'
import type { EngineSnapshot } from '../../shared/model/snapshot.ts'
import { problemText } from '../../shared/text/problem-text.ts'

/** The last line of stdout with `--json`, in this order. */
export type RunSummary = {
  readonly uploaded: number
  /** Copied on the server instead of being sent. */
  readonly copied: number
  readonly hidden: number
  readonly unchanged: number
  readonly failed: number
  readonly bytesUploaded: number
  readonly seconds: number
}

/** Two lines at most: what was done, and what was not. */
export function summaryText(summary: RunSummary): string {
  const { uploaded, hidden, unchanged, failed, bytesUploaded, seconds } = summary
  const rate = bytesUploaded > 0 ? `, ${formatRate(bytesUploaded / Math.max(seconds, 0.001))}` : ''
  const parts = [
    `${formatFiles(uploaded)} uploaded (${formatBytes(bytesUploaded)})`,
    hidden > 0 ? `${hidden} hidden` : null,
    `${unchanged} unchanged`,
    failed > 0 ? `${failed} failed` : null,
  ]
  return `${parts.filter((part) => part !== null).join(', ')} in ${formatDuration(seconds)}${rate}`
}

/** One line for each problem: the path where there is one, and what to do. */
export function problemLines(snapshot: EngineSnapshot): readonly string[] {
  const lines = snapshot.problems.map(({ path, code, details }) => {
    const { advice } = problemText(code, details)
    return path === null ? advice : `${printable(path)}: ${advice}`
  })
  const more = snapshot.problemCount - snapshot.problems.length
  return more > 0 ? [...lines, `and ${formatFiles(more)} more`] : lines
}

/** A terminal must not obey what a file's name says. */
function printable(path: string): string {
  // eslint-disable-next-line no-control-regex
  return path.replace(/[\u0000-\u001f\u007f-\u009f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`)
}
