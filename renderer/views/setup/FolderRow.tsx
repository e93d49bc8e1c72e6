import { ChevronRight, Folder, X } from 'lucide-react'
import { formatNumber } from '../../../shared/format/count.ts'
import type { FolderPreview } from '../../../shared/model/preview.ts'
import { PathLabel } from '../../components/data/PathLabel.tsx'
import { IconButton } from '../../components/ui/IconButton.tsx'
import { TextField } from '../../components/ui/TextField.tsx'
import { baseName, MAX_PREFIX_LENGTH, normalisePrefix } from '../../../shared/format/path.ts'
import { t } from '../../i18n/texts.ts'
import css from './FolderRow.module.css'
import type { FolderDraft } from './use-folder-drafts.ts'

type FolderRowProps = {
  readonly draft: FolderDraft
  readonly bucketName: string
  readonly keyPrefix: string
  /** What is wrong with its place. */
  readonly fault: string | null
  readonly onType: (typed: string) => void
  readonly onRemove: () => void
}

/** A folder that was chosen: what it holds, what of it is not sent, and where the rest goes. */
export function FolderRow({ draft, bucketName, keyPrefix, fault, onType, onRemove }: FolderRowProps) {
  const words = t.setup.folders
  const name = baseName(draft.root)
  return (
    <li className={css.folder} aria-label={name}>
      <Folder size={20} className={css.icon} aria-hidden />
      <div className={css.what}>
        <p className={css.name}>
          <PathLabel text={name} title={draft.root} />
        </p>
        <p className={css.path}>
          <PathLabel text={draft.root} />
        </p>
        <Count draft={draft} />
      </div>
      <IconButton label={words.remove} fullLabel={words.removeOne(name)} icon={<X size={16} />} onClick={onRemove} />
      <div className={css.place}>
        <TextField
          label={words.place}
          hint={draft.typed.trim() === '' ? words.placeTop : undefined}
          error={fault}
          leading={`${bucketName}/${keyPrefix}`}
          value={draft.typed}
          maxLength={MAX_PREFIX_LENGTH - keyPrefix.length}
          onChange={(event) => {
            onType(event.target.value)
          }}
          onBlur={() => {
            onType(normalisePrefix(draft.typed))
          }}
        />
      </div>
    </li>
  )
}

// Always a line high, so that nothing moves when the numbers come.
function Count({ draft: { preview, problem } }: { readonly draft: FolderDraft }) {
  const words = t.setup.folders
  if (problem !== null) return <p className={css.failed}>{problem}</p>
  if (preview === null) return <p className={css.count}>{words.counting}</p>
  const { files, bytes, complete, skipped } = preview
  return (
    <>
      <p className={css.count} data-testid="folder-preview">
        {words.count(files, bytes, complete)}
      </p>
      {skipped.length === 0 ? null : <Skipped skipped={skipped} />}
    </>
  )
}

function Skipped({ skipped }: Pick<FolderPreview, 'skipped'>) {
  const words = t.setup.folders
  const all = skipped.reduce((sum, { count }) => sum + count, 0)
  return (
    <details className={css.skipped}>
      <summary>
        <ChevronRight size={12} className={css.chevron} aria-hidden />
        {words.leftOut(all)}
      </summary>
      <ul>
        {skipped.map(({ reason, source, count, samples }) => (
          <li key={`${reason} ${source ?? ''}`}>
            <span className={css.number}>{formatNumber(count)}</span>
            <span>
              {source === null ? words.skipReasons[reason] : words.ignoredBy[source]}
              <span className={css.samples}>
                {samples.map((sample) => (
                  <PathLabel key={sample} text={sample} />
                ))}
                {count > samples.length ? <span>{words.andMore(count - samples.length)}</span> : null}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </details>
  )
}
