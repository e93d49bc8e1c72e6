import { useId, useState } from 'react'
import { formatBytes } from '../../../shared/format/bytes.ts'
import { formatFiles } from '../../../shared/format/count.ts'
import type { AbsolutePath } from '../../../shared/ids.ts'
import type { DropPreview, OnConflict } from '../../../shared/model/drop.ts'
import type { ProblemText } from '../../../shared/text/problem-text.ts'
import { baseName, MAX_PREFIX_LENGTH, normalisePrefix } from '../../../shared/format/path.ts'
import { useDropPreview } from '../../hooks/use-drop-preview.ts'
import { t } from '../../i18n/texts.ts'
import { textOfError } from '../../state/actions.ts'
import { sendDropped } from '../../state/drop-store.ts'
import { PathLabel } from '../data/PathLabel.tsx'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { Notice } from '../ui/Notice.tsx'
import { Radio } from '../ui/Radio.tsx'
import { Select } from '../ui/Select.tsx'
import { TextField } from '../ui/TextField.tsx'
import css from './DropDialog.module.css'

/** So many names tell what it is about. */
const SHOWN_NAMES = 3

type DropDialogProps = { readonly paths: readonly AbsolutePath[]; readonly onClose: () => void }

/** What was dropped, where it goes, and what happens to names that are taken; then it is on its way. */
export function DropDialog({ paths, onClose }: DropDialogProps) {
  const { preview, buckets, place: first, folderOver, isLoading } = useDropPreview(paths)
  const [changed, setChanged] = useState<Partial<typeof first>>({})
  const [failure, setFailure] = useState<ProblemText | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const place = { ...first, ...changed }
  const bucket = buckets.find(({ bucketId }) => bucketId === place.bucketId) ?? buckets[0]
  const prefix = normalisePrefix(place.prefix)
  const isNothing = preview?.complete === true && preview.files + preview.unreadable === 0
  const over = bucket === undefined ? undefined : folderOver(bucket.bucketId)
  const bucketLabel = useId()

  async function upload(): Promise<void> {
    if (bucket === undefined) return
    setIsBusy(true)
    try {
      await sendDropped(paths, { bucketId: bucket.bucketId, prefix, onConflict: place.onConflict })
    } catch (error) {
      setFailure(textOfError(error))
      setIsBusy(false)
    }
  }

  if (isNothing) {
    return (
      <Dialog
        title={t.drops.dialog.nothingTitle}
        onClose={onClose}
        safeButton={<Button onClick={onClose}>{t.close}</Button>}
      >
        {t.drops.dialog.nothing}
      </Dialog>
    )
  }
  return (
    <Dialog
      size="wide"
      title={preview?.complete === true ? t.drops.dialog.titleFiles(preview.files) : t.drops.dialog.title}
      onClose={onClose}
      safeButton={<Button onClick={onClose}>{t.cancel}</Button>}
      actButton={
        <Button
          variant="primary"
          isBusy={isBusy}
          disabled={bucket === undefined || over !== undefined}
          onClick={() => void upload()}
        >
          {t.drops.dialog.upload(
            preview?.complete === true ? formatFiles(preview.files) : t.drops.dialog.uploadAll,
            `${bucket?.bucketName ?? ''}/${prefix}`,
          )}
        </Button>
      }
    >
      <div className={css.form}>
        <What paths={paths} preview={preview} />
        <div className={css.where}>
          <div className={css.field}>
            <span id={bucketLabel} className={css.label}>
              {t.drops.dialog.bucket}
            </span>
            {bucket === undefined ? (
              <span>{isLoading ? '' : t.drops.dialog.noBucket}</span>
            ) : (
              <Select
                aria-labelledby={bucketLabel}
                value={bucket.bucketId}
                options={buckets.map(({ bucketId, bucketName }) => ({ value: bucketId, label: bucketName }))}
                onChange={(bucketId) => setChanged({ ...changed, bucketId })}
              />
            )}
          </div>
          <TextField
            label={t.drops.dialog.place}
            value={place.prefix}
            maxLength={MAX_PREFIX_LENGTH}
            hint={prefix === '' ? t.drops.dialog.topOfBucket : null}
            onChange={({ target }) => {
              setFailure(null)
              setChanged({ ...changed, prefix: target.value })
            }}
          />
        </div>
        <Conflict chosen={place.onConflict} onChoose={(onConflict) => setChanged({ ...changed, onConflict })} />
        {bucket?.bucketType === 'allPublic' ? <Notice tone="wait" title={t.drops.dialog.publicBucket} /> : null}
        {over === undefined ? null : (
          <Notice tone="wait" title={t.drops.dialog.noRoomTitle}>
            {t.drops.dialog.noRoom(baseName(over.root))}
          </Notice>
        )}
        {failure === null ? null : (
          <Notice role="alert" tone="danger" title={failure.title}>
            {failure.advice}
          </Notice>
        )}
      </div>
    </Dialog>
  )
}

function What({ paths, preview }: { readonly paths: readonly AbsolutePath[]; readonly preview: DropPreview | null }) {
  const others = paths.length - SHOWN_NAMES
  return (
    <div className={css.what}>
      <ul className={css.names}>
        {paths.slice(0, SHOWN_NAMES).map((path) => (
          <li key={path} className={css.name}>
            <PathLabel text={baseName(path)} title={path} />
          </li>
        ))}
      </ul>
      {others > 0 ? <p className={css.muted}>{t.drops.dialog.others(others)}</p> : null}
      <p className={css.muted} data-testid="drop-amount">
        {preview === null ? <span className={css.late}>{t.drops.dialog.counting}</span> : <Amount preview={preview} />}
      </p>
    </div>
  )
}

function Amount({ preview: { files, bytes, leftOut, unreadable, complete } }: { readonly preview: DropPreview }) {
  const { dialog } = t.drops
  const amount = dialog.amount(formatFiles(files), formatBytes(bytes))
  return (
    <>
      {complete ? amount : dialog.atLeast(amount)}
      {leftOut > 0 ? <span title={dialog.leftOutTitle}>{` - ${dialog.leftOut(leftOut)}`}</span> : null}
      {unreadable > 0 ? <span className={css.wait}>{` - ${dialog.unreadable(unreadable)}`}</span> : null}
    </>
  )
}

type ConflictProps = { readonly chosen: OnConflict; readonly onChoose: (choice: OnConflict) => void }

function Conflict({ chosen, onChoose }: ConflictProps) {
  const name = useId()
  const { conflict, keepBoth, keepBothText, replace, replaceText } = t.drops.dialog
  const choices = [
    { value: 'keep-both', label: keepBoth, text: keepBothText },
    { value: 'replace', label: replace, text: replaceText },
  ] as const
  return (
    <fieldset className={css.choices}>
      <legend className={css.label}>{conflict}</legend>
      {choices.map(({ value, label, text }) => (
        <label key={value} className={css.choice}>
          <Radio
            name={name}
            checked={chosen === value}
            onChoose={() => {
              onChoose(value)
            }}
          />
          <span>
            {label}
            <span className={css.muted}>{` - ${text}`}</span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}
