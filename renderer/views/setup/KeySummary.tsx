import { Check, X } from 'lucide-react'
import type { AccountSummary } from '../../../shared/model/account.ts'
import { PathLabel } from '../../components/data/PathLabel.tsx'
import { Badge } from '../../components/ui/Badge.tsx'
import { Notice } from '../../components/ui/Notice.tsx'
import { t } from '../../i18n/texts.ts'
import { formatMoment } from '../../../shared/format/moment.ts'
import { keyAbilities, type UsedCapability } from './key-abilities.ts'
import css from './KeySummary.module.css'

/** What B2 said of a key: what it is for, what it can do, and what will not work with it. */
export function KeySummary({ account }: { readonly account: AccountSummary }) {
  const words = t.setup.key
  const { allowedBuckets, namePrefix, expiresAt } = account
  const { kind, can, cannot, unneeded } = keyAbilities(account)
  const facts: readonly (readonly [string, string])[] = [
    [
      words.forBuckets,
      allowedBuckets?.map(({ bucketName }) => bucketName ?? words.deletedBucket).join(', ') ?? words.allBuckets,
    ],
    [words.forNames, namePrefix === '' ? words.allNames : words.namesBelow(namePrefix)],
    ...(expiresAt === null ? [] : [[words.ends, formatMoment(new Date(expiresAt))] as const]),
  ]
  return (
    <>
      {kind === 'unusable' ? (
        <Notice tone="danger" role="alert" title={words.unusableTitle}>
          {words.unusable}
        </Notice>
      ) : null}
      {kind === 'master' ? (
        <Notice tone="info" title={words.masterTitle}>
          {words.master}
        </Notice>
      ) : null}
      <section className={css.card} aria-label={words.whatItMay}>
        <div className={css.head}>
          <span className={css.id}>
            <PathLabel text={t.account.key(account.applicationKeyId)} />
          </span>
          <Badge tone={kind === 'unusable' ? 'wait' : 'plain'}>{words.kinds[kind]}</Badge>
        </div>
        <dl className={css.facts}>
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <PathLabel text={value} />
              </dd>
            </div>
          ))}
        </dl>
        {can.length === 0 ? null : (
          <>
            <h2 className={css.heading}>{words.can}</h2>
            <ul className={css.list}>
              {can.map((capability) => (
                <li key={capability}>
                  <Check size={14} className={css.yes} aria-hidden />
                  <span>{t.capabilityUses[capability]}</span>
                  <span className={css.capability}>{capability}</span>
                </li>
              ))}
            </ul>
          </>
        )}
        {cannot.length === 0 ? null : (
          <>
            <h2 className={css.heading}>{words.cannot}</h2>
            <ul className={css.list}>
              {cannot.map((capability) => (
                <li key={capability}>
                  <X size={14} className={css.no} aria-hidden />
                  <span>
                    {t.capabilityUses[capability]}
                    <span className={css.effect}>{effectOf(capability, allowedBuckets !== null)}</span>
                  </span>
                  <span className={css.capability}>{capability}</span>
                </li>
              ))}
            </ul>
          </>
        )}
        {kind === 'master' || unneeded.length === 0 ? null : (
          <p className={css.unneeded}>{words.unneeded(unneeded.join(', '))}</p>
        )}
      </section>
    </>
  )
}

/** What will not work without it. A key for certain buckets names them itself, so it needs less. */
function effectOf(capability: UsedCapability, isForCertainBuckets: boolean): string {
  const { effects } = t.setup.key
  return capability === 'listBuckets' && isForCertainBuckets ? effects.listOwnBucket : effects[capability]
}
