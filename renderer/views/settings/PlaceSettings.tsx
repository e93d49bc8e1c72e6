import { useState } from 'react'
import type { FolderView } from '../../../shared/model/folder.ts'
import { Button } from '../../components/ui/Button.tsx'
import { MAX_PREFIX_LENGTH, normalisePrefix } from '../../../shared/format/path.ts'
import { t } from '../../i18n/texts.ts'
import css from './PlaceSettings.module.css'
import { Setting } from './Setting.tsx'
import { changePrefix, moveFolder } from './settings-actions.ts'

/** Where the folder is on this computer and in B2, and what happens when that is another place. */
export function PlaceSettings({ folder }: { readonly folder: FolderView }) {
  const words = t.settings.folders
  return (
    <>
      <Setting
        title={words.root}
        hint={words.rootHint}
        words={folder.root}
        control={(labels) => (
          <Button aria-describedby={labels['aria-describedby']} onClick={() => void moveFolder(folder.folderId)}>
            {words.move}
          </Button>
        )}
      />
      <PrefixSetting folder={folder} />
    </>
  )
}

function PrefixSetting({ folder }: { readonly folder: FolderView }) {
  const words = t.settings.folders
  const { folderId, bucketName, prefix, syncedFiles } = folder
  const [draft, setDraft] = useState<string | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const wanted = normalisePrefix(draft ?? prefix)

  async function apply(): Promise<void> {
    setIsBusy(true)
    await changePrefix(folderId, wanted)
    setIsBusy(false)
    setDraft(null)
  }

  return (
    <Setting
      title={words.place}
      hint={words.placeHint(syncedFiles, `${bucketName}/${prefix}`)}
      words={bucketName}
      control={(labels) => (
        <>
          <span className={css.place}>
            <span className={css.bucket}>{bucketName}/</span>
            <input
              {...labels}
              className={css.input}
              autoComplete="off"
              spellCheck={false}
              maxLength={MAX_PREFIX_LENGTH}
              value={draft ?? prefix}
              onChange={(event) => {
                setDraft(event.target.value)
              }}
              onKeyDown={(event) => {
                if (event.key === 'Escape') setDraft(null)
              }}
            />
          </span>
          {wanted === prefix ? null : (
            <Button isBusy={isBusy} onClick={() => void apply()}>
              {words.changePlace}
            </Button>
          )}
        </>
      )}
    />
  )
}
