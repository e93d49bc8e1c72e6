/** What can be done with a link, by its buttons and in its menu. */
import type { MenuPlace } from '../../../shared/contract/shell-api.ts'
import type { Link } from '../../../shared/model/link.ts'
import { popUpMenu, type MenuCommand, type MenuEntry } from '../../client/native-menu.ts'
import { actionsOf, opensMore, type LinkAction } from '../../components/data/link-state.ts'
import { t } from '../../i18n/texts.ts'
import { attempt, showInFolder } from '../../state/actions.ts'
import { copyAgain, LINK_PERIODS, renewLink } from '../../state/link-register.ts'
import { acceptSiblings } from '../../state/links.ts'
import { openDialog } from '../../state/ui-store.ts'

/** `at`: where a menu belongs, if there is one. Never throws. */
export async function actOnLink(action: LinkAction, link: Link, at: MenuPlace): Promise<void> {
  switch (action) {
    case 'copy':
      return copyAgain(link)
    case 'renew':
    case 'again':
      await attempt(() => popUpMenu(periodsOf(link), at))
      return
    case 'end':
      openDialog({ kind: 'end-link', link })
      return
    case 'show':
      if (link.folderId !== null) await showInFolder(link.folderId, link.path ?? undefined)
  }
}

/** Never throws. */
export async function openLinkMenu(link: Link, at: MenuPlace): Promise<void> {
  const entries = actionsOf(link).map((action): MenuEntry => {
    const label = t.linksView.actions[action]
    switch (action) {
      case 'renew':
        return { id: action, label: t.linksView.renewMenu, items: periodsOf(link) }
      case 'again':
        return { id: action, label: t.linksView.againMenu, items: periodsOf(link) }
      case 'copy':
      case 'end':
      case 'show':
        return { id: action, label: action === 'end' ? `${label}...` : label, run: () => actOnLink(action, link, at) }
    }
  })
  const accept: MenuEntry = { id: 'accept', label: t.linksView.accept, run: () => acceptSiblings(link.linkId) }
  const all = opensMore(link) ? [...entries, 'separator' as const, accept] : entries
  if (all.length > 0) await attempt(() => popUpMenu(all, at))
}

function periodsOf(link: Link): readonly MenuCommand[] {
  return LINK_PERIODS.map((period) => ({
    id: period,
    label: t.linksView.renewFor(t.linksView.periods[period]),
    run: () => renewLink(link, period),
  }))
}
