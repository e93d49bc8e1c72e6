/** The key of the set-up: typed, looked at by B2, and taken; or the master key that the engine holds meanwhile. */
import { useEffect, useState } from 'react'
import type { AccountSummary } from '../../../shared/model/account.ts'
import { isMasterKey } from '../../../shared/model/key.ts'
import type { EngineSnapshot } from '../../../shared/model/snapshot.ts'
import { engine } from '../../client/engine-client.ts'
import { refreshSnapshot } from '../../state/engine-store.ts'

export type TypedKey = { readonly keyId: string; readonly key: string }

/** What the steps that follow work with: the key that is connected, or the master key that is held. */
export type KeyInUse = { readonly kind: 'connected' | 'master'; readonly account: AccountSummary }

const nothingTyped: TypedKey = { keyId: '', key: '' }

export type SetupKey = ReturnType<typeof useSetupKey>

/** `asksAnew`: another key is asked for although one is known. */
export function useSetupKey({ account }: EngineSnapshot, asksAnew: boolean) {
  const [typed, setTyped] = useState(nothingTyped)
  const [checked, setChecked] = useState<AccountSummary | null>(null)
  const [master, setMaster] = useState<AccountSummary | null>(null)
  const [isEntering, setIsEntering] = useState(asksAnew)

  // Whoever goes away from the set-up takes the master key along.
  useEffect(() => () => void forgetMasterKey(), [])

  function inUse(): KeyInUse | null {
    if (master !== null) return { kind: 'master', account: master }
    return account.kind === 'connected' ? { kind: 'connected', account: account.account } : null
  }

  return {
    typed,
    /** What B2 said of the typed key; null while it has not been asked. */
    checked,
    inUse: inUse(),
    /** True while the form is asked for although a key is in use. */
    isEntering,
    type(change: Partial<TypedKey>): void {
      setTyped((before) => ({ ...before, ...change }))
    },
    /** Asks B2 what the typed key may do. Throws what `checkKey` throws. */
    async check(): Promise<void> {
      setChecked(await engine().checkKey(credentials(typed)))
    },
    /** Asks for another key: the typed one turned out to be none, or one is in use. A master key is forgotten at once. */
    askAgain(): void {
      if (master !== null) void forgetMasterKey()
      setMaster(null)
      setChecked(null)
      setTyped((before) => ({ ...before, key: '' }))
      setIsEntering(true)
    },
    /** Stays with the key that is in use. */
    keep(): void {
      setChecked(null)
      setTyped(nothingTyped)
      setIsEntering(false)
    },
    /** Takes the key that was looked at: an ordinary one is kept in the keychain, a master key held in memory. */
    async take(): Promise<KeyInUse> {
      const kind = checked !== null && isMasterKey(checked) ? 'master' : 'connected'
      const taken =
        kind === 'master'
          ? await engine().holdMasterKey(credentials(typed))
          : await engine().connectAccount(credentials(typed))
      setMaster(kind === 'master' ? taken : null)
      setChecked(null)
      // The page has no need of it any more.
      setTyped(nothingTyped)
      setIsEntering(false)
      await refreshSnapshot()
      return { kind, account: taken }
    },
    /** The engine has made a limited key with the master key and forgotten that. */
    masterKeyUsed(): void {
      setMaster(null)
    },
  }
}

function credentials({ keyId, key }: TypedKey) {
  return { applicationKeyId: keyId, applicationKey: key }
}

async function forgetMasterKey(): Promise<void> {
  // An engine that does not answer is one that has stopped, and has forgotten it.
  await engine()
    .forgetMasterKey(undefined)
    .catch(() => undefined)
}
