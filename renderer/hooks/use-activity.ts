import { useCallback, useEffect, useRef, useState } from 'react'
import type { ActivityRow } from '../../shared/model/activity.ts'
import { engine } from '../client/engine-client.ts'
import { mergeActivity } from '../components/data/activity-rows.ts'

export type ActivityPages = {
  readonly rows: readonly ActivityRow[]
  /** False until the first page has arrived. */
  readonly isLoaded: boolean
  readonly hasMore: boolean
  readonly loadMore: () => void
}

/**
 * What happened, newest first, a page at a time. New rows are fetched when the engine says there are some; a failed
 * question is asked again with the next change.
 */
export function useActivity(lastActivityId: number, pageSize: number): ActivityPages {
  const [rows, setRows] = useState<readonly ActivityRow[]>([])
  const [isLoaded, setIsLoaded] = useState(false)
  const [hasMore, setHasMore] = useState(false)
  const isLoadingMore = useRef(false)

  useEffect(() => {
    let isCurrent = true
    engine()
      .listActivity({ limit: pageSize })
      .then(
        (page) => {
          if (!isCurrent) return
          setRows((known) => mergeActivity(known, page))
          setIsLoaded(true)
          setHasMore((before) => before || page.length === pageSize)
        },
        () => undefined,
      )
    return () => {
      isCurrent = false
    }
  }, [lastActivityId, pageSize])

  const oldest = rows.at(-1)?.activityId
  const loadMore = useCallback(() => {
    if (isLoadingMore.current || oldest === undefined) return
    isLoadingMore.current = true
    engine()
      .listActivity({ before: oldest, limit: pageSize })
      .then(
        (page) => {
          setRows((known) => mergeActivity(known, page))
          setHasMore(page.length === pageSize)
        },
        () => undefined,
      )
      .finally(() => {
        isLoadingMore.current = false
      })
  }, [oldest, pageSize])

  return { rows, isLoaded, hasMore, loadMore }
}
