import { useState } from 'react'
import { formatBytes } from '../../../shared/format/bytes.ts'
import type { FolderView } from '../../../shared/model/folder.ts'
import { PathLabel } from '../../components/data/PathLabel.tsx'
import { Button } from '../../components/ui/Button.tsx'
import { t } from '../../i18n/texts.ts'
import { openDialog } from '../../state/ui-store.ts'
import css from './IgnoreRules.module.css'
import { Setting } from './Setting.tsx'
import { changeFolder } from './settings-actions.ts'
import { useIgnorePreview, type IgnorePreview } from './use-ignore-preview.ts'

type IgnoreRulesProps = { readonly folder: FolderView; readonly name: string; readonly isShown: boolean }

/** The folder's own rules; what they would newly leave out shows while they are written, before they count. */
export function IgnoreRules({ folder, name, isShown }: IgnoreRulesProps) {
  const words = t.settings.folders
  const { folderId, settings } = folder
  const [draft, setDraft] = useState<string | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const hasChanged = draft !== null && draft !== settings.ignoreRules
  const preview = useIgnorePreview(folderId, hasChanged && isShown ? draft : null)

  async function apply(): Promise<void> {
    if (draft === null) return
    setIsBusy(true)
    const went = await changeFolder(folderId, { ignoreRules: draft })
    setIsBusy(false)
    if (went) setDraft(null)
  }

  return (
    <Setting
      title={words.ignore}
      hint={words.ignoreHint}
      control={() => (
        <Button
          variant="quiet"
          onClick={() => {
            openDialog({ kind: 'skipped', folderId })
          }}
        >
          {words.showLeftOut}
        </Button>
      )}
    >
      <textarea
        className={css.rules}
        aria-label={words.ignoreRules(name)}
        rows={Math.min(10, Math.max(3, (draft ?? settings.ignoreRules).split('\n').length + 1))}
        maxLength={100_000}
        spellCheck={false}
        value={draft ?? settings.ignoreRules}
        onChange={(event) => {
          setDraft(event.target.value)
        }}
      />
      {preview === null ? null : <Preview preview={preview} />}
      {hasChanged ? (
        <div className={css.buttons}>
          <Button
            onClick={() => {
              setDraft(null)
            }}
          >
            {words.undoRules}
          </Button>
          <Button variant="primary" isBusy={isBusy} onClick={() => void apply()}>
            {words.useRules}
          </Button>
        </div>
      ) : null}
    </Setting>
  )
}

/** So many names show what it is about. */
const MAX_SAMPLES = 5

function Preview({ preview }: { readonly preview: IgnorePreview }) {
  const words = t.settings.folders
  if (preview.kind === 'looking') return <p className={css.note}>{words.looking}</p>
  if (preview.kind === 'failed') return <p className={css.note}>{preview.problem.advice}</p>
  const { files, bytes, samples, complete } = preview
  const shown = samples.slice(0, MAX_SAMPLES)
  return (
    <div className={css.preview} role="status">
      <p>{words.leavesOut(files, formatBytes(bytes), complete)}</p>
      {shown.length === 0 ? null : (
        <ul className={css.samples}>
          {shown.map((path) => (
            <li key={path} className={css.sample}>
              <PathLabel text={path} />
            </li>
          ))}
          {files > shown.length ? <li>{words.andMore(files - shown.length)}</li> : null}
        </ul>
      )}
    </div>
  )
}
