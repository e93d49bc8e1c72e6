/** The one sentence that says what is going on: the same in the header, on a folder's card, in the tray and on a terminal. */
import { assertNever } from '../assert-never.ts'
import { formatBytes, formatRate } from '../format/bytes.ts'
import { formatFiles } from '../format/count.ts'
import { formatAgo, formatDuration } from '../format/duration.ts'
import { formatClock, formatUntil } from '../format/moment.ts'
import type { Status, StatusKind } from '../model/status.ts'
import { problemText } from './problem-text.ts'

/** `now` in Unix milliseconds, for the relative times. */
export function statusText(status: Status, now: number): string {
  switch (status.kind) {
    case 'not-set-up':
      return status.missing === 'account' ? 'Not connected to B2 yet' : 'No folder chosen yet'
    case 'up-to-date':
      return join('Up to date', formatFiles(status.files), `checked ${formatAgo(status.checkedAt, now)}`)
    case 'checking':
      return status.filesSeen > 0 ? join('Checking', `${formatFiles(status.filesSeen)} seen`) : 'Checking'
    case 'sending':
      return sendingText(status)
    case 'waiting':
      return waitingText(status, now)
    case 'paused':
      return pausedText(status, now)
    case 'offline':
      return join(`No connection to B2 since ${formatClock(new Date(status.since))}`, waitingFiles(status.files))
    case 'held':
      return join('Stopped to be safe', problemText(status.code).title)
    case 'problem': {
      const title = problemText(status.code).title
      return status.problems === 1 ? join('Needs you', title) : join('Needs you', `${status.problems} problems`)
    }
    default:
      return assertNever(status)
  }
}

/** One or two words for a state, where there is no room for the sentence. */
export const statusWords: Readonly<Record<StatusKind, string>> = {
  'not-set-up': 'Not set up',
  'up-to-date': 'Up to date',
  checking: 'Checking',
  sending: 'Sending',
  waiting: 'Waiting',
  paused: 'Paused',
  offline: 'Offline',
  held: 'Held',
  problem: 'Needs you',
}

function sendingText(status: Extract<Status, { kind: 'sending' }>): string {
  const left = status.secondsLeft === null ? null : `${formatDuration(status.secondsLeft)} left`
  const rate = status.bytesPerSecond > 0 ? formatRate(status.bytesPerSecond) : formatBytes(status.bytes)
  return join(`Sending ${formatFiles(status.files)}`, left, rate)
}

function waitingText(status: Extract<Status, { kind: 'waiting' }>, now: number): string {
  const { code, files, nextAttemptAt } = status
  const soon = nextAttemptAt === null || nextAttemptAt <= now ? null : formatDuration((nextAttemptAt - now) / 1000)
  if (code !== null) {
    return join(problemText(code).title, waitingFiles(files), soon === null ? null : `next try in ${soon}`)
  }
  // With a time it is files that are gone: they have to be gone at a second look, too.
  return nextAttemptAt === null
    ? `Waiting for ${formatFiles(files)} to come to rest`
    : join(`Waiting to look at ${formatFiles(files)} once more`, soon === null ? null : `in ${soon}`)
}

function pausedText({ files, until }: Extract<Status, { kind: 'paused' }>, now: number): string {
  const words = until === null ? 'Paused' : `Paused until ${formatUntil(until, now)}`
  return join(words, files > 0 ? `${formatFiles(files)} waiting` : null)
}

function waitingFiles(files: number): string | null {
  if (files === 0) return null
  return files === 1 ? '1 file waits' : `${formatFiles(files)} wait`
}

function join(...parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null).join(' - ')
}
