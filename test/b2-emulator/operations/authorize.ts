import { B2Error } from '../errors.ts'
import type { ApplicationKey } from '../model.ts'
import type { World } from '../world.ts'

/**
 * The answer of `b2_authorize_account` in the shape of the API version; mints an account token that is good for
 * `callsLeft` calls.
 */
export function authorizeAccount(
  world: World,
  key: ApplicationKey,
  apiVersion: number,
  callsLeft: number,
): Record<string, unknown> {
  if (apiVersion < 4 && (key.bucketIds?.length ?? 0) > 1) {
    throw new B2Error(401, 'unsupported', 'Multi-bucket application keys need API version 4')
  }
  const common = {
    accountId: world.store.accountId,
    authorizationToken: world.tokens.mintAccount(key, callsLeft).token,
  }
  const urls = { apiUrl: world.realm, downloadUrl: world.realm, s3ApiUrl: world.realm }
  const parts = {
    absoluteMinimumPartSize: world.partSizes.absoluteMinimum,
    recommendedPartSize: world.partSizes.recommended,
  }
  const buckets = key.bucketIds?.map((id) => ({ id, name: world.store.findBucket(id)?.bucketName ?? null })) ?? null
  const scope = { capabilities: key.capabilities, namePrefix: key.namePrefix }
  const oneBucket = { bucketId: buckets?.[0]?.id ?? null, bucketName: buckets?.[0]?.name ?? null }

  switch (apiVersion) {
    case 1:
      return {
        ...common,
        ...urls,
        ...parts,
        minimumPartSize: world.partSizes.recommended,
        allowed: { ...oneBucket, ...scope },
      }
    case 2:
      return { ...common, ...urls, ...parts, allowed: { ...oneBucket, ...scope } }
    case 3:
      return {
        ...common,
        applicationKeyExpirationTimestamp: key.expirationTimestamp,
        apiInfo: { storageApi: { ...urls, ...parts, ...oneBucket, ...scope, infoType: 'storageApi' } },
      }
    default:
      return {
        ...common,
        applicationKeyExpirationTimestamp: key.expirationTimestamp,
        apiInfo: { storageApi: { ...urls, ...parts, allowed: { buckets, ...scope } } },
      }
  }
}
