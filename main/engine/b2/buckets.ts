/** Buckets: which ones a key may use, and making a new one. Keys for certain buckets only are asked about only those. */
import { EngineError, isEngineError } from '../../../shared/errors.ts'
import { accountOf, callB2, callB2OnlyOnce, type Api, type CallOptions } from './call.ts'
import { missingCapabilities } from './permissions.ts'
import { ONCE } from './retry.ts'
import { Bucket, BucketsAnswer, type Account, type AllowedBucket, type LifecycleRule } from './types.ts'

/** How often a change of settings gives way to somebody else's; each time takes two calls. */
const MAX_UPDATE_TRIES = 5

export type CreateBucketOptions = CallOptions & {
  /** `allPrivate` when absent. */
  readonly bucketType?: 'allPrivate' | 'allPublic' | undefined
}

/** The buckets this key may use, in B2's order; without `listBuckets` as the key itself names them. */
export async function listBuckets(api: Api, options: CallOptions = {}): Promise<readonly Bucket[]> {
  const account = await accountOf(api, options)
  const { allowedBuckets } = account
  if (allowedBuckets === null) return askForBuckets(api, {}, options)
  const found: Bucket[] = []
  for (const allowed of allowedBuckets) {
    const bucket = await findAllowed(api, account, allowed, options)
    if (bucket !== undefined) found.push(bucket)
  }
  return found
}

/** Undefined when there is no such bucket; throws `bucket_not_allowed` when the key is for others. */
export async function findBucketByName(
  api: Api,
  bucketName: string,
  options: CallOptions = {},
): Promise<Bucket | undefined> {
  const account = await accountOf(api, options)
  if (account.allowedBuckets === null) return (await askForBuckets(api, { bucketName }, options))[0]
  const allowed = account.allowedBuckets.find(({ name }) => name === bucketName)
  if (allowed === undefined) throw notAllowed(bucketName)
  return findAllowed(api, account, allowed, options)
}

/** Undefined when there is no such bucket; throws `bucket_not_allowed` when the key is for others. */
export async function findBucketById(
  api: Api,
  bucketId: string,
  options: CallOptions = {},
): Promise<Bucket | undefined> {
  const account = await accountOf(api, options)
  if (account.allowedBuckets === null) return (await askForBuckets(api, { bucketId }, options))[0]
  const allowed = account.allowedBuckets.find(({ id }) => id === bucketId)
  if (allowed === undefined) throw notAllowed(bucketId)
  return findAllowed(api, account, allowed, options)
}

/**
 * Creates a bucket, encrypted where the key may set that. Throws `bucket_name_taken`, also when it is one's own; when
 * B2's answer was lost, one's own bucket of that name and type is taken for the one that was to be made. Throws
 * `bucket_not_allowed` for a key that is made for certain buckets.
 */
export async function createBucket(
  api: Api,
  bucketName: string,
  { bucketType = 'allPrivate', ...options }: CreateBucketOptions = {},
): Promise<Bucket> {
  const account = await accountOf(api, options)
  if (account.allowedBuckets !== null) throw notAllowed(bucketName)
  const mayEncrypt = missingCapabilities(account, ['writeBucketEncryption']).length === 0
  const encryption = mayEncrypt ? { defaultServerSideEncryption: { mode: 'SSE-B2', algorithm: 'AES256' } } : {}
  return callB2OnlyOnce(
    api,
    {
      operation: 'b2_create_bucket',
      needs: ['writeBuckets'],
      body: ({ accountId }) => ({ accountId, bucketName, bucketType, ...encryption }),
      answer: Bucket,
    },
    async () => {
      if (missingCapabilities(account, ['listBuckets']).length > 0) return undefined
      const [bucket] = await askForBuckets(api, { bucketName }, { ...options, patience: ONCE })
      return bucket?.bucketType === bucketType ? bucket : undefined
    },
    options,
  )
}

/** Settings to change; what is absent stays as it is, what is given replaces the old value wholly. */
export type BucketChange = {
  readonly bucketType?: 'allPrivate' | 'allPublic'
  readonly bucketInfo?: Readonly<Record<string, string>>
  readonly lifecycleRules?: readonly LifecycleRule[]
  readonly defaultServerSideEncryption?: { readonly mode: 'SSE-B2'; readonly algorithm: 'AES256' }
}

/**
 * Changes a bucket's settings by what they are now: when somebody else has changed them in between, `change` is asked
 * again with theirs, so that nobody's change is lost. A change of nothing is not sent.
 *
 * Throws `bucket_missing`, `bucket_not_allowed`, and `bucket_changed` when others are quicker five times in a row.
 */
export async function updateBucket(
  api: Api,
  bucketId: string,
  change: (bucket: Bucket) => BucketChange,
  options: CallOptions = {},
): Promise<Bucket> {
  for (let tries = 1; ; tries++) {
    const bucket = await findBucketById(api, bucketId, options)
    if (bucket === undefined) throw new EngineError('bucket_missing', 'There is no such bucket', { bucketId })
    const changed = change(bucket)
    if (Object.keys(changed).length === 0) return bucket
    try {
      return await callB2(
        api,
        {
          operation: 'b2_update_bucket',
          // Without a look at the present settings those of others would be lost.
          needs: ['writeBuckets', 'listBuckets', ...encryptionNeeds(changed)],
          bucketId,
          body: ({ accountId }) => ({ accountId, bucketId, ...changed, ifRevisionIs: bucket.revision }),
          answer: Bucket,
        },
        options,
      )
    } catch (error) {
      if (!isEngineError(error, 'bucket_changed') || tries === MAX_UPDATE_TRIES) throw error
    }
  }
}

function encryptionNeeds({ defaultServerSideEncryption }: BucketChange): readonly string[] {
  return defaultServerSideEncryption === undefined ? [] : ['writeBucketEncryption']
}

/** One bucket that the key is made for; undefined once it is deleted. */
async function findAllowed(
  api: Api,
  account: Account,
  { id, name }: AllowedBucket,
  options: CallOptions,
): Promise<Bucket | undefined> {
  if (name === null) return undefined
  if (missingCapabilities(account, ['listBuckets']).length > 0) {
    return { bucketId: id, bucketName: name, bucketType: 'unknown' }
  }
  return (await askForBuckets(api, { bucketId: id }, options))[0]
}

async function askForBuckets(
  api: Api,
  which: { readonly bucketId?: string; readonly bucketName?: string },
  options: CallOptions,
): Promise<readonly Bucket[]> {
  const { buckets } = await callB2(
    api,
    {
      operation: 'b2_list_buckets',
      needs: ['listBuckets'],
      bucketId: which.bucketId,
      body: ({ accountId }) => ({ accountId, ...which }),
      answer: BucketsAnswer,
    },
    options,
  )
  return buckets
}

function notAllowed(name: string): EngineError {
  return new EngineError('bucket_not_allowed', 'The key is for other buckets', { name })
}
