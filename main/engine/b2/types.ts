/**
 * What B2 sends, with B2's own field names. Unknown fields are dropped and unknown strings are kept: B2 adds both
 * without a new version. Times are Unix milliseconds, sizes are bytes.
 */
import { z } from 'zod'
import { USUAL_MINIMUM_PART_SIZE, USUAL_PART_SIZE } from './limits.ts'

/** What goes into a header or an address as it is: visible ASCII without spaces. */
const OneWord = z.string().regex(/^[!-~]+$/)

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

/** One part of an unfinished large file. */
export const Part = z.object({
  fileId: z.string(),
  /** 1 to 10,000. */
  partNumber: z.number(),
  contentLength: z.number(),
  /** 40 hex digits. */
  contentSha1: z.string(),
})
export type Part = z.infer<typeof Part>

/**
 * What B2 does by itself, about once a day, with names that start with `fileNamePrefix`. Days are 1 or more; null or
 * absent means never. Fields that are not known here are kept: rules are read, changed and written back whole.
 */
export const LifecycleRule = z.looseObject({
  fileNamePrefix: z.string(),
  daysFromHidingToDeleting: z.number().nullish(),
  daysFromUploadingToHiding: z.number().nullish(),
  daysFromStartingToCancelingUnfinishedLargeFiles: z.number().nullish(),
})
export type LifecycleRule = z.infer<typeof LifecycleRule>

export const Bucket = z.object({
  bucketId: z.string(),
  bucketName: z.string(),
  /** `allPrivate`, `allPublic` or another type (an open set); `unknown` where the key may not see it. */
  bucketType: z.string(),
  bucketInfo: z.record(z.string(), z.string()).optional(),
  /** What is stored without a wish of its own is encrypted so; null where the key may not see it, as for an answer of another form. */
  defaultServerSideEncryption: z
    .object({ isClientAuthorizedToRead: z.literal(true), value: z.object({ mode: z.string().nullable() }) })
    .nullable()
    .catch(null)
    .optional(),
  lifecycleRules: z.array(LifecycleRule).optional(),
  /** Counts the changes of the bucket's settings. */
  revision: z.number().optional(),
})
export type Bucket = z.infer<typeof Bucket>

export const BucketsAnswer = z.object({ buckets: z.array(Bucket) })

export const UploadUrlAnswer = z.object({ uploadUrl: OneWord, authorizationToken: OneWord })

export const FileNamesAnswer = z.object({ files: z.array(FileVersion), nextFileName: z.string().nullish() })

export const FileVersionsAnswer = z.object({
  files: z.array(FileVersion),
  nextFileName: z.string().nullish(),
  nextFileId: z.string().nullish(),
})

/** A page of a folder: files, and rows without an id for the folders in it. */
export const FolderAnswer = z.object({
  files: z.array(z.union([FileVersion, z.object({ fileId: z.null(), fileName: z.string() })])),
  nextFileName: z.string().nullish(),
})

export const PartsAnswer = z.object({ parts: z.array(Part), nextPartNumber: z.number().nullish() })

export const UnfinishedAnswer = z.object({ files: z.array(FileVersion), nextFileId: z.string().nullish() })

/** An application key without its secret. */
export const ApplicationKey = z.object({
  applicationKeyId: z.string(),
  keyName: z.string(),
  capabilities: z.array(z.string()),
  /** The only buckets it may use; null or absent for all. */
  bucketIds: z.array(z.string()).nullish(),
  namePrefix: z.string().nullish(),
  /** Unix milliseconds; null for never. */
  expirationTimestamp: z.number().nullish(),
})
export type ApplicationKey = z.infer<typeof ApplicationKey>

/** A key as it is told once. */
export const NewApplicationKey = ApplicationKey.extend({ applicationKey: z.string() })
export type NewApplicationKey = z.infer<typeof NewApplicationKey>

export const KeysAnswer = z.object({ keys: z.array(ApplicationKey), nextApplicationKeyId: z.string().nullish() })

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
  apiUrl: OneWord,
  downloadUrl: OneWord,
  recommendedPartSize: z.number().default(USUAL_PART_SIZE),
  absoluteMinimumPartSize: z.number().default(USUAL_MINIMUM_PART_SIZE),
})

const Identity = z.object({
  accountId: z.string(),
  authorizationToken: OneWord,
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
