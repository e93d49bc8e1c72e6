import { useState } from 'react'
import { formatBytes } from '../../../shared/format/bytes.ts'
import { formatFiles } from '../../../shared/format/count.ts'
import { formatAgo } from '../../../shared/format/duration.ts'
import { formatMoment } from '../../../shared/format/moment.ts'
import { formatUsd } from '../../../shared/format/money.ts'
import { storedBytes, type Storage } from '../../../shared/model/storage.ts'
import { monthlyStorageUsd, prices } from '../../../shared/prices.ts'
import { StorageBar } from '../../components/data/StorageBar.tsx'
import { StorageCapDialog } from '../../components/dialogs/StorageCapDialog.tsx'
import { Card, Section } from '../../components/layout/View.tsx'
import { Button } from '../../components/ui/Button.tsx'
import { formatMonth } from '../../format/moment.ts'
import { useNow } from '../../hooks/use-now.ts'
import { t } from '../../i18n/texts.ts'
import css from './StorageSection.module.css'

/** What is stored, of which kind, how that compares with a limit, and what it costs. */
export function StorageSection({ storage }: { readonly storage: Storage }) {
  const [isAsking, setIsAsking] = useState(false)
  const { current, old, unfinished, capBytes } = storage
  const stored = storedBytes(storage)
  const usd = monthlyStorageUsd(stored)
  const kinds = [
    { kind: 'current', label: t.storage.current, count: formatFiles(current.files), bytes: current.bytes },
    { kind: 'old', label: t.storage.old, count: t.storage.versions(old.files), bytes: old.bytes },
    { kind: 'unfinished', label: t.storage.unfinished, count: formatFiles(unfinished.files), bytes: unfinished.bytes },
  ].filter(({ kind }) => kind !== 'unfinished' || unfinished.files > 0)

  return (
    <div id="storage">
      <Section
        title={t.storage.title}
        action={
          <Button
            variant="quiet"
            onClick={() => {
              setIsAsking(true)
            }}
          >
            {capBytes === null ? t.storage.setCap : t.storage.changeCap}
          </Button>
        }
      >
        <Card>
          <div className={css.body}>
            <p className={css.sum}>
              <Amount stored={stored} capBytes={capBytes} />
              <span className={css.bill}>{usd === 0 ? t.storage.free : t.storage.bill(formatUsd(usd))}</span>
            </p>
            <StorageBar
              storage={storage}
              label={kinds.map(({ label, bytes }) => `${label} ${formatBytes(bytes)}`).join(', ')}
            />
            <dl className={css.kinds}>
              {kinds.map(({ kind, label, count, bytes }) => (
                <div key={kind} className={css.kind}>
                  <span className={css.mark} data-kind={kind} aria-hidden />
                  <dt>{label}</dt>
                  <dd className={css.count}>{count}</dd>
                  <dd className={css.bytes}>{formatBytes(bytes)}</dd>
                </div>
              ))}
            </dl>
            <p className={css.note}>
              {t.storage.billNote(formatMonth(prices.asOf))} <Counted countedAt={storage.countedAt} />
            </p>
          </div>
        </Card>
      </Section>
      {isAsking ? (
        <StorageCapDialog
          capBytes={capBytes}
          onClose={() => {
            setIsAsking(false)
          }}
        />
      ) : null}
    </div>
  )
}

function Amount({ stored, capBytes }: { readonly stored: number; readonly capBytes: number | null }) {
  if (capBytes === null) {
    return (
      <span>
        <strong>{formatBytes(stored)}</strong> {t.storage.inB2}
      </span>
    )
  }
  const isAbove = stored > capBytes
  const rest = formatBytes(Math.abs(capBytes - stored))
  return (
    <span>
      <strong>{t.storage.of(formatBytes(stored), formatBytes(capBytes))}</strong>
      <span className={isAbove ? css.above : css.left}>{isAbove ? t.storage.above(rest) : t.storage.left(rest)}</span>
    </span>
  )
}

/** By itself: its words change with the time. */
function Counted({ countedAt }: Pick<Storage, 'countedAt'>) {
  const now = useNow()
  if (countedAt === null) return t.storage.notCounted
  return <span title={formatMoment(new Date(countedAt))}>{t.storage.counted(formatAgo(countedAt, now))}</span>
}
