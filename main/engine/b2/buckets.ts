/** Buckets: which ones a key may use, and making a new one. Keys for certain buckets only are asked about only those. */
import { EngineError } from '../../../shared/errors.ts'
import { callB2, type Api, type CallOptions } from './call.ts'
import { isBucketAllowed, missingCapabilities } from './permissions.ts'
import { retry, PATIENT } from './retry.ts'
import { Bucket, BucketsAnswer, type Account, type AllowedBucket } from './types.ts'

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

/** Creates a bucket. Throws `bucket_name_taken`, also when it is one's own. */
export async function createBucket(
  api: Api,
  bucketName: string,
  { bucketType = 'allPrivate', ...options }: CreateBucketOptions = {},
): Promise<Bucket> {
  const account = await accountOf(api, options)
  const mayEncrypt = missingCapabilities(account, ['writeBucketEncryption']).length === 0
  const encryption = mayEncrypt ? { defaultServerSideEncryption: { mode: 'SSE-B2', algorithm: 'AES256' } } : {}
  return callB2(
    api,
    {
      operation: 'b2_create_bucket',
      needs: 'writeBuckets',
      body: ({ accountId }) => ({ accountId, bucketName, bucketType, ...encryption }),
      answer: Bucket,
    },
    options,
  )
}

/** One bucket that the key is made for; undefined once it is deleted. */
async function findAllowed(
  api: Api,
  account: Account,
  { id, name }: AllowedBucket,
  options: CallOptions,
): Promise<Bucket | undefined> {
  if (name === null || !isBucketAllowed(account, id)) return undefined
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
      needs: 'listBuckets',
      bucketId: which.bucketId,
      body: ({ accountId }) => ({ accountId, ...which }),
      answer: BucketsAnswer,
    },
    options,
  )
  return buckets
}

async function accountOf(api: Api, { signal, patience = PATIENT }: CallOptions): Promise<Account> {
  const { clock, random, session } = api
  return (await retry(() => session.authorization(signal), { clock, random, patience, signal })).account
}

function notAllowed(name: string): EngineError {
  return new EngineError('bucket_not_allowed', 'The key is for other buckets', { name })
}
