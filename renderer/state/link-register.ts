/** What people do with links that were made. Nothing here throws. */
import { formatMoment } from '../../shared/format/moment.ts'
import type { Link } from '../../shared/model/link.ts'
import { engine } from '../client/engine-client.ts'
import { shell } from '../client/shell-client.ts'
import { t } from '../i18n/texts.ts'
import { attempt } from './actions.ts'
import { refreshSnapshot } from './engine-store.ts'
import { copiedText } from './links.ts'
import { showToast } from './ui-store.ts'

/** How long links can be asked to work, the shortest first. */
export const LINK_PERIODS = ['hour', 'day', 'week'] as const
export type LinkPeriod = (typeof LINK_PERIODS)[number]

/** In seconds. */
export const PERIOD_SECONDS: Readonly<Record<LinkPeriod, number>> = { hour: 3600, day: 86_400, week: 604_800 }

/** Puts a link into the clipboard once more. */
export async function copyAgain(link: Link): Promise<void> {
  await attempt(async () => {
    await shell.copyText({ text: link.url })
    showToast(copiedText([link]))
  })
}

/** Has a link work for so long from now on, and copies its new address. */
export async function renewLink(link: Link, period: LinkPeriod): Promise<void> {
  await attempt(async () => {
    const renewed = await engine().renewLink({ linkId: link.linkId, validSeconds: PERIOD_SECONDS[period] })
    await shell.copyText({ text: renewed.url })
    const { state, expiresAt } = renewed
    const isReady = state === 'ready' && expiresAt !== null
    showToast(isReady ? t.linksView.renewed(formatMoment(new Date(expiresAt))) : copiedText([renewed]))
    await refreshSnapshot()
  })
}

/** True when it is over, or forgotten. */
export async function endLink(link: Link): Promise<boolean> {
  return attempt(async () => {
    const ended = await engine().endLink({ linkId: link.linkId })
    const { ended: over, forgotten } = t.linksView.endDialog
    showToast(ended.behind === 'original' ? forgotten : over)
    await refreshSnapshot()
  })
}
