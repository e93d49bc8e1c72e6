import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'
import { MockAgent } from 'undici'
import { afterEach, describe, expect, it } from 'vitest'
import { EngineError, type ErrorCode } from '../../../shared/errors.ts'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import { BandwidthLimit } from '../lib/bandwidth-limit.ts'
import { createHttp, type HttpOptions, type HttpRequest, type StreamedBody } from './http.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => {
    if ('closeAllConnections' in server) server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function listenTo(onSocket: (socket: Socket) => void): Promise<string> {
  return listen(createTcpServer(onSocket))
}

function listenSaying(answer: string): Promise<string> {
  return listenTo((socket) => socket.on('data', () => socket.end(answer)))
}

function open(options: HttpOptions = {}) {
  const http = createHttp(options)
  closers.push(() => http.close())
  return http
}

const get = (url: string): HttpRequest => ({ operation: 'op', method: 'GET', url, headers: {} })
const post = (url: string, body: StreamedBody | Uint8Array): HttpRequest => ({ ...get(url), method: 'POST', body })

async function* endlessly(chunk: Uint8Array, times: number, onGiven?: (given: number) => void) {
  for (let given = 1; given <= times; given++) {
    onGiven?.(given)
    yield chunk
  }
}

describe('send', () => {
  it('streams a body with its length and says who it is', async () => {
    const requests: { headers: NodeJS.Dict<string | string[]>; length: number }[] = []
    const listener: RequestListener = (request, response) => {
      let length = 0
      request.on('data', (chunk: Buffer) => (length += chunk.length))
      request.on('end', () => {
        requests.push({ headers: request.headers, length })
        response.end('done')
      })
    }
    const url = await listen(createServer(listener))
    const http = open({ userAgent: 'Pail/1.2.3', testMode: 'fail_some_uploads' })
    const answer = await http.send(post(url, { contentLength: 3_000, chunks: endlessly(Buffer.alloc(1_000), 3) }))
    expect(answer).toMatchObject({ status: 200, text: 'done' })
    expect(requests[0]?.length).toBe(3_000)
    expect(requests[0]?.headers).toMatchObject({
      'content-length': '3000',
      'user-agent': `Pail/1.2.3+node/${process.versions.node}`,
      'x-bz-test-mode': 'fail_some_uploads',
    })
    expect(requests[0]?.headers['transfer-encoding']).toBeUndefined()
  })

  it.each([0, 3, 100_000])('sends %i bytes that are there already in one piece, with their length', async (length) => {
    const bytes = Buffer.alloc(length, 'abc')
    const received: Buffer[] = []
    const server = createServer((request, response) => {
      request.on('data', (chunk: Buffer) => received.push(chunk))
      request.on('end', () => response.end(request.headers['content-length']))
    })
    expect((await open().send(post(await listen(server), bytes))).text).toBe(String(length))
    expect(Buffer.concat(received).equals(bytes)).toBe(true)
  })

  it('gives up on a server that never answers bytes in one piece, or never takes them', async () => {
    const answersNothing = await listen(createServer((request) => request.resume()))
    const takesNothing = await listen(createServer((request) => request.pause()))
    const http = open({ timeouts: { headersMs: 200 } })
    for (const [url, length] of [
      [answersNothing, 10],
      [takesNothing, 50_000_000],
    ] as const) {
      await expect(http.send(post(url, Buffer.alloc(length)))).rejects.toMatchObject({ code: 'timeout' })
    }
  })

  it('ends with the reason of its signal while bytes in one piece are on their way', async () => {
    const url = await listen(createServer((request) => request.pause()))
    const stop = new AbortController()
    const sending = open().send({ ...post(url, Buffer.alloc(50_000_000)), signal: stop.signal })
    const reason = new Error('enough')
    setImmediate(() => stop.abort(reason))
    await expect(sending).rejects.toBe(reason)
  })

  it('reads characters that arrive in pieces', async () => {
    const text = '€'.repeat(200_000)
    const url = await listen(createServer((_, response) => response.end(text)))
    expect((await open().send(get(url))).text === text).toBe(true)
  })

  it('sends a path as it is written', async () => {
    const url = await listen(createServer((request, response) => response.end(request.url)))
    expect((await open().send(get(`${url}/a/../b//c%2e?x=%2F`))).text).toBe('/a/../b//c%2e?x=%2F')
  })

  it('keeps connections for the next request', async () => {
    const server = createServer((_, response) => response.end())
    let connections = 0
    server.on('connection', () => connections++)
    const url = await listen(server)
    const http = open()
    for (let i = 0; i < 5; i++) await http.send(get(url))
    // undici lets a connection rest for one turn of the event loop before it uses it again.
    expect(connections).toBeLessThanOrEqual(2)
  })

  it('gets the answer of a server that answers early and closes, and stops reading the source', async () => {
    const server = createServer((_, response) => {
      response.writeHead(401, { Connection: 'close' }).end('too early', () => response.socket?.destroy())
    })
    const url = await listen(server)
    let given = 0
    const chunks = endlessly(Buffer.alloc(65_536), 800, (count) => (given = count))
    const answer = await open().send(post(url, { contentLength: 800 * 65_536, chunks }))
    expect(answer).toMatchObject({ status: 401, text: 'too early' })
    expect(given).toBeLessThan(400)
  })

  it('reads no faster than the network takes', async () => {
    const paused = createServer((request) => request.pause())
    const url = await listen(paused)
    let given = 0
    const chunks = endlessly(Buffer.alloc(1_000_000), 1_000, (count) => (given = count))
    const sending = open({ timeouts: { silenceMs: 300 } }).send(post(url, { contentLength: 1_000_000_000, chunks }))
    await expect(sending).rejects.toMatchObject({ code: 'timeout', details: { operation: 'op' } })
    expect(given).toBeLessThan(50)
  })

  it('gives up on a server that never answers a complete upload', async () => {
    const url = await listen(createServer((request) => request.resume()))
    const http = open({ timeouts: { headersMs: 200 } })
    const body = () => ({ contentLength: 10, chunks: endlessly(Buffer.alloc(10), 1) })
    await expect(http.send(post(url, body()))).rejects.toMatchObject({ code: 'timeout' })
    const { signal } = new AbortController()
    await expect(http.send({ ...post(url, body()), signal })).rejects.toMatchObject({ code: 'timeout' })
    await expect(http.send(get(url))).rejects.toMatchObject({ code: 'timeout' })
  })

  it('leaves an answer to an upload all the time it needs once it has begun', async () => {
    const url = await listen(
      createServer((request, response) => {
        request.resume().on('end', () => {
          response.write('slow')
          setTimeout(() => response.end('ly'), 2_500)
        })
      }),
    )
    const body = { contentLength: 10, chunks: endlessly(Buffer.alloc(10), 1) }
    expect((await open({ timeouts: { headersMs: 2_000 } }).send(post(url, body))).text).toBe('slowly')
  })

  it('sends nothing over plain http to another machine', async () => {
    await expect(open().send(get('http://b2.example.com/'))).rejects.toMatchObject({ code: 'realm_not_allowed' })
  })

  it('waits longer for the answer of calls that work long', async () => {
    const url = await listen(createServer((_, response) => setTimeout(() => response.end('worked long'), 2_500)))
    // undici looks at its clock about once a second.
    const http = open({ timeouts: { headersMs: 100, workMs: 60_000 } })
    await expect(http.send(get(url))).rejects.toMatchObject({ code: 'timeout' })
    expect((await http.send({ ...get(url), worksLong: true })).text).toBe('worked long')
  })

  it('gives up on an answer that stops in the middle', async () => {
    const url = await listenTo((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this'))
    const http = open({ timeouts: { silenceMs: 200 } })
    await expect(http.send(get(url))).rejects.toMatchObject({ code: 'timeout' })
  })

  it('has patience with a slow source', async () => {
    const url = await listen(createServer((request, response) => request.resume().on('end', () => response.end('ok'))))
    const silenceMs = 100
    async function* slowly() {
      yield Buffer.alloc(5)
      const { promise, resolve } = Promise.withResolvers<undefined>()
      setTimeout(() => resolve(undefined), 3 * silenceMs)
      await promise
      yield Buffer.alloc(5)
    }
    const answer = await open({ timeouts: { silenceMs } }).send(post(url, { contentLength: 10, chunks: slowly() }))
    expect(answer.text).toBe('ok')
  })

  it('throws what the body throws and never completes the request', async () => {
    let completed = 0
    let closed = 0
    const url = await listen(
      createServer((request, response) => {
        request.resume()
        request.on('end', () => {
          completed++
          response.end()
        })
        request.on('close', () => closed++)
        request.on('error', () => undefined)
      }),
    )
    const reason = new Error('changed')
    async function* breaking() {
      yield Buffer.alloc(10)
      throw reason
    }
    await expect(open().send(post(url, { contentLength: 50, chunks: breaking() }))).rejects.toBe(reason)
    await expect.poll(() => closed).toBe(1)
    expect(completed).toBe(0)
  })

  it('throws the reason of an aborted signal, before and during the request', async () => {
    const url = await listen(createServer((request) => request.resume()))
    // Also one that looks like a failure of the network.
    const reason = Object.assign(new Error('stop'), { code: 'ECONNRESET' })
    await expect(open().send({ ...get(url), signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const controller = new AbortController()
    const sending = open().send({ ...get(url), signal: controller.signal })
    controller.abort(reason)
    await expect(sending).rejects.toBe(reason)
  })

  it('ends what is under way like an abort when it is closed', async () => {
    const arrived = Promise.withResolvers<undefined>()
    const url = await listen(createServer(() => arrived.resolve(undefined)))
    const http = createHttp()
    const sending = http.send(get(url))
    await Promise.all([expect(sending).rejects.toMatchObject({ name: 'AbortError' }), arrived.promise.then(http.close)])
  })

  it('ends what is under way as broken off when its way is changed, and goes the new way from then on', async () => {
    const arrived = Promise.withResolvers<undefined>()
    let count = 0
    const url = await listen(
      createServer((_, response) => {
        count += 1
        if (count > 1) response.end('there')
        else arrived.resolve(undefined)
      }),
    )
    let changed = (): void => undefined
    const reads: number[] = []
    const network = {
      read: () => {
        reads.push(count)
        return {}
      },
      onChanged: (listener: () => void) => {
        changed = listener
        return () => undefined
      },
    }
    const http = open({ network })
    const sending = http.send(get(url))
    await Promise.all([
      expect(sending).rejects.toMatchObject({ code: 'connection_reset' }),
      arrived.promise.then(() => changed()),
    ])
    expect(await http.send(get(url))).toMatchObject({ text: 'there' })
    expect(reads).toEqual([0, 1])
    await http.close()
    await expect(http.send(get(url))).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('asks for its settings anew where they could not be read', async () => {
    const url = await listen(createServer((_, response) => response.end('there')))
    let isLocked = true
    const network = {
      read: async () => {
        await Promise.resolve()
        if (isLocked) throw new EngineError('keychain_unavailable', 'locked')
        return {}
      },
      onChanged: () => () => undefined,
    }
    const http = open({ network })
    await expect(http.send(get(url))).rejects.toMatchObject({ code: 'keychain_unavailable' })
    isLocked = false
    expect(await http.send(get(url))).toMatchObject({ text: 'there' })
  })

  const misbehaving: readonly (readonly [string, ErrorCode, () => string | Promise<string>])[] = [
    ['refuses', 'network_unreachable', () => 'http://127.0.0.1:1'],
    ['resets', 'connection_reset', () => listenTo((socket) => socket.resetAndDestroy())],
    ['hangs up', 'connection_reset', () => listenSaying('')],
    [
      'breaks off its answer',
      'connection_reset',
      () => listenSaying('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort'),
    ],
    ['speaks no HTTP', 'not_a_b2_service', () => listenSaying('SSH-2.0\r\n')],
  ]
  it.each(misbehaving)('when a server %s, it is %s', async (_, code, start) => {
    const url = await start()
    await expect(open().send(get(url))).rejects.toMatchObject({ name: 'EngineError', code })
  })

  it.each([
    ['ENOTFOUND', 'network_unreachable'],
    ['UND_ERR_CONNECT_TIMEOUT', 'network_unreachable'],
    ['ENETUNREACH', 'network_unreachable'],
    ['ETIMEDOUT', 'timeout'],
    ['CERT_HAS_EXPIRED', 'not_a_b2_service'],
  ])('calls %s %s', async (nodeCode, code) => {
    const dispatcher = new MockAgent()
    dispatcher.disableNetConnect()
    dispatcher
      .get('https://api.backblazeb2.com')
      .intercept({ path: '/x' })
      .replyWithError(Object.assign(new Error('failed'), { code: nodeCode }))
    await expect(open({ dispatcher }).send(get('https://api.backblazeb2.com/x'))).rejects.toMatchObject({ code })
  })
})

describe('open', () => {
  it('gives the bytes as they come and receives no faster than they are taken', async () => {
    let written = 0
    const chunk = Buffer.alloc(1_000_000)
    const server = createServer((_, response) => {
      const writeMore = (): void => {
        while (written < 500_000_000 && !response.destroyed) {
          written += chunk.length
          if (!response.write(chunk)) {
            response.once('drain', writeMore)
            return
          }
        }
      }
      writeMore()
    })
    const http = open()
    const stream = await http.open(get(await listen(server)))
    for await (const bytes of stream.chunks) {
      expect(bytes.length).toBeGreaterThan(0)
      break
    }
    stream.discard()
    expect(written).toBeLessThan(50_000_000)
  })

  it('says what happened to a body that ends early', async () => {
    const http = open()
    const url = await listenSaying('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort')
    const stream = await http.open(get(url))
    const read = async (): Promise<void> => {
      for await (const bytes of stream.chunks) expect(bytes.toString()).not.toBe('')
    }
    await expect(read()).rejects.toMatchObject({ code: 'connection_reset' })
  })

  it('leaves a body that nobody wants', async () => {
    const server = createServer((_, response) => response.writeHead(200, { 'Content-Length': 10 ** 9 }).write('x'))
    const closed = new Promise((resolve) => server.on('request', (_, response) => response.once('close', resolve)))
    const stream = await open().open(get(await listen(server)))
    stream.discard()
    await closed
  })
})

describe('a throttle', () => {
  const SILENCE_MS = 1_000
  const turn = () => new Promise(setImmediate)

  /** One limit each way, on a clock that stands still. */
  function throttled(upPerSecond: number | null, downPerSecond: number | null, timeouts: HttpOptions['timeouts'] = {}) {
    const clock = new FakeClock({ startMs: 0 })
    const throttle = {
      up: new BandwidthLimit(clock, upPerSecond),
      down: new BandwidthLimit(clock, downPerSecond),
    }
    return { clock, throttle, http: open({ throttle, timeouts }) }
  }

  /** Lets the time of the limits pass, only while somebody waits for them, until the work is done. */
  async function drive<T>(clock: FakeClock, work: Promise<T>): Promise<T> {
    const state = { isDone: false }
    const end = () => (state.isDone = true)
    work.then(end, end)
    while (!state.isDone) {
      if (clock.sleeping > 0) clock.advance(1)
      await turn()
    }
    return work
  }

  function counting(onBytes: (count: number) => void): Promise<string> {
    return listen(
      createServer((request, response) => {
        request.on('data', (chunk: Buffer) => {
          onBytes(chunk.length)
        })
        request.on('end', () => response.end('ok'))
      }),
    )
  }

  it('lets all uploads together bring so many bytes a second to the server', async () => {
    const { clock, http } = throttled(200_000, null)
    let received = 0
    const url = await counting((count) => {
      received += count
      // Never ahead of the limit: a tenth of a second may be made up for, and a slice is given at once.
      expect(received).toBeLessThanOrEqual(200 * clock.now() + 24_000)
    })
    const chunk = Buffer.alloc(65_536)
    const body = () => ({ contentLength: 8 * chunk.length, chunks: endlessly(chunk, 8) })
    const answers = await drive(clock, Promise.all([1, 2, 3, 4].map(() => http.send(post(url, body())))))
    expect(answers.map(({ text }) => text)).toEqual(['ok', 'ok', 'ok', 'ok'])
    expect(received).toBe(32 * 65_536)
    expect(clock.now() / (received / 200)).toBeGreaterThan(0.97)
    expect(clock.now() / (received / 200)).toBeLessThan(1.03)
  })

  it('counts bytes in one piece as well', async () => {
    const { clock, http } = throttled(200_000, null)
    const url = await counting(() => undefined)
    const body = Buffer.alloc(50_000)
    const request: HttpRequest = { ...get(url), method: 'POST', body }
    const answers = await drive(clock, Promise.all(Array.from({ length: 20 }, () => http.send(request))))
    expect(answers.map(({ text }) => text)).toEqual(Array.from({ length: 20 }, () => 'ok'))
    expect(clock.now()).toBeGreaterThan(4_850)
    expect(clock.now()).toBeLessThan(5_150)
  })

  it('lets all downloads together take so many bytes a second', async () => {
    const { clock, http } = throttled(null, 200_000)
    const url = await listen(createServer((_, response) => response.end(Buffer.alloc(500_000))))
    let received = 0
    const download = async () => {
      const stream = await http.open(get(url))
      for await (const chunk of stream.chunks) {
        received += chunk.length
        expect(received).toBeLessThanOrEqual(200 * clock.now() + 24_000)
      }
    }
    await drive(clock, Promise.all([download(), download(), download()]))
    expect(received).toBe(1_500_000)
    expect(clock.now() / (received / 200)).toBeGreaterThan(0.97)
    expect(clock.now() / (received / 200)).toBeLessThan(1.03)
  })

  it('is no silence, however long it lets a body stand still', async () => {
    const { clock, http } = throttled(10_000, 10_000, { silenceMs: SILENCE_MS })
    let isUploaded = false
    const url = await listen(
      createServer((request, response) => {
        request.resume().on('end', () => {
          isUploaded = true
          response.end(Buffer.alloc(200_000))
        })
      }),
    )
    let taken = 0
    const work = async () => {
      const body = { contentLength: 5_000, chunks: endlessly(Buffer.alloc(5_000), 1) }
      const stream = await http.open(post(url, body))
      for await (const chunk of stream.chunks) taken += chunk.length
    }
    const working = work()
    const standStill = async (forMs: number) => {
      while (clock.sleeping === 0) await turn()
      const { promise, resolve } = Promise.withResolvers<undefined>()
      setTimeout(() => resolve(undefined), forMs)
      await promise
    }
    await standStill(2 * SILENCE_MS)
    expect(isUploaded).toBe(false)
    while (taken < 2_000) {
      if (clock.sleeping > 0) clock.advance(100)
      await turn()
    }
    // undici looks at its own clock about once a second.
    await standStill(3 * SILENCE_MS)
    await drive(clock, working)
    expect(taken).toBe(200_000)
  })

  it('waits no longer for uploads that are stopped, and nobody waits behind them', async () => {
    const { clock, throttle, http } = throttled(10_000, null)
    const url = await counting(() => undefined)
    const controller = new AbortController()
    const { signal } = controller
    const reason = new Error('stop')
    const began = Promise.withResolvers<undefined>()
    let beginning = 0
    const body = () => ({
      contentLength: 1_000_000,
      chunks: endlessly(Buffer.alloc(1_000_000), 1, () => {
        if (++beginning === 50) began.resolve(undefined)
      }),
    })
    const sending = Array.from({ length: 50 }, () => http.send({ ...post(url, body()), signal }))
    const rejected = Promise.all(sending.map((each) => expect(each).rejects.toBe(reason)))
    await began.promise
    await turn()
    controller.abort(reason)
    await rejected
    const startMs = clock.now()
    await drive(clock, throttle.up.take(1_000, new AbortController().signal))
    expect(clock.now() - startMs).toBeLessThanOrEqual(100)
  })

  it('holds up neither questions nor their answers', async () => {
    const { clock, http } = throttled(10_000, 10_000)
    const url = await listen(createServer((_, response) => response.end('x'.repeat(100_000))))
    expect((await http.send({ ...get(url), method: 'POST', body: 'y'.repeat(100_000) })).text).toHaveLength(100_000)
    expect(clock.sleeps).toEqual([])
  })
})
