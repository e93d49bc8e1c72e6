/** Who asks, and whether the key may: capabilities, buckets and name prefix. */
import type { IncomingMessage } from 'node:http'
import { B2Error, badAuthToken, badBucketId, badRequest, unauthorized } from './errors.ts'
import type { ApplicationKey, Bucket } from './model.ts'
import type { World } from './world.ts'

/** The key behind an account token in the `Authorization` header; throws 401 without a live one. */
export function keyOfRequest(world: World, req: IncomingMessage): ApplicationKey {
  const token = req.headers.authorization
  if (token === undefined) throw new B2Error(401, 'missing_auth_token', 'Authorization header is missing')
  const grant = world.tokens.get(token)
  if (grant.kind !== 'account') throw badAuthToken()
  return liveKey(world, grant.applicationKeyId)
}

/** The key, as long as it exists; throws 401 `bad_auth_token` after it was deleted. */
export function liveKey(world: World, applicationKeyId: string): ApplicationKey {
  const key = world.store.findKey(applicationKeyId)
  if (key === undefined) throw badAuthToken()
  return key
}

/**
 * The key named by the Basic header of `b2_authorize_account`.
 *
 * Throws 400 `bad_request` for a missing or malformed header, and for a wrong or expired key the 401 that was recorded
 * from the real service: `bad_auth_token` with an empty message and a challenge.
 */
export function keyOfBasicHeader(world: World, req: IncomingMessage): ApplicationKey {
  const encoded = /^Basic\s+([A-Za-z0-9+/=_-]+)$/i.exec(req.headers.authorization ?? '')?.[1]
  if (encoded === undefined) throw badRequest('Authorization header is missing or not Basic')
  const pair = Buffer.from(encoded, 'base64').toString()
  const colon = pair.indexOf(':')
  const key = world.store.findKey(pair.slice(0, Math.max(colon, 0)))
  const isExpired = (key?.expirationTimestamp ?? Infinity) <= world.now()
  if (key === undefined || isExpired || key.applicationKey !== pair.slice(colon + 1)) {
    throw new B2Error(401, 'bad_auth_token', '', { 'WWW-Authenticate': 'BASIC realm="authorize_account"' })
  }
  return key
}

/** Throws 401 `unauthorized` when the key lacks the capability. */
export function requireCapability(key: ApplicationKey, capability: string): void {
  if (!key.capabilities.includes(capability)) throw unauthorized()
}

/** Throws 401 `unauthorized` when the key is limited to other buckets. */
export function requireBucketAccess(key: ApplicationKey, bucketId: string): void {
  if (key.bucketIds !== null && !key.bucketIds.includes(bucketId)) throw unauthorized()
}

/** Throws 401 `unauthorized` when the key is limited to names with another prefix. */
export function requireNameAccess(key: ApplicationKey, fileName: string): void {
  if (!fileName.startsWith(key.namePrefix ?? '')) throw unauthorized()
}

/** The bucket, when the key reaches it and it exists. Access is checked first: a key learns nothing of other buckets. */
export function bucketFor(world: World, key: ApplicationKey, bucketId: string): Bucket {
  requireBucketAccess(key, bucketId)
  const bucket = world.store.findBucket(bucketId)
  if (bucket === undefined) throw badBucketId(bucketId)
  return bucket
}
