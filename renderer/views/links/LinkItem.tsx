import { Copy, Ellipsis, Folder, FolderSearch, Link2Off, RotateCw, TriangleAlert, type LucideIcon } from 'lucide-react'
import { memo } from 'react'
import { formatAgo } from '../../../shared/format/duration.ts'
import { formatMoment } from '../../../shared/format/moment.ts'
import type { MenuPlace } from '../../../shared/contract/shell-api.ts'
import type { Link, Siblings } from '../../../shared/model/link.ts'
import { menuPlace } from '../../client/native-menu.ts'
import { FileIcon } from '../../components/data/FileIcon.tsx'
import {
  actionsOf,
  isActive as isLinkActive,
  nameOf,
  opensMore,
  placeOf,
  wordsOf,
  type LinkAction,
} from '../../components/data/link-state.ts'
import { NameAndPlace } from '../../components/data/NameAndPlace.tsx'
import { PathLabel } from '../../components/data/PathLabel.tsx'
import { Button } from '../../components/ui/Button.tsx'
import { IconButton } from '../../components/ui/IconButton.tsx'
import { useNow } from '../../hooks/use-now.ts'
import { t } from '../../i18n/texts.ts'
import { acceptSiblings } from '../../state/links.ts'
import css from './LinkItem.module.css'

const icons: Readonly<Record<LinkAction, LucideIcon>> = {
  copy: Copy,
  renew: RotateCw,
  again: RotateCw,
  end: Link2Off,
  show: FolderSearch,
}

/** So many have room in a row; the menu has all of them. */
const SHOWN_ACTIONS = 3

type LinkItemProps = {
  readonly link: Link
  /** Its buttons are reached by Tab. */
  readonly isActive: boolean
  readonly onAct: (action: LinkAction, link: Link, at: MenuPlace) => unknown
  readonly onMenu: (link: Link, at: MenuPlace) => unknown
}

/** One link: what it opens, where and when it was copied, how long it works, and what can be done with it. */
export const LinkItem = memo(function LinkItem({ link, isActive, onAct, onMenu }: LinkItemProps) {
  const name = nameOf(link)
  const tabIndex = isActive ? 0 : -1
  return (
    <div className={css.item} data-over={isLinkActive(link) ? undefined : ''}>
      <span role="gridcell" className={css.file}>
        {link.isFolder ? <Folder size={16} className={css.folder} aria-hidden /> : <FileIcon path={name} />}
        <span className={css.names}>
          <NameAndPlace name={name} place={placeOf(link)} title={link.shared} />
          <Details link={link} />
        </span>
      </span>
      <span role="gridcell" className={css.time}>
        <Time link={link} />
      </span>
      <span role="gridcell" className={css.actions}>
        {actionsOf(link)
          .slice(0, SHOWN_ACTIONS)
          .map((action) => {
            const Icon = icons[action]
            const label = t.linksView.actions[action]
            return (
              <IconButton
                key={action}
                label={label}
                fullLabel={t.transfers.action(label, name)}
                aria-haspopup={action === 'renew' || action === 'again' ? 'menu' : undefined}
                icon={<Icon size={14} />}
                tabIndex={tabIndex}
                onClick={(event) => {
                  onAct(action, link, menuPlace(event))
                }}
              />
            )
          })}
        <IconButton
          label={t.linksView.actions.more}
          fullLabel={t.transfers.action(t.linksView.actions.more, name)}
          aria-haspopup="menu"
          icon={<Ellipsis size={16} />}
          tabIndex={tabIndex}
          onClick={(event) => {
            onMenu(link, menuPlace(event))
          }}
        />
      </span>
      {opensMore(link) && link.opensToo !== null ? (
        <Warning link={link} siblings={link.opensToo} tabIndex={tabIndex} onAct={onAct} />
      ) : null}
    </div>
  )
})

/** Where and when it was copied, and what is behind its address where that is not the file itself. */
function Details({ link }: { readonly link: Link }) {
  const now = useNow()
  const words = t.linksView
  const { copiedTo, createdAt, behind, isPublic, opensToo } = link
  const made = new Date(createdAt)
  const notes = [
    words.behind[behind],
    isPublic ? words.publicBucket : null,
    isLinkActive(link) && opensToo !== null && !opensMore(link) ? words.alsoOpens(opensToo) : null,
  ].filter((note) => note !== null)
  return (
    <span className={css.details} title={[formatMoment(made), ...notes].join(' - ')}>
      {[`${words.copiedTo[copiedTo]} ${formatAgo(createdAt, now)}`, ...notes].join(' - ')}
    </span>
  )
}

/** How long it works, with the time that is left as a quiet bar. */
function Time({ link }: { readonly link: Link }) {
  const now = useNow()
  const { tone, words, note, title, left } = wordsOf(link, now)
  return (
    <span className={css.left} data-tone={tone} title={title}>
      <span className={css.words}>{words}</span>
      {note === null ? null : <span className={css.note}>{note}</span>}
      {left === null ? null : (
        <span className={css.track} aria-hidden>
          <span className={css.bar} style={{ transform: `scaleX(${left})` }} />
        </span>
      )}
    </span>
  )
}

type WarningProps = Pick<LinkItemProps, 'link' | 'onAct'> & { readonly siblings: Siblings; readonly tabIndex: number }

/** Names that came later and that the link opens too: a person ends it, or says that this is meant. */
function Warning({ link, siblings, tabIndex, onAct }: WarningProps) {
  const words = t.linksView
  const others = siblings.count - siblings.samples.length
  return (
    <span role="gridcell" className={css.warning}>
      <TriangleAlert size={14} className={css.alert} aria-hidden />
      <span className={css.opens}>
        {words.opensMore(siblings)}
        <span className={css.samples}>
          {siblings.samples.map((sample) => (
            <PathLabel key={sample} text={sample} />
          ))}
          {others > 0 || siblings.isMore ? <span>{words.moreNames(others)}</span> : null}
        </span>
      </span>
      <span className={css.answers}>
        <Button
          tabIndex={tabIndex}
          aria-label={t.transfers.action(words.actions.end, nameOf(link))}
          onClick={(event) => {
            onAct('end', link, menuPlace(event))
          }}
        >
          {words.actions.end}
        </Button>
        <Button
          tabIndex={tabIndex}
          aria-label={t.transfers.action(words.accept, nameOf(link))}
          onClick={() => void acceptSiblings(link.linkId)}
        >
          {words.accept}
        </Button>
      </span>
    </span>
  )
}
