/** Makes the address of a link, with the token that a private bucket needs. */
import type { UnixMs } from '../../../shared/ids.ts'
import type { CallOptions } from '../b2/call.ts'
import type { B2Client } from '../b2/client.ts'
import type { Clock } from '../lib/clock.ts'
import { seenByReceiver, type Seen } from './receiver.ts'

/** A bucket as links need it. */
export type LinkBucket = {
  readonly bucketId: string
  readonly bucketName: string
  readonly isPublic: boolean
  /** How addresses begin instead of as B2 says; null for as B2 says. */
  readonly origin: string | null
}

export type Asking = { readonly b2: B2Client; readonly call: CallOptions; readonly clock: Clock }

export type Address = {
  readonly url: string
  /** Null for a public bucket. */
  readonly expiresAt: UnixMs | null
}

/** Opens one name, which need not be there yet. Throws `capability_missing`, `name_not_allowed`, what the client throws. */
export async function addressOf(
  bucket: LinkBucket,
  name: string,
  validSeconds: number,
  { b2, call, clock }: Asking,
  seen: Seen = seenByReceiver(name),
): Promise<Address> {
  const origin = bucket.origin ?? undefined
  // What browsers would alter is refused before a token is asked for.
  const plain = await b2.downloadUrlFor(bucket.bucketName, name, { origin })
  // B2 lets nobody change what a public file looks like.
  if (bucket.isPublic) return { url: plain, expiresAt: null }
  // The clock is read first: the link must not be promised for longer than it lasts.
  const expiresAt = (clock.now() + validSeconds * 1000) as UnixMs
  const { authorizationToken } = await b2.getDownloadAuthorization(
    { bucketId: bucket.bucketId, fileNamePrefix: name, validDurationInSeconds: validSeconds, ...seen },
    call,
  )
  return { url: await b2.downloadUrlFor(bucket.bucketName, name, { authorizationToken, origin, ...seen }), expiresAt }
}

/**
 * Opens every name that starts with `prefix`: to be given with a slash at its end, so that it is exactly one folder. A token says
 * one type for all that it opens, so there is one for each type.
 */
export function addressesBelow(
  bucket: LinkBucket,
  prefix: string,
  validSeconds: number,
  { b2, call }: Asking,
): (name: string) => Promise<string> {
  const { bucketId, bucketName } = bucket
  const origin = bucket.origin ?? undefined
  if (bucket.isPublic) return (name) => b2.downloadUrlFor(bucketName, name, { origin })
  const tokens = new Map<string, Promise<string>>()
  const tokenFor = (seen: Seen): Promise<string> => {
    const key = JSON.stringify(seen)
    const request = { bucketId, fileNamePrefix: prefix, validDurationInSeconds: validSeconds, ...seen }
    const token =
      tokens.get(key) ?? b2.getDownloadAuthorization(request, call).then((answer) => answer.authorizationToken)
    tokens.set(key, token)
    return token
  }
  return async (name) => {
    const { b2ContentDisposition, ...type } = seenByReceiver(name)
    // The name is the file's own, so it comes from the address.
    const seen = { ...type, b2ContentDisposition: b2ContentDisposition.replace(/;.*/s, '') }
    return b2.downloadUrlFor(bucketName, name, { authorizationToken: await tokenFor(seen), origin, ...seen })
  }
}
