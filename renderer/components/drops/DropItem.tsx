import { CircleAlert, CircleCheck, Folder, Link, RotateCw, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { formatBytes, formatRate } from '../../../shared/format/bytes.ts'
import { formatDuration } from '../../../shared/format/duration.ts'
import { formatMoment } from '../../../shared/format/moment.ts'
import type { DropRow } from '../../../shared/model/drop.ts'
import type { StatusKind } from '../../../shared/model/status.ts'
import { problemText } from '../../../shared/text/problem-text.ts'
import { baseName, parentPath } from '../../../shared/format/path.ts'
import { useNow } from '../../hooks/use-now.ts'
import { t } from '../../i18n/texts.ts'
import { cancelDrop, retryDrop } from '../../state/drop-store.ts'
import { copyLinks } from '../../state/links.ts'
import { FileIcon } from '../data/FileIcon.tsx'
import { NameAndPlace } from '../data/NameAndPlace.tsx'
import { Button } from '../ui/Button.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Progress } from '../ui/Progress.tsx'
import css from './DropItem.module.css'

type DropItemProps = { readonly row: DropRow; readonly status: StatusKind }

/** One dropped file: its name and place in the bucket, how far it is, and what can be done with it. */
export function DropItem({ row, status }: DropItemProps) {
  const name = baseName(row.fileName)
  return (
    <li className={css.row} data-phase={row.phase}>
      {row.isFolder ? <Folder size={16} aria-hidden /> : <FileIcon path={row.fileName} />}
      <NameAndPlace
        name={name}
        place={[row.bucketName, parentPath(row.fileName)].filter((part) => part !== '').join('/')}
        title={row.fileName}
      />
      <span className={css.state}>
        <State row={row} name={name} status={status} />
      </span>
      <span className={css.actions}>
        <Actions row={row} name={name} />
      </span>
    </li>
  )
}

type PartProps = { readonly row: DropRow; readonly name: string }

function State({ row, name, status }: PartProps & { readonly status: StatusKind }) {
  switch (row.phase) {
    case 'sending':
      return <Sending row={row} name={name} />
    case 'waiting':
      return <Waiting row={row} status={status} />
    case 'failed':
      return <Failed row={row} />
    case 'done':
      return <Done row={row} />
  }
}

function Sending({ row, name }: PartProps) {
  // Every byte is out and B2's answer is to come: a speed would be made up.
  const isFinishing = row.sizeBytes > 0 && row.sentBytes >= row.sizeBytes
  return (
    <>
      <span className={css.bar}>
        <Progress label={t.transfers.progress(name)} done={row.sentBytes} total={row.sizeBytes} />
      </span>
      <span className={css.wide}>{t.transfers.of(formatBytes(row.sentBytes), formatBytes(row.sizeBytes))}</span>
      <span className={css.speed}>
        {isFinishing ? t.drops.finishing : row.bytesPerSecond > 0 ? formatRate(row.bytesPerSecond) : null}
      </span>
    </>
  )
}

function Waiting({ row, status }: Pick<DropItemProps, 'row' | 'status'>) {
  const now = useNow()
  const { code, nextAttemptAt } = row
  let words: string
  if (row.isFolder) words = t.drops.reading
  else if (status === 'offline' || status === 'paused') words = t.drops.waitsFor[status]
  else if (code === null) words = t.drops.inLine
  else {
    const left = ((nextAttemptAt ?? now) - now) / 1000
    const next = left > 0 ? t.transfers.nextTry(formatDuration(left)) : t.transfers.nextTryNow
    words = `${problemText(code, row.details).title} - ${next}`
  }
  return (
    <>
      <span className={css.words} data-tone={code === null ? undefined : 'wait'} title={words}>
        {words}
      </span>
      <span className={css.number}>{row.isFolder ? '' : formatBytes(row.sizeBytes)}</span>
    </>
  )
}

function Failed({ row }: Pick<DropItemProps, 'row'>) {
  const { title, advice } = problemText(row.code ?? 'bug', row.details)
  return (
    <>
      <span className={css.reason} data-tone="danger" title={advice}>
        <CircleAlert size={14} aria-hidden />
        <span className={css.words}>{title}</span>
      </span>
      <span className={css.number}>{row.isFolder ? '' : formatBytes(row.sizeBytes)}</span>
    </>
  )
}

function Done({ row }: Pick<DropItemProps, 'row'>) {
  const at = row.endedAt === null ? undefined : formatMoment(new Date(row.endedAt))
  return (
    <>
      <span className={css.reason} data-tone="safe" title={at}>
        <CircleCheck size={14} aria-hidden />
        <span className={css.words}>{row.wasThere ? t.drops.wasThere : t.drops.done}</span>
      </span>
      <span className={css.number}>{formatBytes(row.sizeBytes)}</span>
    </>
  )
}

function Actions({ row: { dropId, phase, code, bucketName, fileName }, name }: PartProps) {
  const labelled = (label: string): string => t.transfers.action(label, name)
  const icon = (label: string, shape: ReactNode, run: () => Promise<void>) => (
    <IconButton label={label} fullLabel={labelled(label)} icon={shape} onClick={() => void run()} />
  )
  if (phase === 'done') {
    return (
      <Button
        variant="quiet"
        icon={<Link size={14} aria-hidden />}
        aria-label={labelled(t.drops.copyLink)}
        onClick={() => void copyLinks([{ kind: 'object', url: `b2://${bucketName}/${fileName}` }])}
      >
        {t.drops.copyLink}
      </Button>
    )
  }
  const isTriedAgain = phase === 'failed' || (phase === 'waiting' && code !== null)
  return (
    <>
      {isTriedAgain ? icon(t.drops.retry, <RotateCw size={14} />, () => retryDrop(dropId)) : null}
      {icon(t.drops.cancel, <X size={14} />, () => cancelDrop(dropId))}
    </>
  )
}
