/** The JSON forms of what the emulator keeps, by API version and by what the key may see. */
import type { ListRow } from './listing.ts'
import type { ApplicationKey, Bucket, FileVersion, Part } from './model.ts'

/** Who looks, and through which API version. */
export type Viewer = { readonly accountId: string; readonly key: ApplicationKey; readonly apiVersion: number }

/** A FileVersion as uploads, file info and hides answer it. */
export function fileVersionJson(version: FileVersion, viewer: Viewer): Record<string, unknown> {
  const { key } = viewer
  const common = { accountId: viewer.accountId, ...version }
  if (version.action === 'hide') return common
  return {
    ...common,
    fileRetention: visibleWith(key, 'readFileRetentions', { mode: null, retainUntilTimestamp: null }),
    legalHold: visibleWith(key, 'readFileLegalHolds', null),
    serverSideEncryption: { algorithm: null, mode: null },
  }
}

/** A row of a listing. v1 names the size `size`, which clients of that version read. */
export function listRowJson(row: ListRow, viewer: Viewer, bucketId: string): Record<string, unknown> {
  const json =
    row.kind === 'version'
      ? fileVersionJson(row.version, viewer)
      : {
          accountId: viewer.accountId,
          action: 'folder',
          bucketId,
          contentLength: 0,
          contentMd5: null,
          contentSha1: null,
          contentType: null,
          fileId: null,
          fileInfo: {},
          fileName: row.fileName,
          uploadTimestamp: 0,
        }
  return viewer.apiVersion === 1 ? { ...json, size: json['contentLength'] } : json
}

/** A part as its upload, its copy and `b2_list_parts` answer it. */
export function partJson(part: Part): Record<string, unknown> {
  return { ...part, serverSideEncryption: { algorithm: null, mode: null } }
}

/** A Bucket as the bucket calls answer it. */
export function bucketJson(bucket: Bucket, viewer: Viewer): Record<string, unknown> {
  const { key } = viewer
  return {
    accountId: viewer.accountId,
    ...bucket,
    defaultServerSideEncryption: visibleWith(key, 'readBucketEncryption', bucket.defaultServerSideEncryption),
    fileLockConfiguration: visibleWith(key, 'readBucketRetentions', {
      defaultRetention: { mode: null, period: null },
      isFileLockEnabled: false,
    }),
    options: ['s3'],
    replicationConfiguration: visibleWith(key, 'readBucketReplications', {
      asReplicationDestination: null,
      asReplicationSource: null,
    }),
  }
}

/** A key without its secret. Up to v3 a key has one bucket at most, named `bucketId`. */
export function keyJson(key: ApplicationKey, viewer: Viewer): Record<string, unknown> {
  const { applicationKey: _secret, bucketIds, ...rest } = key
  const restriction = viewer.apiVersion >= 4 ? { bucketIds } : { bucketId: bucketIds?.[0] ?? null }
  return { accountId: viewer.accountId, ...rest, ...restriction, options: ['s3'] }
}

/** B2's wrapper for a setting that some keys may not see: then it is null, which does not mean that it is off. */
function visibleWith(key: ApplicationKey, capability: string, value: unknown): Record<string, unknown> {
  const isVisible = key.capabilities.includes(capability)
  return { isClientAuthorizedToRead: isVisible, value: isVisible ? value : null }
}
