import { z } from 'zod'
import { bucketFor, requireBucketAccess } from '../auth.ts'
import { B2Error, badRequest, unauthorized } from '../errors.ts'
import { newApplicationKey, newKeyId } from '../ids.ts'
import { ALL_CAPABILITIES } from '../model.ts'
import type { ApplicationKey } from '../model.ts'
import type { Store } from '../store.ts'
import { keyJson } from '../views.ts'
import { requireAccount } from './buckets.ts'
import { operation } from './operation.ts'
import type { Operation } from './operation.ts'
import { viewerOf } from './viewer.ts'

const createParams = z.object({
  accountId: z.string(),
  capabilities: z.array(z.enum(ALL_CAPABILITIES)).min(1),
  keyName: z.string().regex(/^[A-Za-z0-9-]{1,100}$/),
  validDurationInSeconds: z.number().int().min(1).max(86_400_000).nullish(),
  /** v4 */
  bucketIds: z.array(z.string()).min(1).nullish(),
  /** up to v3 */
  bucketId: z.string().nullish(),
  namePrefix: z.string().nullish(),
})

/** The calls about application keys. */
export const keyOperations: Readonly<Record<string, Operation>> = {
  create_key: operation('writeKeys', createParams, (call, params) => {
    requireAccount(call, params.accountId)
    const { store } = call.world
    if (params.capabilities.some((capability) => !call.key.capabilities.includes(capability))) throw unauthorized()
    const oneBucket = params.bucketId == null ? null : [params.bucketId]
    const bucketIds = call.apiVersion >= 4 ? (params.bucketIds ?? null) : oneBucket
    for (const bucketId of bucketIds ?? []) bucketFor(call.world, call.key, bucketId)
    if (call.apiVersion < 4 && params.namePrefix != null && bucketIds === null) {
      throw badRequest('namePrefix needs bucketId')
    }
    const key = {
      applicationKeyId: newKeyId(store.accountId),
      applicationKey: newApplicationKey(),
      keyName: params.keyName,
      capabilities: params.capabilities,
      bucketIds,
      namePrefix: params.namePrefix ?? null,
      expirationTimestamp:
        params.validDurationInSeconds == null ? null : call.world.now() + params.validDurationInSeconds * 1000,
    }
    store.putKey(key)
    return { ...keyJson(key, viewerOf(call)), applicationKey: key.applicationKey }
  }),

  list_keys: operation(
    'listKeys',
    z.object({
      accountId: z.string(),
      maxKeyCount: z.number().int().nullish(),
      startApplicationKeyId: z.string().nullish(),
    }),
    (call, params) => {
      requireAccount(call, params.accountId)
      const count = params.maxKeyCount ?? 100
      if (count < 1 || count > 10_000) throw new B2Error(400, 'out_of_range', `maxKeyCount out of range: ${count}`)
      // Versions before 4 have no way to say several buckets and leave such keys out.
      const keys = call.world.store.keys
        .filter((key) => call.apiVersion >= 4 || (key.bucketIds?.length ?? 0) <= 1)
        .filter((key) => key.applicationKeyId >= (params.startApplicationKeyId ?? ''))
        .sort((a, b) => (a.applicationKeyId < b.applicationKeyId ? -1 : 1))
      return {
        keys: keys.slice(0, count).map((key) => keyJson(key, viewerOf(call))),
        nextApplicationKeyId: keys[count]?.applicationKeyId ?? null,
      }
    },
  ),

  delete_key: operation('deleteKeys', z.object({ applicationKeyId: z.string() }), (call, { applicationKeyId }) => {
    const { store, tokens } = call.world
    const key = store.findKey(applicationKeyId)
    if (key === undefined) throw badRequest(`application key does not exist: ${applicationKeyId}`)
    for (const bucketId of key.bucketIds ?? []) requireBucketAccess(call.key, bucketId)
    const answer = keyJson(key, viewerOf(call))
    store.removeKey(applicationKeyId)
    tokens.forgetKey(applicationKeyId)
    return answer
  }),
}

/** A new key without restrictions, not stored yet. */
export function fullKey(store: Store, keyName: string): ApplicationKey {
  return {
    applicationKeyId: newKeyId(store.accountId),
    applicationKey: newApplicationKey(),
    keyName,
    capabilities: ALL_CAPABILITIES,
    bucketIds: null,
    namePrefix: null,
    expirationTimestamp: null,
  }
}
