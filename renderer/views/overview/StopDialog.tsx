import { formatFiles } from '../../../shared/format/count.ts'
import type { FolderView } from '../../../shared/model/folder.ts'
import { Button } from '../../components/ui/Button.tsx'
import { Dialog } from '../../components/ui/Dialog.tsx'
import { baseName } from '../../format/path.ts'
import { t } from '../../i18n/en.ts'
import { removeFolder } from '../../state/actions.ts'

type StopDialogProps = { readonly folder: FolderView; readonly isOpen: boolean; readonly onClose: () => void }

/** Asks before a folder is no longer synced; says what stays. */
export function StopDialog({ folder, isOpen, onClose }: StopDialogProps) {
  return (
    <Dialog
      isOpen={isOpen}
      title={t.overview.stopTitle(baseName(folder.root))}
      onClose={onClose}
      safeButton={
        <Button autoFocus onClick={onClose}>
          {t.overview.keepSyncing}
        </Button>
      }
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
      {t.overview.stopText(formatFiles(folder.syncedFiles), `${folder.bucketName}/${folder.prefix}`)}
    </Dialog>
  )
}
