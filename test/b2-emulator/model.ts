/** What the emulator keeps. Field names are B2's own. */

/** Who may download from a bucket. */
export type BucketType = 'allPublic' | 'allPrivate'

/** What happens by itself to the files whose names start with a prefix. Null: nothing. */
export type LifecycleRule = {
  readonly fileNamePrefix: string
  /** Days from a version's becoming non-current to its deletion. */
  readonly daysFromHidingToDeleting: number | null
  readonly daysFromUploadingToHiding: number | null
  readonly daysFromStartingToCancelingUnfinishedLargeFiles: number | null
}

/** What uploads without a wish of their own are encrypted with: both null for nothing. */
export type BucketEncryption = { readonly mode: 'SSE-B2' | null; readonly algorithm: 'AES256' | null }

/** A bucket; the parts B2 stores for us without acting on them are kept as given. */
export type Bucket = {
  readonly bucketId: string
  readonly bucketName: string
  readonly bucketType: BucketType
  readonly bucketInfo: Readonly<Record<string, string>>
  readonly corsRules: readonly unknown[]
  readonly lifecycleRules: readonly LifecycleRule[]
  readonly defaultServerSideEncryption: BucketEncryption
  readonly revision: number
}

/** One version of a file, a hide marker, or a large file that is not finished. */
export type FileVersion = {
  readonly bucketId: string
  readonly fileId: string
  readonly fileName: string
  /** `start` is an unfinished large file: it hides nothing and is no file yet. */
  readonly action: 'upload' | 'hide' | 'start'
  /** Size in bytes; 0 while unfinished. */
  readonly contentLength: number
  readonly contentType: string
  /** 40 hex digits; `unverified:` and 40 hex digits; or `none` for a large file. */
  readonly contentSha1: string
  /** 32 hex digits; null for a large file. */
  readonly contentMd5: string | null
  readonly fileInfo: Readonly<Record<string, string>>
  /** Unix milliseconds; never the same for two versions of one name. */
  readonly uploadTimestamp: number
}

/** One part of an unfinished large file. */
export type Part = {
  readonly fileId: string
  /** 1 to 10,000. */
  readonly partNumber: number
  /** Size in bytes. */
  readonly contentLength: number
  /** 40 hex digits, or `unverified:` and 40 hex digits. */
  readonly contentSha1: string
  /** 32 hex digits; null when it was not computed. */
  readonly contentMd5: string | null
  /** Unix milliseconds. */
  readonly uploadTimestamp: number
}

/** A stretch of one blob. */
export type Piece = {
  readonly blob: string
  /** Offset in the blob, in bytes. */
  readonly start: number
  /** In bytes. */
  readonly length: number
}

/** Where the bytes of a version or part are, in order. Each blob belongs to one content only. Null: not kept. */
export type Content = readonly Piece[] | null

/** An application key and what it may do. */
export type ApplicationKey = {
  readonly applicationKeyId: string
  readonly applicationKey: string
  readonly keyName: string
  readonly capabilities: readonly string[]
  /** The only buckets it reaches; null for all. */
  readonly bucketIds: readonly string[] | null
  /** The only names it reaches; null for all. */
  readonly namePrefix: string | null
  /** Unix milliseconds; null for never. */
  readonly expirationTimestamp: number | null
}

/** Every capability a key can have, as B2 lists them for a master key. */
export const ALL_CAPABILITIES: readonly string[] = [
  'listKeys',
  'writeKeys',
  'deleteKeys',
  'listBuckets',
  'listAllBucketNames',
  'readBuckets',
  'writeBuckets',
  'deleteBuckets',
  'readBucketEncryption',
  'writeBucketEncryption',
  'readBucketRetentions',
  'writeBucketRetentions',
  'readBucketReplications',
  'writeBucketReplications',
  'readBucketLifecycleRules',
  'writeBucketLifecycleRules',
  'listFiles',
  'readFiles',
  'shareFiles',
  'writeFiles',
  'deleteFiles',
  'readFileLegalHolds',
  'writeFileLegalHolds',
  'readFileRetentions',
  'writeFileRetentions',
  'bypassGovernance',
]
