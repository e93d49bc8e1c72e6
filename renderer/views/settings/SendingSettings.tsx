import { FolderPriority, type FolderView } from '../../../shared/model/folder.ts'
import { Select } from '../../components/ui/Select.tsx'
import { t } from '../../i18n/texts.ts'
import { SendingHours } from './SendingHours.tsx'
import { Setting } from './Setting.tsx'
import { changeFolder } from './settings-actions.ts'

/** When a folder's files go, and whose go first. */
export function SendingSettings({ folder, name }: { readonly folder: FolderView; readonly name: string }) {
  const words = t.settings.folders
  const { folderId, settings } = folder
  return (
    <>
      <Setting
        title={words.priority}
        hint={words.priorityHint}
        words={words.priorityWords}
        control={(labels) => (
          <Select
            {...labels}
            value={settings.priority}
            options={FolderPriority.options.map((value) => ({ value, label: words.priorities[value] }))}
            onChange={(priority) => void changeFolder(folderId, { priority })}
          />
        )}
      />
      <SendingHours folder={folder} name={name} />
    </>
  )
}
