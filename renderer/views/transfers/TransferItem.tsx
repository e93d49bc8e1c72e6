import { Clock, FolderSearch, Link, RotateCw } from 'lucide-react'
import type { ReactNode } from 'react'
import { formatBytes, formatRate } from '../../../shared/format/bytes.ts'
import { formatDuration } from '../../../shared/format/duration.ts'
import { formatClock, formatMoment } from '../../../shared/format/moment.ts'
import type { StatusKind } from '../../../shared/model/status.ts'
import type { TransferRow } from '../../../shared/model/transfer.ts'
import { shell } from '../../client/shell-client.ts'
import { FileIcon } from '../../components/data/FileIcon.tsx'
import { PathLabel } from '../../components/data/PathLabel.tsx'
import { IconButton } from '../../components/ui/IconButton.tsx'
import { Progress } from '../../components/ui/Progress.tsx'
import { baseName, parentPath } from '../../../shared/format/path.ts'
import { useNow } from '../../hooks/use-now.ts'
import { t } from '../../i18n/texts.ts'
import { attempt, cancelTransfer, copyLink, retryJob, showInFolder } from '../../state/actions.ts'
import css from './TransferItem.module.css'
import { waitingAdvice, waitingReason } from './waiting-reason.ts'

type TransferItemProps = {
  readonly row: TransferRow
  readonly folder: string
  /** What the row's folder is doing; undefined when it is not synced any more. */
  readonly folderStatus: StatusKind | undefined
}

type Action = {
  readonly id: string
  readonly label: string
  readonly icon: ReactNode
  readonly run: () => Promise<void>
}

/** One file on its way: name and place, how far it is or why it waits, and what can be done with it. */
export function TransferItem({ row, folder, folderStatus }: TransferItemProps) {
  const name = baseName(row.path)
  const actions = actionsOf(row)

  async function openMenu(): Promise<void> {
    const chosen = await shell.showMenu({ items: actions.map(({ id, label }) => ({ id, label })) })
    await actions.find((action) => action.id === chosen)?.run()
  }

  return (
    <li
      className={css.row}
      data-phase={row.phase}
      onContextMenu={(event) => {
        event.preventDefault()
        if (actions.length > 0) void attempt(openMenu)
      }}
    >
      <FileIcon path={row.path} />
      <span className={css.name}>
        <PathLabel text={name} title={row.path} />
        <span className={css.place}>
          <PathLabel text={[folder, parentPath(row.path)].filter((part) => part !== '').join('/')} />
        </span>
      </span>
      <Middle row={row} name={name} folderStatus={folderStatus} />
      <span className={css.actions}>
        {actions.map(({ id, label, icon, run }) => (
          <IconButton
            key={id}
            label={label}
            fullLabel={t.transfers.action(label, name)}
            icon={icon}
            onClick={() => void run()}
          />
        ))}
      </span>
    </li>
  )
}

type MiddleProps = Pick<TransferItemProps, 'row' | 'folderStatus'> & { readonly name: string }

function Middle({ row, name, folderStatus }: MiddleProps) {
  if (row.phase === 'sending') return <Sending row={row} name={name} />
  if (row.phase === 'waiting') return <Waiting row={row} folderStatus={folderStatus} />
  const finished = row.finishedAt === null ? null : new Date(row.finishedAt)
  return (
    <span className={css.state}>
      <span className={css.words}>{row.kind === 'upload' ? '' : t.transfers.finished[row.kind]}</span>
      {isRemoval(row) ? null : <span className={css.number}>{formatBytes(row.sizeBytes)}</span>}
      <time className={css.number} title={finished === null ? undefined : formatMoment(finished)}>
        {finished === null ? '' : formatClock(finished)}
      </time>
    </span>
  )
}

function Sending({ row, name }: { readonly row: TransferRow; readonly name: string }) {
  // No bytes of this computer are on their way, so there is nothing to measure.
  if (row.kind !== 'upload') {
    return (
      <span className={css.state}>
        <span className={css.words}>{t.transfers.underWay[row.kind]}</span>
      </span>
    )
  }
  // Every byte is out and B2's answer is to come: a speed or a time would be made up.
  const isFinishing = row.sentBytes >= row.sizeBytes
  const secondsLeft =
    !isFinishing && row.bytesPerSecond > 0 ? (row.sizeBytes - row.sentBytes) / row.bytesPerSecond : null
  return (
    <span className={css.state}>
      <span className={css.bar}>
        <Progress label={t.transfers.progress(name)} done={row.sentBytes} total={row.sizeBytes} />
      </span>
      <span className={css.wide}>{t.transfers.of(formatBytes(row.sentBytes), formatBytes(row.sizeBytes))}</span>
      <span className={css.number}>{secondsLeft === null ? '' : formatRate(row.bytesPerSecond)}</span>
      <span className={css.left}>
        {isFinishing ? t.transfers.finishing : null}
        {secondsLeft === null ? null : t.transfers.secondsLeft(formatDuration(secondsLeft))}
      </span>
    </span>
  )
}

function Waiting({ row, folderStatus }: Pick<TransferItemProps, 'row' | 'folderStatus'>) {
  const now = useNow()
  return (
    <span className={css.state}>
      <span className={css.words} data-failed={row.code === null ? undefined : ''} title={waitingAdvice(row)}>
        {waitingReason(row, folderStatus, now)}
      </span>
      <span className={css.number}>{isRemoval(row) ? '' : formatBytes(row.sizeBytes)}</span>
    </span>
  )
}

function actionsOf(row: TransferRow): readonly Action[] {
  const show: Action = {
    id: 'show',
    label: t.transfers.show,
    icon: <FolderSearch size={14} />,
    run: () => showInFolder(row.folderId, row.path),
  }
  // The file is gone from the folder, and a link to it would open nothing.
  if (row.phase === 'waiting') return [...turnActions(row), ...(isRemoval(row) ? [] : [show])]
  if (row.phase === 'sending') return [laterAction(row), ...(isRemoval(row) ? [] : [show])]
  if (isRemoval(row)) return []
  const copy: Action = {
    id: 'copy-link',
    label: t.transfers.copyLink,
    icon: <Link size={14} />,
    run: () => copyLink(row.folderId, row.path),
  }
  return [copy, show]
}

function isRemoval({ kind }: TransferRow): boolean {
  return kind === 'hide' || kind === 'delete'
}

function laterAction({ jobId }: TransferRow): Action {
  return { id: 'later', label: t.transfers.later, icon: <Clock size={14} />, run: () => cancelTransfer(jobId) }
}

/** What waits for its time can have it now, and what waits for its turn can have it later. */
function turnActions(row: TransferRow): readonly Action[] {
  if (row.code === null && !row.isPutOff) return [laterAction(row)]
  return [{ id: 'try-now', label: t.transfers.tryNow, icon: <RotateCw size={14} />, run: () => retryJob(row.jobId) }]
}
