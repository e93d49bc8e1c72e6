/** One HTTP request and its answer, with the log entry that is written about it. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { OpenCall } from './calls.ts'
import { B2Error, ConnectionCut, expiredAuthToken } from './errors.ts'
import type { ForeignAnswer } from './errors.ts'
import { answerOf } from './faults.ts'
import type { Fault } from './faults.ts'
import { Wire } from './wire.ts'
import { meetTestMode } from './test-modes.ts'
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
  readonly #wire: Wire
  #mustInviteBody: boolean
  #fault: Fault | undefined

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
    this.#wire = new Wire(world, req, res, options.stopping)
    this.#mustInviteBody = options.expectsContinue
    const [path, query] = splitUrl(req.url ?? '/')
    this.path = path
    this.query = query
  }

  /** The connection ended before an answer was complete. */
  get isClientGone(): boolean {
    return this.#wire.isClosed
  }

  /** Waits the configured latency; throws `ConnectionCut` when the client leaves or the server stops meanwhile. */
  async delay(): Promise<void> {
    await this.#wire.waitForLine()
  }

  /**
   * Counts the request, does what the client's `X-Bz-Test-Mode` asks for, and takes the fault that waits for this call, if one does. Throws
   * when it keeps the call from being worked on; others show while the body is read or the answer is sent.
   */
  async meetFault(): Promise<void> {
    this.world.rateLimit.meet(this.world.now())
    meetTestMode(this.req, this.log.operation, this.world.random)
    const fault = this.world.faults.take(this.log.operation)
    if (fault === undefined) return
    const kind = fault.kind ?? 'answer'
    this.#fault = fault
    this.log.fault = kind
    if (kind === 'answer' || kind === 'cap' || kind === 'not-json') throw answerOf(fault)
    if (kind === 'expired-token' && this.world.tokens.expireOne(this.#token)) throw expiredAuthToken()
    const isBefore = !this.#isDownload && !this.#hasBody
    if (kind === 'cut-before' || (kind === 'cut-midway' && isBefore)) throw new ConnectionCut('cut by a scripted fault')
    if (kind === 'stall-before' || (kind === 'stall-midway' && isBefore)) await this.#wire.stall()
  }

  /** A scripted fault damages the bytes of this upload. */
  get isDamaged(): boolean {
    return this.#fault?.kind === 'wrong-sha1'
  }

  /**
   * Reads the body: the first `length` bytes go to `take`, which may answer a promise to wait for; the rest (an upload's
   * trailer) is returned. Throws `ConnectionCut` when the client leaves before its end.
   */
  async readBody(length: number, take: (chunk: Buffer) => Promise<unknown> | undefined): Promise<Buffer> {
    this.#inviteBody()
    const rest: Buffer[] = []
    let taken = 0
    await this.#wire.read(
      (chunk) => {
        this.log.bytesReceived += chunk.length
        const wanted = Math.min(chunk.length, length - taken)
        taken += wanted
        if (wanted < chunk.length) rest.push(chunk.subarray(wanted))
        return wanted === 0 ? undefined : take(wanted === chunk.length ? chunk : chunk.subarray(0, wanted))
      },
      this.#isDownload ? undefined : this.#fault,
    )
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

  /** Answers 200 with pretty-printed JSON, as B2 does. Throws `ConnectionCut` when a fault keeps the answer back. */
  async sendJson(value: unknown): Promise<void> {
    await this.#loseAnswer()
    // A string goes out in one piece with its head.
    const text = JSON.stringify(value, null, 2)
    const length = Buffer.byteLength(text)
    this.#writeHead(200, 'application/json;charset=UTF-8', length, {})
    if (this.req.method === 'HEAD') this.res.end()
    else if (this.#fault?.kind !== 'truncated' && !this.#isSlow) this.res.end(text)
    else await this.#wire.write(Readable.from([Buffer.from(text)]), length, this.#fault)
  }

  /** Answers an error. A 400 closes the connection, and so does any that leaves much of a body unread. */
  async sendError(error: B2Error | ForeignAnswer): Promise<void> {
    const isClosing = error.status === 400 || !(await this.#drain())
    const headers = { ...error.headers, ...(isClosing ? { Connection: 'close' } : {}) }
    if (this.isClientGone) return
    if (error instanceof B2Error) this.log.code = error.code
    const body = Buffer.from(error instanceof B2Error ? jsonOf(error) : error.message)
    const contentType = error instanceof B2Error ? 'application/json;charset=utf-8' : 'text/html'
    this.#writeHead(error.status, contentType, body.length, headers)
    this.res.end(this.req.method === 'HEAD' ? undefined : body)
  }

  /**
   * Answers the bytes of a file; `body` is asked for them only when any are to be sent. Throws `ConnectionCut` when the
   * client leaves or a fault ends the answer early.
   */
  async sendContent(
    status: number,
    headers: Readonly<Record<string, string>>,
    length: number,
    body: () => Readable,
  ): Promise<void> {
    await this.#loseAnswer()
    const isEmpty = this.req.method === 'HEAD' || length === 0
    if (isEmpty && this.#fault?.kind === 'cut-midway') throw new ConnectionCut('cut by a scripted fault')
    if (isEmpty && this.#fault?.kind === 'stall-midway') await this.#wire.stall()
    this.log.status = status
    this.res.writeHead(status, { ...headers, 'Content-Length': length })
    if (isEmpty) this.res.end()
    else await this.#wire.write(body(), length, this.#fault)
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

  #writeHead(status: number, contentType: string, length: number, headers: Readonly<Record<string, string>>): void {
    this.log.status = status
    this.res.writeHead(status, {
      'Content-Type': contentType,
      'Content-Length': length,
      'Cache-Control': 'max-age=0, no-cache, no-store',
      ...headers,
    })
  }

  /** Once all work is done: cuts or stalls when a fault wants that instead of an answer. */
  async #loseAnswer(): Promise<void> {
    if (this.#fault?.kind === 'cut-after') throw new ConnectionCut('cut after the work was done')
    if (this.#fault?.kind === 'stall-after') await this.#wire.stall()
  }

  get #isSlow(): boolean {
    return this.#fault?.kind === 'slow' || this.world.bytesPerSecond < Infinity
  }

  get #isDownload(): boolean {
    return this.log.operation.startsWith('download_')
  }

  get #hasBody(): boolean {
    const { headers } = this.req
    return (headers['content-length'] ?? '0') !== '0' || headers['transfer-encoding'] !== undefined
  }

  /** The token that came with the request, wherever it may come. */
  get #token(): string {
    return this.req.headers.authorization ?? new URLSearchParams(this.query).get('Authorization') ?? ''
  }
}

function jsonOf({ code, message, status }: B2Error): string {
  return JSON.stringify({ code, message, status }, null, 2)
}

function splitUrl(url: string): [string, string] {
  const mark = url.indexOf('?')
  return mark === -1 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)]
}
