import { FileUp, FolderUp } from 'lucide-react'
import { t } from '../../i18n/texts.ts'
import { chooseToDrop } from '../../state/drop-store.ts'
import { Button } from '../ui/Button.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import css from './ChooseFiles.module.css'

/** The way in for those who do not drag: files, or whole folders. */
export function ChooseFiles() {
  return (
    <span className={css.buttons}>
      <Button icon={<FileUp size={14} aria-hidden />} onClick={() => void chooseToDrop(false)}>
        {t.drops.chooseFiles}
      </Button>
      {/* There the dialog for files takes folders too. */}
      {window.pail.platform === 'darwin' ? null : (
        <IconButton
          label={t.drops.chooseFolders}
          icon={<FolderUp size={16} />}
          onClick={() => void chooseToDrop(true)}
        />
      )}
    </span>
  )
}

/** Says that files can be dropped, where nothing was yet. */
export function DropHint() {
  return (
    <div className={css.hint}>
      <p>{t.drops.hint}</p>
      <ChooseFiles />
    </div>
  )
}
