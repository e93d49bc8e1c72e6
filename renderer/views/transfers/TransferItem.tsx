import { ArrowUpToLine, FolderSearch, Link, RotateCw, X, type LucideIcon } from 'lucide-react'
import { memo } from 'react'
import { formatBytes, formatRate } from '../../../shared/format/bytes.ts'
import { formatClock, formatMoment } from '../../../shared/format/moment.ts'
import type { DoneRow, FailedRow, MovingRow, WaitingRow } from '../../../shared/model/transfer.ts'
import { FileIcon } from '../../components/data/FileIcon.tsx'
import { NameAndPlace } from '../../components/data/NameAndPlace.tsx'
import { IconButton } from '../../components/ui/IconButton.tsx'
import { Progress } from '../../components/ui/Progress.tsx'
import { baseName, parentPath } from '../../../shared/format/path.ts'
import { useNow } from '../../hooks/use-now.ts'
import { t } from '../../i18n/texts.ts'
import { failedWords, phaseNote, phaseWords, waitingAdvice, waitingWords } from './row-words.ts'
import { actionsOf, type RowAction, type ShownRow } from './rows.ts'
import css from './TransferItem.module.css'

const icons: Readonly<Record<RowAction, LucideIcon>> = {
  next: ArrowUpToLine,
  now: RotateCw,
  retry: RotateCw,
  cancel: X,
  copyLink: Link,
  show: FolderSearch,
}

/** So many have room in a row; the menu has all of them. */
const SHOWN_ACTIONS = 2

type TransferItemProps = {
  readonly row: ShownRow
  readonly folder: string
  /** What the line may take, bytes a second; null for all of it. */
  readonly limit: number | null
  /** Its buttons are reached by Tab. */
  readonly isActive: boolean
  readonly onAct: (action: RowAction, row: ShownRow) => void
}

/** One file: name and place, how far it is, why it waits or failed, and what can be done with it. */
export const TransferItem = memo(function TransferItem({ row, folder, limit, isActive, onAct }: TransferItemProps) {
  const name = baseName(row.path)
  return (
    <>
      <span role="gridcell" className={css.file}>
        <FileIcon path={row.path} />
        <NameAndPlace
          name={name}
          place={[folder, parentPath(row.path)].filter((part) => part !== '').join('/')}
          title={row.path}
        />
      </span>
      <span role="gridcell" className={css.state}>
        <State row={row} name={name} limit={limit} />
      </span>
      <span role="gridcell" className={css.actions}>
        {actionsOf(row)
          .slice(0, SHOWN_ACTIONS)
          .map((action) => {
            const Icon = icons[action]
            const label = t.transfers.actions[action]
            return (
              <IconButton
                key={action}
                label={label}
                fullLabel={t.transfers.action(label, name)}
                icon={<Icon size={14} />}
                tabIndex={isActive ? 0 : -1}
                onClick={() => {
                  onAct(action, row)
                }}
              />
            )
          })}
      </span>
    </>
  )
})

type StateProps = { readonly row: ShownRow; readonly name: string; readonly limit: number | null }

function State({ row, name, limit }: StateProps) {
  switch (row.group) {
    case 'now':
      return <Moving row={row} name={name} />
    case 'waiting':
      return <Waiting row={row} limit={limit} />
    case 'failed':
      return <Failed row={row} />
    case 'done':
      return <Done row={row} />
  }
}

function Moving({ row, name }: { readonly row: MovingRow; readonly name: string }) {
  const { kind, phase, sizeBytes, sentBytes, bytesPerSecond } = row
  const isMeasured = kind === 'upload' && (phase === 'sending' || phase === 'finishing')
  return (
    <>
      {isMeasured ? (
        <>
          <span className={css.bar}>
            <Progress label={t.transfers.progress(name)} done={sentBytes} total={sizeBytes} />
          </span>
          <span className={css.bytes}>{t.transfers.of(formatBytes(sentBytes), formatBytes(sizeBytes))}</span>
          <span className={css.number}>{bytesPerSecond > 0 ? formatRate(bytesPerSecond) : ''}</span>
        </>
      ) : null}
      <span className={isMeasured ? css.phase : css.words} title={phaseNote(row)}>
        {phaseWords(row)}
      </span>
      {isMeasured || kind !== 'upload' ? null : <span className={css.number}>{formatBytes(sizeBytes)}</span>}
    </>
  )
}

function Waiting({ row, limit }: { readonly row: WaitingRow; readonly limit: number | null }) {
  const now = useNow()
  return (
    <>
      <span className={css.words} data-delayed={'code' in row.why && row.why.code !== null} title={waitingAdvice(row)}>
        {waitingWords(row, limit, now)}
      </span>
      <span className={css.number}>{row.kind === 'upload' ? formatBytes(row.sizeBytes) : ''}</span>
    </>
  )
}

function Failed({ row }: { readonly row: FailedRow }) {
  const { title, why, whatToDo } = failedWords(row)
  return (
    <>
      <span className={css.told} title={`${title}. ${why} ${whatToDo}`}>
        <span className={css.reason}>{why}</span> {whatToDo}
      </span>
      <span className={css.number}>{row.kind === 'upload' ? formatBytes(row.sizeBytes) : ''}</span>
    </>
  )
}

function Done({ row }: { readonly row: DoneRow }) {
  const at = new Date(row.at)
  return (
    <>
      <span className={css.words}>{row.verb === 'uploaded' ? '' : t.transfers.verbs[row.verb]}</span>
      <span className={css.number}>{row.sizeBytes === null ? '' : formatBytes(row.sizeBytes)}</span>
      <time className={css.number} dateTime={at.toISOString()} title={formatMoment(at)}>
        {formatClock(at)}
      </time>
    </>
  )
}
