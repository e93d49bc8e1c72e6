/**
 * What B2 sends, with B2's own field names. Unknown fields are dropped and unknown strings are kept: B2 adds both
 * without a new version. Times are Unix milliseconds, sizes are bytes.
 */
import { z } from 'zod'
import { USUAL_MINIMUM_PART_SIZE, USUAL_PART_SIZE } from './limits.ts'

/** One version of a file, or a hide marker. */
export const FileVersion = z.object({
  fileId: z.string(),
  fileName: z.string(),
  bucketId: z.string().optional(),
  /** `upload`, `hide`, `start` (an unfinished large file), `copy`; an open set. */
  action: z.string(),
  contentLength: z.number(),
  contentType: z.string().nullish(),
  /** 40 hex digits, `none` for large files, `unverified:` and 40 hex digits, or null. */
  contentSha1: z.string().nullish(),
  fileInfo: z.record(z.string(), z.string()).default({}),
  uploadTimestamp: z.number(),
})
export type FileVersion = z.infer<typeof FileVersion>

/** What an upload returns: a file version whose SHA-1 is known. */
export type UploadedFile = FileVersion & { readonly contentSha1: string }

export const Bucket = z.object({
  bucketId: z.string(),
  bucketName: z.string(),
  /** `allPrivate`, `allPublic` or another type (an open set); `unknown` where the key may not see it. */
  bucketType: z.string(),
  revision: z.number().optional(),
})
export type Bucket = z.infer<typeof Bucket>

export const BucketsAnswer = z.object({ buckets: z.array(Bucket) })

export const UploadUrlAnswer = z.object({ uploadUrl: z.string(), authorizationToken: z.string() })

export const FileNamesAnswer = z.object({ files: z.array(FileVersion), nextFileName: z.string().nullish() })

export const FileVersionsAnswer = z.object({
  files: z.array(FileVersion),
  nextFileName: z.string().nullish(),
  nextFileId: z.string().nullish(),
})

export const DownloadAuthorization = z.object({
  authorizationToken: z.string(),
  bucketId: z.string(),
  fileNamePrefix: z.string(),
})
export type DownloadAuthorization = z.infer<typeof DownloadAuthorization>

/** The body of an answer that is not a success; `code` is an open set. */
export const ErrorAnswer = z.object({ code: z.string(), message: z.string().nullish() })
export type ErrorAnswer = z.infer<typeof ErrorAnswer>

/** A bucket that a key is restricted to; the name is null once that bucket is deleted. */
export type AllowedBucket = { readonly id: string; readonly name: string | null }

/** What `b2_authorize_account` says about the key; the token is kept apart from it. */
export type Account = {
  readonly accountId: string
  /** Base addresses without a trailing slash; they may change with each authorization. */
  readonly apiUrl: string
  readonly downloadUrl: string
  readonly capabilities: readonly string[]
  /** The only buckets this key may use; null for all. */
  readonly allowedBuckets: readonly AllowedBucket[] | null
  /** Names this key may use start with this; empty for all. */
  readonly namePrefix: string
  readonly recommendedPartSize: number
  readonly absoluteMinimumPartSize: number
  /** When the application key ends, or null. */
  readonly applicationKeyExpirationTimestamp: number | null
}

const Allowed = z.object({
  buckets: z.array(z.object({ id: z.string(), name: z.string().nullish() })).nullish(),
  bucketId: z.string().nullish(),
  bucketName: z.string().nullish(),
  capabilities: z.array(z.string()).nullish(),
  namePrefix: z.string().nullish(),
})
type Allowed = z.infer<typeof Allowed>

const StorageApi = Allowed.extend({
  allowed: Allowed.nullish(),
  apiUrl: z.string(),
  downloadUrl: z.string(),
  recommendedPartSize: z.number().default(USUAL_PART_SIZE),
  absoluteMinimumPartSize: z.number().default(USUAL_MINIMUM_PART_SIZE),
})

const Identity = z.object({
  accountId: z.string(),
  authorizationToken: z.string(),
  applicationKeyExpirationTimestamp: z.number().nullish(),
})

/**
 * The answer of `b2_authorize_account` in the shapes of v4 (restrictions in `apiInfo.storageApi.allowed`), v3 (directly
 * in `apiInfo.storageApi`) and v2 (everything at the top, restrictions in `allowed`).
 */
export const AuthorizeAnswer = z
  .union([
    Identity.extend({ apiInfo: z.object({ storageApi: StorageApi }) }).transform(({ apiInfo, ...identity }) => ({
      ...identity,
      storageApi: apiInfo.storageApi,
    })),
    Identity.and(StorageApi).transform((answer) => ({ ...answer, storageApi: answer })),
  ])
  .transform(({ accountId, authorizationToken, applicationKeyExpirationTimestamp, storageApi }) => {
    const allowed = storageApi.allowed ?? storageApi
    const account: Account = {
      accountId,
      apiUrl: storageApi.apiUrl.replace(/\/+$/, ''),
      downloadUrl: storageApi.downloadUrl.replace(/\/+$/, ''),
      capabilities: allowed.capabilities ?? [],
      allowedBuckets: allowedBuckets(allowed),
      namePrefix: allowed.namePrefix ?? '',
      recommendedPartSize: storageApi.recommendedPartSize,
      absoluteMinimumPartSize: storageApi.absoluteMinimumPartSize,
      applicationKeyExpirationTimestamp: applicationKeyExpirationTimestamp ?? null,
    }
    return { account, authorizationToken }
  })
export type AuthorizeAnswer = z.infer<typeof AuthorizeAnswer>

function allowedBuckets({ buckets, bucketId, bucketName }: Allowed): readonly AllowedBucket[] | null {
  // An empty name means the same as null: the bucket is gone.
  if (buckets != null) return buckets.map(({ id, name }) => ({ id, name: name || null }))
  return bucketId ? [{ id: bucketId, name: bucketName || null }] : null
}
