import { useCallback, useEffect, useState } from 'react'
import type { LinkDomains } from '../../shared/model/link.ts'
import { engine } from '../client/engine-client.ts'
import { attempt } from '../state/actions.ts'

export type LinkDomainsSetting = {
  /** Null until the engine has said it. */
  readonly domains: LinkDomains | null
  /** The hosts that are being asked whether they are there, by bucket. */
  readonly asking: Readonly<Record<string, string | undefined>>
  /** Takes effect at once; true when the host was asked, whatever it did. */
  readonly save: (bucketId: string, host: string | null) => Promise<boolean>
}

/** The hosts of links as they are set. */
export function useLinkDomains(): LinkDomainsSetting {
  const [domains, setDomains] = useState<LinkDomains | null>(null)
  const [asking, setAsking] = useState<LinkDomainsSetting['asking']>({})

  useEffect(() => {
    let isCurrent = true
    engine()
      .getLinkDomains(undefined)
      .then(
        (found) => {
          if (isCurrent) setDomains(found)
        },
        () => undefined,
      )
    return () => {
      isCurrent = false
    }
  }, [])

  const save = useCallback(async (bucketId: string, host: string | null) => {
    if (host !== null) setAsking((earlier) => ({ ...earlier, [bucketId]: host }))
    const isSaved = await attempt(async () => {
      await engine().setLinkDomain({ bucketId, host })
      setDomains(await engine().getLinkDomains(undefined))
    })
    setAsking((earlier) => ({ ...earlier, [bucketId]: undefined }))
    return isSaved
  }, [])
  return { domains, asking, save }
}
