/**
 * The door of this room: a client for Backblaze B2's native API.
 *
 * It knows B2 and nothing of sync folders or jobs. Every call says which capability it needs and fails with
 * `capability_missing` before anything is sent when the key lacks it; transient failures are tried again with back-off
 * until the caller's patience ends. What is thrown is an `EngineError`, the abort reason of the caller's signal, or
 * what the caller's own functions threw.
 */
import type { Dispatcher } from './undici.ts'
import type { Clock } from '../lib/clock.ts'
import type { Random } from '../lib/backoff.ts'
import {
  createBucket,
  findBucketById,
  findBucketByName,
  listBuckets,
  updateBucket,
  type BucketChange,
  type CreateBucketOptions,
} from './buckets.ts'
import { accountOf, withRetries, type Api, type CallOptions } from './call.ts'
import { copyFile, copyPart, type FileCopy, type PartCopy } from './copy.ts'
import {
  downloadFile,
  headFile,
  type Download,
  type DownloadOptions,
  type DownloadSource,
  type FileHead,
} from './download.ts'
import { downloadUrl, type DownloadUrlOptions } from './download-url.ts'
import {
  deleteFileVersion,
  getDownloadAuthorization,
  getFileInfo,
  hideFile,
  type DeleteResult,
  type DownloadAuthorizationRequest,
  type HideResult,
} from './files.ts'
import { createHttp, type HttpOptions } from './http.ts'
import { createKey, deleteKey, listKeys, type KeyWish } from './keys.ts'
import {
  cancelLargeFile,
  findUnfinished,
  finishLargeFile,
  listParts,
  listUnfinishedLargeFiles,
  startLargeFile,
  uploadPart,
  type LargeFile,
  type PartUpload,
} from './large-files.ts'
import { uploadLargeFile, type LargeFileResult, type LargeFileUpload } from './large-upload.ts'
import { listFileNames, listFileVersions, listFolder, type FolderPage, type ListOptions } from './listing.ts'
import { Pacer } from './pacer.ts'
import { missingCapabilities } from './permissions.ts'
import { Restraint } from './restraint.ts'
import type { Confirmed } from './send-upload.ts'
import { Session } from './session.ts'
import type {
  Account,
  ApplicationKey,
  Bucket,
  DownloadAuthorization,
  FileVersion,
  NewApplicationKey,
  Part,
} from './types.ts'
import { uploadFile, type FileUpload, type NewFile } from './upload.ts'
import { UploadUrls } from './upload-urls.ts'

export type B2ClientOptions = Pick<HttpOptions, 'env' | 'network' | 'timeouts' | 'throttle'> & {
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
  /** Called when B2 turns a call away as too much for it, with how long it wants to be left alone, milliseconds. */
  readonly onRefused?: (pauseMs: number) => void
  /** Called with every call that succeeds: B2 is there. */
  readonly onAnswered?: () => void
  /** `X-Bz-Test-Mode` of every request: makes B2 misbehave on purpose. */
  readonly testMode?: TestMode
}

/** What B2 can be asked to do wrong. */
export type TestMode = 'fail_some_uploads' | 'expire_some_account_authorization_tokens' | 'force_cap_exceeded'

/**
 * Times are Unix milliseconds, sizes are bytes, unless a name says otherwise. Besides what stands at a call, each may throw
 * `capability_missing` (details: capability) and `bucket_not_allowed` before anything is sent; `key_rejected`,
 * `key_unsupported` and `account_blocked` from authorizing; the caps `storage_cap_exceeded`, `transaction_cap_exceeded`
 * and `download_cap_exceeded`; `b2_refused` for what B2 refuses for other reasons (details: b2Code, message); when trying
 * again did not help `network_unreachable`, `timeout`, `connection_reset`, `b2_service_error`, `too_many_requests`,
 * `token_expired`, `not_a_b2_service`, `proxy_refused` or `proxy_unreachable`; and the reason of an aborted signal.
 */
export type B2Client = {
  readonly realm: string
  readonly applicationKeyId: string

  /** Asks B2 for a token at once, also when one is cached, and forgets what B2 has asked to leave alone. */
  authorize(options?: CallOptions): Promise<Account>
  /** The account as last authorized; authorizes first when needed. A key that was rejected stays rejected until `authorize`. */
  account(options?: CallOptions): Promise<Account>
  /** Those of the capabilities that this key lacks, in the order given. */
  missingCapabilities(needed: readonly string[], options?: CallOptions): Promise<readonly string[]>
  /**
   * Finds out whether B2 answers, by a call that costs nothing and changes nothing: an upload URL is asked for, and not used.
   * Throws `bucket_missing`.
   */
  ping(bucketId: string, options?: CallOptions): Promise<void>

  /** The buckets this key may use. Without `listBuckets` they come from the key's own restriction (`bucketType` is `unknown`). */
  listBuckets(options?: CallOptions): Promise<readonly Bucket[]>
  /** Undefined when there is no such bucket; throws `bucket_not_allowed` when the key is for others. */
  findBucketByName(bucketName: string, options?: CallOptions): Promise<Bucket | undefined>
  /** Undefined when there is no such bucket; throws `bucket_not_allowed` when the key is for others. */
  findBucketById(bucketId: string, options?: CallOptions): Promise<Bucket | undefined>
  /**
   * Creates a bucket, private unless asked otherwise, encrypted (SSE-B2) when the key may set that. Throws
   * `bucket_name_taken`; `bucket_not_allowed` for a key that is made for certain buckets.
   */
  createBucket(bucketName: string, options?: CreateBucketOptions): Promise<Bucket>
  /**
   * Changes a bucket's settings by what they are now, so that nobody else's change is lost. Throws `bucket_missing`, and
   * `bucket_changed` when others are quicker five times in a row.
   */
  updateBucket(bucketId: string, change: (bucket: Bucket) => BucketChange, options?: CallOptions): Promise<Bucket>

  /**
   * Stores one file of 0 to 5,000,000,000 bytes in one request as a new version, exactly one. Throws `name_not_allowed`
   * (details: reason), `file_too_large`, `file_changed_while_reading`, `bucket_missing`, what the source threw; details
   * say `mayBeStored` when an answer was lost and B2 could not be asked.
   */
  uploadFile(upload: FileUpload): Promise<Confirmed<FileVersion>>
  /**
   * Stores one file of 1 byte to 10 TB in parts, sent and copied, many at a time, and goes on with an earlier try. Throws
   * what `uploadFile` throws, `bad_request` for parts that do not fit; the large file is left unfinished then.
   */
  uploadLargeFile(upload: LargeFileUpload): Promise<LargeFileResult>
  /** Starts a large file; its parts may then be uploaded and copied in any order. Throws `name_not_allowed`. */
  startLargeFile(file: NewFile, options?: CallOptions): Promise<FileVersion>
  /** Stores one part, 1 to 10,000, of 5 MB (`absoluteMinimumPartSize`; the last one 1 byte) to 5 GB; sent again, the last counts. */
  uploadPart(part: PartUpload): Promise<Part>
  /** Makes a range of a stored file a part; the answer has the SHA-1 of what was copied. Throws `not_found`. */
  copyPart(copy: PartCopy): Promise<Part>
  /** Makes a large file visible; finished already is success. Throws `checksum_mismatch` when B2 holds other parts. */
  finishLargeFile(file: LargeFile, partSha1Array: readonly string[], options?: CallOptions): Promise<FileVersion>
  /** Throws an unfinished large file and its parts away. Nothing to cancel is a result, not an error. */
  cancelLargeFile(fileId: string, options?: CallOptions): Promise<{ readonly kind: 'cancelled' | 'not_present' }>
  /** The parts of an unfinished large file by number, page by page; no page is empty. */
  listParts(fileId: string, options?: CallOptions): AsyncIterable<readonly Part[]>
  /** Large files that were neither finished nor cancelled, whoever started them, page by page; no page is empty. */
  listUnfinishedLargeFiles(
    bucketId: string,
    options?: CallOptions & { readonly namePrefix?: string | undefined },
  ): AsyncIterable<readonly FileVersion[]>
  /** An unfinished large file of this name, type and info; undefined also when the key may not list. */
  findUnfinishedLargeFile(file: NewFile, options?: CallOptions): Promise<FileVersion | undefined>
  /**
   * Copies up to 5,000,000,000 bytes inside B2 into a new version of a name, exactly one. Throws `not_found`,
   * `file_too_large`, `name_not_allowed`.
   */
  copyFile(copy: FileCopy): Promise<FileVersion>

  /** Puts a hide marker on a name. Already hidden and never there are results, not errors. */
  hideFile(bucketId: string, fileName: string, options?: CallOptions): Promise<HideResult>
  /** One version by its id, hidden and old ones included. Throws `not_found`. */
  getFileInfo(fileId: string, options?: CallOptions): Promise<FileVersion>
  /** Removes one version for good. Already gone is a result, not an error. */
  deleteFileVersion(fileName: string, fileId: string, options?: CallOptions): Promise<DeleteResult>

  /**
   * The bytes of a version, whole or a range; goes on by itself after a cut, and checks the SHA-1 of whole files. Throws
   * `not_found`; while the bytes are read `checksum_mismatch`.
   */
  downloadFile(source: DownloadSource, options?: DownloadOptions): Promise<Download>
  /** What a download would begin with. Throws `not_found`, also for a hidden name. */
  headFile(source: DownloadSource, options?: CallOptions): Promise<FileHead>
  /** A token with which anybody may download the names that start with a prefix, for 1 to 604,800 seconds (seven days). */
  getDownloadAuthorization(request: DownloadAuthorizationRequest, options?: CallOptions): Promise<DownloadAuthorization>
  /** The address of a file, for a browser. Throws `name_not_allowed` for names that browsers would alter. */
  downloadUrlFor(bucketName: string, fileName: string, options?: DownloadUrlOptions): Promise<string>

  /** The visible files in B2's name order, page by page; no page is empty. Throws `bucket_missing`, as all listings do. */
  listFileNames(bucketId: string, options?: ListOptions): AsyncIterable<readonly FileVersion[]>
  /** Every version (uploads, hide markers, unfinished large files), by name and newest first, page by page; no page is empty. */
  listFileVersions(bucketId: string, options?: ListOptions): AsyncIterable<readonly FileVersion[]>
  /** What lies directly in a folder (`prefix` is empty or ends with a slash): its files, and the folders in it. */
  listFolder(bucketId: string, options?: ListOptions): AsyncIterable<FolderPage>

  /** Makes a key that may do as little as possible; its secret is never told again. */
  createKey(wish: KeyWish): Promise<NewApplicationKey>
  /** All keys of the account, without their secrets, page by page; no page is empty. */
  listKeys(options?: CallOptions): AsyncIterable<readonly ApplicationKey[]>
  /** Ends a key. Gone already is a result, not an error. */
  deleteKey(applicationKeyId: string, options?: CallOptions): Promise<{ readonly kind: 'deleted' | 'not_present' }>

  /** Closes connections. Abort what is under way first; what still runs ends with an AbortError. */
  close(): Promise<void>
}

/**
 * A client for one key. Nothing is sent before the first call. Throws `realm_not_allowed` for an unsafe address and
 * `network_settings_unusable` for a proxy or certificates in the environment that cannot be used; each call does where
 * `network` is given.
 */
export function createB2Client(options: B2ClientOptions): B2Client {
  const { realm, applicationKeyId, applicationKey, clock, random } = options
  const http = createHttp(options)
  const restraint = new Restraint(clock, options.onAnswered)
  const session = new Session({ realm, applicationKeyId, applicationKey, http, clock, restraint })
  const { onRefused = () => undefined } = options
  const api: Api = { session, http, restraint, pacer: new Pacer(clock), onRefused, clock, random }
  const urls = new UploadUrls(api)

  return {
    realm: session.realm,
    applicationKeyId,
    authorize: async (call = {}) => {
      restraint.forget()
      return (await withRetries(api, () => session.authorize(call.signal), call)).account
    },
    account: (call = {}) => accountOf(api, call),
    missingCapabilities: async (needed, call = {}) => missingCapabilities(await accountOf(api, call), needed),
    ping: async (bucketId, call = {}) => {
      await withRetries(api, () => urls.fetch({ kind: 'file', bucketId }, call.signal), call)
    },
    listBuckets: (call) => listBuckets(api, call),
    findBucketByName: (bucketName, call) => findBucketByName(api, bucketName, call),
    findBucketById: (bucketId, call) => findBucketById(api, bucketId, call),
    createBucket: (bucketName, call) => createBucket(api, bucketName, call),
    updateBucket: (bucketId, change, call) => updateBucket(api, bucketId, change, call),
    uploadFile: (upload) => uploadFile(api, urls, upload),
    uploadLargeFile: (upload) => uploadLargeFile(api, urls, upload),
    startLargeFile: (file, call) => startLargeFile(api, file, call),
    uploadPart: (part) => uploadPart(api, urls, part),
    copyPart: (copy) => copyPart(api, copy),
    finishLargeFile: (file, partSha1Array, call) => finishLargeFile(api, urls, file, partSha1Array, call),
    cancelLargeFile: (fileId, call) => cancelLargeFile(api, urls, fileId, call),
    listParts: (fileId, call) => listParts(api, fileId, call),
    findUnfinishedLargeFile: (file, call) => findUnfinished(api, file, call),
    listUnfinishedLargeFiles: (bucketId, list) => listUnfinishedLargeFiles(api, bucketId, list),
    copyFile: (copy) => copyFile(api, copy),
    hideFile: (bucketId, fileName, call) => hideFile(api, bucketId, fileName, call),
    getFileInfo: (fileId, call) => getFileInfo(api, fileId, call),
    deleteFileVersion: (fileName, fileId, call) => deleteFileVersion(api, fileName, fileId, call),
    downloadFile: (source, download) => downloadFile(api, source, download),
    headFile: (source, call) => headFile(api, source, call),
    getDownloadAuthorization: (request, call) => getDownloadAuthorization(api, request, call),
    listFileNames: (bucketId, list) => listFileNames(api, bucketId, list),
    listFileVersions: (bucketId, list) => listFileVersions(api, bucketId, list),
    listFolder: (bucketId, list) => listFolder(api, bucketId, list),
    createKey: (wish) => createKey(api, wish),
    listKeys: (call) => listKeys(api, call),
    deleteKey: (id, call) => deleteKey(api, id, call),
    downloadUrlFor: async (bucketName, fileName, url) =>
      downloadUrl(await accountOf(api, {}), bucketName, fileName, url),
    close: () => http.close(),
  }
}
