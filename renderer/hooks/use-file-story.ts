import { useEffect, useState } from 'react'
import type { FolderId, RelativePath } from '../../shared/ids.ts'
import type { ActivityRow } from '../../shared/model/activity.ts'
import type { Explanation } from '../../shared/model/explanation.ts'
import { ALL_ACTIVITY } from '../../shared/model/activity.ts'
import { engine } from '../client/engine-client.ts'
import { useEngineStore } from '../state/engine-store.ts'

export type FileStory = { readonly explanation: Explanation; readonly rows: readonly ActivityRow[] }

/** So many of what happened last are enough to see how a file is. */
const SHOWN_EVENTS = 5

/** How a file is and what happened to it last, as of now: asked again with each snapshot. Null until the engine has answered. */
export function useFileStory(folderId: FolderId, path: RelativePath): FileStory | null {
  const snapshot = useEngineStore((state) => state.snapshot)
  const [story, setStory] = useState<FileStory | null>(null)
  useEffect(() => {
    let isCurrent = true
    Promise.all([
      engine().explainPath({ folderId, path }),
      engine().listActivity({ limit: SHOWN_EVENTS, filter: { ...ALL_ACTIVITY, folderId, path } }),
    ]).then(
      ([explanation, rows]) => {
        if (isCurrent) setStory({ explanation, rows })
      },
      // What it was before stays; the next snapshot asks again.
      () => undefined,
    )
    return () => {
      isCurrent = false
    }
  }, [folderId, path, snapshot])
  return story
}
