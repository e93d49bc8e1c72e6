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
  const ownAgent = options.dispatcher === undefined ? createAgent(timeouts) : undefined
  const dispatcher = options.dispatcher ?? ownAgent!
  const commonHeaders: Record<string, string> = { 'User-Agent': userAgentHeader(options.userAgent) }
  if (options.testMode !== undefined) commonHeaders['X-Bz-Test-Mode'] = options.testMode
  return {
    send: (request) => send(dispatcher, timeouts, commonHeaders, request),
    close: async () => ownAgent?.destroy(),
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
  request: HttpRequest,
): Promise<HttpAnswer> {
  const { operation, method, url, body, signal } = request
  const origin = assertRealmAllowed(url)
  signal?.throwIfAborted()
  const streamed = typeof body === 'object' ? watchBody(body, operation, silenceMs) : undefined
  const headers = { ...commonHeaders, ...request.headers }
  try {
    const response = await dispatcher.request({
      origin,
      // Cut from the text: parsing would normalise names such as `a/../b`.
      path: url.slice(url.indexOf('/', url.indexOf('://') + 3)),
      method,
      headers: streamed === undefined ? headers : { ...headers, 'Content-Length': String(streamed.contentLength) },
      // undici documents async iterables as bodies; its types do not.
      body: (streamed?.chunks as Readable | undefined) ?? (typeof body === 'string' ? body : null),
      signal: combineSignals(signal, streamed?.signal),
      // The watch over a streamed body counts this time; undici's own clock stops while a slow disk is read.
      ...(streamed === undefined ? {} : { headersTimeout: 0 }),
    })
    streamed?.stopWatching()
    const text = await response.body.text()
    return { status: response.statusCode, headers: response.headers, text }
  } catch (error) {
    signal?.throwIfAborted()
    throw streamed?.failure() ?? interpretNetworkError(error, operation) ?? closedError(error) ?? error
  } finally {
    streamed?.stopWatching()
  }
}

type WatchedBody = {
  readonly contentLength: number
  readonly chunks: AsyncIterable<Uint8Array>
  /** Aborts when the network has been silent for too long. */
  readonly signal: AbortSignal
  /** Why the body could not be sent, other than the network's own errors. */
  failure(): unknown
  stopWatching(): void
}

/**
 * Watches a body on its way: the time in which the network takes nothing is limited, the time in which the source gives
 * nothing is not.
 */
function watchBody(body: StreamedBody, operation: string, silenceMs: number): WatchedBody {
  const silence = new AbortController()
  let failure: unknown
  let timer: NodeJS.Timeout | undefined
  let isOver = false
  const startWatching = (): void => {
    if (isOver) return
    timer = setTimeout(() => {
      failure = new EngineError('timeout', `${operation}: nothing moved for ${silenceMs} ms`, { operation })
      silence.abort(failure)
    }, silenceMs)
  }
  async function* watchedChunks(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of body.chunks) {
        startWatching()
        yield chunk
        clearTimeout(timer)
      }
    } catch (error) {
      failure ??= error
      throw error
    }
    startWatching()
  }
  return {
    contentLength: body.contentLength,
    chunks: watchedChunks(),
    signal: silence.signal,
    failure: () => failure,
    stopWatching() {
      isOver = true
      clearTimeout(timer)
    },
  }
}

function combineSignals(...signals: readonly (AbortSignal | undefined)[]): AbortSignal | null {
  const present = signals.filter((signal) => signal !== undefined)
  return present.length > 1 ? AbortSignal.any(present) : (present[0] ?? null)
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
