/** What a run did and what it asks, for people and for programs. */
import { formatBytes, formatRate } from '../../shared/format/bytes.ts'
import { formatFiles } from '../../shared/format/count.ts'
import { formatDuration } from '../../shared/format/duration.ts'
import type { Decision } from '../../shared/model/decision.ts'
import type { FolderView } from '../../shared/model/folder.ts'
import type { EngineSnapshot } from '../../shared/model/snapshot.ts'
import { decisionText } from '../../shared/text/decision-text.ts'
import { problemText } from '../../shared/text/problem-text.ts'
import { statusText } from '../../shared/text/status-text.ts'

/** What has been done so far. */
export type Counts = {
  uploaded: number
  copied: number
  hidden: number
  bytesUploaded: number
  bytesSpared: number
}

/** The last line of stdout with `--json`, in this order. */
export type RunSummary = {
  readonly uploaded: number
  /** Copied on the server instead of being sent. */
  readonly copied: number
  /** Gone from B2's listings: hidden, or deleted where the policy says so. */
  readonly hidden: number
  readonly unchanged: number
  readonly failed: number
  readonly bytesUploaded: number
  /** Of uploaded files, what B2 copied from the version before instead. */
  readonly bytesSpared: number
  readonly seconds: number
}

/** Two lines at most: what was done, and what was not. */
export function summaryText(summary: RunSummary): string {
  const { uploaded, copied, hidden, unchanged, failed, bytesUploaded, bytesSpared, seconds } = summary
  const rate = bytesUploaded > 0 ? `, ${formatRate(bytesUploaded / Math.max(seconds, 0.001))}` : ''
  const spared = bytesSpared > 0 ? `; ${formatBytes(bytesSpared)} were in B2 already` : ''
  const parts = [
    `${formatFiles(uploaded)} uploaded (${formatBytes(bytesUploaded)}${spared})`,
    copied > 0 ? `${copied} copied in B2` : null,
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

/** What waits for an answer in this folder: how many files, some of them, and the two ways to run again. */
export function questionLines({ root, decisions, settings }: FolderView): readonly string[] {
  return decisions.flatMap((decision) => {
    const { listId, files, samples } = decision
    const { keep, apply } = decisionText(decision, root, settings.deletionPolicy)
    const more = files - samples.length
    return [
      `${extent(decision)}, list ${listId}:`,
      ...samples.map((path) => `  ${printable(path)}`),
      ...(more > 0 ? [`  and ${more.toLocaleString('en')} more`] : []),
      `${keep.label}: run again with --keep ${listId}. ${keep.outcome}`,
      `${apply.label}: run again with --apply ${listId}. ${apply.outcome}`,
    ]
  })
}

/** The state in a sentence; with what ends it where that is not said elsewhere. `now` in Unix milliseconds. */
export function stateLine({ status }: EngineSnapshot, now: number): string {
  const sentence = statusText(status, now)
  return status.kind === 'paused' ? `${sentence}. Run again with --resume, or resume in Pail.` : sentence
}

/** How many of how many, and how much; what would be replaced in B2 is no part of what the folder has there. */
function extent({ kind, files, totalFiles, bytes }: Decision): string {
  if (kind === 'overwrite') return formatFiles(files)
  return `${files.toLocaleString('en')} of ${formatFiles(totalFiles)}, ${formatBytes(bytes)}`
}

/** A terminal must not obey what a file's name says. */
export function printable(path: string): string {
  // eslint-disable-next-line no-control-regex
  return path.replace(/[\u0000-\u001f\u007f-\u009f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`)
}
