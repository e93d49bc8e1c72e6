/** What `pail link` says beside the links. */
import type { ErrorCode } from '../../shared/errors.ts'
import { formatBytes } from '../../shared/format/bytes.ts'
import { formatMoment } from '../../shared/format/moment.ts'
import type { LinkAnswer, Siblings } from '../../shared/model/link.ts'
import { problemText } from '../../shared/text/problem-text.ts'
import { printable } from './report.ts'

/** Codes that are about the one file that was asked for. */
const OF_FILE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'not_found',
  'link_outside',
  'link_too_wide',
  'link_too_many_files',
  'name_not_allowed',
  'file_unreadable',
  'file_too_large',
])

export function refusalOf(code: ErrorCode): 'file' | 'all' {
  return OF_FILE.has(code) ? 'file' : 'all'
}

/**
 * For standard error; null where the link says everything. `text` is what was asked for; `isSeenTo` where an engine that
 * runs makes a promise true.
 */
export function noteOf(text: string, answer: LinkAnswer, isSeenTo: boolean): string | null {
  const what = printable(text)
  switch (answer.kind) {
    case 'ready': {
      const { expiresAt } = answer.link
      return expiresAt === null ? null : `${what}: works until ${formatMoment(new Date(expiresAt))}.`
    }
    case 'promised':
      return `${what}: not in B2 yet. The link works once it is${isSeenTo ? ', and it goes before everything else' : '; run `pail sync`, or open Pail'}.`
    case 'siblings':
      return (
        `${what}: no link, as it would also open ${namesOf(answer.siblings)}: B2 opens every name that begins like it. ` +
        'Add --copy to link a copy that B2 makes and that goes with the link, or --anyway to link the file itself.'
      )
    case 'outside':
      return `${what}: no link, as it is in no folder that Pail syncs (${formatBytes(answer.sizeBytes)}).`
    case 'refused':
      return `${what}: ${refusalText(answer.code, answer.details)}`
  }
}

function refusalText(code: ErrorCode, details: Extract<LinkAnswer, { kind: 'refused' }>['details']): string {
  if (code === 'not_found') return 'no link, as neither this computer nor B2 has it.'
  return problemText(code, details).advice
}

function namesOf({ samples, count, isMore }: Siblings): string {
  const [first = ''] = samples
  const others = count - 1
  if (others === 0 && !isMore) return printable(first)
  return `${printable(first)} and ${isMore ? 'more than ' : ''}${others.toLocaleString('en')} more`
}

/** One line for a program; times are ISO 8601. */
export function asJson(text: string, answer: LinkAnswer): object {
  switch (answer.kind) {
    case 'ready':
    case 'promised': {
      const { url, expiresAt, behind, isPublic } = answer.link
      const until = expiresAt === null ? null : new Date(expiresAt).toISOString()
      return { target: text, kind: answer.kind, url, expiresAt: until, behind, isPublic }
    }
    case 'siblings': {
      const { samples, count, isMore } = answer.siblings
      return { target: text, kind: 'siblings', samples, count, isMore }
    }
    case 'outside':
      return { target: text, kind: 'outside' }
    case 'refused':
      return { target: text, kind: 'refused', code: answer.code }
  }
}
