import { ArrowUpDown } from 'lucide-react'
import type { EngineSnapshot } from '../../../shared/model/snapshot.ts'
import type { TransferRow } from '../../../shared/model/transfer.ts'
import { Card, Section, View } from '../../components/layout/View.tsx'
import { EmptyState } from '../../components/ui/EmptyState.tsx'
import { useFolderNames } from '../../hooks/use-folder-names.ts'
import { t } from '../../i18n/texts.ts'
import { TransferItem } from './TransferItem.tsx'
import css from './TransfersView.module.css'

/** What is on its way, what waits and why, and what has arrived. */
export function TransfersView({ snapshot }: { readonly snapshot: EngineSnapshot }) {
  const folderName = useFolderNames(snapshot.folders)
  const { sending, waiting, waitingCount, done } = snapshot.transfers
  const statusOf = new Map(snapshot.folders.map((folder) => [folder.folderId, folder.status.kind]))
  const isEmpty = sending.length === 0 && waitingCount === 0 && done.length === 0

  function list(title: string, rows: readonly TransferRow[]) {
    return (
      <ul aria-label={title}>
        {rows.map((row) => (
          <TransferItem
            key={row.jobId}
            row={row}
            folder={folderName(row.folderId) ?? ''}
            folderStatus={statusOf.get(row.folderId)}
          />
        ))}
      </ul>
    )
  }

  return (
    <View title={t.views.transfers}>
      {isEmpty ? (
        <EmptyState icon={<ArrowUpDown size={20} />} title={t.transfers.emptyTitle} text={t.transfers.emptyText} />
      ) : (
        <>
          <Section title={t.transfers.now} count={sending.length}>
            {sending.length === 0 ? (
              <p className={css.nothing}>{t.transfers.nothingNow}</p>
            ) : (
              <Card>{list(t.transfers.now, sending)}</Card>
            )}
          </Section>
          {waitingCount === 0 ? null : (
            <Section title={t.transfers.waiting} count={waitingCount}>
              {waiting.length === 0 ? null : <Card>{list(t.transfers.waiting, waiting)}</Card>}
              {waiting.length > 0 && waitingCount > waiting.length ? (
                <p className={css.nothing}>{t.transfers.more(waitingCount - waiting.length)}</p>
              ) : null}
            </Section>
          )}
          {done.length === 0 ? null : (
            <Section title={t.transfers.done} count={done.length}>
              <Card>{list(t.transfers.done, done)}</Card>
            </Section>
          )}
        </>
      )}
    </View>
  )
}
