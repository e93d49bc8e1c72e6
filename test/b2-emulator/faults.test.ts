import { request } from 'node:http'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startEmulator } from './emulator.ts'
import type { Emulator } from './emulator.ts'
import type { FaultKind } from './faults.ts'
import { bucketIdOf, connect, uploadHeaders, uploadTo } from './test-client.ts'
import type { Client, UploadUrl } from './test-client.ts'

const BUCKET = 'some-bucket'
/** More than loopback's buffers hold, so that a side that stops reading is felt at the other. */
const LARGE = Buffer.alloc(30_000_000, 'large ')

let emulator: Emulator
let client: Client
beforeEach(async () => {
  emulator = await startEmulator({ buckets: [{ bucketName: BUCKET }] })
  client = await connect(emulator)
})
afterEach(() => emulator.stop())

const list = () => client.call('list_file_names', { bucketId: bucketIdOf(emulator, BUCKET) })
const statuses = async (count: number): Promise<number[]> => {
  const seen: number[] = []
  for (let call = 0; call < count; call += 1) seen.push((await list()).status)
  return seen
}

/** Sends a request without waiting for anything; errors are what the tests are about. */
function begin(url: string, method: string, headers: Record<string, string>, body?: Buffer): ClientRequest {
  const req = request(url, { method, headers, agent: false })
  req.on('error', () => {})
  req.end(body)
  return req
}

function beginUpload(url: UploadUrl, content: Buffer): ClientRequest {
  return begin(url.uploadUrl, 'POST', uploadHeaders(url, 'x', content) as Record<string, string>, content)
}

describe('which calls a fault meets', () => {
  it('fails one call with 503 when nothing else is said', async () => {
    emulator.failNext('b2_list_file_names', {})
    expect(await statuses(2)).toEqual([503, 200])
  })

  it('lets calls pass first, then fails as many as asked', async () => {
    emulator.failNext('list_file_names', { skip: 2, count: 2 })
    expect(emulator.waitingFaults).toBe(1)
    expect(await statuses(6)).toEqual([200, 200, 503, 503, 200, 200])
  })

  it('fails without end, until faults are cleared', async () => {
    emulator.failNext('list_file_names', { count: Infinity })
    expect(await statuses(4)).toEqual([503, 503, 503, 503])
    emulator.clearFaults()
    expect(await statuses(2)).toEqual([200, 200])
  })

  it('fails any call for a star, and one call meets one fault', async () => {
    emulator.failNext('list_file_names', { status: 500 })
    emulator.failNext('*', { status: 502, count: 2 })
    expect(await statuses(2)).toEqual([500, 502])
    expect((await client.call('list_buckets', { accountId: client.accountId })).status).toBe(502)
    expect(await statuses(1)).toEqual([200])
  })

  it('counts calls that pass from the moment a fault is added, whatever else fails meanwhile', async () => {
    emulator.failNext('list_file_names', { status: 500 })
    emulator.failNext('list_file_names', { status: 502, skip: 2 })
    expect(await statuses(4)).toEqual([500, 200, 502, 200])
  })

  it('fails a share of the calls, the same ones for the same seed', async () => {
    const of = async (seed: number): Promise<number[]> => {
      await emulator.stop()
      emulator = await startEmulator({ seed, buckets: [{ bucketName: BUCKET }] })
      client = await connect(emulator)
      emulator.failNext('list_file_names', { share: 0.3, count: Infinity })
      return statuses(100)
    }
    const first = await of(7)
    expect(await of(7)).toEqual(first)
    expect(await of(8)).not.toEqual(first)
    const failed = first.filter((status) => status === 503).length
    expect(failed).toBeGreaterThan(15)
    expect(failed).toBeLessThan(45)
  })

  it('ends a share once its count is used up', async () => {
    emulator.failNext('list_file_names', { share: 0.5, count: 3 })
    expect((await statuses(60)).filter((status) => status === 503)).toHaveLength(3)
  })
})

describe('answers', () => {
  it('carries Retry-After as seconds or as a date', async () => {
    emulator.failNext('list_file_names', { status: 429, retryAfter: 3 })
    emulator.failNext('list_file_names', { retryAfter: 'Wed, 21 Oct 2026 07:28:00 GMT' })
    expect((await list()).headers['retry-after']).toBe('3')
    expect((await list()).headers['retry-after']).toBe('Wed, 21 Oct 2026 07:28:00 GMT')
  })

  it('says that a cap is reached', async () => {
    emulator.failNext('list_file_names', { kind: 'cap' })
    emulator.failNext('list_file_names', { kind: 'cap', code: 'transaction_cap_exceeded' })
    expect(await list()).toMatchObject({ status: 403, json: { code: 'storage_cap_exceeded' } })
    expect(await list()).toMatchObject({ status: 403, json: { code: 'transaction_cap_exceeded' } })
  })

  it('answers a page of HTML in place of JSON, and stores nothing', async () => {
    emulator.failNext('upload_file', { kind: 'not-json' })
    emulator.failNext('list_file_names', { kind: 'not-json', status: 502 })
    const portal = { headers: { 'content-type': 'text/html' }, json: undefined }
    expect(await client.upload(BUCKET, 'x')).toMatchObject({ status: 200, ...portal })
    expect(await list()).toMatchObject({ status: 502, ...portal })
    expect(emulator.listVisible(BUCKET)).toEqual([])
  })

  it('ends the token that came with the call, for good and no other', async () => {
    const other = await connect(emulator)
    emulator.failNext('list_file_names', { kind: 'expired-token' })
    const expired = { status: 401, json: { code: 'expired_auth_token' } }
    expect(await list()).toMatchObject(expired)
    expect(await list()).toMatchObject(expired)
    client = other
    expect(await list()).toMatchObject({ status: 200 })
  })

  it('lets a call without a token pass when tokens are to expire', async () => {
    emulator.failNext('authorize_account', { kind: 'expired-token' })
    client = await connect(emulator)
    expect(await list()).toMatchObject({ status: 200 })
  })

  it('ends an upload token, and counts its next use', async () => {
    const url = await client.getUploadUrl(BUCKET)
    emulator.failNext('upload_file', { kind: 'expired-token' })
    expect(await uploadTo(url, 'x', 'x')).toMatchObject({ status: 401, json: { code: 'expired_auth_token' } })
    expect(await uploadTo(url, 'x', 'x')).toMatchObject({ status: 401, json: { code: 'expired_auth_token' } })
    expect(emulator.violations).toMatchObject([{ kind: 'upload-url-used-after-failure', uploadUrl: url.uploadUrl }])
  })

  it('refuses an upload as damaged on the way, also an unverified one, and stores nothing', async () => {
    const damaged = { status: 400, json: { code: 'bad_request', message: 'Checksum did not match data received' } }
    emulator.failNext('upload_file', { kind: 'wrong-sha1', count: 2 })
    expect(await client.upload(BUCKET, 'x')).toMatchObject(damaged)
    expect(await client.upload(BUCKET, 'x', '', { 'X-Bz-Content-Sha1': 'do_not_verify' })).toMatchObject(damaged)
    expect(emulator.fileVersions(BUCKET)).toEqual([])
  })

  it('flips one byte of a download', async () => {
    await client.upload(BUCKET, 'x', 'content')
    emulator.failNext('download_file_by_name', { kind: 'wrong-sha1' })
    const { status, body } = await client.download(BUCKET, 'x')
    expect(status).toBe(200)
    expect([...body].filter((byte, at) => byte !== Buffer.from('content')[at])).toHaveLength(1)
    expect((await client.download(BUCKET, 'x')).body.toString()).toBe('content')
  })

  it('writes into the log which fault a call met', async () => {
    emulator.clearCalls()
    emulator.failNext('list_file_names', { kind: 'cap' })
    await list()
    await list()
    expect(emulator.calls.map(({ status, fault }) => [status, fault])).toEqual([
      [403, 'cap'],
      [200, undefined],
    ])
  })
})

describe('lost connections', () => {
  const kinds: [FaultKind, number][] = [
    ['cut-before', 0],
    ['cut-midway', 0],
    ['cut-after', 1],
    ['truncated', 1],
  ]

  it.each(kinds)('%s breaks an upload, stores %i versions, and makes the URL unusable', async (kind, stored) => {
    const url = await client.getUploadUrl(BUCKET)
    emulator.failNext('upload_file', { kind })
    await expect(uploadTo(url, 'x', 'content')).rejects.toThrow()
    expect(emulator.fileVersions(BUCKET)).toHaveLength(stored)
    expect(emulator.calls.at(-1)).toMatchObject({ operation: 'upload_file', status: 0, fault: kind })
    expect(await uploadTo(url, 'x', 'content')).toMatchObject({ status: 401 })
    expect(emulator.violations).toMatchObject([{ kind: 'upload-url-used-after-failure' }])
  })

  it.each(kinds)('%s breaks a JSON call', async (kind, done) => {
    await client.upload(BUCKET, 'x')
    emulator.failNext('hide_file', { kind })
    const hide = client.call('hide_file', { bucketId: bucketIdOf(emulator, BUCKET), fileName: 'x' })
    await expect(hide).rejects.toThrow()
    expect(emulator.listVisible(BUCKET)).toHaveLength(1 - done)
  })

  it.each(kinds)('%s breaks a download', async (kind) => {
    await client.upload(BUCKET, 'x')
    emulator.failNext('download_file_by_name', { kind })
    await expect(client.download(BUCKET, 'x')).rejects.toThrow()
  })

  it.each([
    ['cut-midway', LARGE.length / 2],
    ['truncated', LARGE.length - 1],
  ] as const)('%s ends a download after some of its bytes', async (kind, expected) => {
    await client.upload(BUCKET, 'x', LARGE)
    emulator.failNext('download_file_by_name', { kind })
    const headers = { Authorization: client.token }
    const req = begin(`${emulator.realm}/file/${BUCKET}/x`, 'GET', headers)
    let received = 0
    const error = await new Promise((resolve) => {
      req.on('response', (res: IncomingMessage) => {
        res.on('error', resolve).on('data', (chunk: Buffer) => (received += chunk.length))
      })
    })
    expect(error).toMatchObject({ message: 'aborted' })
    expect(received).toBe(expected)
  })

  it('cuts an upload after half of its bytes', async () => {
    const url = await client.getUploadUrl(BUCKET)
    emulator.failNext('upload_file', { kind: 'cut-midway' })
    await expect(uploadTo(url, 'x', LARGE)).rejects.toThrow()
    const { bytesReceived } = emulator.calls.at(-1) ?? { bytesReceived: 0 }
    expect(bytesReceived / LARGE.length).toBeCloseTo(0.5, 1)
  })
})

describe('stalled connections', () => {
  const kinds: [FaultKind, number][] = [
    ['stall-before', 0],
    ['stall-midway', 0],
    ['stall-after', 1],
  ]
  const isMet = () => expect.poll(() => emulator.inFlight).toBe(1)
  const isLeft = () => expect.poll(() => emulator.inFlight).toBe(0)

  it.each(kinds)(
    '%s never answers an upload, until its client leaves; %i versions are stored',
    async (kind, stored) => {
      const url = await client.getUploadUrl(BUCKET)
      emulator.failNext('upload_file', { kind })
      const req = beginUpload(url, LARGE)
      await isMet()
      await expect.poll(() => emulator.fileVersions(BUCKET).length).toBe(stored)
      req.destroy()
      await isLeft()
      expect(emulator.fileVersions(BUCKET)).toHaveLength(stored)
      expect(await uploadTo(url, 'x', 'x')).toMatchObject({ status: 401 })
    },
  )

  it.each(kinds)('%s never answers a JSON call and ends when the emulator stops', async (kind) => {
    emulator.failNext('list_file_names', { kind })
    const waiting = expect(list()).rejects.toThrow()
    await isMet()
    await emulator.stop()
    await waiting
  })

  it.each(kinds)('%s never ends a download, until its client leaves', async (kind) => {
    await client.upload(BUCKET, 'x', LARGE)
    emulator.failNext('download_file_by_name', { kind })
    const req = begin(`${emulator.realm}/file/${BUCKET}/x`, 'GET', { Authorization: client.token })
    let received = 0
    req.on('response', (res: IncomingMessage) => {
      res.on('error', () => {}).on('data', (chunk: Buffer) => (received += chunk.length))
    })
    await isMet()
    await expect.poll(() => received).toBe(kind === 'stall-midway' ? LARGE.length / 2 : 0)
    req.destroy()
    await isLeft()
  })

  it('stops reading in the middle of an upload', async () => {
    const url = await client.getUploadUrl(BUCKET)
    emulator.failNext('upload_file', { kind: 'stall-midway' })
    const headers = { ...uploadHeaders(url, 'x', LARGE), 'Content-Length': String(LARGE.length) }
    const req = request(url.uploadUrl, { method: 'POST', headers, agent: false })
    let sent = 0
    const pieces = function* (): Generator<Buffer> {
      for (; sent < LARGE.length; sent += 100_000) yield LARGE.subarray(sent, sent + 100_000)
    }
    const ended = expect(pipeline(Readable.from(pieces()), req)).rejects.toThrow()
    await expect.poll(() => sent).toBeGreaterThan(LARGE.length / 2 + 1_000_000)
    req.destroy()
    await ended
    await isLeft()
    const { bytesReceived } = emulator.calls.at(-1) ?? { bytesReceived: 0 }
    expect(bytesReceived / LARGE.length).toBeCloseTo(0.5, 1)
  })
})

describe('slow connections', () => {
  it('trickles an upload, a download and an answer, which all arrive whole', async () => {
    const content = Buffer.alloc(2_000_000, 'slow ')
    emulator.failNext('*', { kind: 'slow', bytesPerSecond: 10_000_000, count: Infinity })
    emulator.clearCalls()
    expect(await client.upload(BUCKET, 'x', content)).toMatchObject({ status: 200 })
    expect((await client.download(BUCKET, 'x')).body.equals(content)).toBe(true)
    expect(await list()).toMatchObject({ status: 200, json: { files: [{ fileName: 'x' }] } })
    const tooFast = emulator.calls.filter(
      ({ operation, durationMs }) => /^(upload|download)/.test(operation) && durationMs < 150,
    )
    expect(tooFast).toEqual([])
  })
})
