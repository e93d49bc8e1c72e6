/** The answer to "why is this not uploaded?" in words: what it is, and what to do where something can be done. */
import { assertNever } from '../assert-never.ts'
import { formatDuration } from '../format/duration.ts'
import { formatMoment, formatUntil } from '../format/moment.ts'
import { inLanguage } from '../language.ts'
import type { Explanation, Settling, SkippedRow } from '../model/explanation.ts'
import { explanations as de } from './de/explanations.ts'
import { explanations as en, type ExplanationTexts } from './en/explanations.ts'
import { problemText } from './problem-text.ts'

/** `now` in Unix milliseconds, for the times. */
export function explainText(explanation: Explanation, now: number): string {
  const t = texts()
  switch (explanation.kind) {
    case 'in-sync':
      return t.inSync(explanation.uploadedAt === null ? null : formatMoment(new Date(explanation.uploadedAt)))
    case 'ignored':
      return t.ruleSentences[explanation.reason.source](explanation.reason.rule, explanation.reason.line)
    case 'skipped':
      return t.skipSentences[explanation.reason]
    case 'settling':
      return settlingText(explanation.waiting, now)
    case 'waiting':
      return waitingText(explanation, now)
    case 'sending':
      return t.sending
    case 'put-off':
      return explanation.until <= now ? t.putOffOver : t.putOffUntil(formatUntil(explanation.until, now))
    case 'blocked':
      return problemText(explanation.code).advice
    case 'paused':
      return explanation.until === null ? t.paused : t.pausedUntil(formatUntil(explanation.until, now))
    case 'out-of-hours':
      return t.outOfHours(formatUntil(explanation.until, now))
    case 'leaving':
      return t.leaving
    case 'kept':
      return t.kept
    case 'directory':
      return t.directory
    case 'not-there':
      return t.notThere
    case 'unknown':
      return t.unknown
    default:
      return assertNever(explanation)
  }
}

/** A few words for why a row is never sent; the whole sentence is `explainSkipped`. */
export function skippedWords({ reason, rule }: SkippedRow): string {
  return rule === null ? texts().skipWords[reason] : texts().ruleWords[rule.source](rule.rule)
}

/** The sentence for a row that is never sent. */
export function explainSkipped({ reason, rule }: SkippedRow): string {
  return rule === null ? texts().skipSentences[reason] : texts().ruleSentences[rule.source](rule.rule, rule.line)
}

function texts(): ExplanationTexts {
  return inLanguage({ en, de })
}

function waitingText({ code, nextAttemptAt }: Extract<Explanation, { kind: 'waiting' }>, now: number): string {
  const why = code === null ? texts().waitsForTurn : problemText(code).advice
  if (nextAttemptAt === null || nextAttemptAt <= now) return why
  return `${why} ${texts().nextTry(formatDuration((nextAttemptAt - now) / 1000))}`
}

function settlingText(waiting: Settling | null, now: number): string {
  const t = texts()
  if (waiting === null) return t.stillChanging
  const since = formatMoment(new Date(waiting.since))
  const latest = waiting.latest <= now ? t.verySoon : t.at(formatUntil(waiting.latest, now))
  return waiting.why === 'changing' ? t.changing(since, latest) : t.restless(since, latest)
}
