/**
 * The door of this room: a client for Backblaze B2's native API.
 *
 * It knows B2 and nothing of sync folders or jobs. Every call says which capability it needs and fails with
 * `capability_missing` before anything is sent when the key lacks it; transient failures are tried again with back-off
 * until the caller's patience ends. What is thrown is an `EngineError`, the abort reason of the caller's signal, or
 * what the caller's own functions threw.
 */
import type { Dispatcher } from 'undici'
import type { Clock } from '../lib/clock.ts'
import type { Random } from '../lib/backoff.ts'
import { createBucket, findBucketById, findBucketByName, listBuckets, type CreateBucketOptions } from './buckets.ts'
import type { Api, CallOptions } from './call.ts'
import { downloadUrl, type DownloadUrlOptions } from './download.ts'
import {
  deleteFileVersion,
  getDownloadAuthorization,
  getFileInfo,
  hideFile,
  type DeleteResult,
  type DownloadAuthorizationRequest,
  type HideResult,
} from './files.ts'
import { createHttp } from './http.ts'
import { listFileNames, listFileVersions, type ListOptions } from './listing.ts'
import { missingCapabilities } from './permissions.ts'
import { PATIENT, retry } from './retry.ts'
import { Session } from './session.ts'
import type { Account, Bucket, DownloadAuthorization, FileVersion, UploadedFile } from './types.ts'
import { uploadFile, type FileUpload } from './upload.ts'
import { UploadUrls } from './upload-urls.ts'

export type B2ClientOptions = {
  /** Where `b2_authorize_account` is asked: https, or http to this machine itself. */
  readonly realm: string
  readonly applicationKeyId: string
  readonly applicationKey: string
  readonly clock: Clock
  readonly random: Random
  /** Whose connections are used; without it the client opens its own and closes them in `close`. */
  readonly dispatcher?: Dispatcher
  /** Product and version, such as `Pail/0.1.0`. */
  readonly userAgent?: string
  /** `X-Bz-Test-Mode` of every request: makes B2 misbehave on purpose. */
  readonly testMode?: TestMode
}

/** What B2 can be asked to do wrong. */
export type TestMode = 'fail_some_uploads' | 'expire_some_account_authorization_tokens' | 'force_cap_exceeded'

export type B2Client = {
  readonly realm: string
  readonly applicationKeyId: string

  /**
   * Asks B2 for a token at once, also when one is cached. Throws `key_rejected`, `key_unsupported`, `account_blocked`,
   * `not_a_b2_service` or a transient error.
   */
  authorize(options?: CallOptions): Promise<Account>
  /** The account as last authorized; authorizes first when needed. A key that was rejected stays rejected until `authorize`. */
  account(options?: CallOptions): Promise<Account>
  /** Those of the capabilities that this key lacks, in the order given. */
  missingCapabilities(needed: readonly string[], options?: CallOptions): Promise<readonly string[]>

  /** The buckets this key may use. Without `listBuckets` they come from the key's own restriction (`bucketType` is `unknown`). */
  listBuckets(options?: CallOptions): Promise<readonly Bucket[]>
  /** Undefined when there is no such bucket; throws `bucket_not_allowed` when the key is for others. */
  findBucketByName(bucketName: string, options?: CallOptions): Promise<Bucket | undefined>
  /** Undefined when there is no such bucket; throws `bucket_not_allowed` when the key is for others. */
  findBucketById(bucketId: string, options?: CallOptions): Promise<Bucket | undefined>
  /** Creates a bucket, private unless asked otherwise, encrypted (SSE-B2) when the key may set that. Throws `bucket_name_taken`. */
  createBucket(bucketName: string, options?: CreateBucketOptions): Promise<Bucket>

  /** Stores one file as a new version; see `FileUpload` for what is guaranteed. */
  uploadFile(upload: FileUpload): Promise<UploadedFile>
  /** Puts a hide marker on a name. Already hidden and never there are results, not errors. */
  hideFile(bucketId: string, fileName: string, options?: CallOptions): Promise<HideResult>
  /** One version by its id. Throws `not_found`. */
  getFileInfo(fileId: string, options?: CallOptions): Promise<FileVersion>
  /** Removes one version for good. Already gone is a result, not an error. */
  deleteFileVersion(fileName: string, fileId: string, options?: CallOptions): Promise<DeleteResult>
  /** A token with which anybody may download the names that start with a prefix. */
  getDownloadAuthorization(request: DownloadAuthorizationRequest, options?: CallOptions): Promise<DownloadAuthorization>

  /** The visible files in B2's name order, page by page; no page is empty. */
  listFileNames(bucketId: string, options?: ListOptions): AsyncIterable<readonly FileVersion[]>
  /** Every version (uploads, hide markers, unfinished large files), by name and newest first, page by page; no page is empty. */
  listFileVersions(bucketId: string, options?: ListOptions): AsyncIterable<readonly FileVersion[]>

  /** The address of a file, for a browser. Throws `name_not_allowed` for names that browsers would alter. */
  downloadUrlFor(bucketName: string, fileName: string, options?: DownloadUrlOptions): Promise<string>

  /** Closes connections. Abort what is under way first; what still runs ends with an AbortError. */
  close(): Promise<void>
}

/** A client for one key. Nothing is sent before the first call. Throws `realm_not_allowed` for an unsafe address. */
export function createB2Client(options: B2ClientOptions): B2Client {
  const { realm, applicationKeyId, applicationKey, clock, random } = options
  const http = createHttp(options)
  const session = new Session({ realm, applicationKeyId, applicationKey, http, clock })
  const api: Api = { session, http, clock, random }
  const urls = new UploadUrls(api)

  const withRetries = <T>(attempt: () => Promise<T>, { signal, patience = PATIENT }: CallOptions = {}): Promise<T> =>
    retry(attempt, { clock, random, patience, signal })
  const account = async (call?: CallOptions): Promise<Account> =>
    (await withRetries(() => session.authorization(call?.signal), call)).account

  return {
    realm: session.realm,
    applicationKeyId,
    authorize: async (call) => (await withRetries(() => session.authorize(call?.signal), call)).account,
    account,
    missingCapabilities: async (needed, call) => missingCapabilities(await account(call), needed),
    listBuckets: (call) => listBuckets(api, call),
    findBucketByName: (bucketName, call) => findBucketByName(api, bucketName, call),
    findBucketById: (bucketId, call) => findBucketById(api, bucketId, call),
    createBucket: (bucketName, call) => createBucket(api, bucketName, call),
    uploadFile: (upload) => uploadFile(api, urls, upload),
    hideFile: (bucketId, fileName, call) => hideFile(api, bucketId, fileName, call),
    getFileInfo: (fileId, call) => getFileInfo(api, fileId, call),
    deleteFileVersion: (fileName, fileId, call) => deleteFileVersion(api, fileName, fileId, call),
    getDownloadAuthorization: (request, call) => getDownloadAuthorization(api, request, call),
    listFileNames: (bucketId, list) => listFileNames(api, bucketId, list),
    listFileVersions: (bucketId, list) => listFileVersions(api, bucketId, list),
    downloadUrlFor: async (bucketName, fileName, url) => downloadUrl(await account(), bucketName, fileName, url),
    close: () => http.close(),
  }
}
