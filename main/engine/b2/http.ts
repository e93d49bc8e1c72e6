/**
 * One HTTP request: in goes a URL with headers and a body, out comes an answer, or an `EngineError` for a network that
 * failed. Nothing is tried again here, and nothing is known of B2's calls.
 *
 * Connecting, waiting for an answer and silence in the middle have limits of their own; the transfer as a whole has
 * none. Bodies are streamed both ways: what the network does not take is not read, what the caller does not take is not
 * received. A throttle counts what is streamed, uploads and downloads; headers, JSON and texts are not held up. Nothing is
 * sent over plain http except to this machine itself.
 */
import type { Readable } from 'node:stream'
import type { Dispatcher } from './undici.ts'
import { EngineError } from '../../../shared/errors.ts'
import { withinLimit, type BandwidthLimit, type Throttle } from '../lib/bandwidth-limit.ts'
import { joinSignals } from '../lib/joined-signal.ts'
import { createWatchdog, type Watchdog } from '../lib/watchdog.ts'
import {
  createChangingConnections,
  createConnections,
  type Connections,
  type NetworkSettings,
  type Variables,
} from './connections.ts'
import { interpretNetworkError, type HttpHeaders } from './errors.ts'
import { assertRealmAllowed } from './realm.ts'

export type HttpRequest = {
  /** What the request is for, in errors: B2's name of the call. */
  readonly operation: string
  readonly method: 'GET' | 'HEAD' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Text or bytes go out in one piece, and the answer's limit counts from their beginning: not for more than some 100 kB. */
  readonly body?: string | Uint8Array | StreamedBody
  /** For calls that B2 works on for a long time before it answers: `workMs` counts instead of `headersMs`. */
  readonly worksLong?: boolean | undefined
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

/** An answer whose body is still to come: it has to be read to its end, or `discard`ed. */
export type HttpStream = {
  readonly status: number
  readonly headers: HttpHeaders
  /** The body as it comes; throws what `send` throws. */
  readonly chunks: AsyncIterable<Uint8Array>
  /** The whole body as text. Throws what `send` throws. */
  text(): Promise<string>
  /** Ends the connection without reading the rest. */
  discard(): void
}

export type HttpOptions = {
  /** Whose connections are used; without it own ones, closed by `close`. */
  readonly dispatcher?: Dispatcher | undefined
  /** Where own connections look for proxy and certificates; this process's environment when absent. */
  readonly env?: Variables | undefined
  /** The same where it may change; counts instead of `env`. */
  readonly network?: NetworkSettings | undefined
  readonly userAgent?: string | undefined
  /** Value of `X-Bz-Test-Mode`. */
  readonly testMode?: string | undefined
  readonly timeouts?: Partial<HttpTimeouts> | undefined
  /** Limits for what is streamed, to be shared with others; none when absent. */
  readonly throttle?: Throttle | undefined
}

/** All in milliseconds. */
export type HttpTimeouts = {
  /** Until a connection stands, TLS included. */
  readonly connectMs: number
  /** From the end of the request to the answer's headers. */
  readonly headersMs: number
  /** The same for calls that work long: copies on the server. */
  readonly workMs: number
  /** The longest time a body may stand still on its way, in either direction. */
  readonly silenceMs: number
}

/**
 * A stuck transfer is noticed within a minute; b2sdk waits 46 s for a connection and 128 s for everything else. For
 * copies, which may take minutes, it waits 20 minutes as we do.
 */
const DEFAULT_TIMEOUTS: HttpTimeouts = { connectMs: 20_000, headersMs: 55_000, workMs: 1_200_000, silenceMs: 55_000 }

/** For requests that nobody can break off. */
const NEVER = new AbortController().signal

/** The longest text that is read, characters: 10,000 rows of a listing with names and info at their longest. */
const MAX_TEXT = 128_000_000

export type Http = {
  /**
   * Sends one request and reads the answer as text. Throws `network_unreachable`, `timeout`, `connection_reset`,
   * `not_a_b2_service` (no HTTP, or a wrong certificate), `proxy_refused`, `proxy_unreachable`, `realm_not_allowed`, what reading changing settings throws, the signal's reason, or
   * what the body itself threw, unchanged. A body that throws ends the connection before the request is complete.
   */
  send(request: HttpRequest): Promise<HttpAnswer>
  /** Sends one request and returns when the answer begins. Throws what `send` throws. */
  open(request: HttpRequest): Promise<HttpStream>
  close(): Promise<void>
}

/**
 * Opens nothing yet: connections come with the first request. Throws `network_settings_unusable`, which settings that may
 * change throw with each request.
 */
export function createHttp(options: HttpOptions = {}): Http {
  const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts }
  const connections = connectionsFor(options, timeouts)
  const commonHeaders: Record<string, string> = { 'User-Agent': userAgentHeader(options.userAgent) }
  if (options.testMode !== undefined) commonHeaders['X-Bz-Test-Mode'] = options.testMode
  const line: Line = { connections, timeouts, commonHeaders, throttle: options.throttle }
  const open = (request: HttpRequest): Promise<HttpStream> => openStream(line, request)
  return {
    open,
    send: async (request) => {
      const answer = await open(request)
      return { status: answer.status, headers: answer.headers, text: await answer.text() }
    },
    close: () => connections.close(),
  }
}

function connectionsFor({ dispatcher, network, env = process.env }: HttpOptions, timeouts: HttpTimeouts): Connections {
  if (dispatcher !== undefined) {
    return { current: () => dispatcher, isReplaced: () => false, close: () => Promise.resolve() }
  }
  return network === undefined ? createConnections({ ...timeouts, env }) : createChangingConnections(network, timeouts)
}

/** The form B2's integration checklist asks for: product/version+dependencies. */
function userAgentHeader(product = 'Pail'): string {
  return `${product}+node/${process.versions.node}`
}

/** What all requests of one `Http` have in common. */
type Line = {
  readonly connections: Connections
  readonly timeouts: HttpTimeouts
  readonly commonHeaders: Readonly<Record<string, string>>
  readonly throttle: Throttle | undefined
}

async function openStream(line: Line, request: HttpRequest): Promise<HttpStream> {
  const { connections, timeouts, commonHeaders, throttle } = line
  const { operation, method, url, headers, body, signal } = request
  const headersMs = request.worksLong === true ? timeouts.workMs : timeouts.headersMs
  const origin = assertRealmAllowed(url)
  signal?.throwIfAborted()
  const opened = connections.current()
  const dispatcher = opened instanceof Promise ? await opened : opened
  signal?.throwIfAborted()
  const streamed = asStream(body, throttle?.up)
  // Only bodies on their way are watched: small files come by the thousand, and two more signals each cost them much.
  const watchdog =
    streamed && createWatchdog(() => new EngineError('timeout', `${operation}: nothing moved`, { operation }))
  const joined =
    watchdog === undefined
      ? { signal: signal ?? NEVER, release: () => undefined }
      : joinSignals(watchdog.signal, ...(signal === undefined ? [] : [signal]))
  const limitOf = (limit: BandwidthLimit | undefined) => (chunks: AsyncIterable<Uint8Array>) =>
    limit === undefined ? chunks : withinLimit(chunks, limit, joined.signal)
  const watched =
    streamed && watchdog && watchBody(streamed, limitOf(throttle?.up), watchdog, { ...timeouts, headersMs })
  const fail = (error: unknown): never => {
    joined.release()
    signal?.throwIfAborted()
    throw (
      watched?.failure() ??
      interpretNetworkError(error, operation) ??
      closedError(error, connections.isReplaced(dispatcher), operation) ??
      error
    )
  }
  try {
    const response = await dispatcher.request({
      origin,
      // Cut from the text: parsing would normalise names such as `a/../b`.
      path: url.replace(/^\w+:\/\/[^/]*/, '') || '/',
      method,
      headers: {
        ...commonHeaders,
        ...headers,
        ...(streamed === undefined ? {} : { 'Content-Length': String(streamed.contentLength) }),
      },
      // undici documents async iterables as bodies; its types do not.
      body: (watched?.chunks as Readable | undefined) ?? (body as string | Uint8Array | undefined) ?? null,
      signal: joined.signal,
      // While a body is sent the watchdog counts: undici's own clock can run out unnoticed while a slow disk is read.
      headersTimeout: watched === undefined ? headersMs : 0,
      bodyTimeout: timeouts.silenceMs,
    })
    return receive(response, limitOf(throttle?.down), fail, joined.release)
  } catch (error) {
    return fail(error)
  } finally {
    watchdog?.end()
  }
}

/** What goes out piece by piece; while there is a limit, that is bytes in one piece as well. */
function asStream(body: HttpRequest['body'], limit: BandwidthLimit | undefined): StreamedBody | undefined {
  if (typeof body !== 'object') return undefined
  if ('chunks' in body) return body
  if (limit === undefined || limit.bytesPerSecond === null) return undefined
  async function* chunks(bytes: Uint8Array) {
    yield bytes
  }
  return { contentLength: body.byteLength, chunks: chunks(body) }
}

/** Chunks on their way through a limit, if there is one. */
type Limited = (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>

/** `onEnd` is called when the body was read, or is not wanted. */
function receive(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  limited: Limited,
  fail: (error: unknown) => never,
  onEnd: () => void,
): HttpStream {
  async function* read(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* source
    } catch (error) {
      fail(error)
    } finally {
      onEnd()
    }
  }
  return {
    status: statusCode,
    headers,
    chunks: read(limited(body)),
    text: async () => {
      const decoder = new TextDecoder()
      let text = ''
      for await (const chunk of read(body)) {
        text += decoder.decode(chunk, { stream: true })
        // Not B2 at all: what is cut here cannot be read as an answer.
        if (text.length > MAX_TEXT) break
      }
      return text + decoder.decode()
    },
    discard: () => {
      // Without a listener the end of an unread body would be an uncaught error.
      body.on('error', () => undefined).destroy()
      onEnd()
    },
  }
}

type WatchedBody = {
  readonly chunks: AsyncIterable<Uint8Array>
  /** What the source of the body threw, if it did. */
  failure(): unknown
}

/**
 * Watches a body on its way: the time in which the network takes nothing is limited, the time in which the source or a
 * limit gives nothing is not. After the last byte the wait for the answer begins.
 */
function watchBody(
  { chunks }: StreamedBody,
  limited: Limited,
  watchdog: Watchdog,
  { silenceMs, headersMs }: Pick<HttpTimeouts, 'silenceMs' | 'headersMs'>,
): WatchedBody {
  let failure: unknown
  async function* watchedChunks(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of limited(chunks)) {
        watchdog.start(silenceMs)
        yield chunk
        watchdog.stop()
      }
    } catch (error) {
      failure = error
      throw error
    }
    watchdog.start(headersMs)
  }
  return { chunks: watchedChunks(), failure: () => failure }
}

/**
 * Requests on closed connections end as if their caller had aborted them: the client is going away. Where other connections
 * have taken their place they have broken off, and may be made once more.
 */
function closedError(error: unknown, isReplaced: boolean, operation: string): Error | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code !== 'UND_ERR_DESTROYED' && code !== 'UND_ERR_CLOSED') return undefined
  return isReplaced
    ? new EngineError('connection_reset', `${operation}: the way to B2 was changed`, { operation }, { cause: error })
    : new DOMException('The B2 client is closed', 'AbortError')
}
