import { ChevronRight, Folder } from 'lucide-react'
import { useContext, useId, useState } from 'react'
import type { FolderView } from '../../../shared/model/folder.ts'
import { PathLabel } from '../../components/data/PathLabel.tsx'
import { Button } from '../../components/ui/Button.tsx'
import { baseName } from '../../../shared/format/path.ts'
import { t } from '../../i18n/texts.ts'
import { startSetup } from '../../state/ui-store.ts'
import { DeletionSettings } from './DeletionSettings.tsx'
import css from './FoldersGroup.module.css'
import { IgnoreRules } from './IgnoreRules.tsx'
import { PlaceSettings } from './PlaceSettings.tsx'
import { SendingSettings } from './SendingSettings.tsx'
import { Group, SearchContext, Setting, Under } from './Setting.tsx'

/** What is set for each folder, one below the other, folded up until it is opened or something in it is looked for. */
export function FoldersGroup({ folders }: { readonly folders: readonly FolderView[] }) {
  const words = t.settings.folders
  return (
    <Group title={words.title}>
      {folders.map((folder) => (
        <FolderSection key={folder.folderId} folder={folder} isOnly={folders.length === 1} />
      ))}
      <Setting
        title={words.another}
        hint={folders.length === 0 ? words.none : undefined}
        control={() => (
          <Button
            onClick={() => {
              startSetup('add-folder')
            }}
          >
            {words.add}
          </Button>
        )}
      />
    </Group>
  )
}

function FolderSection({ folder, isOnly }: { readonly folder: FolderView; readonly isOnly: boolean }) {
  const [isOpen, setIsOpen] = useState(isOnly)
  const isSearching = useContext(SearchContext).trim() !== ''
  const id = useId()
  const name = baseName(folder.root)
  const isShown = isOpen || isSearching
  return (
    <Under heading={`${name} ${folder.root}`}>
      <div className={css.folder}>
        <button
          type="button"
          className={css.header}
          aria-expanded={isShown}
          aria-controls={id}
          aria-label={t.settings.folders.settingsOf(name)}
          onClick={() => {
            setIsOpen(!isOpen)
          }}
        >
          <ChevronRight size={14} className={css.chevron} aria-hidden />
          <Folder size={16} className={css.icon} aria-hidden />
          <span className={css.name}>
            <PathLabel text={name} title={folder.root} />
          </span>
          <span className={css.root}>
            <PathLabel text={folder.root} />
          </span>
        </button>
        {/* Kept while it is folded up: what was typed into it stays. */}
        <div id={id} className={css.settings} hidden={!isShown}>
          <IgnoreRules folder={folder} name={name} isShown={isShown} />
          <DeletionSettings folder={folder} name={name} />
          <SendingSettings folder={folder} name={name} />
          <PlaceSettings folder={folder} />
        </div>
      </div>
    </Under>
  )
}
