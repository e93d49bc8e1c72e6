import { useState } from 'react'
import { currentFormat } from '../../../shared/format/formats.ts'
import { engine } from '../../client/engine-client.ts'
import { readGigabytes, writeGigabytes } from '../../format/gigabytes.ts'
import { t } from '../../i18n/texts.ts'
import { attempt } from '../../state/actions.ts'
import { refreshSnapshot } from '../../state/engine-store.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { TextField } from '../ui/TextField.tsx'
import css from './dialog-text.module.css'

type StorageCapDialogProps = {
  /** The limit there is, bytes; null for none. */
  readonly capBytes: number | null
  readonly onClose: () => void
}

const FORM = 'storage-cap'

/** Asks what the stored bytes are to be compared with. */
export function StorageCapDialog({ capBytes, onClose }: StorageCapDialogProps) {
  const [text, setText] = useState(capBytes === null ? '' : writeGigabytes(capBytes, currentFormat().numbers))
  const [isWrong, setIsWrong] = useState(false)

  async function set(bytes: number | null): Promise<void> {
    const isSet = await attempt(async () => {
      await engine().setStorageCap({ capBytes: bytes })
      await refreshSnapshot()
    })
    if (isSet) onClose()
  }

  return (
    <Dialog
      title={t.storage.capTitle}
      onClose={onClose}
      safeButton={<Button onClick={onClose}>{t.cancel}</Button>}
      laterButton={
        capBytes === null ? undefined : (
          <Button variant="quiet" onClick={() => void set(null)}>
            {t.storage.noCap}
          </Button>
        )
      }
      actButton={
        <Button variant="primary" type="submit" form={FORM}>
          {t.storage.saveCap}
        </Button>
      }
    >
      <form
        id={FORM}
        noValidate
        className={css.stack}
        onSubmit={(event) => {
          event.preventDefault()
          const bytes = readGigabytes(text)
          if (bytes === null) setIsWrong(true)
          else void set(bytes)
        }}
      >
        <p>{t.storage.capText}</p>
        <TextField
          label={t.storage.capLabel}
          inputMode="decimal"
          value={text}
          error={isWrong ? t.storage.capWrong : null}
          onChange={(event) => {
            setText(event.target.value)
            setIsWrong(false)
          }}
        />
      </form>
    </Dialog>
  )
}
