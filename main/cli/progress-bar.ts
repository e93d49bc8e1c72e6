/** The moving line on a terminal; nothing where stderr is none. */
import { SingleBar } from 'cli-progress'
import { formatBytes } from '../../shared/format/bytes.ts'
import type { EngineSnapshot } from '../../shared/model/snapshot.ts'
import { statusText } from '../../shared/text/status-text.ts'
import type { Counts } from './report.ts'

/** Null where stderr is no terminal. */
export function createBar(): SingleBar | null {
  if (!process.stderr.isTTY) return null
  const bar = new SingleBar({
    stream: process.stderr,
    format: '{bar} {percentage} %  {done} of {all} files  {size}  {sentence}',
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
  })
  bar.start(1, 0, { done: 0, all: 0, size: '', sentence: 'Checking' })
  return bar
}

/** `now` in Unix milliseconds. */
export function drawBar(bar: SingleBar | null, snapshot: EngineSnapshot, counts: Counts, now: number): void {
  if (bar === null) return
  // What has failed is not waited for: the bar would never reach its end.
  const { sendingCount, waitingCount } = snapshot.transfers
  const done = counts.uploaded + counts.copied + counts.hidden
  const all = done + sendingCount + waitingCount
  bar.setTotal(Math.max(1, all))
  bar.update(all === 0 ? 1 : done, {
    done,
    all,
    size: formatBytes(counts.bytesUploaded),
    sentence: statusText(snapshot.status, now),
  })
}
