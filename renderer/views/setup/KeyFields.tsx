import { Eye, EyeOff } from 'lucide-react'
import { useState, type ClipboardEvent, type RefObject } from 'react'
import { shell } from '../../client/shell-client.ts'
import { Button } from '../../components/ui/Button.tsx'
import { IconButton } from '../../components/ui/IconButton.tsx'
import { TextField } from '../../components/ui/TextField.tsx'
import { t } from '../../i18n/texts.ts'
import { attempt } from '../../state/actions.ts'
import css from './KeyFields.module.css'
import { readPastedKey } from './read-pasted-key.ts'
import type { TypedKey } from './use-setup-key.ts'

type KeyFieldsProps = {
  readonly typed: TypedKey
  readonly keyField: RefObject<HTMLInputElement | null>
  readonly onType: (change: Partial<TypedKey>) => void
}

/** Key ID and key. Pasted, each goes where it belongs, whichever field it was pasted into. */
export function KeyFields({ typed, keyField, onType }: KeyFieldsProps) {
  const words = t.setup.key
  const [isShown, setIsShown] = useState(false)

  function paste(event: ClipboardEvent): void {
    const { applicationKeyId: keyId, applicationKey: key } = readPastedKey(event.clipboardData.getData('text'))
    if (keyId === undefined && key === undefined) return
    event.preventDefault()
    onType({ ...(keyId === undefined ? {} : { keyId }), ...(key === undefined ? {} : { key }) })
    keyField.current?.focus()
  }

  return (
    <>
      <TextField
        label={words.keyId}
        value={typed.keyId}
        autoFocus
        onPaste={paste}
        onChange={(event) => {
          onType({ keyId: event.target.value })
        }}
      />
      <TextField
        ref={keyField}
        label={words.applicationKey}
        hint={words.pasteHint}
        type={isShown ? 'text' : 'password'}
        value={typed.key}
        onPaste={paste}
        onChange={(event) => {
          onType({ key: event.target.value })
        }}
        trailing={
          <IconButton
            label={isShown ? words.hide : words.show}
            aria-pressed={isShown}
            icon={isShown ? <EyeOff size={16} /> : <Eye size={16} />}
            onClick={() => {
              setIsShown(!isShown)
            }}
          />
        }
      />
      <div className={css.help}>
        <Button variant="quiet" onClick={() => void attempt(() => shell.openHelp({ topic: 'create-key' }))}>
          {words.whereToFind}
        </Button>
      </div>
    </>
  )
}
