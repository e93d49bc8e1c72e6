/** The answer to "why is this not uploaded?" in words: what it is, and what to do where something can be done. */
import { assertNever } from '../assert-never.ts'
import { formatDuration } from '../format/duration.ts'
import { formatMoment, formatUntil } from '../format/moment.ts'
import type { Explanation, IgnoreReason, Settling, SkippedRow, SkipReason } from '../model/explanation.ts'
import { problemText } from './problem-text.ts'

/** `now` in Unix milliseconds, for the times. */
export function explainText(explanation: Explanation, now: number): string {
  switch (explanation.kind) {
    case 'in-sync':
      return inSyncText(explanation.uploadedAt)
    case 'ignored':
      return ignoredText(explanation.reason)
    case 'skipped':
      return skipSentences[explanation.reason]
    case 'settling':
      return settlingText(explanation.waiting, now)
    case 'waiting':
      return waitingText(explanation, now)
    case 'sending':
      return 'It is on its way to B2.'
    case 'put-off':
      return explanation.until <= now
        ? 'You left it for later. Its time has come, and it is sent in its turn.'
        : `You left it for later: it waits until ${formatUntil(explanation.until, now)}, or until it changes. Try it now to send it at once.`
    case 'blocked':
      return problemText(explanation.code).advice
    case 'paused':
      return explanation.until === null
        ? 'Pail is paused. Resume, and it is sent.'
        : `Pail is paused until ${formatUntil(explanation.until, now)} and sends it then. Resume to send it at once.`
    case 'leaving':
      return 'It is gone from this folder and still in B2. Pail looks a second time before anything happens to it there; put it back and it stays.'
    case 'kept':
      return 'What B2 holds was left as it is on purpose. Pail sends this file again as soon as it changes here.'
    case 'directory':
      return 'It is a folder. B2 stores files only, so a folder is there as soon as a file in it is.'
    case 'not-there':
      return 'There is no file of this name in the folder. Check the name.'
    case 'unknown':
      return 'Pail has not looked at it yet. Check now, or wait for the check that is under way.'
    default:
      return assertNever(explanation)
  }
}

/** A few words for why a row is never sent; the whole sentence is `explainSkipped`. */
export function skippedWords({ reason, rule }: SkippedRow): string {
  if (rule === null) return skipWords[reason]
  switch (rule.source) {
    case 'built-in':
      return 'Temporary or system file'
    case 'own-data':
      return 'Belongs to Pail'
    case 'settings':
    case '.pailignore':
      return `Rule ${rule.rule}`
  }
}

/** The sentence for a row that is never sent. */
export function explainSkipped({ reason, rule }: SkippedRow): string {
  return rule === null ? skipSentences[reason] : ignoredText(rule)
}

const skipWords: Readonly<Record<SkipReason, string>> = {
  symlink: 'Symbolic link',
  special: 'Not a file',
  placeholder: 'Online only',
  'name-not-utf8': 'Name is not text',
  unreadable: 'May not be read',
  ignored: 'Left out by a rule',
}

const skipSentences: Readonly<Record<SkipReason, string>> = {
  symlink:
    'It is a symbolic link, and Pail follows none. To keep what it points to in B2, put the file itself into this folder.',
  special: 'It is a device, a pipe or a socket. Those hold nothing that could be kept in B2.',
  placeholder: 'It is online only: its content is not on this computer. Download it, and Pail sends it.',
  'name-not-utf8': 'Its name is not valid text (UTF-8), and B2 takes no such name. Rename it, and Pail sends it.',
  unreadable: 'Pail may not read it. Change its permissions, and Pail sends it.',
  ignored: 'An ignore rule leaves it out. Change the rule, and Pail sends it.',
}

function inSyncText(uploadedAt: number | null): string {
  const since = uploadedAt === null ? '' : `, since ${formatMoment(new Date(uploadedAt))}`
  return `It is in B2 as it is here${since}. There is nothing to do.`
}

function ignoredText({ source, rule, line }: IgnoreReason): string {
  const where = line === null ? '' : `line ${line} of `
  switch (source) {
    case 'built-in':
      return `Pail leaves out temporary and system files: this one matches ${rule}.`
    case 'own-data':
      return 'It belongs to Pail itself and is never sent.'
    case 'settings':
      return `The rule ${rule} (${where}this folder's ignore rules) leaves it out. Change the rule, and Pail sends it.`
    case '.pailignore':
      return `The rule ${rule} (${where}.pailignore) leaves it out. Change the rule, and Pail sends it.`
  }
}

function waitingText({ code, nextAttemptAt }: Extract<Explanation, { kind: 'waiting' }>, now: number): string {
  const why = code === null ? 'It waits for its turn and is sent by itself.' : problemText(code).advice
  if (nextAttemptAt === null || nextAttemptAt <= now) return why
  return `${why} Next try in ${formatDuration((nextAttemptAt - now) / 1000)}.`
}

function settlingText(waiting: Settling | null, now: number): string {
  if (waiting === null) return 'It is still changing. Pail sends it once it has been quiet for a moment.'
  const since = formatMoment(new Date(waiting.since))
  const latest = waiting.latest <= now ? 'very soon' : `at ${formatUntil(waiting.latest, now)}`
  return waiting.why === 'changing'
    ? `It has been changing since ${since}. Pail sends it once it has been quiet for a moment, and ${latest} at the latest.`
    : `It has not rested since ${since}, so Pail sends it every few minutes: next ${latest}, or sooner once it is quiet.`
}
