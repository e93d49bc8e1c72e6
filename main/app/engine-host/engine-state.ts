/** What the engine's process is doing, why it ended, and the sentence for it. */
import type { z } from 'zod'
import { assertNever } from '../../../shared/assert-never.ts'
import type { shellEvents } from '../../../shared/contract/shell-api.ts'
import type { ErrorCode, ErrorDetails } from '../../../shared/errors.ts'
import { problemText } from '../../../shared/text/problem-text.ts'
import { texts } from '../i18n/texts.ts'

export type ExitReason =
  /** It was asked to stop and did. */
  | { readonly kind: 'stopped' }
  /** It was asked to stop, did not in time, and was killed. */
  | { readonly kind: 'killed' }
  /** It ended without being asked; one of the two is null, or both when the system does not say. */
  | { readonly kind: 'crashed'; readonly exitCode: number | null; readonly signal: string | null }
  /** It said that starting again is of no use. */
  | { readonly kind: 'cannot-start'; readonly code: ErrorCode; readonly details: ErrorDetails }
  /** There was nothing to start; `message` is a sentence for people. */
  | { readonly kind: 'not-launched'; readonly message: string }

export type EngineState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'running' }
  | { readonly kind: 'restarting'; readonly reason: ExitReason; readonly waitMs: number }
  /** It stays down until `start` is called again. */
  | { readonly kind: 'failed'; readonly reason: ExitReason }
  | { readonly kind: 'stopped' }

/** One sentence for people; for `crashed` without the number, which is for the log. */
export function exitReasonText(reason: ExitReason): string {
  switch (reason.kind) {
    case 'stopped':
    case 'killed':
      return texts().engine.closing
    case 'crashed':
      return texts().engine.crashed
    case 'cannot-start': {
      const { title, advice } = problemText(reason.code, reason.details)
      return `${title}. ${advice}`
    }
    case 'not-launched':
      return reason.message
    default:
      return assertNever(reason)
  }
}

/** The state as windows hear of it; null for `stopped`, when there is nobody left to tell. */
export function engineStateEvent(state: EngineState): z.infer<typeof shellEvents.engineStateChanged> | null {
  switch (state.kind) {
    case 'starting':
    case 'running':
      return { kind: state.kind, reason: null }
    case 'restarting':
    case 'failed':
      return { kind: state.kind, reason: exitReasonText(state.reason) }
    case 'stopped':
      return null
    default:
      return assertNever(state)
  }
}
