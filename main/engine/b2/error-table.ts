/**
 * The one table of what goes wrong at B2: from (status, code, call) to what it means, and from that to what is done.
 *
 * The first row that fits decides. Statuses come first because they are always there: codes are an open set, HEAD has
 * no body, and edge servers answer without any. A row without a field fits every value of it.
 */
import type { ErrorCode } from '../../../shared/errors.ts'

/** A failed call as the table sees it. */
export type Failure = {
  readonly status: number
  /** B2's code; empty when the body was not B2's JSON. */
  readonly b2Code: string
  readonly message: string
  /** B2's name of the call. */
  readonly operation: string
  /** Whether the call names a bucket: then `not_found` means that one. */
  readonly isAboutBucket: boolean
}

type Row = {
  readonly status?: number | '2xx' | '3xx' | '5xx'
  /** B2's code; empty for a body that is not B2's JSON. */
  readonly code?: string
  readonly call?: CallGroup
  /** B2 says several things with the code `bad_request`, so its sentence has to be read. */
  readonly message?: RegExp
  readonly isAboutBucket?: true
  readonly means: ErrorCode
}

type CallGroup = 'authorize' | 'upload' | 'copy' | 'download'

const ROWS: readonly Row[] = [
  { status: 429, means: 'too_many_requests' },
  { status: '5xx', means: 'b2_service_error' },
  { status: 408, means: 'timeout' },
  // B2 never redirects; a network that wants a sign-in first does.
  { status: '3xx', means: 'not_a_b2_service' },
  // A success whose body cannot be read: cut short, or put there by something in between.
  { status: '2xx', call: 'authorize', means: 'not_a_b2_service' },
  { status: '2xx', means: 'b2_service_error' },

  { code: 'email_not_verified', means: 'account_blocked' },
  { code: 'no_payment_history', means: 'account_blocked' },
  { status: 400, code: 'cap_exceeded', means: 'storage_cap_exceeded' },
  { status: 403, code: 'cap_exceeded', means: 'storage_cap_exceeded' },
  { status: 403, code: 'storage_cap_exceeded', means: 'storage_cap_exceeded' },
  { status: 403, code: 'transaction_cap_exceeded', means: 'transaction_cap_exceeded' },
  { status: 403, code: 'download_cap_exceeded', means: 'download_cap_exceeded' },

  { call: 'authorize', code: '', means: 'not_a_b2_service' },
  { call: 'authorize', status: 404, means: 'not_a_b2_service' },
  { call: 'authorize', code: 'unsupported', means: 'key_unsupported' },
  { call: 'authorize', status: 403, means: 'account_blocked' },
  // Documented as `unauthorized`, recorded as `bad_auth_token`; both mean that the key is wrong.
  { call: 'authorize', status: 401, means: 'key_rejected' },
  { call: 'authorize', status: 400, means: 'key_rejected' },

  { status: 400, code: 'auth_token_limit', means: 'upload_url_rejected' },
  { status: 400, message: /more than one upload using auth token/i, means: 'upload_url_rejected' },
  { status: 400, code: 'bad_bucket_id', means: 'bucket_missing' },
  { status: 400, code: 'invalid_bucket_id', means: 'bucket_missing' },
  { status: 400, message: /^invalid bucket ?id|^bucket \S+ does not exist/i, means: 'bucket_missing' },
  { status: 400, code: 'duplicate_bucket_name', means: 'bucket_name_taken' },
  { status: 400, code: 'no_such_file', means: 'not_found' },
  { status: 400, code: 'file_not_present', means: 'not_found' },
  { status: 400, code: 'source_too_large', means: 'file_too_large' },
  { status: 400, code: 'missing_part', means: 'checksum_mismatch' },
  { status: 400, code: 'part_sha1_mismatch', means: 'checksum_mismatch' },
  { status: 400, message: /did not match data received|not a valid hex sha1/i, means: 'checksum_mismatch' },
  { status: 400, call: 'upload', message: /^file names? /i, means: 'name_not_allowed' },

  // What the key may do was looked at before the call, so this is about where. Documented as 401, answered as 403 by a
  // simulator of Backblaze's own.
  { status: 401, code: 'unauthorized', means: 'bucket_not_allowed' },
  { status: 403, code: 'unauthorized', means: 'bucket_not_allowed' },
  { status: 401, code: 'unsupported', means: 'key_unsupported' },
  { status: 401, code: 'access_denied', means: 'b2_refused' },
  // An upload carries the token of its URL: a new URL mends it, and asking for one tells whether the account's is good.
  { status: 401, call: 'upload', means: 'upload_url_rejected' },
  { status: 401, means: 'token_expired' },

  // The pod does not know this URL (any more); asking for a new one tells whether the bucket is gone.
  { status: 404, call: 'upload', means: 'upload_url_rejected' },
  { status: 404, call: 'download', code: 'not_found', means: 'not_found' },
  { status: 404, call: 'copy', code: 'not_found', means: 'not_found' },
  // An address that nobody knows; not a statement about what was asked for.
  { status: 404, code: '', means: 'b2_refused' },
  { status: 404, isAboutBucket: true, means: 'bucket_missing' },
  { status: 404, means: 'not_found' },

  { status: 409, means: 'bucket_changed' },
]

const CALL_GROUPS: Readonly<Record<CallGroup, readonly string[]>> = {
  authorize: ['b2_authorize_account'],
  upload: ['b2_upload_file', 'b2_upload_part'],
  copy: ['b2_copy_file', 'b2_copy_part'],
  download: ['b2_download_file_by_id', 'b2_download_file_by_name'],
}

/** What a failure means; `b2_refused` for what no row knows. */
export function meaningOf(failure: Failure): ErrorCode {
  return ROWS.find((row) => fits(row, failure))?.means ?? 'b2_refused'
}

function fits(row: Row, { status, b2Code, message, operation, isAboutBucket }: Failure): boolean {
  return (
    (row.status === undefined || row.status === status || row.status === `${Math.trunc(status / 100)}xx`) &&
    (row.code === undefined || row.code === b2Code) &&
    (row.call === undefined || CALL_GROUPS[row.call].includes(operation)) &&
    (row.message === undefined || row.message.test(message)) &&
    (row.isAboutBucket === undefined || isAboutBucket)
  )
}

/** What the client does about a failure by itself. */
export type Remedy =
  /** The same request again, after a wait. */
  | 'retry'
  /** The same bytes to another upload URL, at once: another URL is another storage pod. */
  | 'new_upload_url'
  /** Another account token, for everybody, then the same request again. */
  | 'reauthorize'
  /** Nothing of this kind for a while, and no asking in between. */
  | 'stop_class'
  /** Nothing: the caller is told. */
  | 'give_up'

/** What is done about a failed call that means `code`. */
export function remedyFor(code: ErrorCode, operation: string): Remedy {
  const isUpload = CALL_GROUPS.upload.includes(operation)
  switch (code) {
    case 'network_unreachable':
    case 'timeout':
    case 'connection_reset':
    case 'b2_service_error':
      return isUpload ? 'new_upload_url' : 'retry'
    case 'checksum_mismatch':
    case 'upload_url_rejected':
      return isUpload ? 'new_upload_url' : 'give_up'
    case 'too_many_requests':
    // Before a proxy lets anything through nothing has reached B2.
    case 'proxy_unreachable':
      return 'retry'
    case 'token_expired':
      return 'reauthorize'
    case 'storage_cap_exceeded':
    case 'transaction_cap_exceeded':
    case 'download_cap_exceeded':
      return 'stop_class'
    default:
      return 'give_up'
  }
}
