/** What a key can and cannot do for Pail. */
import type { AccountSummary } from '../../../shared/model/account.ts'
import { isMasterKey, USED_CAPABILITIES } from '../../../shared/model/key.ts'

export type UsedCapability = (typeof USED_CAPABILITIES)[number]

export type KeyAbilities = {
  /**
   * `master`: so much that Pail makes a smaller one with it. `unusable`: nothing can be synced with it. `partial`: it can,
   * and something else will not work.
   */
  readonly kind: 'master' | 'full' | 'partial' | 'unusable'
  readonly can: readonly UsedCapability[]
  readonly cannot: readonly UsedCapability[]
  /** What it may do and Pail has no use for, unless deleted files are to be removed. */
  readonly unneeded: readonly string[]
}

export function keyAbilities(account: AccountSummary): KeyAbilities {
  const { capabilities, missingCapabilities } = account
  const has = (capability: string): boolean => capabilities.includes(capability)
  const cannot = USED_CAPABILITIES.filter((capability) => !has(capability))
  return {
    kind: kindOf(),
    can: USED_CAPABILITIES.filter(has),
    cannot,
    unneeded: capabilities.filter((capability) => !USED_CAPABILITIES.some((used) => used === capability)),
  }

  function kindOf(): KeyAbilities['kind'] {
    if (missingCapabilities.length > 0) return 'unusable'
    if (isMasterKey(account)) return 'master'
    return cannot.length === 0 ? 'full' : 'partial'
  }
}

/** Whether a key reaches a place in a bucket. */
export function reaches(
  { allowedBuckets, namePrefix }: Pick<AccountSummary, 'allowedBuckets' | 'namePrefix'>,
  { bucketId, prefix }: { readonly bucketId: string; readonly prefix: string },
): boolean {
  const isBucketAllowed = allowedBuckets?.some((bucket) => bucket.bucketId === bucketId) ?? true
  return isBucketAllowed && prefix.startsWith(namePrefix)
}
