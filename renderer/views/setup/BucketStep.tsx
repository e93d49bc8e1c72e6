import { Database, Plus } from 'lucide-react'
import { useEffect, useEffectEvent, useState } from 'react'
import { isEngineError } from '../../../shared/errors.ts'
import type { AccountSummary, Bucket } from '../../../shared/model/account.ts'
import type { ProblemText } from '../../../shared/text/problem-text.ts'
import { engine } from '../../client/engine-client.ts'
import { remedies } from '../../components/data/remedies.ts'
import { Button } from '../../components/ui/Button.tsx'
import { EmptyState } from '../../components/ui/EmptyState.tsx'
import { Notice } from '../../components/ui/Notice.tsx'
import { Skeleton } from '../../components/ui/Skeleton.tsx'
import { t } from '../../i18n/texts.ts'
import { textOfError } from '../../state/actions.ts'
import type { Amount } from './amount-text.ts'
import { BucketList } from './BucketList.tsx'
import { CreateBucket } from './CreateBucket.tsx'
import { StepFrame } from './StepFrame.tsx'
import type { Way } from './StepNav.tsx'
import type { KeyInUse } from './use-setup-key.ts'

type BucketStepProps = {
  readonly way: Way
  /** Null while B2 has not answered so far. */
  readonly inUse: KeyInUse | null
  readonly amount: Amount | null
  readonly chosen: Bucket | null
  readonly onChoose: (bucket: Bucket | null) => void
  readonly onBack: () => void
  /** Leaves the set-up; null where there is nothing behind it. */
  readonly onLeave: { readonly label: string; readonly run: () => void } | null
  /** The key cannot list buckets, or there is none for it. */
  readonly onOtherKey: () => void
  readonly onContinue: () => void
}

type Loaded =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly problem: ProblemText; readonly needsOtherKey: boolean }
  | { readonly kind: 'ready'; readonly buckets: readonly Bucket[] }

/** The second question: the bucket, one that is there or a new private one. */
export function BucketStep(props: BucketStepProps) {
  const { way, inUse, amount, chosen, onChoose, onBack, onLeave, onOtherKey, onContinue } = props
  const words = t.setup.bucket
  const key = inUse?.kind ?? 'connected'
  const mayCreate = inUse !== null && canCreate(inUse.account)
  const [loaded, setLoaded] = useState<Loaded>({ kind: 'loading' })
  const [tries, setTries] = useState(0)
  const [isCreating, setIsCreating] = useState(false)

  const show = useEffectEvent((buckets: readonly Bucket[]) => {
    setLoaded({ kind: 'ready', buckets })
    // The one that the key is for needs no choice; one of another key is none any more.
    const known = buckets.find(({ bucketId }) => bucketId === chosen?.bucketId)
    onChoose(known ?? (buckets.length === 1 ? (buckets[0] ?? null) : null))
    setIsCreating(buckets.length === 0 && mayCreate)
  })

  useEffect(() => {
    let isCurrent = true
    engine()
      .listBuckets({ key })
      .then(
        (buckets) => {
          if (isCurrent) show(buckets)
        },
        (error: unknown) => {
          if (isCurrent) setLoaded({ kind: 'failed', problem: textOfError(error), needsOtherKey: needsOtherKey(error) })
        },
      )
    return () => {
      isCurrent = false
    }
  }, [key, tries])

  function addCreated(bucket: Bucket): void {
    setLoaded((before) => ({
      kind: 'ready',
      buckets: before.kind === 'ready' ? [...before.buckets, bucket] : [bucket],
    }))
    setIsCreating(false)
    onChoose(bucket)
  }

  const buckets = loaded.kind === 'ready' ? loaded.buckets : []
  const isEmpty = loaded.kind === 'ready' && buckets.length === 0
  return (
    <StepFrame
      way={way}
      title={words.title}
      intro={words.intro}
      amount={amount}
      points={words.points(chosen?.bucketName ?? null, chosen?.bucketType ?? '')}
      onSubmit={() => {
        if (chosen !== null) onContinue()
      }}
      onBack={onBack}
      leftButtons={
        <>
          <Button size="large" onClick={onBack}>
            {t.back}
          </Button>
          {onLeave === null ? null : (
            <Button size="large" variant="quiet" onClick={onLeave.run}>
              {onLeave.label}
            </Button>
          )}
        </>
      }
      rightButtons={
        <Button variant="primary" size="large" type="submit" disabled={chosen === null}>
          {t.continue}
        </Button>
      }
    >
      {loaded.kind === 'loading' ? <Skeleton rows={3} /> : null}
      {loaded.kind === 'failed' ? (
        <Notice
          tone="danger"
          role="alert"
          title={loaded.problem.title}
          action={
            loaded.needsOtherKey ? (
              <Button onClick={onOtherKey}>{t.setup.key.otherKey}</Button>
            ) : (
              <Button
                onClick={() => {
                  setLoaded({ kind: 'loading' })
                  setTries(tries + 1)
                }}
              >
                {t.tryAgain}
              </Button>
            )
          }
        >
          {loaded.problem.advice}
        </Notice>
      ) : null}
      {buckets.length > 0 ? <BucketList buckets={buckets} chosen={chosen} onChoose={onChoose} /> : null}
      {isEmpty && !mayCreate ? (
        <EmptyState
          icon={<Database size={20} />}
          title={words.emptyTitle}
          text={words.emptyText}
          action={<Button onClick={onOtherKey}>{t.setup.key.otherKey}</Button>}
        />
      ) : null}
      {isEmpty && mayCreate ? <p>{words.emptyCreate}</p> : null}
      {isCreating && inUse !== null ? (
        <CreateBucket
          inUse={inUse}
          known={buckets}
          onCreated={addCreated}
          onCancel={
            isEmpty
              ? null
              : () => {
                  setIsCreating(false)
                }
          }
        />
      ) : null}
      {loaded.kind === 'ready' && !isEmpty && !isCreating ? (
        <div>
          {mayCreate ? (
            <Button
              icon={<Plus size={14} aria-hidden />}
              onClick={() => {
                setIsCreating(true)
              }}
            >
              {words.create}
            </Button>
          ) : (
            <p>{words.onlyThese(buckets.length)}</p>
          )}
        </div>
      ) : null}
    </StepFrame>
  )
}

function canCreate({ capabilities, allowedBuckets }: AccountSummary): boolean {
  return capabilities.includes('writeBuckets') && allowedBuckets === null
}

function needsOtherKey(error: unknown): boolean {
  return isEngineError(error) && remedies[error.code] === 'reconnect'
}
