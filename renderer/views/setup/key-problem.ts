/** What is said where a key was given and did not work: the one thing that a person can look at. */
import { isEngineError } from '../../../shared/errors.ts'
import type { ProblemText } from '../../../shared/text/problem-text.ts'
import { t } from '../../i18n/texts.ts'

/** Null for what has nothing to do with this key in particular. */
export function keyProblem(error: unknown): ProblemText | null {
  return isEngineError(error, 'key_rejected') ? t.setup.key.rejected : null
}
