import { useState } from 'react'
import type { ProxyChange, ProxySetting } from '../../../shared/model/proxy.ts'
import { Button } from '../../components/ui/Button.tsx'
import { TextField } from '../../components/ui/TextField.tsx'
import { t } from '../../i18n/texts.ts'
import css from './ProxyGroup.module.css'
import { readProxy } from './proxy-text.ts'

type AddressSetting = Extract<ProxySetting, { kind: 'address' }>

type ProxyFormProps = {
  /** Null before the first address. */
  readonly saved: AddressSetting | null
  readonly onUse: (change: ProxyChange) => Promise<void>
}

/** The address of a proxy, and what it wants to know, which nobody is told again. */
export function ProxyForm({ saved, onUse }: ProxyFormProps) {
  const words = t.settings.proxy
  const [typed, setTyped] = useState({ address: saved?.address ?? '', name: '', password: '' })
  const [isBusy, setIsBusy] = useState(false)
  const { address } = readProxy(typed.address)
  const hasChanged = typed.address !== (saved?.address ?? '') || typed.name !== '' || typed.password !== ''
  const isNameMissing = typed.name === '' && typed.password !== ''
  const isWrong = typed.address !== '' && address === null
  const isKept = saved?.hasLogin === true && address === saved.address
  const placeholder = isKept ? words.kept : words.ifAsked

  function typeAddress(text: string): void {
    const { login, address: without } = readProxy(text)
    // Pasted with a name and password in it, which belong into fields of their own.
    if (login !== null && without !== null) setTyped({ address: without, ...login })
    else setTyped({ ...typed, address: text })
  }

  async function save(change: ProxyChange): Promise<void> {
    setIsBusy(true)
    await onUse(change)
    setIsBusy(false)
  }

  function apply(): void {
    if (address === null || isNameMissing) return
    const { name, password } = typed
    if (name !== '') void save({ kind: 'address', address, login: { name, password } })
    else void save({ kind: 'address', address, ...(isKept ? {} : { login: null }) })
  }

  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault()
        apply()
      }}
    >
      <div className={css.address}>
        <TextField
          label={words.address}
          placeholder={words.addressExample}
          error={isWrong ? words.addressWrong : null}
          value={typed.address}
          onChange={(event) => {
            typeAddress(event.target.value)
          }}
        />
      </div>
      <TextField
        label={words.name}
        placeholder={placeholder}
        error={isNameMissing ? words.nameMissing : null}
        maxLength={200}
        value={typed.name}
        onChange={(event) => {
          setTyped({ ...typed, name: event.target.value })
        }}
      />
      <TextField
        label={words.password}
        type="password"
        placeholder={placeholder}
        maxLength={200}
        value={typed.password}
        onChange={(event) => {
          setTyped({ ...typed, password: event.target.value })
        }}
      />
      <div className={css.buttons}>
        {isKept && !hasChanged ? (
          <Button isBusy={isBusy} onClick={() => void save({ kind: 'address', address: saved.address, login: null })}>
            {words.forget}
          </Button>
        ) : null}
        {hasChanged || saved === null ? (
          <Button variant="primary" type="submit" disabled={address === null || isNameMissing} isBusy={isBusy}>
            {words.use}
          </Button>
        ) : null}
      </div>
    </form>
  )
}
