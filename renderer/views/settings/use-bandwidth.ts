import { useCallback, useEffect, useState } from 'react'
import type { Bandwidth } from '../../../shared/model/bandwidth.ts'
import { engine } from '../../client/engine-client.ts'
import { attempt } from '../../state/actions.ts'
import { refreshSnapshot } from '../../state/engine-store.ts'

export type BandwidthSetting = {
  /** Null until the engine has said it. */
  readonly bandwidth: Bandwidth | null
  /** Takes effect at once. False, and what was set before stands, when it could not be taken. */
  readonly save: (next: Bandwidth) => Promise<boolean>
}

/** The limits of the line as they are set. */
export function useBandwidth(): BandwidthSetting {
  const [bandwidth, setBandwidth] = useState<Bandwidth | null>(null)

  useEffect(() => {
    let isCurrent = true
    engine()
      .getBandwidth(undefined)
      .then(
        (found) => {
          if (isCurrent) setBandwidth(found)
        },
        () => undefined,
      )
    return () => {
      isCurrent = false
    }
  }, [])

  const save = useCallback(
    (next: Bandwidth) =>
      attempt(async () => {
        await engine().setBandwidth(next)
        setBandwidth(next)
        await refreshSnapshot()
      }),
    [],
  )
  return { bandwidth, save }
}
