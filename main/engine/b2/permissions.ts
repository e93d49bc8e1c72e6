/** What a key may do, known before anything is asked: a call that must fail is not made, and what is missing has a name. */
import { EngineError } from '../../../shared/errors.ts'
import type { Account } from './types.ts'

/** What a call is about to do. */
export type Intent = {
  /** B2's name of the call, such as `b2_hide_file`. */
  readonly operation: string
  /** The capabilities B2 asks for, the one it is most about first. */
  readonly needs: readonly [string, ...string[]]
  /** The bucket it is about, if any. */
  readonly bucketId?: string | undefined
  /** The same by its name, where only that is known. */
  readonly bucketName?: string | undefined
  /** The name, or the start of all names, it is about. */
  readonly fileName?: string | undefined
}

/** Those of the capabilities that the key lacks, in the order given. */
export function missingCapabilities(account: Account, needed: readonly string[]): readonly string[] {
  return needed.filter((capability) => !account.capabilities.includes(capability))
}

/** Throws `capability_missing` (details: capability) or `bucket_not_allowed` (details: name) when B2 would refuse. */
export function assertPermitted(account: Account, { operation, needs, ...about }: Intent): void {
  const [capability] = missingCapabilities(account, needs)
  if (capability !== undefined) {
    throw new EngineError('capability_missing', `${operation}: the key lacks ${capability}`, { operation, capability })
  }
  const { bucketId, bucketName, fileName } = about
  const isOtherBucket =
    (bucketId !== undefined && !isBucketAllowed(account, bucketId)) ||
    (bucketName !== undefined && !isBucketNameAllowed(account, bucketName))
  if (isOtherBucket) {
    const bucket = bucketName === undefined ? { bucketId: bucketId ?? '' } : { name: bucketName }
    throw new EngineError('bucket_not_allowed', `${operation}: the key is for other buckets`, { operation, ...bucket })
  }
  if (fileName !== undefined && !fileName.startsWith(account.namePrefix)) {
    const name = account.namePrefix
    throw new EngineError('bucket_not_allowed', `${operation}: the key is for names below a prefix`, {
      operation,
      name,
    })
  }
}

/** True when the key is unrestricted or made for this bucket. */
function isBucketAllowed({ allowedBuckets }: Account, bucketId: string): boolean {
  return allowedBuckets === null || allowedBuckets.some((bucket) => bucket.id === bucketId)
}

function isBucketNameAllowed({ allowedBuckets }: Account, bucketName: string): boolean {
  return allowedBuckets === null || allowedBuckets.some((bucket) => bucket.name === bucketName)
}
