import { Database, Plus } from 'lucide-react'
import { useEffect, useState } from 'react'
import { isEngineError } from '../../../shared/errors.ts'
import type { Bucket } from '../../../shared/model/account.ts'
import type { ProblemText } from '../../../shared/text/problem-text.ts'
import { engine } from '../../client/engine-client.ts'
import { remedies } from '../../components/data/remedies.ts'
import { Button } from '../../components/ui/Button.tsx'
import { EmptyState } from '../../components/ui/EmptyState.tsx'
import { Notice } from '../../components/ui/Notice.tsx'
import { Skeleton } from '../../components/ui/Skeleton.tsx'
import { t } from '../../i18n/texts.ts'
import { textOfError } from '../../state/actions.ts'
import { BucketList } from './BucketList.tsx'
import { CreateBucket } from './CreateBucket.tsx'
import { StepFrame, type StepPlace } from './StepFrame.tsx'

type BucketStepProps = {
  readonly place: StepPlace
  readonly chosen: Bucket | null
  readonly onChoose: (bucket: Bucket) => void
  readonly onBack: (() => void) | null
  /** Leaves the set-up; null where there is nothing behind it. */
  readonly onCancel: (() => void) | null
  readonly isFirstRun: boolean
  /** The key that is connected cannot list buckets: asks for another one. */
  readonly onOtherKey: () => void
  readonly onContinue: () => void
}

type Loaded =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly problem: ProblemText; readonly needsOtherKey: boolean }
  | { readonly kind: 'ready'; readonly buckets: readonly Bucket[] }

/** The second question: the bucket, one that is there or a new private one. */
export function BucketStep(props: BucketStepProps) {
  const { place, chosen, onChoose, onBack, onCancel, isFirstRun, onOtherKey, onContinue } = props
  const words = t.setup.bucket
  const [loaded, setLoaded] = useState<Loaded>({ kind: 'loading' })
  const [tries, setTries] = useState(0)
  const [isCreating, setIsCreating] = useState(false)

  useEffect(() => {
    let isCurrent = true
    engine()
      .listBuckets(undefined)
      .then(
        (buckets) => {
          if (isCurrent) setLoaded({ kind: 'ready', buckets })
        },
        (error: unknown) => {
          if (isCurrent) setLoaded({ kind: 'failed', problem: textOfError(error), needsOtherKey: needsOtherKey(error) })
        },
      )
    return () => {
      isCurrent = false
    }
  }, [tries])

  function addCreated(bucket: Bucket): void {
    setLoaded((before) => ({
      kind: 'ready',
      buckets: before.kind === 'ready' ? [...before.buckets, bucket] : [bucket],
    }))
    setIsCreating(false)
    onChoose(bucket)
  }

  const isPublic = chosen?.bucketType === 'allPublic'
  const isEmpty = loaded.kind === 'ready' && loaded.buckets.length === 0
  const createButton = (
    <Button
      icon={<Plus size={14} aria-hidden />}
      onClick={() => {
        setIsCreating(true)
      }}
    >
      {words.create}
    </Button>
  )
  return (
    <StepFrame
      place={place}
      title={words.title}
      intro={words.intro}
      points={words.points(chosen?.bucketName ?? null, isPublic)}
      onSubmit={() => {
        if (chosen !== null) onContinue()
      }}
      leftButtons={
        <>
          {onBack === null ? null : (
            <Button size="large" onClick={onBack}>
              {t.back}
            </Button>
          )}
          {onCancel === null ? null : (
            <Button size="large" variant={isFirstRun ? 'quiet' : 'plain'} onClick={onCancel}>
              {isFirstRun ? t.later : t.cancel}
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
      {loaded.kind === 'ready' && !isEmpty ? (
        <BucketList buckets={loaded.buckets} chosen={chosen} onChoose={onChoose} />
      ) : null}
      {isEmpty && !isCreating ? (
        <EmptyState
          icon={<Database size={20} />}
          title={words.emptyTitle}
          text={words.emptyText}
          action={createButton}
        />
      ) : null}
      {loaded.kind === 'ready' && !isEmpty && !isCreating ? <div>{createButton}</div> : null}
      {isCreating ? (
        <CreateBucket
          onCreated={addCreated}
          onCancel={() => {
            setIsCreating(false)
          }}
        />
      ) : null}
    </StepFrame>
  )
}

function needsOtherKey(error: unknown): boolean {
  return isEngineError(error) && remedies[error.code] === 'reconnect'
}
