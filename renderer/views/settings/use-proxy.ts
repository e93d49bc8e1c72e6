import { useCallback, useEffect, useState } from 'react'
import type { ProxyChange, ProxySetting } from '../../../shared/model/proxy.ts'
import { engine } from '../../client/engine-client.ts'
import { attempt } from '../../state/actions.ts'

export type ProxyState = {
  /** Null until the engine has said it. */
  readonly proxy: ProxySetting | null
  /** Takes effect at once. False, and what was set before stands, when it could not be taken. */
  readonly save: (change: ProxyChange) => Promise<boolean>
}

/** The proxy as it is set. */
export function useProxy(): ProxyState {
  const [proxy, setProxy] = useState<ProxySetting | null>(null)

  useEffect(() => {
    let isCurrent = true
    engine()
      .getProxy(undefined)
      .then(
        (found) => {
          if (isCurrent) setProxy(found)
        },
        () => undefined,
      )
    return () => {
      isCurrent = false
    }
  }, [])

  const save = useCallback(
    (change: ProxyChange) =>
      attempt(async () => {
        await engine().setProxy(change)
        setProxy(await engine().getProxy(undefined))
      }),
    [],
  )
  return { proxy, save }
}
