/** What a key may do, known before anything is asked: a call that must fail is not made, and what is missing has a name. */
import { EngineError } from '../../../shared/errors.ts'
import type { Account } from './types.ts'

/** What a call is about to do. */
export type Intent = {
  /** B2's name of the call, such as `b2_hide_file`. */
  readonly operation: string
  /** The capability B2 asks for. */
  readonly needs: string
  /** The bucket it is about, if any. */
  readonly bucketId?: string | undefined
  /** The name, or the start of all names, it is about. */
  readonly fileName?: string | undefined
}

/** Those of the capabilities that the key lacks, in the order given. */
export function missingCapabilities(account: Account, needed: readonly string[]): readonly string[] {
  return needed.filter((capability) => !account.capabilities.includes(capability))
}

/** Throws `capability_missing` (details: capability) or `bucket_not_allowed` (details: name) when B2 would refuse. */
export function assertPermitted(account: Account, { operation, needs, bucketId, fileName }: Intent): void {
  if (!account.capabilities.includes(needs)) {
    throw new EngineError('capability_missing', `${operation}: the key lacks ${needs}`, {
      operation,
      capability: needs,
    })
  }
  if (bucketId !== undefined && !isBucketAllowed(account, bucketId)) {
    throw new EngineError('bucket_not_allowed', `${operation}: the key is for other buckets`, { operation, bucketId })
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
export function isBucketAllowed({ allowedBuckets }: Account, bucketId: string): boolean {
  return allowedBuckets === null || allowedBuckets.some((bucket) => bucket.id === bucketId)
}
