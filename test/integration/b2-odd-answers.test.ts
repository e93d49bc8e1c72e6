/** Answers that B2 should never give, from a server that gives them: the client neither hangs, storms, nor breaks. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createB2Client, type B2Client } from '../../main/engine/b2/client.ts'
import { allBytes, inPieces } from '../support/b2-bench.ts'
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
  client = createB2Client({ realm, applicationKeyId: 'id', applicationKey: 'key', clock, random: () => 0.5 })
})
afterEach(async () => {
  await client.close()
  server.closeAllConnections()
  server.close()
})

const json = (value: unknown, status = 200): Answer => {
  return (response) => response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value))
}
const authorize: Answer = (response, request) =>
  json({
    accountId: 'a',
    authorizationToken: 'token',
    apiInfo: {
      storageApi: {
        apiUrl: realm,
        downloadUrl: realm,
        allowed: { capabilities: ['listFiles', 'readFiles', 'writeFiles'], buckets: null, namePrefix: null },
      },
    },
  })(response, request)

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
  it('of which B2 says that it has stored something else is not sent again', async () => {
    answers['get_upload_url'] = json({ uploadUrl: `${realm}/pod`, authorizationToken: 'upload' })
    answers['/pod'] = json({ fileId: 'f', fileName: 'other', action: 'upload', contentLength: 1, uploadTimestamp: 1 })
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

describe('any call', () => {
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
    answers['list_file_names'] = (response) => response.writeHead(302, { Location: 'https://example.com/' }).end()
    const listing = client.listFileNames('b')[Symbol.asyncIterator]()
    await expect(listing.next()).rejects.toMatchObject({ code: 'not_a_b2_service' })
  })

  it('whose listing does not move on ends', async () => {
    answers['list_file_names'] = json({ files: [], nextFileName: 'same' })
    const listing = client.listFileNames('b')[Symbol.asyncIterator]()
    await expect(listing.next()).rejects.toMatchObject({ code: 'b2_service_error' })
    expect(countOf('list_file_names')).toBe(2)
  })
})
