import { Globe, Lock } from 'lucide-react'
import { useId } from 'react'
import type { Bucket } from '../../../shared/model/account.ts'
import { PathLabel } from '../../components/data/PathLabel.tsx'
import { Badge } from '../../components/ui/Badge.tsx'
import { Notice } from '../../components/ui/Notice.tsx'
import { t } from '../../i18n/texts.ts'
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
      <div className={css.list} role="radiogroup" aria-label={t.setup.bucket.list}>
        {buckets.map((bucket) => {
          const isPublic = bucket.bucketType === 'allPublic'
          const badgeId = `${id}-${bucket.bucketId}`
          return (
            <label key={bucket.bucketId} className={css.bucket}>
              <input
                type="radio"
                className={css.radio}
                name={id}
                value={bucket.bucketId}
                checked={bucket.bucketId === chosen?.bucketId}
                aria-label={bucket.bucketName}
                aria-describedby={badgeId}
                onChange={() => {
                  onChoose(bucket)
                }}
              />
              <span className={css.name}>
                <PathLabel text={bucket.bucketName} />
              </span>
              <Badge id={badgeId} tone={isPublic ? 'wait' : 'plain'}>
                {isPublic ? <Globe size={12} aria-hidden /> : <Lock size={12} aria-hidden />}
                {isPublic ? t.setup.bucket.public : t.setup.bucket.private}
              </Badge>
            </label>
          )
        })}
      </div>
      {chosen?.bucketType === 'allPublic' ? <Notice tone="wait" title={t.setup.bucket.publicWarning} /> : null}
    </>
  )
}
