/** One HTTP request and its answer, with the log entry that is written about it. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { OpenCall } from './calls.ts'
import { B2Error, ConnectionCut } from './errors.ts'
import type { World } from './world.ts'

/** JSON calls are small; B2's own limit is not documented. */
const MAX_JSON_BYTES = 1_000_000
/** An upload rejected with less than this to come is read to its end first, so that the client surely gets the answer. */
const MAX_DRAINED_BYTES = 1_000_000

/** A request being answered. */
export class Exchange {
  readonly world: World
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly log: OpenCall
  /** The request's path as sent, without its query: names in it are not normalized. */
  readonly path: string
  /** The query as sent, without the question mark. */
  readonly query: string
  readonly #stopping: AbortSignal
  #mustInviteBody: boolean

  constructor(
    world: World,
    req: IncomingMessage,
    res: ServerResponse,
    options: { readonly log: OpenCall; readonly stopping: AbortSignal; readonly expectsContinue: boolean },
  ) {
    this.world = world
    this.req = req
    this.res = res
    this.log = options.log
    this.#stopping = options.stopping
    this.#mustInviteBody = options.expectsContinue
    const [path, query] = splitUrl(req.url ?? '/')
    this.path = path
    this.query = query
  }

  /** The connection ended before an answer was complete. */
  get isClientGone(): boolean {
    return this.res.destroyed || this.req.socket.destroyed
  }

  /** Waits the configured latency; throws `ConnectionCut` when the client leaves or the server stops meanwhile. */
  async delay(): Promise<void> {
    if (this.world.latencyMs <= 0) return
    const left = new AbortController()
    const leave = (): void => {
      left.abort()
    }
    this.res.once('close', leave)
    try {
      await wait(this.world.latencyMs, undefined, { signal: AbortSignal.any([left.signal, this.#stopping]) })
    } catch {
      throw new ConnectionCut('the connection ended before its answer')
    } finally {
      this.res.off('close', leave)
    }
  }

  /**
   * Reads the body: the first `length` bytes go to `take`, the rest (an upload's trailer) is returned. Throws
   * `ConnectionCut` when the client leaves before its end.
   */
  async readBody(length: number, take: (chunk: Buffer) => void): Promise<Buffer> {
    this.#inviteBody()
    const rest: Buffer[] = []
    let taken = 0
    try {
      for await (const chunk of this.req as AsyncIterable<Buffer>) {
        this.log.bytesReceived += chunk.length
        const wanted = Math.min(chunk.length, length - taken)
        taken += wanted
        if (wanted > 0) take(chunk.subarray(0, wanted))
        if (wanted < chunk.length) rest.push(chunk.subarray(wanted))
      }
    } catch (error) {
      if (!this.req.complete) throw new ConnectionCut('the client left while sending', { cause: error })
      throw error
    }
    return Buffer.concat(rest)
  }

  /** Reads a JSON object; an empty body is an empty object. Throws 400 `bad_json`. */
  async readJson(): Promise<Record<string, unknown>> {
    const chunks: Buffer[] = []
    let bytes = 0
    await this.readBody(Infinity, (chunk) => {
      bytes += chunk.length
      if (bytes <= MAX_JSON_BYTES) chunks.push(chunk)
    })
    if (bytes > MAX_JSON_BYTES) throw new B2Error(400, 'bad_json', 'Request body is too large')
    const text = Buffer.concat(chunks).toString()
    if (text === '') return {}
    try {
      const value: unknown = JSON.parse(text)
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
    } catch {
      // Answered below like every other body that is not an object.
    }
    throw new B2Error(400, 'bad_json', 'Request body is not a JSON object')
  }

  /** Answers 200 with pretty-printed JSON, as B2 does. */
  sendJson(value: unknown): void {
    this.#send(200, 'application/json;charset=UTF-8', value, {})
  }

  /** Answers an error. A 400 closes the connection, and so does any that leaves much of a body unread. */
  async sendError(error: B2Error): Promise<void> {
    this.log.code = error.code
    const isClosing = error.status === 400 || !(await this.#drain())
    const headers = { ...error.headers, ...(isClosing ? { Connection: 'close' } : {}) }
    const body = { code: error.code, message: error.message, status: error.status }
    if (!this.isClientGone) this.#send(error.status, 'application/json;charset=utf-8', body, headers)
  }

  /** Ends the connection without an answer. */
  cut(): void {
    this.log.status = 0
    this.req.socket.destroy()
  }

  /** Reads what is left of a short body. False when there is too much of it, or the client still waits to be asked. */
  async #drain(): Promise<boolean> {
    if (this.req.complete) return true
    const announced = Number(this.req.headers['content-length'] ?? 0)
    if (this.#mustInviteBody || announced - this.log.bytesReceived > MAX_DRAINED_BYTES) return false
    await this.readBody(0, () => {}).catch(() => {})
    return true
  }

  #inviteBody(): void {
    if (this.#mustInviteBody) this.res.writeContinue()
    this.#mustInviteBody = false
  }

  #send(status: number, contentType: string, value: unknown, headers: Readonly<Record<string, string>>): void {
    const body = Buffer.from(JSON.stringify(value, null, 2))
    this.log.status = status
    this.res.writeHead(status, {
      'Content-Type': contentType,
      'Content-Length': body.length,
      'Cache-Control': 'max-age=0, no-cache, no-store',
      ...headers,
    })
    this.res.end(this.req.method === 'HEAD' ? undefined : body)
  }
}

function splitUrl(url: string): [string, string] {
  const mark = url.indexOf('?')
  return mark === -1 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)]
}
