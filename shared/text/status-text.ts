/** The one sentence that says what is going on: the same in the header, on a folder's card, in the tray and on a terminal. */
import { assertNever } from '../assert-never.ts'
import { formatBytes, formatRate } from '../format/bytes.ts'
import { formatFiles } from '../format/count.ts'
import { formatAgo, formatDuration } from '../format/duration.ts'
import { formatClock, formatUntil } from '../format/moment.ts'
import { inLanguage } from '../language.ts'
import type { Status, StatusKind } from '../model/status.ts'
import { status as de } from './de/status.ts'
import { status as en, type StatusTexts } from './en/status.ts'
import { problemText } from './problem-text.ts'

/** `now` in Unix milliseconds, for the relative times. */
export function statusText(status: Status, now: number): string {
  const t = texts()
  switch (status.kind) {
    case 'not-set-up':
      return status.missing === 'account' ? t.notConnected : t.noFolder
    case 'up-to-date':
      return join(t.upToDate, formatFiles(status.files), t.checked(formatAgo(status.checkedAt, now)))
    case 'checking':
      return status.filesSeen > 0 ? join(t.checking, t.seen(status.filesSeen)) : t.checking
    case 'sending':
      return sendingText(status)
    case 'waiting':
      return waitingText(status, now)
    case 'paused':
      return pausedText(status, now)
    case 'offline':
      return join(t.offlineSince(formatClock(new Date(status.since))), waitingFiles(status.files))
    case 'held':
      return join(t.held, problemText(status.code).title)
    case 'problem':
      return join(t.needsYou, status.problems === 1 ? problemText(status.code).title : t.problems(status.problems))
    default:
      return assertNever(status)
  }
}

/** One or two words for a state, where there is no room for the sentence. */
export function statusWords(): Readonly<Record<StatusKind, string>> {
  return texts().words
}

function texts(): StatusTexts {
  return inLanguage({ en, de })
}

function sendingText(status: Extract<Status, { kind: 'sending' }>): string {
  const t = texts()
  const left = status.secondsLeft === null ? null : t.left(formatDuration(status.secondsLeft))
  const rate = status.bytesPerSecond > 0 ? formatRate(status.bytesPerSecond) : formatBytes(status.bytes)
  return join(t.sending(status.files), left, rate)
}

function waitingText(status: Extract<Status, { kind: 'waiting' }>, now: number): string {
  const t = texts()
  const { code, files, nextAttemptAt, isPutOff, isOutOfHours } = status
  const soon = nextAttemptAt === null || nextAttemptAt <= now ? null : formatDuration((nextAttemptAt - now) / 1000)
  if (isOutOfHours === true && nextAttemptAt !== null) {
    return join(t.waitsUntil(formatUntil(nextAttemptAt, now)), t.waiting(files))
  }
  if (code !== null) {
    return join(problemText(code).title, waitingFiles(files), soon === null ? null : t.nextTryIn(soon))
  }
  if (isPutOff === true) return join(t.leftForLater(files), soon === null ? null : t.nextTryIn(soon))
  // With a time it is files that are gone: they have to be gone at a second look, too.
  return nextAttemptAt === null
    ? t.comingToRest(files)
    : join(t.secondLook(files), soon === null ? null : t.inTime(soon))
}

function pausedText({ files, until }: Extract<Status, { kind: 'paused' }>, now: number): string {
  const t = texts()
  const words = until === null ? t.paused : t.pausedUntil(formatUntil(until, now))
  return join(words, files > 0 ? t.waiting(files) : null)
}

function waitingFiles(files: number): string | null {
  return files === 0 ? null : texts().wait(files)
}

function join(...parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null).join(' - ')
}
