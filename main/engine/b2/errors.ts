/**
 * The one table from what B2 (or the network) says to an `EngineError`, and the two questions the retry loops ask of it.
 *
 * In: HTTP status, B2's code and message, headers; or what the connection threw. The status decides first, the code
 * only refines it: codes are an open set and edge servers answer without any. `details` of the result always hold
 * `operation`, and where known `status`, `b2Code`, `message` and `retryAfterMs`.
 */
import { EngineError, isEngineError, type ErrorCode, type ErrorDetails } from '../../../shared/errors.ts'
import { ErrorAnswer } from './types.ts'

/** Response headers with lower-case names. */
export type HttpHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

/** What the caller knows about the call that failed. */
export type CallContext = {
  /** B2's name of the call, such as `b2_hide_file`. */
  readonly operation: string
  /** The capability the call needs. */
  readonly needs?: string | undefined
  /** The bucket it is about, if any. */
  readonly bucketId?: string | undefined
  /** Unix milliseconds, for a `Retry-After` that is a date. */
  readonly nowMs?: number | undefined
}

const AUTHORIZE = 'b2_authorize_account'

function isUpload(operation: string): boolean {
  return operation === 'b2_upload_file' || operation === 'b2_upload_part'
}

/** The error for an answer that is not a success; its body may be B2's JSON, anything else, or empty. */
export function interpretErrorAnswer(
  answer: { readonly status: number; readonly headers: HttpHeaders; readonly text: string },
  context: CallContext,
): EngineError {
  const body = parseErrorBody(answer.text)
  return interpretB2Error(answer.status, body?.code, body?.message ?? '', answer.headers, context)
}

/** The error for a status, B2's code (undefined when the body was not B2's JSON) and message. */
export function interpretB2Error(
  status: number,
  b2Code: string | undefined,
  message: string,
  headers: HttpHeaders,
  context: CallContext,
): EngineError {
  const code = errorCodeFor(status, b2Code, message, context)
  const safeMessage = withoutTokens(message)
  const retryAfterMs = parseRetryAfter(headers, context.nowMs)
  const details: Record<string, string | number> = { operation: context.operation, status }
  if (b2Code !== undefined) details['b2Code'] = b2Code
  if (safeMessage !== '') details['message'] = safeMessage
  if (retryAfterMs !== undefined) details['retryAfterMs'] = retryAfterMs
  if (code === 'capability_missing' && context.needs !== undefined) details['capability'] = context.needs
  if (code === 'name_not_allowed') details['reason'] = safeMessage
  const said = [String(status), b2Code, safeMessage].filter((part) => part !== undefined && part !== '').join(' ')
  return new EngineError(code, `${context.operation}: B2 answered ${said}`, details)
}

function errorCodeFor(status: number, b2Code: string | undefined, message: string, context: CallContext): ErrorCode {
  const { operation } = context
  if (status === 429) return 'too_many_requests'
  if (status >= 500) return 'b2_service_error'
  if (status === 408) return 'timeout'
  // B2 never redirects; a network that wants a sign-in first does.
  if (status < 200 || (status >= 300 && status < 400)) return 'not_a_b2_service'
  // A success whose body cannot be read: cut short, or put there by something in between.
  if (status < 300) return operation === AUTHORIZE ? 'not_a_b2_service' : 'b2_service_error'
  if (operation === AUTHORIZE) return authorizeErrorCode(status, b2Code)
  if (status === 400) return badRequestCode(b2Code, message, operation)
  if (status === 401) return unauthorizedCode(b2Code, context)
  if (status === 403) return forbiddenCode(b2Code, context)
  if (status === 404) return notFoundCode(b2Code, context)
  return 'b2_refused'
}

function authorizeErrorCode(status: number, b2Code: string | undefined): ErrorCode {
  if (b2Code === undefined || status === 404) return 'not_a_b2_service'
  if (b2Code === 'unsupported') return 'key_unsupported'
  if (isAccountState(b2Code)) return 'account_blocked'
  if (status === 403) return capCode(b2Code) ?? 'account_blocked'
  // Documented as `unauthorized`, recorded as `bad_auth_token`; both mean that the key is wrong.
  return status === 400 || status === 401 ? 'key_rejected' : 'b2_refused'
}

function badRequestCode(b2Code: string | undefined, message: string, operation: string): ErrorCode {
  switch (b2Code) {
    case 'auth_token_limit':
      return 'upload_url_rejected'
    case 'bad_bucket_id':
    case 'invalid_bucket_id':
      return 'bucket_missing'
    case 'duplicate_bucket_name':
      return 'bucket_name_taken'
    case 'cap_exceeded':
      return 'storage_cap_exceeded'
    case 'no_such_file':
    case 'file_not_present':
      return 'not_found'
    default:
  }
  // B2 says the rest with one code, so its sentences have to be read.
  if (/more than one upload using auth token/i.test(message)) return 'upload_url_rejected'
  if (/did not match data received|not a valid hex sha1/i.test(message)) return 'checksum_mismatch'
  if (/^invalid bucket ?id|^bucket \S+ does not exist/i.test(message)) return 'bucket_missing'
  if (isUpload(operation) && /^file names? /i.test(message)) return 'name_not_allowed'
  return 'b2_refused'
}

function unauthorizedCode(b2Code: string | undefined, { operation, bucketId }: CallContext): ErrorCode {
  switch (b2Code) {
    case 'unauthorized':
      return bucketId === undefined ? 'capability_missing' : 'bucket_not_allowed'
    case 'unsupported':
      return 'key_unsupported'
    case 'access_denied':
      return 'b2_refused'
    default:
  }
  if (b2Code !== undefined && isAccountState(b2Code)) return 'account_blocked'
  // An upload carries the token of its URL: a new URL mends it, and asking for one tells whether the account's token is good.
  return isUpload(operation) ? 'upload_url_rejected' : 'token_expired'
}

function forbiddenCode(b2Code: string | undefined, context: CallContext): ErrorCode {
  if (b2Code === 'unauthorized') return unauthorizedCode(b2Code, context)
  return capCode(b2Code) ?? 'b2_refused'
}

function notFoundCode(b2Code: string | undefined, { operation, bucketId }: CallContext): ErrorCode {
  // The pod does not know this URL (any more); asking for a new one tells whether the bucket is gone.
  if (isUpload(operation)) return 'upload_url_rejected'
  if (b2Code === undefined) return 'b2_refused'
  return bucketId === undefined ? 'not_found' : 'bucket_missing'
}

function capCode(b2Code: string | undefined): ErrorCode | undefined {
  switch (b2Code) {
    case 'cap_exceeded':
    case 'storage_cap_exceeded':
      return 'storage_cap_exceeded'
    case 'transaction_cap_exceeded':
      return 'transaction_cap_exceeded'
    case 'download_cap_exceeded':
      return 'download_cap_exceeded'
    default:
      return undefined
  }
}

function isAccountState(b2Code: string): boolean {
  return b2Code === 'email_not_verified' || b2Code === 'no_payment_history'
}

/** B2 quotes the token in some messages; it must not reach a log. */
function withoutTokens(message: string): string {
  return message.replace(/(auth token )\S+/gi, '$1(hidden)').replace(/\S+_(?:acct|upld|dnld)_\S+/g, '(hidden)')
}

function parseErrorBody(text: string): ErrorAnswer | undefined {
  try {
    return ErrorAnswer.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

/** Milliseconds from a `Retry-After` in seconds or as a date (measured against the server's own `Date`); never negative. */
export function parseRetryAfter(headers: HttpHeaders, nowMs?: number): number | undefined {
  const value = headers['retry-after']
  if (typeof value !== 'string') return undefined
  if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return Math.round(Number(value) * 1_000)
  const at = Date.parse(value)
  const serverNow = typeof headers['date'] === 'string' ? Date.parse(headers['date']) : NaN
  const now = Number.isNaN(serverNow) ? nowMs : serverNow
  return Number.isNaN(at) || now === undefined ? undefined : Math.max(0, at - now)
}

/** What Node and undici call the ways a connection fails. */
const NETWORK_CODES: Readonly<Record<string, ErrorCode>> = {
  ECONNREFUSED: 'network_unreachable',
  ENOTFOUND: 'network_unreachable',
  EAI_AGAIN: 'network_unreachable',
  EAI_FAIL: 'network_unreachable',
  EHOSTUNREACH: 'network_unreachable',
  EHOSTDOWN: 'network_unreachable',
  ENETUNREACH: 'network_unreachable',
  ENETDOWN: 'network_unreachable',
  EADDRNOTAVAIL: 'network_unreachable',
  UND_ERR_CONNECT_TIMEOUT: 'network_unreachable',
  ETIMEDOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  ECONNRESET: 'connection_reset',
  ECONNABORTED: 'connection_reset',
  EPIPE: 'connection_reset',
  UND_ERR_SOCKET: 'connection_reset',
  UND_ERR_INFO: 'connection_reset',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'connection_reset',
}

/** The error for what a connection threw; undefined for anything that is not the network's doing. */
export function interpretNetworkError(error: unknown, operation: string): EngineError | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const nodeCode = 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name
    const code = NETWORK_CODES[nodeCode] ?? strangerCode(nodeCode)
    if (code !== undefined) {
      return new EngineError(code, `${operation}: ${nodeCode}`, { operation, networkCode: nodeCode }, { cause: error })
    }
  }
  return undefined
}

/** Something answers that does not speak HTTP, or whose certificate is not B2's: a proxy, or a network that wants a sign-in. */
function strangerCode(nodeCode: string): ErrorCode | undefined {
  return /^(HTTPParserError$|HPE_|CERT_|ERR_TLS_|ERR_SSL_|EPROTO$|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_)/.test(nodeCode)
    ? 'not_a_b2_service'
    : undefined
}

/** True when the same request may succeed later. */
export function retryRequest(error: unknown): error is EngineError {
  return isEngineError(
    error,
    'network_unreachable',
    'timeout',
    'connection_reset',
    'b2_service_error',
    'too_many_requests',
    'token_expired',
  )
}

/**
 * True when an upload should be sent again to another upload URL without waiting: the storage pod behind the URL is
 * full, gone or tired of it, and a new URL chooses another pod. A failure to *get* an upload URL is not of this kind.
 */
export function retryWithNewUploadUrl(error: unknown): error is EngineError {
  return (
    isEngineError(
      error,
      'network_unreachable',
      'timeout',
      'connection_reset',
      'b2_service_error',
      'checksum_mismatch',
      'upload_url_rejected',
    ) && isUpload(String(error.details['operation']))
  )
}

/** How long the server asked to wait, milliseconds; undefined when it did not. */
export function retryAfterMs(error: unknown): number | undefined {
  const details: ErrorDetails = isEngineError(error) ? error.details : {}
  return typeof details['retryAfterMs'] === 'number' ? details['retryAfterMs'] : undefined
}
