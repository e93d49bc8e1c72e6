/**
 * Stores one file in one request (up to 5 GB).
 *
 * An upload that fails takes a new upload URL at once, five in all, and then backs off: a URL points to one storage pod,
 * and pods refuse uploads as a matter of course. When the connection dies after the last byte was sent, B2 may have the
 * file already; then its newest version is looked at before anything is sent again.
 */
import { EngineError, isEngineError } from '../../../shared/errors.ts'
import type { Sha1Hex } from '../../../shared/ids.ts'
import { callB2Once, readAnswer, type Api, type CallOptions } from './call.ts'
import { retryAfterMs, retryWithNewUploadUrl } from './errors.ts'
import { MAX_UPLOAD_BYTES, UPLOAD_URLS_AT_ONCE } from './limits.ts'
import { checkRemoteName, percentEncode } from './names.ts'
import { assertPermitted, missingCapabilities } from './permissions.ts'
import { PATIENT, retry, waitBeforeRequest, waitFor } from './retry.ts'
import { FileVersion, FileVersionsAnswer, type UploadedFile } from './types.ts'
import { createUploadBody, type UploadSource } from './upload-body.ts'
import type { UploadUrl, UploadUrls } from './upload-urls.ts'

const OPERATION = 'b2_upload_file'

export type FileUpload = UploadSource &
  CallOptions & {
    readonly bucketId: string
    readonly fileName: string
    /** When the content last changed, Unix milliseconds; stored as `src_last_modified_millis`. */
    readonly srcLastModifiedMillis: number
    /** `b2/x-auto` when absent: B2 chooses by the name. */
    readonly contentType?: string | undefined
    /** Further file info; names in lower case, values in plain Unicode. */
    readonly info?: Readonly<Record<string, string>> | undefined
  }

/**
 * Stores the file and returns its new version, whose SHA-1 is that of the bytes sent.
 *
 * Throws `name_not_allowed` (details: reason), `file_too_large`, `file_changed_while_reading`, what `makeBody` or
 * `beforeTrailer` threw (unchanged, never tried again), the signal's reason, or what B2 answered in the end. After a
 * throw no version was made, except when the last failure left it open (`timeout`, `connection_reset`).
 */
export async function uploadFile(api: Api, urls: UploadUrls, upload: FileUpload): Promise<UploadedFile> {
  const { bucketId, fileName, signal, patience = PATIENT } = upload
  assertStorable(upload)
  let urlsTried = 0
  let wasUnauthorized = false
  let unconfirmed: Sha1Hex | undefined

  const attempt = async (): Promise<UploadedFile> => {
    if (unconfirmed !== undefined) {
      const stored = await findStored(api, upload, unconfirmed)
      if (stored !== undefined) return stored
      unconfirmed = undefined
    }
    const { account } = await api.session.authorization(signal)
    assertPermitted(account, { operation: OPERATION, needs: 'writeFiles', bucketId, fileName })
    const url = await (urlsTried === 0 ? urls.lease(bucketId, signal) : urls.fetch(bucketId, signal))
    urlsTried++
    const sent = await sendTo(api, url, upload)
    if (sent.kind === 'stored') {
      urls.return(url)
      return sent.version
    }
    unconfirmed = sent.mayBeStored
    throw sent.error
  }

  const waitAfter = (error: unknown, failures: number): number | undefined => {
    // A key that was good a moment ago: B2's advice is one more URL before believing it.
    if (isEngineError(error, 'bucket_not_allowed') && error.details['operation'] === OPERATION && !wasUnauthorized) {
      wasUnauthorized = error.details['status'] !== undefined
      return wasUnauthorized ? 0 : undefined
    }
    if (!retryWithNewUploadUrl(error)) return waitBeforeRequest(error, failures, api.random)
    if (urlsTried < UPLOAD_URLS_AT_ONCE && retryAfterMs(error) === undefined) return 0
    return waitFor(error, Math.max(1, failures - UPLOAD_URLS_AT_ONCE + 1), api.random)
  }

  return retry(attempt, { clock: api.clock, random: api.random, patience, signal, waitAfter })
}

function assertStorable({ fileName, contentLength }: FileUpload): void {
  const reason = checkRemoteName(fileName)
  if (reason !== null) throw new EngineError('name_not_allowed', `B2 takes no such name: ${reason}`, { reason })
  if (contentLength > MAX_UPLOAD_BYTES) {
    throw new EngineError('file_too_large', `${contentLength} bytes do not fit into one upload`, { limit: '5 GB' })
  }
}

type Sent =
  | { readonly kind: 'stored'; readonly version: UploadedFile }
  /** `mayBeStored`: the SHA-1 of what B2 may have all the same; undefined when it cannot have it. */
  | { readonly kind: 'failed'; readonly error: unknown; readonly mayBeStored: Sha1Hex | undefined }

async function sendTo({ http, clock }: Api, url: UploadUrl, upload: FileUpload): Promise<Sent> {
  const { bucketId, fileName, signal } = upload
  const body = createUploadBody(upload)
  try {
    const answer = await http.send({
      operation: OPERATION,
      method: 'POST',
      url: url.uploadUrl,
      headers: uploadHeaders(url, upload),
      body,
      signal,
    })
    const context = { operation: OPERATION, needs: 'writeFiles', bucketId, nowMs: clock.now() }
    const version = readAnswer(answer, FileVersion, context)
    const sha1 = body.sentSha1()
    if (sha1 === undefined || version.contentSha1 !== sha1 || version.fileName !== fileName) {
      throw new EngineError('checksum_mismatch', 'B2 has stored something else than was sent', { operation: OPERATION })
    }
    return { kind: 'stored', version: { ...version, contentSha1: sha1 } }
  } catch (error) {
    const b2HasAnswered = isEngineError(error) && error.details['b2Code'] !== undefined
    const isSettled = b2HasAnswered || isEngineError(error, 'checksum_mismatch')
    return { kind: 'failed', error, mayBeStored: isSettled ? undefined : body.sentSha1() }
  }
}

function uploadHeaders({ authorizationToken }: UploadUrl, upload: FileUpload): Record<string, string> {
  const headers: Record<string, string> = {
    Authorization: authorizationToken,
    'Content-Type': upload.contentType ?? 'b2/x-auto',
    'X-Bz-File-Name': percentEncode(upload.fileName),
    'X-Bz-Content-Sha1': 'hex_digits_at_end',
    'X-Bz-Info-src_last_modified_millis': String(Math.trunc(upload.srcLastModifiedMillis)),
  }
  for (const [name, value] of Object.entries(upload.info ?? {})) headers[`X-Bz-Info-${name}`] = percentEncode(value)
  return headers
}

/**
 * The newest version of the name if it is what was sent: then the upload has happened, whenever that was. Undefined
 * when it is not, or when the key may not look.
 */
async function findStored(api: Api, upload: FileUpload, sha1: Sha1Hex): Promise<UploadedFile | undefined> {
  const { bucketId, fileName, signal } = upload
  const { account } = await api.session.authorization(signal)
  if (missingCapabilities(account, ['listFiles']).length > 0) return undefined
  const { files } = await callB2Once(
    api,
    {
      operation: 'b2_list_file_versions',
      needs: 'listFiles',
      bucketId,
      fileName,
      body: () => ({ bucketId, prefix: fileName, startFileName: fileName, maxFileCount: 1 }),
      answer: FileVersionsAnswer,
    },
    signal,
  )
  const newest = files[0]
  const isWhatWasSent =
    newest?.fileName === fileName &&
    newest.action === 'upload' &&
    newest.contentSha1 === sha1 &&
    newest.fileInfo['src_last_modified_millis'] === String(Math.trunc(upload.srcLastModifiedMillis))
  return isWhatWasSent ? { ...newest, contentSha1: sha1 } : undefined
}
