import { z } from 'zod'
import { bucketFor, requireCapability } from '../auth.ts'
import { B2Error, badRequest, unauthorized } from '../errors.ts'
import { newBucketId } from '../ids.ts'
import { checkLifecycleRules, lifecycleRulesParam } from '../lifecycle.ts'
import type { Bucket, BucketEncryption, BucketType } from '../model.ts'
import type { Store } from '../store.ts'
import { bucketJson } from '../views.ts'
import { operation } from './operation.ts'
import type { ApiCall, Operation } from './operation.ts'
import { viewerOf } from './viewer.ts'

/** B2's default maximum for one account. */
const MAX_BUCKETS = 100

/** A bucket as a new one of that name would be; revision 2 is what the real service starts with. */
function newBucket(bucketName: string, bucketType: BucketType): Bucket {
  const bucketId = newBucketId()
  const defaultServerSideEncryption = { mode: null, algorithm: null }
  const settings = { bucketInfo: {}, corsRules: [], lifecycleRules: [], defaultServerSideEncryption }
  return { bucketId, bucketName, bucketType, ...settings, revision: 2 }
}

/** The settings that creating and updating a bucket take; each one given replaces the old one wholly. */
const settingsParams = {
  bucketInfo: z.record(z.string(), z.string()).nullish(),
  corsRules: z.array(z.unknown()).nullish(),
  lifecycleRules: lifecycleRulesParam.nullish(),
  defaultServerSideEncryption: z
    .object({ mode: z.enum(['SSE-B2', 'none']), algorithm: z.literal('AES256').nullish() })
    .nullish(),
}

const ENCRYPTIONS: Readonly<Record<'SSE-B2' | 'none', BucketEncryption>> = {
  'SSE-B2': { mode: 'SSE-B2', algorithm: 'AES256' },
  none: { mode: null, algorithm: null },
}

const bucketType = z.enum(['allPublic', 'allPrivate'])

/** The calls about buckets. */
export const bucketOperations: Readonly<Record<string, Operation>> = {
  list_buckets: operation(
    'listBuckets',
    z.object({
      accountId: z.string(),
      bucketId: z.string().nullish(),
      bucketName: z.string().nullish(),
      bucketTypes: z.array(z.string()).nullish(),
    }),
    (call, params) => {
      requireAccount(call, params.accountId)
      const { store } = call.world
      const allowed = call.key.bucketIds
      const isOutside = (bucket: Bucket): boolean => allowed !== null && !allowed.includes(bucket.bucketId)
      const named = (bucket: Bucket): boolean =>
        (params.bucketId == null || bucket.bucketId === params.bucketId) &&
        (params.bucketName == null || bucket.bucketName === params.bucketName)

      // Since v2 a limited key must say which of its buckets it means; v1 answers with the bucket it has.
      if (allowed !== null && call.apiVersion > 1) {
        const asked = params.bucketId ?? store.findBucketByName(params.bucketName ?? '')?.bucketId
        if (asked === undefined || !allowed.includes(asked)) throw unauthorized()
      }
      const types = params.bucketTypes ?? ['all']
      const buckets = store.buckets.filter(
        (bucket) => named(bucket) && !isOutside(bucket) && (types.includes('all') || types.includes(bucket.bucketType)),
      )
      return { buckets: buckets.map((bucket) => bucketJson(bucket, viewerOf(call))) }
    },
  ),

  create_bucket: operation(
    'writeBuckets',
    z.object({
      accountId: z.string(),
      bucketName: z.string(),
      bucketType,
      ...settingsParams,
    }),
    (call, params) => {
      requireAccount(call, params.accountId)
      if (call.key.bucketIds !== null) throw unauthorized()
      checkNewBucketName(call.world.store, params.bucketName)
      const bucket = withSettings(call, newBucket(params.bucketName, params.bucketType), params)
      call.world.store.putBucket(bucket)
      return bucketJson(bucket, viewerOf(call))
    },
  ),

  update_bucket: operation(
    'writeBuckets',
    z.object({
      accountId: z.string(),
      bucketId: z.string(),
      bucketType: bucketType.nullish(),
      ...settingsParams,
      ifRevisionIs: z.number().int().nullish(),
    }),
    (call, params) => {
      requireAccount(call, params.accountId)
      call.log.bucketId = params.bucketId
      const bucket = bucketFor(call.world, call.key, params.bucketId)
      if (params.ifRevisionIs != null && params.ifRevisionIs !== bucket.revision) {
        throw new B2Error(409, 'conflict', 'simultaneous updates to bucket')
      }
      const updated = {
        ...withSettings(call, bucket, params),
        bucketType: params.bucketType ?? bucket.bucketType,
        revision: bucket.revision + 1,
      }
      call.world.store.putBucket(updated)
      return bucketJson(updated, viewerOf(call))
    },
  ),

  delete_bucket: operation(
    'deleteBuckets',
    z.object({ accountId: z.string(), bucketId: z.string() }),
    (call, params) => {
      requireAccount(call, params.accountId)
      const bucket = bucketFor(call.world, call.key, params.bucketId)
      if (!call.world.store.namesOf(bucket.bucketId).isEmpty) {
        throw new B2Error(400, 'cannot_delete_non_empty_bucket', 'Cannot delete non-empty bucket')
      }
      call.world.store.removeBucket(bucket.bucketId)
      return bucketJson({ ...bucket, revision: bucket.revision + 1 }, viewerOf(call))
    },
  ),
}

function withSettings(call: ApiCall, bucket: Bucket, given: z.infer<z.ZodObject<typeof settingsParams>>): Bucket {
  checkLifecycleRules(given.lifecycleRules ?? [])
  const encryption = given.defaultServerSideEncryption
  if (encryption != null) requireCapability(call.key, 'writeBucketEncryption')
  return {
    ...bucket,
    bucketInfo: given.bucketInfo ?? bucket.bucketInfo,
    corsRules: given.corsRules ?? bucket.corsRules,
    lifecycleRules: given.lifecycleRules ?? bucket.lifecycleRules,
    defaultServerSideEncryption: encryption == null ? bucket.defaultServerSideEncryption : ENCRYPTIONS[encryption.mode],
  }
}

/** Makes a bucket; throws like `checkNewBucketName`. */
export function addBucket(store: Store, bucketName: string, bucketType: BucketType = 'allPrivate'): Bucket {
  checkNewBucketName(store, bucketName)
  const bucket = newBucket(bucketName, bucketType)
  store.putBucket(bucket)
  return bucket
}

/** Throws 400 when B2 would not make a bucket of this name. */
function checkNewBucketName(store: Store, bucketName: string): void {
  if (!/^[A-Za-z0-9-]{6,63}$/.test(bucketName) || bucketName.startsWith('b2-')) {
    throw badRequest(`Invalid bucket name: ${bucketName}`)
  }
  if (store.findBucketByName(bucketName) !== undefined) {
    throw new B2Error(400, 'duplicate_bucket_name', 'Bucket name is already in use.')
  }
  if (store.buckets.length >= MAX_BUCKETS) {
    throw new B2Error(400, 'too_many_buckets', `An account may have ${MAX_BUCKETS} buckets`)
  }
}

/** Throws 400 `bad_request` when the call names another account than the key's. */
export function requireAccount(call: ApiCall, accountId: string): void {
  if (accountId !== call.world.store.accountId) throw badRequest(`Invalid account id: ${accountId}`)
}
