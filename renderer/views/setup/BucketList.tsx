import { Globe, Lock } from 'lucide-react'
import { RadioGroup } from 'radix-ui'
import { useId } from 'react'
import type { Bucket } from '../../../shared/model/account.ts'
import { PathLabel } from '../../components/data/PathLabel.tsx'
import { Badge } from '../../components/ui/Badge.tsx'
import { Notice } from '../../components/ui/Notice.tsx'
import { t } from '../../i18n/en.ts'
import css from './BucketList.module.css'

type BucketListProps = {
  readonly buckets: readonly Bucket[]
  readonly chosen: Bucket | null
  readonly onChoose: (bucket: Bucket) => void
}

/** The buckets to choose one from; a public one says what that means. */
export function BucketList({ buckets, chosen, onChoose }: BucketListProps) {
  const id = useId()
  return (
    <>
      <RadioGroup.Root
        className={css.list}
        aria-label={t.setup.bucket.list}
        value={chosen?.bucketId ?? ''}
        onKeyDown={(event) => {
          // The library keeps Enter from answering the question, which is what it does in every other field.
          if (event.key === 'Enter') event.currentTarget.closest('form')?.requestSubmit()
        }}
        onValueChange={(bucketId) => {
          const bucket = buckets.find((candidate) => candidate.bucketId === bucketId)
          if (bucket !== undefined) onChoose(bucket)
        }}
      >
        {buckets.map((bucket) => {
          const isPublic = bucket.bucketType === 'allPublic'
          return (
            <RadioGroup.Item
              key={bucket.bucketId}
              value={bucket.bucketId}
              className={css.bucket}
              aria-label={bucket.bucketName}
              aria-describedby={`${id}-${bucket.bucketId}`}
            >
              <span className={css.radio} aria-hidden />
              <span className={css.name}>
                <PathLabel text={bucket.bucketName} />
              </span>
              <Badge id={`${id}-${bucket.bucketId}`} tone={isPublic ? 'wait' : 'plain'}>
                {isPublic ? <Globe size={12} aria-hidden /> : <Lock size={12} aria-hidden />}
                {isPublic ? t.setup.bucket.public : t.setup.bucket.private}
              </Badge>
            </RadioGroup.Item>
          )
        })}
      </RadioGroup.Root>
      {chosen?.bucketType === 'allPublic' ? <Notice tone="wait" title={t.setup.bucket.publicWarning} /> : null}
    </>
  )
}
