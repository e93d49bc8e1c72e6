import { Globe, TriangleAlert } from 'lucide-react'
import type { FolderView } from '../../../shared/model/folder.ts'
import type { LinkDomain } from '../../../shared/model/link.ts'
import { Button } from '../../components/ui/Button.tsx'
import { useLinkDomains } from '../../hooks/use-link-domains.ts'
import { t } from '../../i18n/texts.ts'
import { showSettings } from '../../state/ui-store.ts'
import css from './LinkHosts.module.css'

/** So many buckets are named. */
const SHOWN = 2

/** How links begin, for each bucket that has a domain of its own, and the way to change that. */
export function LinkHosts({ folders }: { readonly folders: readonly FolderView[] }) {
  const words = t.linksView
  const { domains } = useLinkDomains()
  const buckets = [...new Map(folders.map(({ bucketId, bucketName }) => [bucketId, bucketName]))]
  if (domains === null || buckets.length === 0) return null
  const own = buckets.flatMap(([bucketId, bucketName]) => {
    const domain = domains[bucketId]
    return domain === undefined ? [] : [{ bucketId, bucketName, domain }]
  })
  return (
    <div className={css.hosts}>
      <Globe size={14} className={css.icon} aria-hidden />
      <ul className={css.list}>
        {own.length === 0 ? <li>{words.usualHost}</li> : null}
        {own.slice(0, SHOWN).map(({ bucketId, bucketName, domain }) => (
          <li key={bucketId}>
            {words.host(bucketName, domain.host)}
            <Trouble domain={domain} />
          </li>
        ))}
        {own.length > SHOWN ? <li>{words.moreHosts(own.length - SHOWN)}</li> : null}
      </ul>
      <Button
        variant="quiet"
        onClick={() => {
          showSettings('links')
        }}
      >
        {own.length === 0 ? words.setHost : words.changeHost}
      </Button>
    </div>
  )
}

function Trouble({ domain }: { readonly domain: LinkDomain }) {
  if (domain.answer === null || domain.answer.kind === 'answers') return null
  return (
    <span className={css.trouble}>
      <TriangleAlert size={12} aria-hidden /> {t.linksView.hostFails}
    </span>
  )
}
