import { Check, Minus } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { AccountState, AccountSummary } from '../../../shared/model/account.ts'
import type { ProblemText } from '../../../shared/text/problem-text.ts'
import { engine } from '../../client/engine-client.ts'
import { Badge } from '../../components/ui/Badge.tsx'
import { Button } from '../../components/ui/Button.tsx'
import { t } from '../../i18n/texts.ts'
import { textOfError } from '../../state/actions.ts'
import { startSetup } from '../../state/ui-store.ts'
import css from './AccountGroup.module.css'
import { keyPowers, surplusPowers } from './key-powers.ts'
import { Group, Setting } from './Setting.tsx'

/** Which key Pail uses, what that reaches and may do, and the way to another one. */
export function AccountGroup({ account }: { readonly account: AccountState }) {
  const words = t.settings.account
  return (
    <Group title={words.title}>
      <Setting
        title={words.key}
        hint={keyHint(account)}
        control={(labels) => (
          <Button
            aria-describedby={labels['aria-describedby']}
            onClick={() => {
              startSetup('reconnect')
            }}
          >
            {account.kind === 'none' ? words.connect : words.replace}
          </Button>
        )}
      />
      {account.kind === 'connected' ? <Reach account={account.account} /> : null}
      {account.kind === 'connected' ? <Powers capabilities={account.account.capabilities} /> : null}
    </Group>
  )
}

function keyHint(account: AccountState): string {
  const words = t.settings.account
  switch (account.kind) {
    case 'none':
      return words.noKey
    case 'waiting':
      return words.keyWaiting(account.applicationKeyId)
    case 'connected':
      return words.keyInUse(account.account.applicationKeyId, account.account.accountId)
  }
}

function Reach({ account }: { readonly account: AccountSummary }) {
  const words = t.settings.account
  const buckets = useBuckets(account.applicationKeyId)
  const limited = account.namePrefix === '' ? null : words.onlyNames(account.namePrefix)
  return <Setting title={words.reach} hint={[bucketHint(buckets), limited].filter((part) => part !== null).join(' ')} />
}

/** So many names say which account it is. */
const MAX_BUCKETS = 5

function bucketHint(buckets: Buckets | null): string {
  const words = t.settings.account
  if (buckets === null) return words.buckets
  if (buckets.kind === 'failed') return buckets.problem.advice
  const { names } = buckets
  if (names.length === 0) return words.noBuckets
  return words.bucketList(names.slice(0, MAX_BUCKETS).join(', '), Math.max(0, names.length - MAX_BUCKETS))
}

type Buckets =
  | { readonly kind: 'known'; readonly names: readonly string[] }
  | { readonly kind: 'failed'; readonly problem: ProblemText }

/** What the key sees; null until B2 has answered. */
function useBuckets(applicationKeyId: string): Buckets | null {
  const [buckets, setBuckets] = useState<Buckets | null>(null)
  useEffect(() => {
    let isCurrent = true
    engine()
      .listBuckets(undefined)
      .then(
        (found) => {
          if (isCurrent) setBuckets({ kind: 'known', names: found.map(({ bucketName }) => bucketName) })
        },
        (error: unknown) => {
          if (isCurrent) setBuckets({ kind: 'failed', problem: textOfError(error) })
        },
      )
    return () => {
      isCurrent = false
    }
  }, [applicationKeyId])
  return buckets
}

function Powers({ capabilities }: { readonly capabilities: readonly string[] }) {
  const words = t.settings.account
  const surplus = surplusPowers(capabilities)
  return (
    <Setting title={words.powers} words={Object.values(words.capabilities).join(' ')}>
      <ul className={css.powers} aria-label={words.powers}>
        {keyPowers(capabilities).map(({ capability, may, isNeeded }) => (
          <li key={capability} className={css.power} data-may={may ? '' : undefined}>
            {may ? <Check size={14} aria-label={words.may} /> : <Minus size={14} aria-label={words.mayNot} />}
            <span className={css.what}>
              {words.capabilities[capability]} <span className={css.name}>{capability}</span>{' '}
              {!may && isNeeded ? <Badge tone="wait">{words.lacks}</Badge> : null}
            </span>
          </li>
        ))}
      </ul>
      {surplus.length === 0 ? null : <p className={css.surplus}>{words.surplus(surplus.join(', '))}</p>}
    </Setting>
  )
}
