import { useState } from 'react'
import type { FolderView } from '../../../shared/model/folder.ts'
import { Button } from '../../components/ui/Button.tsx'
import { Dialog } from '../../components/ui/Dialog.tsx'
import { TextField } from '../../components/ui/TextField.tsx'
import { t } from '../../i18n/texts.ts'
import css from './DeleteForGoodDialog.module.css'
import { changeFolder } from './settings-actions.ts'

type DeleteForGoodDialogProps = {
  readonly folder: FolderView
  readonly name: string
  readonly onClose: () => void
}

/** Asks to type the bucket's name before deleted files are deleted in B2 with all their versions. */
export function DeleteForGoodDialog({ folder, name, onClose }: DeleteForGoodDialogProps) {
  const words = t.settings.folders
  const { folderId, bucketName, syncedFiles } = folder
  const [typed, setTyped] = useState('')
  const [isBusy, setIsBusy] = useState(false)
  const isConfirmed = typed.trim() === bucketName

  async function confirm(): Promise<void> {
    setIsBusy(true)
    const went = await changeFolder(folderId, { deletionPolicy: { kind: 'delete' } }, typed.trim())
    setIsBusy(false)
    if (went) onClose()
  }

  return (
    <Dialog
      title={words.deleteTitle(name)}
      onClose={onClose}
      safeButton={<Button onClick={onClose}>{words.deleteKeep}</Button>}
      actButton={
        <Button variant="danger" isBusy={isBusy} disabled={!isConfirmed} onClick={() => void confirm()}>
          {words.deleteConfirm}
        </Button>
      }
    >
      <div className={css.question}>
        <p>{words.deleteText(name, syncedFiles)}</p>
        <TextField
          label={words.deleteType(bucketName)}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value)
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && isConfirmed) void confirm()
          }}
        />
      </div>
    </Dialog>
  )
}
