import { useEffect, useState } from 'react'
import type { z } from 'zod'
import type { EngineApi } from '../../../shared/contract/engine-api.ts'
import type { FolderId } from '../../../shared/ids.ts'
import type { ProblemText } from '../../../shared/text/problem-text.ts'
import { engine } from '../../client/engine-client.ts'
import { textOfError } from '../../state/actions.ts'

type Counts = z.output<EngineApi['previewIgnore']['output']>

export type IgnorePreview =
  | { readonly kind: 'looking' }
  | { readonly kind: 'failed'; readonly problem: ProblemText }
  | ({ readonly kind: 'ready' } & Counts)

/** So long after the last key, so that not every letter walks through the folder. */
const QUIET_MS = 400

/** What rules would leave out that is sent now; null for none to look at. Follows what is typed, and forgets older answers. */
export function useIgnorePreview(folderId: FolderId, ignoreRules: string | null): IgnorePreview | null {
  const [answer, setAnswer] = useState<{ readonly rules: string; readonly preview: IgnorePreview } | null>(null)

  useEffect(() => {
    if (ignoreRules === null) return
    let isCurrent = true
    const take = (preview: IgnorePreview): void => {
      if (isCurrent) setAnswer({ rules: ignoreRules, preview })
    }
    const timer = setTimeout(() => {
      engine()
        .previewIgnore({ folderId, ignoreRules })
        .then(
          (counts) => {
            take({ kind: 'ready', ...counts })
          },
          (error: unknown) => {
            take({ kind: 'failed', problem: textOfError(error) })
          },
        )
    }, QUIET_MS)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [folderId, ignoreRules])

  if (ignoreRules === null) return null
  return answer?.rules === ignoreRules ? answer.preview : { kind: 'looking' }
}
