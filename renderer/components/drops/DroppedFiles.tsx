import { useState } from 'react'
import type { DropsView } from '../../../shared/model/drop.ts'
import type { StatusKind } from '../../../shared/model/status.ts'
import { t } from '../../i18n/texts.ts'
import { cancelDrop, clearFinishedDrops, retryDrop } from '../../state/drop-store.ts'
import { Card, Section } from '../layout/View.tsx'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { ChooseFiles, DropHint } from './ChooseFiles.tsx'
import { DropItem } from './DropItem.tsx'
import css from './DroppedFiles.module.css'

type DroppedFilesProps = { readonly drops: DropsView; readonly status: StatusKind }

/** What was dropped on the window, how far it is, and what can be done with it; where nothing was, that it can be. */
export function DroppedFiles({ drops, status }: DroppedFilesProps) {
  const [isAsking, setIsAsking] = useState(false)
  const { rows, counts, leftOut } = drops
  const all = counts.sending + counts.waiting + counts.failed + counts.done
  const open = counts.sending + counts.waiting
  if (all === 0) return <DropHint />
  return (
    <Section title={t.drops.title} count={all} action={<ChooseFiles />}>
      <Card>
        <ul aria-label={t.drops.title} className={css.list}>
          {rows.map((row) => (
            <DropItem key={row.dropId} row={row} status={status} />
          ))}
        </ul>
      </Card>
      <div className={css.below}>
        <p>
          {[all > rows.length ? t.drops.more(all - rows.length) : null, leftOut > 0 ? t.drops.leftOut(leftOut) : null]
            .filter((part) => part !== null)
            .join(' - ')}
        </p>
        <span className={css.actions}>
          {counts.failed > 1 ? <Button onClick={() => void retryDrop()}>{t.drops.retryAll}</Button> : null}
          {open > 1 ? <Button onClick={() => setIsAsking(true)}>{t.drops.cancelAll}</Button> : null}
          {counts.done > 0 ? <Button onClick={() => void clearFinishedDrops()}>{t.drops.clear}</Button> : null}
        </span>
      </div>
      {isAsking ? <CancelAll files={open + counts.failed} onClose={() => setIsAsking(false)} /> : null}
    </Section>
  )
}

function CancelAll({ files, onClose }: { readonly files: number; readonly onClose: () => void }) {
  return (
    <Dialog
      title={t.drops.cancelAllTitle(files)}
      onClose={onClose}
      safeButton={<Button onClick={onClose}>{t.drops.keepUploading}</Button>}
      actButton={
        <Button
          variant="danger"
          onClick={() => {
            onClose()
            void cancelDrop()
          }}
        >
          {t.drops.cancelFiles(files)}
        </Button>
      }
    >
      {t.drops.cancelAllText}
    </Dialog>
  )
}
