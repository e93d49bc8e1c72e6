/** Answers that B2 should never give, from a server that gives them: the client neither hangs, storms, nor breaks. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createB2Client, type B2Client } from '../../main/engine/b2/client.ts'
import { INTERACTIVE } from '../../main/engine/b2/retry.ts'
import { allBytes, inPieces, sha1Of } from '../support/b2-bench.ts'
import { FakeClock } from '../support/fake-clock.ts'

type Answer = (response: ServerResponse, request: IncomingMessage) => unknown

let server: Server
let realm: string
let clock: FakeClock
let client: B2Client
/** What the server answers, by a part of the path; the first that fits. */
let answers: Record<string, Answer>
let asked: string[]

beforeEach(async () => {
  answers = {}
  asked = []
  server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push(path)
    const answer = Object.entries(answers).find(([part]) => path.includes(part))?.[1]
    request.resume().on('end', () => (answer ?? authorize)(response, request))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  realm = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  clock = new FakeClock({ skipsSleeps: true })
  // Longer than a test: what ends does not end because time is up.
  const timeouts = { headersMs: 600_000, silenceMs: 600_000 }
  client = createB2Client({ realm, applicationKeyId: 'id', applicationKey: 'key', clock, random: () => 0.5, timeouts })
})
afterEach(async () => {
  await client.close()
  server.closeAllConnections()
  server.close()
})

const json = (value: unknown, status = 200): Answer => {
  return (response) => response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value))
}
const account = (addresses: object = {}): Answer =>
  json({
    accountId: 'a',
    authorizationToken: 'token',
    apiInfo: {
      storageApi: {
        apiUrl: realm,
        downloadUrl: realm,
        ...addresses,
        allowed: {
          capabilities: ['listFiles', 'listKeys', 'readFiles', 'writeFiles'],
          buckets: null,
          namePrefix: null,
        },
      },
    },
  })
const authorize: Answer = (response, request) => account()(response, request)

const aFile = {
  'x-bz-file-id': 'f',
  'x-bz-file-name': 'name',
  'x-bz-content-sha1': 'none',
  'x-bz-upload-timestamp': '1',
}
const countOf = (part: string) => asked.filter((path) => path.includes(part)).length
const anUpload = { bucketId: 'b', fileName: 'name', contentLength: 1, srcLastModifiedMillis: 1 }
const upload = () => client.uploadFile({ ...anUpload, makeBody: () => inPieces(Buffer.from('x')) })

describe('a download', () => {
  it('that never brings a byte ends after a few tries, with waits between them', async () => {
    const headers = { ...aFile, 'Content-Range': 'bytes 0-4/5', 'Content-Length': '0' }
    answers['/file/'] = (response) => response.writeHead(206, headers).end()
    await expect(client.downloadFile({ bucketName: 'bucket', fileName: 'name' })).rejects.toMatchObject({
      code: 'connection_reset',
    })
    expect(countOf('/file/')).toBe(8)
    expect(clock.sleeps).toHaveLength(7)
  })

  it('that brings one byte a connection ends after a few tries', async () => {
    const drip: Answer = (response, request) => {
      const first = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
      const headers = { ...aFile, 'Content-Length': String(100 - first), 'Content-Range': `bytes ${first}-99/100` }
      response.writeHead(206, headers).write('x', () => response.destroy())
    }
    answers['/file/'] = drip
    answers['by_id'] = drip
    const { chunks } = await client.downloadFile({ bucketName: 'bucket', fileName: 'name' })
    await expect(allBytes(chunks)).rejects.toMatchObject({ code: 'connection_reset' })
    expect(countOf('by_id')).toBe(7)
    expect(clock.sleeps).toHaveLength(7)
  })

  it('whose connection breaks again and again goes on as long as each one brings much', async () => {
    const size = 20 * 70_000
    const broken: Answer = (response, request) => {
      const first = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
      const headers = { 'Content-Length': String(size - first), 'Content-Range': `bytes ${first}-${size - 1}/${size}` }
      response.writeHead(206, { ...aFile, ...headers }).write(Buffer.alloc(70_000), () => response.destroy())
    }
    answers['/file/'] = broken
    answers['by_id'] = broken
    const { chunks } = await client.downloadFile({ bucketName: 'bucket', fileName: 'name' })
    expect(await allBytes(chunks)).toHaveLength(size)
    expect(clock.sleeps).toEqual([])
  })

  it('that stops being HTTP in its middle is not gone on with', async () => {
    const speaking = Promise.withResolvers<Socket | null>()
    answers['/file/'] = (response) => {
      response.writeHead(206, { ...aFile, 'Content-Range': 'bytes 0-9/10' }).write('x')
      speaking.resolve(response.socket)
    }
    const { chunks } = await client.downloadFile({ bucketName: 'bucket', fileName: 'name' })
    const socket = await speaking.promise
    socket?.write('not the length of a chunk\r\n')
    await expect(allBytes(chunks)).rejects.toMatchObject({ code: 'not_a_b2_service' })
    expect(countOf('by_id')).toBe(0)
  })

  it.each([
    ['its id', { 'x-bz-file-name': 'name', 'Content-Length': '1000' }],
    ['its length', aFile],
  ])('that does not tell %s is not B2’s, and its connection is ended', async (_, headers) => {
    const closed: Promise<unknown>[] = []
    answers['/file/'] = (response) => {
      closed.push(once(response, 'close'))
      response.writeHead(200, headers).write('x')
    }
    const download = client.downloadFile({ bucketName: 'bucket', fileName: 'name' }, { patience: INTERACTIVE })
    await expect(download).rejects.toMatchObject({ code: 'b2_service_error' })
    expect(closed).toHaveLength(2)
    await Promise.all(closed)
  })

  it.each([
    ['of the bytes in capitals', sha1Of('content').toUpperCase(), undefined],
    ['of other bytes in capitals', sha1Of('other').toUpperCase(), 'checksum_mismatch'],
    ['of the bytes that B2 has not verified', `unverified:${sha1Of('content')}`, undefined],
    ['of other bytes that B2 has not verified', `unverified:${sha1Of('other')}`, 'checksum_mismatch'],
  ])('is compared with the SHA-1 %s', async (_, sha1, code) => {
    answers['/file/'] = (response) =>
      response.writeHead(200, { ...aFile, 'x-bz-content-sha1': sha1, 'Content-Length': '7' }).end('content')
    const { chunks } = await client.downloadFile({ bucketName: 'bucket', fileName: 'name' })
    const read = await allBytes(chunks).catch((error: unknown) => error)
    if (code === undefined) expect(String(read)).toBe('content')
    else expect(read).toMatchObject({ code })
  })

  it('leaves its connection to the next one', async () => {
    let connections = 0
    server.on('connection', () => connections++)
    const content = Buffer.alloc(1_000_000)
    answers['/file/'] = (response) =>
      response.writeHead(200, { ...aFile, 'Content-Length': String(content.length) }).end(content)
    for (let i = 0; i < 5; i++) {
      await allBytes((await client.downloadFile({ bucketName: 'bucket', fileName: 'name' })).chunks)
    }
    // undici lets a connection rest for one turn of the event loop before it uses it again.
    expect(connections).toBeLessThanOrEqual(2)
  })

  it('by id asks for just that id', async () => {
    answers['by_id'] = (response) => response.writeHead(200, { ...aFile, 'Content-Length': '0' }).end()
    await client.headFile({ fileId: 'a&b=c' })
    expect(asked.at(-1)).toBe('/b2api/v4/b2_download_file_by_id?fileId=a%26b%3Dc')
  })

  it('of a range that is answered with everything ends after the bytes that were wanted', async () => {
    answers['/file/'] = (response) =>
      response.writeHead(200, { ...aFile, 'Content-Length': String(50_000_000) }).end(Buffer.alloc(50_000_000))
    const { chunks } = await client.downloadFile(
      { bucketName: 'bucket', fileName: 'name' },
      { range: { first: 0, last: 9 } },
    )
    let count = 0
    for await (const chunk of chunks) {
      count += 1
      expect(chunk).toHaveLength(10)
    }
    expect(count).toBe(1)
  })

  it('of other bytes than were asked for is not taken for them', async () => {
    answers['/file/'] = (response) => response.writeHead(200, { ...aFile, 'Content-Length': '5' }).end('01234')
    const download = client.downloadFile({ bucketName: 'bucket', fileName: 'name' }, { range: { first: 2, last: 3 } })
    await expect(download).rejects.toMatchObject({ code: 'b2_service_error' })
  })

  it('ends its connection when it is not wanted after all', async () => {
    const closed = Promise.withResolvers<unknown>()
    answers['/file/'] = (response) => {
      response.once('close', closed.resolve)
      response.writeHead(200, { ...aFile, 'Content-Length': String(10 ** 9) }).write('x')
    }
    const download = await client.downloadFile({ bucketName: 'bucket', fileName: 'name' })
    download.discard()
    await closed.promise
  })

  it('whose name cannot be decoded has it as it was sent', async () => {
    answers['/file/'] = (response) =>
      response.writeHead(200, { ...aFile, 'x-bz-file-name': '100%', 'Content-Length': '0' }).end()
    expect(await client.headFile({ bucketName: 'bucket', fileName: 'name' })).toMatchObject({ fileName: '100%' })
  })

  it('that some other server does not know is not said to be absent', async () => {
    answers['/file/'] = (response) => response.writeHead(404).end('<html>')
    const download = client.downloadFile({ bucketName: 'bucket', fileName: 'name' })
    await expect(download).rejects.toMatchObject({ code: 'b2_refused' })
  })

  it('that HEAD may not see is asked about with one fresh token, not with many', async () => {
    answers['/file/'] = (response) => response.writeHead(401).end()
    const head = client.headFile({ bucketName: 'bucket', fileName: 'name' })
    await expect(head).rejects.toMatchObject({ code: 'bucket_not_allowed' })
    expect([countOf('/file/'), countOf('authorize')]).toEqual([2, 2])
  })
})

describe('an upload', () => {
  it.each([
    ['another name', { fileName: 'other', contentSha1: sha1Of('x') }],
    ['other bytes', { fileName: 'name', contentSha1: sha1Of('y') }],
    ['who knows what', { fileName: 'name' }],
  ])('of which B2 says that it has stored %s is not sent again', async (_, stored) => {
    answers['get_upload_url'] = json({ uploadUrl: `${realm}/pod`, authorizationToken: 'upload' })
    answers['/pod'] = json({ fileId: 'f', action: 'upload', contentLength: 1, uploadTimestamp: 1, ...stored })
    await expect(upload()).rejects.toMatchObject({ code: 'b2_refused' })
    expect(countOf('/pod')).toBe(1)
  })

  it.each([
    ['a space in its URL', () => ({ uploadUrl: `${realm}/po d`, authorizationToken: 'upload' })],
    ['a line end in its token', () => ({ uploadUrl: `${realm}/pod`, authorizationToken: 'up\nload' })],
  ])('with %s waits for a better one', async (_, answer) => {
    answers['get_upload_url'] = json(answer())
    await expect(upload()).rejects.toMatchObject({ code: 'b2_service_error' })
    expect(countOf('/pod')).toBe(0)
  })
})

describe('a token', () => {
  it.each(['apiUrl', 'downloadUrl'])('is not taken with an unsafe %s', async (address) => {
    answers['authorize_account'] = account({ [address]: 'http://b2.example.com' })
    await expect(client.authorize()).rejects.toMatchObject({ code: 'realm_not_allowed' })
  })

  it('that is on its way keeps nobody who gives up, and arrives for the others', async () => {
    const arrived = Promise.withResolvers<() => unknown>()
    answers['authorize_account'] = (...exchange) => arrived.resolve(() => authorize(...exchange))
    const stop = new AbortController()
    const reason = new Error('enough')
    const [given, other] = [client.account({ signal: stop.signal }), client.account()]
    const release = await arrived.promise
    stop.abort(reason)
    await expect(given).rejects.toBe(reason)
    release()
    expect(await other).toMatchObject({ accountId: 'a' })
    expect(countOf('authorize')).toBe(1)
  })
})

describe('a call that must not be made twice', () => {
  it('is looked for before every further try once it may have been made', async () => {
    const tries: Answer[] = [
      (response) => response.destroy(),
      json({ code: 'service_unavailable', message: '', status: 503 }, 503),
    ]
    const noMore = json({ code: 'bad_request', message: 'once too often', status: 400 }, 400)
    answers['b2_start_large_file'] = (...exchange) => (tries.shift() ?? noMore)(...exchange)
    const file = { fileId: 'f', fileName: 'name', action: 'start', contentLength: 0, uploadTimestamp: 1 }
    // B2 took its time: it can be seen only after the second try.
    answers['list_unfinished'] = (...exchange) =>
      json({ files: tries.length > 0 ? [] : [{ ...file, fileInfo: { src_last_modified_millis: '1' } }] })(...exchange)
    answers['list_parts'] = json({ parts: [] })
    expect(await client.startLargeFile(anUpload)).toMatchObject({ fileId: 'f' })
    expect(countOf('list_unfinished')).toBe(2)
  })
})

describe('a folder', () => {
  it('leaves out the file that some programs make to keep it', async () => {
    const file = { fileId: 'f', fileName: 'b/', action: 'upload', contentLength: 0, uploadTimestamp: 1 }
    answers['list_file_names'] = json({ files: [file, { ...file, fileName: 'b/1' }] })
    const page = await client.listFolder('b', { prefix: 'b/' })[Symbol.asyncIterator]().next()
    expect(page.value).toMatchObject({ files: [{ fileName: 'b/1' }], folders: [] })
  })
})

describe('any call', () => {
  it('that is to be made after a date waits by its own clock when the server has none', async () => {
    answers['list_file_names'] = (response, request) => {
      answers['list_file_names'] = json({ files: [] })
      response.sendDate = false
      response.setHeader('Retry-After', new Date(clock.now() + 20_000).toUTCString())
      return json({ code: 'busy', message: '', status: 503 }, 503)(response, request)
    }
    await client.listFileNames('b')[Symbol.asyncIterator]().next()
    expect(clock.sleeps).toEqual([22_500])
  })

  it('whose answer has more headers than fit is not B2', async () => {
    answers['list_file_names'] = (response) => response.writeHead(200, { 'x-long': 'x'.repeat(100_000) }).end('{}')
    const listing = client.listFileNames('b')[Symbol.asyncIterator]()
    await expect(listing.next()).rejects.toMatchObject({ code: 'not_a_b2_service' })
  })

  it('whose token is never taken gives up after a few', async () => {
    answers['list_file_names'] = json({ code: 'bad_auth_token', message: '', status: 401 }, 401)
    const listing = client.listFileNames('b')[Symbol.asyncIterator]()
    await expect(listing.next()).rejects.toMatchObject({ code: 'token_expired' })
    expect(countOf('authorize')).toBeLessThanOrEqual(4)
  })

  it('that is redirected goes nowhere', async () => {
    // Even where it is told with what would be an answer.
    const redirect: Answer = (response) =>
      response.writeHead(302, { ...aFile, Location: 'https://example.com/' }).end('{"files":[]}')
    answers['list_file_names'] = redirect
    answers['/file/'] = redirect
    const listing = client.listFileNames('b')[Symbol.asyncIterator]()
    await expect(listing.next()).rejects.toMatchObject({ code: 'not_a_b2_service' })
    const download = client.downloadFile({ bucketName: 'bucket', fileName: 'name' })
    await expect(download).rejects.toMatchObject({ code: 'not_a_b2_service' })
  })

  it('whose listing does not move on ends', async () => {
    answers['list_file_names'] = json({ files: [], nextFileName: 'same' })
    const listing = client.listFileNames('b')[Symbol.asyncIterator]()
    await expect(listing.next()).rejects.toMatchObject({ code: 'b2_service_error' })
    expect(countOf('list_file_names')).toBe(2)
    answers['list_keys'] = json({ keys: [], nextApplicationKeyId: 'same' })
    await expect(client.listKeys()[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'b2_service_error' })
    expect(countOf('list_keys')).toBe(2)
  })
})
