import { useCallback } from 'react'
import type { SkippedRow } from '../../../shared/model/explanation.ts'
import type { FolderView } from '../../../shared/model/folder.ts'
import { explainSkipped, skippedWords } from '../../../shared/text/explain-text.ts'
import { engine } from '../../client/engine-client.ts'
import { baseName } from '../../../shared/format/path.ts'
import { usePages } from '../../hooks/use-pages.ts'
import { t } from '../../i18n/texts.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import css from './dialog-text.module.css'
import { PagedList } from './PagedList.tsx'

const PAGE_SIZE = 200

type SkippedDialogProps = { readonly folder: FolderView; readonly onClose: () => void }

/** What is on disk and never sent, each with its reason. */
export function SkippedDialog({ folder, onClose }: SkippedDialogProps) {
  const { folderId } = folder
  const load = useCallback(
    (after: SkippedRow | undefined) => {
      const place = after === undefined ? {} : { after: after.path }
      return engine().listSkipped({ folderId, ...place, limit: PAGE_SIZE })
    },
    [folderId],
  )
  const { rows, isLoaded, hasMore, failure, loadMore } = usePages(load, PAGE_SIZE)
  return (
    <Dialog
      size="wide"
      title={t.skipped.title(baseName(folder.root))}
      onClose={onClose}
      safeButton={<Button onClick={onClose}>{t.close}</Button>}
    >
      <div className={css.stack}>
        <p>{isLoaded && rows.length === 0 ? t.skipped.none : t.skipped.intro}</p>
        {rows.length === 0 ? null : (
          <PagedList
            label={t.skipped.list}
            rows={rows.map((row) => ({ path: row.path, note: skippedWords(row), title: explainSkipped(row) }))}
            onMore={hasMore ? loadMore : null}
            restCount={null}
          />
        )}
        {failure === null ? null : (
          <p>
            {failure.advice}{' '}
            <Button variant="quiet" onClick={loadMore}>
              {t.tryAgain}
            </Button>
          </p>
        )}
      </div>
    </Dialog>
  )
}
