import { formatFiles } from '../../../shared/format/count.ts'
import type { FolderView } from '../../../shared/model/folder.ts'
import { baseName } from '../../../shared/format/path.ts'
import { t } from '../../i18n/texts.ts'
import { removeFolder } from '../../state/actions.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'

type StopDialogProps = { readonly folder: FolderView; readonly onClose: () => void }

/** Asks before a folder is no longer synced; says what stays. */
export function StopDialog({ folder, onClose }: StopDialogProps) {
  return (
    <Dialog
      title={t.overview.stopTitle(baseName(folder.root))}
      onClose={onClose}
      safeButton={<Button onClick={onClose}>{t.overview.keepSyncing}</Button>}
      actButton={
        <Button
          variant="danger"
          onClick={() => {
            onClose()
            void removeFolder(folder.folderId)
          }}
        >
          {t.overview.stop}
        </Button>
      }
    >
      {t.overview.stopText(syncedAmount(folder), `${folder.bucketName}/${folder.prefix}`)}
    </Dialog>
  )
}

/** Null when there is nothing in B2 to speak of: none was sent, or the bucket is gone with what it held. */
function syncedAmount({ syncedFiles, status }: FolderView): string | null {
  const isGone = status.kind === 'problem' && status.code === 'bucket_missing'
  return isGone || syncedFiles === 0 ? null : formatFiles(syncedFiles)
}
