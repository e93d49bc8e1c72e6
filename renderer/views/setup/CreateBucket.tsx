import { useState } from 'react'
import type { Bucket } from '../../../shared/model/account.ts'
import { engine } from '../../client/engine-client.ts'
import { Button } from '../../components/ui/Button.tsx'
import { TextField } from '../../components/ui/TextField.tsx'
import { t } from '../../i18n/texts.ts'
import { textOfError } from '../../state/actions.ts'
import { isBucketName } from './bucket-name.ts'
import css from './CreateBucket.module.css'

type CreateBucketProps = { readonly onCreated: (bucket: Bucket) => void; readonly onCancel: () => void }

/** Makes a private bucket; what is wrong with the name is said below it. */
export function CreateBucket({ onCreated, onCancel }: CreateBucketProps) {
  const words = t.setup.bucket
  const [name, setName] = useState('')
  const [error, setError] = useState<string | null>(null)
  const [isBusy, setIsBusy] = useState(false)

  async function create(): Promise<void> {
    if (isBusy) return
    if (!isBucketName(name.trim())) {
      setError(words.nameWrong)
      return
    }
    setIsBusy(true)
    setError(null)
    try {
      onCreated(await engine().createBucket({ bucketName: name }))
    } catch (failure) {
      setError(textOfError(failure).advice)
      setIsBusy(false)
    }
  }

  return (
    <div
      className={css.create}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onCancel()
        if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return
        // Enter makes the bucket; it must not answer the whole question.
        event.preventDefault()
        void create()
      }}
    >
      <TextField
        label={words.name}
        hint={words.nameHint}
        error={error}
        value={name}
        autoFocus
        onChange={(event) => {
          setName(event.target.value)
          setError(null)
        }}
      />
      <div className={css.buttons}>
        <Button onClick={onCancel}>{t.cancel}</Button>
        <Button isBusy={isBusy} disabled={name.trim() === ''} onClick={() => void create()}>
          {isBusy ? words.creating : words.createPrivate}
        </Button>
      </div>
    </div>
  )
}
