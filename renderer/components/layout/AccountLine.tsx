import { useState } from 'react'
import type { MenuPlace } from '../../../shared/contract/shell-api.ts'
import type { ErrorCode } from '../../../shared/errors.ts'
import { formatAgo } from '../../../shared/format/duration.ts'
import { formatUntil } from '../../../shared/format/moment.ts'
import type { Health } from '../../../shared/model/health.ts'
import type { EngineSnapshot } from '../../../shared/model/snapshot.ts'
import { problemText } from '../../../shared/text/problem-text.ts'
import { menuPlace } from '../../client/native-menu.ts'
import { shell } from '../../client/shell-client.ts'
import { useNow } from '../../hooks/use-now.ts'
import { t } from '../../i18n/texts.ts'
import { attempt } from '../../state/actions.ts'
import { useEngineStore } from '../../state/engine-store.ts'
import { startSetup } from '../../state/ui-store.ts'
import { DisconnectDialog } from '../dialogs/DisconnectDialog.tsx'
import { Tooltip } from '../ui/Tooltip.tsx'
import css from './AccountLine.module.css'

type Connection = 'online' | 'unreachable' | 'waiting' | 'none'

/** Whether B2 is there, in a word, with reason and time where it points; its menu changes the key or ends the connection. */
export function AccountLine({ isNarrow }: { readonly isNarrow: boolean }) {
  const connection = useEngineStore((state) => connectionOf(state.snapshot))
  const keyId = useEngineStore((state) => keyIdOf(state.snapshot))
  const [isAsking, setIsAsking] = useState(false)
  const health = useEngineStore((state) => state.snapshot?.health)
  const now = useNow()
  const words = [t.account[connection], ...(connection === 'unreachable' ? [t.account.uploadsWait] : [])]
  const notes = connection === 'online' || connection === 'unreachable' ? notesOn(health, now) : []
  // Where there is room the words are there to read already.
  const tooltip = [...(isNarrow ? [words.join(' - ')] : []), ...notes].join('. ')

  async function openMenu(at: MenuPlace): Promise<void> {
    const items = [
      // Only read: says which of several keys this is.
      ...(keyId === null ? [] : [{ id: 'id', label: t.account.key(keyId), enabled: false }]),
      { id: 'key', label: keyId === null ? t.account.connect : t.account.enterKey },
      ...(keyId === null ? [] : [{ id: 'disconnect', label: `${t.account.disconnect}...` }]),
    ]
    const chosen = await shell.showMenu({ items, at })
    if (chosen === 'key') startSetup('reconnect')
    if (chosen === 'disconnect') setIsAsking(true)
  }

  return (
    <>
      <Tooltip label={tooltip} isEnabled={tooltip !== ''}>
        <button
          type="button"
          className={css.line}
          aria-label={t.account.menu([words.join(' '), ...notes].join('. '))}
          aria-haspopup="menu"
          onClick={(event) => {
            const at = menuPlace(event)
            void attempt(() => openMenu(at))
          }}
        >
          <span className={css.dot} data-connection={connection} />
          <span className={css.words}>
            {words.map((line) => (
              // With a space, for who hears them in one breath.
              <span key={line}>{`${line} `}</span>
            ))}
          </span>
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
  if (snapshot.health.kind === 'unreachable') return 'unreachable'
  if (snapshot.problems.some(({ code }) => refusals.has(code))) return 'waiting'
  return snapshot.account.kind === 'connected' ? 'online' : 'waiting'
}

/** Why B2 is out of reach and since when, or when it last answered. */
function notesOn(health: Health | undefined, now: number): readonly string[] {
  switch (health?.kind) {
    case 'unreachable':
      return [t.account.since(problemText(health.code).title, formatUntil(health.since, now))]
    case 'online':
      return [t.account.answered(formatAgo(health.checkedAt, now))]
    default:
      return []
  }
}
