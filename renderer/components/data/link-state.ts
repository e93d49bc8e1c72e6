/** How a link stands at a moment, what of it is said, and what can be done with it. Pure. */
import { formatAgo } from '../../../shared/format/duration.ts'
import { currentFormat } from '../../../shared/format/formats.ts'
import { formatMoment } from '../../../shared/format/moment.ts'
import { baseName, parentPath } from '../../../shared/format/path.ts'
import { EXPIRES_SOON_MS, type Link } from '../../../shared/model/link.ts'
import { problemText } from '../../../shared/text/problem-text.ts'
import { t } from '../../i18n/texts.ts'

/** `again`: the same link anew, after it is over. */
export type LinkAction = 'copy' | 'renew' | 'again' | 'end' | 'show'

export type LinkWords = {
  readonly tone: 'plain' | 'muted' | 'wait' | 'danger'
  /** How it stands, in a few words. */
  readonly words: string
  /** What there is to say beside that; null for nothing. */
  readonly note: string | null
  /** All of it, with moments instead of durations. */
  readonly title: string
  /** The share of its time that is left, 0 to 1; null where it has no end, or is over. */
  readonly left: number | null
}

const HOUR_S = 3600
const DAY_S = 86_400

/** Below this it is told in hours: `47 h left` says more than `2 days left`. */
const HOURS_UNTIL_S = 2 * DAY_S

export function isActive({ state }: Link): boolean {
  return state === 'promised' || state === 'ready'
}

/** Whether a person has yet to say what they think of the names that it opens too. */
export function opensMore(link: Link): boolean {
  return isActive(link) && link.opensToo !== null && !link.isAccepted
}

/** What a link is called: the last part of what was shared. */
export function nameOf({ shared }: Link): string {
  return baseName(shared)
}

/** Where what was shared is: bucket and folder, or the folder on this machine of what was sent for the link alone. */
export function placeOf({ behind, shared, bucketName }: Link): string {
  const parent = parentPath(shared.replace(/\/+$/, ''))
  if (behind === 'upload') return parent
  return parent === '' ? bucketName : `${bucketName}/${parent}`
}

/** `6 days left`, `47 h left`, `12 min left`: days to the nearest one, what is less never too much. Both in Unix milliseconds. */
export function leftWords(expiresAt: number, now: number): string {
  const format = currentFormat()
  const seconds = Math.max(0, (expiresAt - now) / 1000)
  const { left, lessThanMinute } = t.linksView
  if (seconds >= HOURS_UNTIL_S) return left(format.days(Math.round(seconds / DAY_S)))
  if (seconds >= HOUR_S) return left(format.hours(Math.floor(seconds / HOUR_S)))
  return seconds < 60 ? lessThanMinute : left(format.minutes(Math.floor(seconds / 60)))
}

/** `now` in Unix milliseconds. */
export function wordsOf(link: Link, now: number): LinkWords {
  const words = t.linksView
  switch (link.state) {
    case 'promised':
      return promisedWords(link)
    case 'ready':
      return link.isGone ? goneWords(link) : readyWords(link, now)
    case 'failed': {
      const { title, advice } = problemText(link.code ?? 'bug')
      return over('danger', words.failed, title, `${title}. ${advice}`)
    }
    case 'expired':
      return endedWords(words.expired, link.expiresAt, now)
    case 'ended':
      return opensStill(link, now)
        ? over('wait', words.opensStill, ...stillWords(link))
        : endedWords(words.ended, link.endedAt, now)
  }
}

/** Ended, and yet its address opens the file until its time is over, or for good. */
function opensStill({ state, behind, expiresAt, isPublic }: Link, now: number): boolean {
  return state === 'ended' && behind === 'original' && (expiresAt === null ? isPublic : expiresAt > now)
}

/** The most useful first. */
export function actionsOf(link: Link): readonly LinkAction[] {
  const show: readonly LinkAction[] = link.folderId === null ? [] : ['show']
  if (!isActive(link)) return [...(link.isPublic ? [] : (['again'] as const)), ...show]
  // Of what is not there B2 gives no new address that would open anything.
  return ['copy', ...(link.isPublic || link.isGone ? [] : (['renew'] as const)), 'end', ...show]
}

function promisedWords({ behind, expiresAt }: Link): LinkWords {
  const { isOnItsWay, isOnItsWayNote, isBeingMade, isBeingMadeNote } = t.linksView
  const isSent = behind === 'original' || behind === 'upload'
  const until = expiresAt === null ? null : t.linksView.until(formatMoment(new Date(expiresAt)))
  return {
    tone: 'plain',
    words: isSent ? isOnItsWay : isBeingMade,
    note: until,
    title: [isSent ? isOnItsWayNote : isBeingMadeNote, until === null ? '' : `${until}.`].join(' ').trim(),
    left: null,
  }
}

function readyWords({ expiresAt, validSeconds }: Link, now: number): LinkWords {
  const words = t.linksView
  if (expiresAt === null) {
    return { tone: 'plain', words: words.noEnd, note: null, title: words.noEndNote, left: null }
  }
  const left = Math.min(1, Math.max(0, (expiresAt - now) / (validSeconds * 1000)))
  const isSoon = expiresAt - now < EXPIRES_SOON_MS
  return {
    tone: isSoon ? 'wait' : 'plain',
    words: leftWords(expiresAt, now),
    note: null,
    title: `${words.works(formatMoment(new Date(expiresAt)))}${isSoon ? ` ${words.soonNote}` : ''}`,
    left,
  }
}

function goneWords({ expiresAt }: Link): LinkWords {
  const words = t.linksView
  const until = expiresAt === null ? null : formatMoment(new Date(expiresAt))
  return { tone: 'wait', words: words.gone, note: words.goneShort, title: words.goneNote(until), left: null }
}

function endedWords(words: string, at: number | null, now: number): LinkWords {
  if (at === null) return over('muted', words, null, words)
  return over('muted', words, formatAgo(at, now), `${words}: ${formatMoment(new Date(at))}`)
}

function stillWords({ expiresAt }: Link): [string, string] {
  const { until, opensOn, opensStillNote } = t.linksView
  return [expiresAt === null ? opensOn : until(formatMoment(new Date(expiresAt))), opensStillNote]
}

function over(tone: LinkWords['tone'], words: string, note: string | null, title: string): LinkWords {
  return { tone, words, note, title, left: null }
}
