import { useEffect, useState } from 'react'
import type { AbsolutePath } from '../../../shared/ids.ts'
import type { ProblemText } from '../../../shared/text/problem-text.ts'
import { engine } from '../../client/engine-client.ts'
import { textOfError } from '../../state/actions.ts'

export type FolderPreview =
  | { readonly kind: 'none' }
  | { readonly kind: 'counting' }
  | { readonly kind: 'failed'; readonly problem: ProblemText }
  | {
      readonly kind: 'ready'
      readonly files: number
      readonly bytes: number
      readonly skipped: number
      readonly unreadable: number
      readonly complete: boolean
    }

type Answer = { readonly root: AbsolutePath; readonly preview: FolderPreview }

/** What a folder holds, counted anew whenever another one is chosen; an answer for an earlier one is dropped. */
export function useFolderPreview(root: AbsolutePath | null): FolderPreview {
  const [answer, setAnswer] = useState<Answer | null>(null)

  useEffect(() => {
    if (root === null) return
    let isCurrent = true
    engine()
      .previewFolder({ root })
      .then(
        (counts) => {
          if (isCurrent) setAnswer({ root, preview: { kind: 'ready', ...counts } })
        },
        (error: unknown) => {
          if (isCurrent) setAnswer({ root, preview: { kind: 'failed', problem: textOfError(error) } })
        },
      )
    return () => {
      isCurrent = false
    }
  }, [root])

  if (root === null) return { kind: 'none' }
  return answer?.root === root ? answer.preview : { kind: 'counting' }
}
