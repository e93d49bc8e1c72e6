/**
 * What people read about an error, by code: what it is, and what to do. Used by the window, the tray and the command
 * line, so the sentence is the same everywhere. A missing code fails to compile, in either language.
 */
import type { ErrorCode, ErrorDetails } from '../errors.ts'
import { inLanguage } from '../language.ts'
import { problems as de } from './de/problems.ts'
import { problems as en } from './en/problems.ts'

export type ProblemText = {
  /** A few words for a heading. */
  readonly title: string
  /** One or two sentences: what it means for the files, then what to do. */
  readonly advice: string
}

/** The text for each code, or what makes it of the details. */
export type ProblemTexts = Readonly<Record<ErrorCode, ProblemText | ((details: ErrorDetails) => ProblemText)>>

/** The text for a code, with the details worked into it. */
export function problemText(code: ErrorCode, details: ErrorDetails = {}): ProblemText {
  const text = inLanguage({ en, de })[code]
  return typeof text === 'function' ? text(details) : text
}
