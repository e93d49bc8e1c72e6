/**
 * From what B2 (or the network) says to an `EngineError`, and the questions the retry loops ask of it. What an answer
 * means and what is done about it stands in `error-table.ts`.
 *
 * In: HTTP status, B2's code and message, headers; or what the connection threw. `details` of the result always hold
 * `operation`, and where known `status`, `b2Code`, `message` and `retryAfterMs`.
 */
import { EngineError, isEngineError, type ErrorCode, type ErrorDetails } from '../../../shared/errors.ts'
import { meaningOf, remedyFor, type Remedy } from './error-table.ts'
import { ErrorAnswer } from './types.ts'

/** Of B2's sentences; what is longer was not written by B2. */
const MAX_MESSAGE = 500

/** No server has a good reason to keep everybody out for longer; caps have a rest of their own. */
const MAX_RETRY_AFTER_MS = 3_600_000

/** Response headers with lower-case names. */
export type HttpHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

/** What the caller knows about the call that failed. */
export type CallContext = {
  /** B2's name of the call, such as `b2_hide_file`. */
  readonly operation: string
  /** The bucket it is about, if any. */
  readonly bucketId?: string | undefined
  /** Unix milliseconds, for a `Retry-After` that is a date. */
  readonly nowMs?: number | undefined
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
  const { operation, bucketId } = context
  const code = meaningOf({ status, b2Code: b2Code ?? '', message, operation, isAboutBucket: bucketId !== undefined })
  const safeMessage = withoutTokens(message.slice(0, MAX_MESSAGE))
  const retryAfterMs = parseRetryAfter(headers, context.nowMs)
  const details: Record<string, string | number> = { operation, status }
  if (b2Code !== undefined) details['b2Code'] = b2Code
  if (safeMessage !== '') details['message'] = safeMessage
  if (retryAfterMs !== undefined) details['retryAfterMs'] = retryAfterMs
  if (code === 'name_not_allowed') details['reason'] = safeMessage
  const said = [String(status), b2Code, safeMessage].filter((part) => part !== undefined && part !== '').join(' ')
  return new EngineError(code, `${operation}: B2 answered ${said}`, details)
}

/** B2 quotes the token in some messages; it must not reach a log. */
function withoutTokens(message: string): string {
  return message
    .replace(/(auth token )\S+/gi, '$1(hidden)')
    .split(' ')
    .map((word) => (/_(?:acct|upld|dnld)_/.test(word) ? '(hidden)' : word))
    .join(' ')
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
  if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return Math.min(MAX_RETRY_AFTER_MS, Math.round(Number(value) * 1_000))
  const at = Date.parse(value)
  const serverNow = typeof headers['date'] === 'string' ? Date.parse(headers['date']) : NaN
  const now = Number.isNaN(serverNow) ? nowMs : serverNow
  return Number.isNaN(at) || now === undefined ? undefined : Math.min(MAX_RETRY_AFTER_MS, Math.max(0, at - now))
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
  // A firewall on this machine.
  EACCES: 'network_unreachable',
  EPERM: 'network_unreachable',
  // This machine has no connection left to give.
  EMFILE: 'network_unreachable',
  ENFILE: 'network_unreachable',
  ENOBUFS: 'network_unreachable',
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

/** These say that this machine has no network, or none left to give. */
const OWN_TROUBLES: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'EAI_FAIL',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
])

/** A proxy did not open the way. */
class ProxySilence extends Error {
  /** Its host and port. */
  readonly proxy: string

  constructor(proxy: string, cause: Error) {
    super('The proxy does not answer', { cause })
    this.name = 'ProxySilence'
    this.proxy = proxy
  }
}

/** What asking a proxy (host and port) for a way threw, as it is to be thrown on. */
export function interpretProxyFailure(error: unknown, proxy: string): unknown {
  const nodeCode = error instanceof Error && 'code' in error ? String(error.code) : ''
  const isSilence = nodeCode in NETWORK_CODES && !OWN_TROUBLES.has(nodeCode)
  return isSilence && error instanceof Error ? new ProxySilence(proxy, error) : error
}

/** The error for what a connection threw; undefined for anything that is not the network's doing. */
export function interpretNetworkError(error: unknown, operation: string): EngineError | undefined {
  const refusal = proxyRefusal(error, operation)
  if (refusal !== undefined) return refusal
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ProxySilence) {
      const { proxy } = cause
      return new EngineError(
        'proxy_unreachable',
        `${operation}: no answer from the proxy`,
        { operation, proxy },
        { cause },
      )
    }
    const nodeCode = 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name
    const code = NETWORK_CODES[nodeCode] ?? strangerCode(nodeCode)
    if (code !== undefined) {
      return new EngineError(code, `${operation}: ${nodeCode}`, { operation, networkCode: nodeCode }, { cause: error })
    }
  }
  return undefined
}

/** What a proxy answers instead of opening the way; undici tells it as if the request had been aborted. */
function proxyRefusal(error: unknown, operation: string): EngineError | undefined {
  const status = Number(/^Proxy response \((\d{3})\)/.exec(error instanceof Error ? error.message : '')?.[1])
  if (Number.isNaN(status)) return undefined
  // A proxy that cannot reach B2 itself says so with a 5xx.
  const code = status >= 500 ? 'network_unreachable' : 'proxy_refused'
  return new EngineError(code, `${operation}: the proxy answered ${status}`, { operation, status }, { cause: error })
}

const STRANGERS =
  /^(HTTPParserError$|HPE_|CERT_|CRL_|ERR_TLS_|ERR_SSL_|EPROTO$|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_CA$|INVALID_PURPOSE$|HOSTNAME_MISMATCH$|PATH_LENGTH_EXCEEDED$|UND_ERR_HEADERS_OVERFLOW$|UND_ERR_PRX_TLS$|UND_ERR_SOCKS5)/

/** Something answers that does not speak HTTP, or whose certificate is not B2's: a proxy, or a network that wants a sign-in. */
function strangerCode(nodeCode: string): ErrorCode | undefined {
  return STRANGERS.test(nodeCode) ? 'not_a_b2_service' : undefined
}

/** What to do about what a call threw; `give_up` for anything that is not a failure of B2 or the network. */
export function remedyOf(error: unknown): Remedy {
  return isEngineError(error) ? remedyFor(error.code, String(error.details['operation'])) : 'give_up'
}

/**
 * True when B2 may have done what it was asked although the call failed: the request was on its way, and what came back
 * was nothing, or nothing of B2's. Whoever must not do a thing twice looks first, then.
 */
export function isOutcomeUnknown(error: unknown): error is EngineError {
  return (
    isEngineError(error, 'timeout', 'connection_reset', 'b2_service_error') && error.details['b2Code'] === undefined
  )
}

/** True for an answer of B2 with one of these codes. */
export function hasB2Code(error: unknown, ...b2Codes: readonly string[]): error is EngineError {
  return isEngineError(error) && b2Codes.includes(String(error.details['b2Code']))
}

/** How long the server asked to wait, milliseconds; undefined when it did not. */
export function retryAfterMs(error: unknown): number | undefined {
  const details: ErrorDetails = isEngineError(error) ? error.details : {}
  return typeof details['retryAfterMs'] === 'number' ? details['retryAfterMs'] : undefined
}
