/**
 * The HTTP side: listens on loopback, finds the handler of each request, answers errors the way B2 does, and keeps the
 * call log. Knows nothing of files and buckets.
 */
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { keyOfBasicHeader, keyOfRequest, requireCapability } from './auth.ts'
import { openCall } from './calls.ts'
import { downloadById, downloadByName } from './download.ts'
import { B2Error, ConnectionCut, ForeignAnswer, notFound } from './errors.ts'
import { Exchange } from './exchange.ts'
import { authorizeAccount } from './operations/authorize.ts'
import { paramsOfQuery } from './operations/operation.ts'
import { OPERATIONS } from './operations/table.ts'
import { callsOfNewToken } from './test-modes.ts'
import { uploadFile, uploadPart } from './upload.ts'
import type { World } from './world.ts'

const HOST = '127.0.0.1'

/** Longer than clients keep idle connections, so that it is not the server that closes under a new request. */
const KEEP_ALIVE_MS = 120_000

/** The calls that go to an upload URL, which has more path after the name. */
const UPLOADS: Readonly<Record<string, (exchange: Exchange, apiVersion: number) => Promise<void>>> = {
  upload_file: uploadFile,
  upload_part: uploadPart,
}

/** What a server needs to speak https: both as PEM. */
export type TlsOptions = { readonly key: string; readonly cert: string }

/** The listening server. It can be made unreachable and come back on the same port. */
export class EmulatorServer {
  readonly #world: World
  readonly #http: Server
  readonly #active = new Set<Promise<void>>()
  #connections = 0
  #stopping = new AbortController()
  readonly #scheme: 'http' | 'https'
  #port = 0

  /** Speaks https when it is given a key and certificate. */
  constructor(world: World, tls?: TlsOptions) {
    this.#world = world
    this.#scheme = tls === undefined ? 'http' : 'https'
    // Uploads may take as long as they like; Node's default would cut them after 5 minutes.
    const options = { requestTimeout: 0, keepAliveTimeout: KEEP_ALIVE_MS }
    this.#http = tls === undefined ? createServer(options) : createTlsServer({ ...options, ...tls })
    this.#http.on('connection', (socket) => {
      this.#connections += 1
      socket.once('close', () => (this.#connections -= 1))
    })
    this.#http.on('request', (req, res) => {
      this.#track(req, res, false)
    })
    // With `Expect: 100-continue` a rejection reaches the client before it sends the body.
    this.#http.on('checkContinue', (req: IncomingMessage, res: ServerResponse) => {
      this.#track(req, res, true)
    })
  }

  /** Listens on the port, or on a free one for 0; the same one again after `close`. Throws when it is taken. */
  async listen(port: number): Promise<void> {
    if (this.#http.listening) return
    this.#stopping = new AbortController()
    this.#http.listen(this.#port === 0 ? port : this.#port, HOST)
    await once(this.#http, 'listening')
    this.#port = (this.#http.address() as AddressInfo).port
    this.#world.realm = `${this.#scheme}://${HOST}:${this.#port}`
  }

  /** Refuses new connections, cuts the present ones, and waits until no handler runs any more. */
  async close(): Promise<void> {
    this.#stopping.abort()
    if (this.#http.listening) {
      const closed = once(this.#http, 'close')
      this.#http.close()
      this.#http.closeAllConnections()
      await closed
    }
    await Promise.allSettled(this.#active)
  }

  /** Requests that have arrived and are not answered yet. */
  get inFlight(): number {
    return this.#active.size
  }

  /** Connections that were accepted and are not closed yet. */
  get connections(): number {
    return this.#connections
  }

  #track(req: IncomingMessage, res: ServerResponse, expectsContinue: boolean): void {
    const answered = this.#answer(req, res, expectsContinue)
    this.#active.add(answered)
    void answered.finally(() => this.#active.delete(answered))
  }

  async #answer(req: IncomingMessage, res: ServerResponse, expectsContinue: boolean): Promise<void> {
    const world = this.#world
    const startedAt = world.now()
    const started = performance.now()
    const log = openCall('unknown', req.method ?? '', startedAt)
    const exchange = new Exchange(world, req, res, { log, stopping: this.#stopping.signal, expectsContinue })
    try {
      await route(exchange)
    } catch (error) {
      await answerFailure(exchange, error)
    }
    log.durationMs = Math.round(performance.now() - started)
    world.calls.add(log)
    world.cursors.ended(log)
  }
}

async function answerFailure(exchange: Exchange, error: unknown): Promise<void> {
  if (error instanceof B2Error || error instanceof ForeignAnswer) {
    await exchange.sendError(error)
  } else if (error instanceof ConnectionCut || exchange.isClientGone) {
    exchange.cut()
  } else {
    process.stderr.write(`b2-emulator: ${exchange.log.operation}: ${String((error as Error).stack ?? error)}\n`)
    if (exchange.res.headersSent) exchange.cut()
    else await exchange.sendError(new B2Error(500, 'internal_error', String(error)))
  }
}

async function route(exchange: Exchange): Promise<void> {
  const { path, log } = exchange
  if (path.startsWith('/file/')) {
    log.operation = 'download_file_by_name'
    await exchange.delay()
    await exchange.meetFault()
    await downloadByName(exchange)
    return
  }
  const [, version = '', operation = '', rest = ''] = /^\/b2api\/v([1-4])\/b2_([a-z_]+)(\/.*)?$/.exec(path) ?? []
  const apiVersion = Number(version)
  const upload = UPLOADS[operation]
  if (operation === '' || (rest !== '' && upload === undefined)) throw notFound(`Unknown URL: ${path}`)
  log.operation = operation
  if (upload !== undefined) {
    await upload(exchange, apiVersion)
    return
  }
  await exchange.delay()
  await exchange.meetFault()
  if (operation === 'download_file_by_id') {
    await downloadById(exchange)
    return
  }
  await callOperation(exchange, operation, apiVersion)
}

async function callOperation(exchange: Exchange, name: string, apiVersion: number): Promise<void> {
  const { world, req, log } = exchange
  const { method } = req
  if (method !== 'GET' && method !== 'POST')
    throw new B2Error(405, 'method_not_allowed', `Method not allowed: ${method}`)
  const params = method === 'GET' ? paramsOfQuery(exchange.query) : await exchange.readJson()
  if (name === 'authorize_account') {
    const key = keyOfBasicHeader(world, req)
    log.applicationKeyId = key.applicationKeyId
    await exchange.sendJson(authorizeAccount(world, key, apiVersion, callsOfNewToken(req, world.random)))
    return
  }
  const operation = OPERATIONS[name]
  if (operation === undefined) throw notFound(`Unknown operation: b2_${name}`)
  const key = keyOfRequest(world, req)
  log.applicationKeyId = key.applicationKeyId
  requireCapability(key, operation.capability)
  const answer = await operation.run({ world, key, apiVersion, log }, params)
  if (world.cursors.isIgnored(key.applicationKeyId, name, params)) {
    world.violations.push({ kind: 'listing-ignored-its-cursor', operation: name, params, at: world.now() })
  }
  await exchange.sendJson(answer)
  world.cursors.answered(key.applicationKeyId, name, params, answer)
}
