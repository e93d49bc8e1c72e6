/** Links that open one file of a bucket in a browser. */
import { EngineError } from '../../../shared/errors.ts'
import type { RelativePath, UnixMs } from '../../../shared/ids.ts'
import type { SyncFolder } from '../../../shared/model/folder.ts'
import type { CallOptions } from '../b2/call.ts'
import type { B2Client } from '../b2/client.ts'
import { MAX_DOWNLOAD_AUTHORIZATION_SECONDS } from '../b2/limits.ts'
import type { Clock } from '../lib/clock.ts'
import { toRemoteName } from '../lib/paths.ts'

export type LinkWish = {
  readonly b2: B2Client
  readonly call: CallOptions
  readonly clock: Clock
  readonly folder: Pick<SyncFolder, 'bucketId' | 'bucketName' | 'bucketType' | 'prefix'>
  readonly path: RelativePath
  /** Seven days when absent: the most B2 gives. */
  readonly validSeconds?: number | undefined
  /** How the link begins instead of as B2 says (`LinkDomainKeeper`); null for as B2 says. */
  readonly origin: string | null
}

export type ShareLink = { readonly url: string; readonly expiresAt: UnixMs | null }

/**
 * A link to the file as the bucket holds it: plain for a public bucket, with a download authorization for any other
 * for `validSeconds`.
 *
 * Throws `not_found` when the bucket does not hold the file, `capability_missing` for a key without shareFiles.
 */
export async function createShareLink({ b2, call, clock, folder, path, ...wish }: LinkWish): Promise<ShareLink> {
  const { bucketId, bucketName, bucketType, prefix } = folder
  const origin = wish.origin ?? undefined
  const validSeconds = wish.validSeconds ?? MAX_DOWNLOAD_AUTHORIZATION_SECONDS
  const name = toRemoteName(prefix, path)
  if (!(await isThere(b2, bucketId, name, call)))
    throw new EngineError('not_found', 'The bucket does not hold this file')
  if (bucketType === 'allPublic') return { url: await b2.downloadUrlFor(bucketName, name, { origin }), expiresAt: null }
  // The clock is read first: the link must not be promised for longer than it lasts.
  const expiresAt = (clock.now() + validSeconds * 1000) as UnixMs
  const request = { bucketId, fileNamePrefix: name, validDurationInSeconds: validSeconds }
  const { authorizationToken } = await b2.getDownloadAuthorization(request, call)
  return { url: await b2.downloadUrlFor(bucketName, name, { authorizationToken, origin }), expiresAt }
}

async function isThere(b2: B2Client, bucketId: string, name: string, call: CallOptions): Promise<boolean> {
  for await (const page of b2.listFileNames(bucketId, { ...call, prefix: name, pageSize: 1 })) {
    return page[0]?.fileName === name
  }
  return false
}
