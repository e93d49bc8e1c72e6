import { EyeOff, Globe, Lock } from 'lucide-react'
import { useId } from 'react'
import type { Bucket } from '../../../shared/model/account.ts'
import { PathLabel } from '../../components/data/PathLabel.tsx'
import { Badge } from '../../components/ui/Badge.tsx'
import { Notice } from '../../components/ui/Notice.tsx'
import { Radio } from '../../components/ui/Radio.tsx'
import { t } from '../../i18n/texts.ts'
import css from './BucketList.module.css'

type BucketListProps = {
  readonly buckets: readonly Bucket[]
  readonly chosen: Bucket | null
  readonly onChoose: (bucket: Bucket) => void
}

/** The buckets to choose one from; a public one says what that means. */
export function BucketList({ buckets, chosen, onChoose }: BucketListProps) {
  const words = t.setup.bucket
  const id = useId()
  return (
    <>
      <div className={css.list} role="radiogroup" aria-label={words.list}>
        {buckets.map((bucket, index) => {
          const isChosen = bucket.bucketId === chosen?.bucketId
          const badgeId = `${id}-${bucket.bucketId}`
          return (
            <label key={bucket.bucketId} className={css.bucket}>
              <Radio
                name={id}
                value={bucket.bucketId}
                checked={isChosen}
                autoFocus={chosen === null ? index === 0 : isChosen}
                aria-label={bucket.bucketName}
                aria-describedby={badgeId}
                onChoose={() => {
                  onChoose(bucket)
                }}
              />
              <span className={css.name}>
                <PathLabel text={bucket.bucketName} />
              </span>
              <BucketBadge id={badgeId} bucket={bucket} />
            </label>
          )
        })}
      </div>
      {chosen === null ? null : <Warning bucket={chosen} />}
    </>
  )
}

function BucketBadge({ id, bucket: { bucketType, isEncrypted } }: { readonly id: string; readonly bucket: Bucket }) {
  const words = t.setup.bucket
  if (bucketType === 'allPublic') {
    return (
      <Badge id={id} tone="wait">
        <Globe size={12} aria-hidden />
        {words.public}
      </Badge>
    )
  }
  const isPrivate = bucketType === 'allPrivate'
  const privateWords = isEncrypted === true ? words.privateEncrypted : words.private
  return (
    <Badge id={id}>
      {isPrivate ? <Lock size={12} aria-hidden /> : <EyeOff size={12} aria-hidden />}
      {isPrivate ? privateWords : words.otherType}
    </Badge>
  )
}

function Warning({ bucket: { bucketType } }: { readonly bucket: Bucket }) {
  const words = t.setup.bucket
  if (bucketType === 'allPublic') return <Notice tone="wait" title={words.publicWarning} />
  return bucketType === 'unknown' ? <Notice tone="wait" title={words.unknownWarning} /> : null
}
