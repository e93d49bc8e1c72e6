/** What is said where a key was given and did not work: the one thing that a person can look at. */
import { isEngineError } from '../../../shared/errors.ts'
import type { ProblemText } from '../../../shared/text/problem-text.ts'
import { t } from '../../i18n/texts.ts'

/** Null for what is the same anywhere else. Nothing is being sent yet, so nothing waits, and nothing goes on by itself. */
export function keyProblem(error: unknown): ProblemText | null {
  if (isEngineError(error, 'network_unreachable', 'timeout', 'connection_reset')) return t.setup.key.unreachable
  return isEngineError(error, 'key_rejected') ? t.setup.key.rejected : null
}
