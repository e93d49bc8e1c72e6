/**
 * One HTTP request: in goes a URL with headers and a body, out comes an answer with its body as text, or an
 * `EngineError` for a network that failed. Nothing is tried again here, and nothing is known of B2's calls.
 *
 * Connections are kept alive. Connecting, waiting for an answer and silence in the middle have limits of their own; the
 * transfer as a whole has none. Nothing is sent over plain http except to this machine itself.
 */
import type { Readable } from 'node:stream'
import { Agent, type Dispatcher } from 'undici'
import { EngineError } from '../../../shared/errors.ts'
import { createWatchdog, type Watchdog } from '../lib/watchdog.ts'
import { interpretNetworkError, type HttpHeaders } from './errors.ts'

export type HttpRequest = {
  /** What the request is for, in errors: B2's name of the call. */
  readonly operation: string
  readonly method: 'GET' | 'HEAD' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | StreamedBody
  readonly signal?: AbortSignal | undefined
}

/** A body that is sent as it comes, with a `Content-Length`: B2 takes no chunked uploads. */
export type StreamedBody = {
  /** Exactly the bytes that `chunks` gives. */
  readonly contentLength: number
  readonly chunks: AsyncIterable<Uint8Array>
}

export type HttpAnswer = {
  readonly status: number
  readonly headers: HttpHeaders
  readonly text: string
}

export type HttpOptions = {
  /** Whose connections are used; without it an own agent, closed by `close`. */
  readonly dispatcher?: Dispatcher | undefined
  readonly userAgent?: string | undefined
  /** Value of `X-Bz-Test-Mode`. */
  readonly testMode?: string | undefined
  readonly timeouts?: Partial<HttpTimeouts> | undefined
}

/** All in milliseconds. */
export type HttpTimeouts = {
  /** Until a connection stands, TLS included. */
  readonly connectMs: number
  /** From the end of the request to the answer's headers, and the longest time a body may stand still on its way. */
  readonly silenceMs: number
}

/** A stuck transfer is noticed within a minute; b2sdk waits 128 s. */
const DEFAULT_TIMEOUTS: HttpTimeouts = { connectMs: 20_000, silenceMs: 55_000 }

/** How long an unused connection is kept where the server does not say; longer than the pauses of a busy folder. */
const KEEP_ALIVE_MS = 20_000

export type Http = {
  /**
   * Sends one request. Throws `network_unreachable`, `timeout`, `connection_reset`, `not_a_b2_service` (no HTTP, or a
   * wrong certificate), `realm_not_allowed`, the signal's reason, or what the body itself threw, unchanged. A body that
   * throws ends the connection before the request is complete.
   */
  send(request: HttpRequest): Promise<HttpAnswer>
  close(): Promise<void>
}

/** Opens nothing yet: connections come with the first request. */
export function createHttp(options: HttpOptions = {}): Http {
  const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts }
  const dispatcher = options.dispatcher ?? createAgent(timeouts)
  const commonHeaders: Record<string, string> = { 'User-Agent': userAgentHeader(options.userAgent) }
  if (options.testMode !== undefined) commonHeaders['X-Bz-Test-Mode'] = options.testMode
  return {
    send: (request) => send(dispatcher, timeouts, commonHeaders, request),
    close: async () => {
      if (options.dispatcher === undefined) await dispatcher.destroy()
    },
  }
}

function createAgent({ connectMs, silenceMs }: HttpTimeouts): Agent {
  return new Agent({
    connect: { timeout: connectMs },
    headersTimeout: silenceMs,
    bodyTimeout: silenceMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    pipelining: 1,
    // One upload per connection is what B2 asks for; multiplexing would only make them wait for each other.
    allowH2: false,
  })
}

/** The form B2's integration checklist asks for: product/version+dependencies. */
function userAgentHeader(product = 'Pail'): string {
  return `${product}+node/${process.versions.node}`
}

async function send(
  dispatcher: Dispatcher,
  { silenceMs }: HttpTimeouts,
  commonHeaders: Readonly<Record<string, string>>,
  { operation, method, url, headers, body, signal }: HttpRequest,
): Promise<HttpAnswer> {
  const origin = assertRealmAllowed(url)
  signal?.throwIfAborted()
  const isStreamed = typeof body === 'object'
  const watchdog = createWatchdog(
    silenceMs,
    () => new EngineError('timeout', `${operation}: nothing moved for ${silenceMs} ms`, { operation }),
  )
  const watched = isStreamed ? watchBody(body, watchdog) : undefined
  try {
    const response = await dispatcher.request({
      origin,
      // Cut from the text: parsing would normalise names such as `a/../b`.
      path: url.replace(/^\w+:\/\/[^/]*/, '') || '/',
      method,
      headers: {
        ...commonHeaders,
        ...headers,
        ...(isStreamed ? { 'Content-Length': String(body.contentLength) } : {}),
      },
      // undici documents async iterables as bodies; its types do not.
      body: isStreamed ? (watched?.chunks as Readable) : (body ?? null),
      signal: signal === undefined ? watchdog.signal : AbortSignal.any([signal, watchdog.signal]),
      // The watchdog counts instead: undici's own clock can run out unnoticed while a slow disk is read.
      ...(isStreamed ? { headersTimeout: 0 } : {}),
    })
    watchdog.end()
    return { status: response.statusCode, headers: response.headers, text: await response.body.text() }
  } catch (error) {
    signal?.throwIfAborted()
    throw watched?.failure() ?? interpretNetworkError(error, operation) ?? closedError(error) ?? error
  } finally {
    watchdog.end()
  }
}

type WatchedBody = {
  readonly chunks: AsyncIterable<Uint8Array>
  /** What the source of the body threw, if it did. */
  failure(): unknown
}

/**
 * Watches a body on its way: the time in which the network takes nothing is limited, the time in which the source gives
 * nothing is not.
 */
function watchBody({ chunks }: StreamedBody, watchdog: Watchdog): WatchedBody {
  let failure: unknown
  async function* watchedChunks(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of chunks) {
        watchdog.start()
        yield chunk
        watchdog.stop()
      }
    } catch (error) {
      failure = error
      throw error
    }
    watchdog.start()
  }
  return { chunks: watchedChunks(), failure: () => failure }
}

/** Requests on a closed agent end as if their caller had aborted them: the client is going away. */
function closedError(error: unknown): Error | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED'
    ? new DOMException('The B2 client is closed', 'AbortError')
    : undefined
}

/**
 * Throws `realm_not_allowed` unless the address is https, or http to this machine itself: requests carry secrets.
 * Returns its origin.
 */
export function assertRealmAllowed(realm: string): string {
  const url = URL.parse(realm)
  const isSafe =
    url !== null &&
    url.username === '' &&
    url.password === '' &&
    (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)))
  if (!isSafe) throw new EngineError('realm_not_allowed', 'The address is neither https nor on this machine')
  return url.origin
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}
