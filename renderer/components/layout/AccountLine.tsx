import { useState } from 'react'
import type { ErrorCode } from '../../../shared/errors.ts'
import type { EngineSnapshot } from '../../../shared/model/snapshot.ts'
import { shell } from '../../client/shell-client.ts'
import { t } from '../../i18n/texts.ts'
import { attempt } from '../../state/actions.ts'
import { useEngineStore } from '../../state/engine-store.ts'
import { startSetup } from '../../state/ui-store.ts'
import { DisconnectDialog } from '../dialogs/DisconnectDialog.tsx'
import { Tooltip } from '../ui/Tooltip.tsx'
import css from './AccountLine.module.css'

type Connection = 'online' | 'offline' | 'waiting' | 'none'

/** How B2 is, in a word; its menu changes the key or ends the connection. */
export function AccountLine({ isNarrow }: { readonly isNarrow: boolean }) {
  const connection = useEngineStore((state) => connectionOf(state.snapshot))
  const keyId = useEngineStore((state) => keyIdOf(state.snapshot))
  const [isAsking, setIsAsking] = useState(false)
  const words = t.account[connection]

  async function openMenu(): Promise<void> {
    const items = [
      // Only read: says which of several keys this is.
      ...(keyId === null ? [] : [{ id: 'id', label: t.account.key(keyId), enabled: false }]),
      { id: 'key', label: keyId === null ? t.account.connect : t.account.enterKey },
      ...(keyId === null ? [] : [{ id: 'disconnect', label: `${t.account.disconnect}...` }]),
    ]
    const chosen = await shell.showMenu({ items })
    if (chosen === 'key') startSetup('reconnect')
    if (chosen === 'disconnect') setIsAsking(true)
  }

  return (
    <>
      <Tooltip label={words} isEnabled={isNarrow}>
        <button
          type="button"
          className={css.line}
          aria-label={t.account.menu(words)}
          aria-haspopup="menu"
          onClick={() => void attempt(openMenu)}
        >
          <span className={css.dot} data-connection={connection} />
          <span className={css.words}>{words}</span>
        </button>
      </Tooltip>
      {isAsking ? (
        <DisconnectDialog
          onClose={() => {
            setIsAsking(false)
          }}
        />
      ) : null}
    </>
  )
}

function keyIdOf(snapshot: EngineSnapshot | null): string | null {
  const account = snapshot?.account
  if (account === undefined || account.kind === 'none') return null
  return account.kind === 'connected' ? account.account.applicationKeyId : account.applicationKeyId
}

/** B2 is there, and does not let this key in. */
const refusals: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['key_rejected', 'key_unsupported', 'account_blocked'])

function connectionOf(snapshot: EngineSnapshot | null): Connection {
  if (snapshot === null || snapshot.account.kind === 'none') return 'none'
  if (snapshot.status.kind === 'offline') return 'offline'
  if (snapshot.problems.some(({ code }) => refusals.has(code))) return 'waiting'
  if (snapshot.account.kind === 'connected') return 'online'
  return snapshot.account.code === 'network_unreachable' ? 'offline' : 'waiting'
}
