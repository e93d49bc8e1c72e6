import {
  ArrowUp,
  Check,
  Copy,
  DatabaseBackup,
  Ellipsis,
  EyeOff,
  FolderCog,
  FolderMinus,
  FolderPlus,
  Hand,
  Play,
  Shield,
  Trash2,
  TriangleAlert,
  type LucideIcon,
} from 'lucide-react'
import type { MouseEvent, ReactNode } from 'react'
import type { ErrorCode } from '../../../shared/errors.ts'
import { formatBytes } from '../../../shared/format/bytes.ts'
import { formatClock, formatMoment } from '../../../shared/format/moment.ts'
import type { FolderId } from '../../../shared/ids.ts'
import type { ActivityRow, ActivityVerb } from '../../../shared/model/activity.ts'
import { problemText } from '../../../shared/text/problem-text.ts'
import { baseName, parentPath } from '../../../shared/format/path.ts'
import { menuPlace, popUpMenu } from '../../client/native-menu.ts'
import { t } from '../../i18n/texts.ts'
import { attempt } from '../../state/actions.ts'
import { cx } from '../ui/cx.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { activityMenu } from './activity-menu.ts'
import css from './ActivityList.module.css'
import { PathLabel } from './PathLabel.tsx'

const icons: Readonly<Record<ActivityVerb, LucideIcon>> = {
  uploaded: ArrowUp,
  adopted: Check,
  copied: Copy,
  hidden: EyeOff,
  deleted: Trash2,
  kept: Shield,
  failed: TriangleAlert,
  'folder-added': FolderPlus,
  'folder-removed': FolderMinus,
  'folder-changed': FolderCog,
  held: Hand,
  resumed: Play,
  'records-recovered': DatabaseBackup,
  'records-begun-anew': TriangleAlert,
}

type ActivityListProps = {
  readonly rows: readonly ActivityRow[]
  /** What a folder is called; undefined when it is not synced any more. */
  readonly folderName: (folderId: FolderId) => string | undefined
  readonly label: string
}

/** What happened, newest first: time, verb, name, place, size. */
export function ActivityList({ rows, folderName, label }: ActivityListProps) {
  return (
    <ul className={css.list} aria-label={label}>
      {rows.map((row) => (
        <li key={row.activityId} className={css.item}>
          <ActivityLine row={row} folder={folderOf(row, folderName)} />
        </li>
      ))}
    </ul>
  )
}

type ActivityLineProps = { readonly row: ActivityRow; readonly folder: string }

/** One event: time, verb, name, place, size, and what can be done with its file. */
export function ActivityLine({ row, folder }: ActivityLineProps) {
  const Icon = icons[row.verb]
  const at = new Date(row.at)
  const name = row.path === null ? (t.activity.notes[row.verb] ?? folder) : baseName(row.path)
  const where = row.code === null ? placeOf(row, folder) : <Reason code={row.code} />
  const menu = activityMenu(row, folder !== '')

  function openMenu(event: MouseEvent): void {
    const at = menuPlace(event)
    void attempt(() => popUpMenu(menu, at))
  }

  return (
    <div
      className={css.row}
      data-told={row.code === null ? undefined : ''}
      onContextMenu={(event) => {
        event.preventDefault()
        if (menu.length > 0) openMenu(event)
      }}
    >
      <time className={css.time} dateTime={at.toISOString()} title={formatMoment(at)}>
        {formatClock(at)}
      </time>
      <span className={css.verb} title={t.activity.verbNotes[row.verb] ?? t.activity.verbs[row.verb]}>
        <Icon size={14} className={cx(css.icon, css[row.verb])} aria-hidden />
        <span className={css.words}>{t.activity.verbs[row.verb]}</span>
      </span>
      <span className={cx(css.name, where === null && css.alone)}>
        <PathLabel text={name} title={row.path ?? name} />
        {row.sparedBytes === null ? null : (
          <span className={css.spared} title={t.activity.sparedNote}>
            {t.activity.spared(formatBytes(row.sparedBytes))}
          </span>
        )}
      </span>
      {where === null ? null : <span className={css.place}>{where}</span>}
      <span className={css.size}>{row.sizeBytes === null ? '' : formatBytes(row.sizeBytes)}</span>
      {menu.length === 0 ? (
        <span />
      ) : (
        <IconButton
          label={t.activity.more}
          fullLabel={t.activity.moreFor(name)}
          aria-haspopup="menu"
          icon={<Ellipsis size={16} />}
          onClick={openMenu}
        />
      )}
    </div>
  )
}

function Reason({ code }: { readonly code: ErrorCode }) {
  const { title, advice } = problemText(code)
  return (
    <span className={css.reason} title={`${title}. ${advice}`}>
      {title}
    </span>
  )
}

/** Null for what happened to no file: the name then has the room of both. */
function placeOf({ path }: ActivityRow, folder: string): ReactNode {
  return path === null ? null : <PathLabel text={[folder, parentPath(path)].filter((part) => part !== '').join('/')} />
}

/** What the folder is called; empty for one that is not synced any more, and for none. */
export function folderOf(row: ActivityRow, folderName: ActivityListProps['folderName']): string {
  return row.folderId === null ? '' : (folderName(row.folderId) ?? '')
}
