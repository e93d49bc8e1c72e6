import type { FolderView } from '../../../shared/model/folder.ts'
import { baseName } from '../../../shared/format/path.ts'
import { t } from '../../i18n/texts.ts'
import { acceptRoot } from '../../state/actions.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'

type AcceptRootDialogProps = { readonly folder: FolderView; readonly onClose: () => void }

/** Asks before what stands in a folder's place is taken for it. */
export function AcceptRootDialog({ folder, onClose }: AcceptRootDialogProps) {
  const words = t.acceptRoot
  return (
    <Dialog
      title={words.title(baseName(folder.root))}
      onClose={onClose}
      safeButton={<Button onClick={onClose}>{words.no}</Button>}
      actButton={
        <Button
          variant="primary"
          onClick={() => {
            onClose()
            void acceptRoot(folder.folderId)
          }}
        >
          {words.yes}
        </Button>
      }
    >
      {words.text(folder.root, `${folder.bucketName}/${folder.prefix}`)}
    </Dialog>
  )
}
