import { useEffect, useState } from 'react'
import type { ActivityRow } from '../../shared/model/activity.ts'
import { engine } from '../client/engine-client.ts'

/** What happened last, newest first. Asked anew when the engine says there is more; a failed question with the next change. */
export function useRecentActivity(lastActivityId: number, limit: number): readonly ActivityRow[] {
  const [rows, setRows] = useState<readonly ActivityRow[]>([])
  useEffect(() => {
    let isCurrent = true
    engine()
      .listActivity({ limit })
      .then(
        (newest) => {
          if (isCurrent) setRows(newest)
        },
        () => undefined,
      )
    return () => {
      isCurrent = false
    }
  }, [lastActivityId, limit])
  return rows
}
