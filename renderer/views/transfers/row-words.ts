/** What a row says of itself, in words. */
import { formatRate } from '../../../shared/format/bytes.ts'
import { formatDuration } from '../../../shared/format/duration.ts'
import { formatUntil } from '../../../shared/format/moment.ts'
import type { FailedRow, MovingRow, WaitingRow } from '../../../shared/model/transfer.ts'
import { problemText } from '../../../shared/text/problem-text.ts'
import { t } from '../../i18n/texts.ts'

/**
 * Why a row waits: `The connection broke off, next try in 20 s`, `Paused until 14:30`, and `In line` only where nothing is in
 * the way. `limit`: what the line may take, bytes a second; null for all of it. `now` in Unix milliseconds.
 */
export function waitingWords({ why, isAsked }: Pick<WaitingRow, 'why' | 'isAsked'>, limit: number | null, now: number) {
  const words = t.transfers
  switch (why.kind) {
    case 'settling':
      return words.stillWritten
    case 'sending':
      return words.phases.starting
    case 'put-off':
      return withNextTry(words.leftForLater, why.until, now)
    case 'paused':
      return why.until === null ? words.paused : words.pausedUntil(formatUntil(why.until, now))
    case 'out-of-hours':
      return words.waitsUntil(formatUntil(why.until, now))
    case 'blocked':
      return problemText(why.code).title
    case 'waiting':
      if (why.code !== null) return withNextTry(problemText(why.code).title, why.nextAttemptAt, now)
      if (isAsked) return words.nextInLine
      return limit === null ? words.inLine : `${words.inLine}, ${words.limitedTo(formatRate(limit))}`
  }
}

/** The advice behind the reason, for the tooltip; empty where there is none. */
export function waitingAdvice({ why }: Pick<WaitingRow, 'why'>): string {
  return 'code' in why && why.code !== null ? problemText(why.code).advice : ''
}

/** Why it failed in a sentence, then what to do: as much of that as there is room for. The title is for the tooltip. */
export function failedWords({ code, details }: Pick<FailedRow, 'code' | 'details'>): {
  readonly title: string
  readonly why: string
  readonly whatToDo: string
} {
  const { title, advice } = problemText(code, details)
  const [why = advice] = /^.+?\.(?= )/.exec(advice) ?? []
  return { title, why, whatToDo: advice.slice(why.length).trimStart() }
}

/** What a transfer under way does, where bytes, speed and time do not say it. */
export function phaseWords({ kind, phase, secondsLeft }: Pick<MovingRow, 'kind' | 'phase' | 'secondsLeft'>): string {
  const words = t.transfers
  if (kind === 'hide' || kind === 'delete') return words.underWay[kind]
  if (kind === 'copy' && phase === 'starting') return words.underWay.copy
  return secondsLeft === null ? words.phases[phase] : words.secondsLeft(formatDuration(secondsLeft))
}

/** Behind the words, for the tooltip. */
export function phaseNote({ phase }: Pick<MovingRow, 'phase'>): string {
  return phase === 'hashing' || phase === 'finishing' ? t.transfers.phaseNotes[phase] : t.transfers.phases[phase]
}

function withNextTry(words: string, at: number | null, now: number): string {
  if (at === null) return words
  if (at <= now) return `${words}, ${t.transfers.nextTryNow}`
  return `${words}, ${t.transfers.nextTry(formatDuration((at - now) / 1000))}`
}
