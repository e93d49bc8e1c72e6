/** What the emulator keeps. Field names are B2's own. */

/** Who may download from a bucket. */
export type BucketType = 'allPublic' | 'allPrivate'

/** A bucket; the parts B2 stores for us without acting on them are kept as given. */
export type Bucket = {
  readonly bucketId: string
  readonly bucketName: string
  readonly bucketType: BucketType
  readonly bucketInfo: Readonly<Record<string, string>>
  readonly corsRules: readonly unknown[]
  readonly lifecycleRules: readonly unknown[]
  readonly revision: number
}

/** One version of a file, or a hide marker. */
export type FileVersion = {
  readonly bucketId: string
  readonly fileId: string
  readonly fileName: string
  readonly action: 'upload' | 'hide'
  /** Size in bytes. */
  readonly contentLength: number
  readonly contentType: string
  /** 40 hex digits, or `unverified:` and 40 hex digits. */
  readonly contentSha1: string
  readonly contentMd5: string
  readonly fileInfo: Readonly<Record<string, string>>
  /** Unix milliseconds; never the same for two versions of one name. */
  readonly uploadTimestamp: number
}

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
