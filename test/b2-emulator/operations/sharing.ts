import { z } from 'zod'
import { bucketFor, requireNameAccess } from '../auth.ts'
import { B2Error, badRequest } from '../errors.ts'
import { operation } from './operation.ts'
import type { Operation } from './operation.ts'

/** B2's longest life of a download token: 7 days. */
const MAX_DURATION_SECONDS = 604_800

/** Query parameters that override a response header of a download, and the header each sets. */
export const OVERRIDE_HEADERS: Readonly<Record<string, string>> = {
  b2ContentDisposition: 'Content-Disposition',
  b2ContentLanguage: 'Content-Language',
  b2ContentEncoding: 'Content-Encoding',
  b2ContentType: 'Content-Type',
  b2CacheControl: 'Cache-Control',
  b2Expires: 'Expires',
}

/** RFC 6266 without extended parameters: a type, then `name=value` pairs whose names carry no `*`. */
const DISPOSITION = /^[A-Za-z]+(\s*;\s*[A-Za-z0-9!#$&.^_|~-]+\s*=\s*("([^"\\]|\\.)*"|[^\s;",]+))*\s*$/

const overrides = z.object(
  Object.fromEntries(Object.keys(OVERRIDE_HEADERS).map((name) => [name, z.string().nullish()])),
)

/** The call that makes share links of private buckets possible. */
export const sharingOperations: Readonly<Record<string, Operation>> = {
  get_download_authorization: operation(
    'shareFiles',
    z
      .object({ bucketId: z.string(), fileNamePrefix: z.string(), validDurationInSeconds: z.number().int() })
      .and(overrides),
    (call, params) => {
      const { bucketId, fileNamePrefix, validDurationInSeconds } = params
      call.log.bucketId = bucketId
      call.log.fileName = fileNamePrefix
      if (validDurationInSeconds < 1 || validDurationInSeconds > MAX_DURATION_SECONDS) {
        throw new B2Error(400, 'out_of_range', `validDurationInSeconds out of range: ${validDurationInSeconds}`)
      }
      bucketFor(call.world, call.key, bucketId)
      requireNameAccess(call.key, fileNamePrefix)
      const fixed = pickOverrides((name) => (params as Record<string, unknown>)[name])
      const grant = call.world.tokens.mintDownload(
        call.key,
        { bucketId, fileNamePrefix, overrides: fixed },
        validDurationInSeconds * 1000,
      )
      return { authorizationToken: grant.token, bucketId, fileNamePrefix }
    },
  ),
}

/** The overrides that are given, by parameter name; throws 400 for a malformed content disposition. */
export function pickOverrides(read: (name: string) => unknown): Record<string, string> {
  const picked: Record<string, string> = {}
  for (const name of Object.keys(OVERRIDE_HEADERS)) {
    const value = read(name)
    if (typeof value === 'string') picked[name] = value
  }
  const disposition = picked['b2ContentDisposition']
  if (disposition !== undefined && !DISPOSITION.test(disposition)) {
    throw badRequest(`Bad Content-Disposition: ${disposition}`)
  }
  return picked
}
