import { once } from 'node:events'
import { Agent, request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startEmulator } from './emulator.ts'
import type { Emulator } from './emulator.ts'
import { bucketIdOf, connect, uploadTo } from './test-client.ts'
import type { Client } from './test-client.ts'

let emulator: Emulator
let client: Client
beforeEach(async () => {
  emulator = await startEmulator({ buckets: [{ bucketName: 'some-bucket' }] })
  client = await connect(emulator)
})
afterEach(() => emulator.stop())

/** Asks on a connection of the agent; resolves when the answer has ended. */
async function getOn(agent: Agent, path: string): Promise<void> {
  const req = request(`${emulator.realm}${path}`, { agent, headers: { Authorization: client.token } })
  req.end()
  const [res] = (await once(req, 'response')) as [IncomingMessage]
  await once(res.resume(), 'end')
}

const list = () => client.call('list_file_names', { bucketId: bucketIdOf(emulator, 'some-bucket') })

describe('failNext', () => {
  it('fails the next calls of one operation, then answers again', async () => {
    emulator.failNext('b2_list_file_names', { status: 503, retryAfter: 7, count: 2 })
    const failed = { status: 503, headers: { 'retry-after': '7' }, json: { code: 'service_unavailable', status: 503 } }
    expect(await list()).toMatchObject(failed)
    expect(await client.upload('some-bucket', 'x')).toMatchObject({ status: 200 })
    expect(await list()).toMatchObject(failed)
    expect(await list()).toMatchObject({ status: 200 })
  })

  it('uses up several faults in order', async () => {
    emulator.failNext('list_file_names', { status: 401, code: 'bad_auth_token' })
    emulator.failNext('list_file_names', { status: 429, message: 'slow down' })
    expect(await list()).toMatchObject({ json: { code: 'bad_auth_token' } })
    expect(await list()).toMatchObject({ json: { code: 'too_many_requests', message: 'slow down' } })
    expect(await list()).toMatchObject({ status: 200 })
  })

  it('answers a failed upload and makes its URL unusable', async () => {
    emulator.failNext('upload_file', { status: 503, message: 'no tomes available' })
    const url = await client.getUploadUrl('some-bucket')
    expect(await uploadTo(url, 'x', 'x')).toMatchObject({ status: 503, json: { message: 'no tomes available' } })
    expect(await uploadTo(url, 'x', 'x')).toMatchObject({ status: 401 })
    expect(await client.upload('some-bucket', 'x')).toMatchObject({ status: 200 })
  })

  it('cuts the connection instead of answering', async () => {
    emulator.failNext('list_file_names', { kind: 'cut-before' })
    emulator.failNext('upload_file', { kind: 'cut-before' })
    emulator.failNext('download_file_by_name', { kind: 'cut-before' })
    await expect(list()).rejects.toThrow()
    await expect(client.upload('some-bucket', 'x')).rejects.toThrow()
    await expect(client.download('some-bucket', 'x')).rejects.toThrow()
    expect(emulator.calls.filter((call) => call.status === 0)).toHaveLength(3)
    expect(emulator.listVisible('some-bucket')).toEqual([])
  })
})

describe('setReachable', () => {
  it('refuses connections and comes back at the same address with everything it had', async () => {
    await client.upload('some-bucket', 'x')
    await emulator.setReachable(false)
    await expect(list()).rejects.toThrow('ECONNREFUSED')
    await emulator.setReachable(true)
    expect(await list()).toMatchObject({ status: 200, json: { files: [{ fileName: 'x' }] } })
  })

  it('cuts calls that wait for their answer', async () => {
    emulator.setLatency(60_000)
    const waiting = expect(list()).rejects.toThrow()
    await expect.poll(() => emulator.inFlight).toBe(1)
    await emulator.setReachable(false)
    await waiting
    expect(emulator.inFlight).toBe(0)
  })

  it('takes the same state twice', async () => {
    await emulator.setReachable(true)
    await emulator.setReachable(false)
    await emulator.setReachable(false)
    await emulator.setReachable(true)
    expect(await list()).toMatchObject({ status: 200 })
  })
})

describe('setLatency', () => {
  it('makes every call take longer, and several at once wait side by side', async () => {
    emulator.setLatency(100)
    emulator.clearCalls()
    await Promise.all([list(), list(), list(), list()])
    const lastStart = Math.max(...emulator.calls.map(({ startedAt }) => startedAt))
    const firstEnd = Math.min(...emulator.calls.map(({ startedAt, durationMs }) => startedAt + durationMs))
    expect(lastStart).toBeLessThan(firstEnd)
    expect(emulator.calls.every((call) => call.durationMs >= 99)).toBe(true)
  })

  it('costs a round trip for the connection and one for each call', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    emulator.setLatency(50)
    emulator.clearCalls()
    await Promise.all([getOn(agent, '/b2api/v4/b2_list_buckets'), getOn(agent, '/b2api/v4/b2_list_buckets')])
    agent.destroy()
    const [first, second] = emulator.calls.map((call) => call.durationMs)
    expect(first).toBeGreaterThanOrEqual(99)
    expect(second).toBeGreaterThanOrEqual(49)
  })
})

describe('setBandwidth', () => {
  const content = Buffer.alloc(400_000, 'content ')

  it('lets no more through than it says, up or down, and loses nothing', async () => {
    emulator.setBandwidth(2_000_000)
    emulator.clearCalls()
    await client.upload('some-bucket', 'x', content)
    expect((await client.download('some-bucket', 'x')).body.equals(content)).toBe(true)
    const slow = emulator.calls.filter(({ durationMs }) => durationMs >= 199).map(({ operation }) => operation)
    expect(slow).toEqual(expect.arrayContaining(['upload_file', 'download_file_by_name']))
  })

  it('gives every connection its own line', async () => {
    const urls = [await client.getUploadUrl('some-bucket'), await client.getUploadUrl('some-bucket')]
    emulator.setBandwidth(2_000_000)
    emulator.clearCalls()
    await Promise.all(urls.map((url, index) => uploadTo(url, `${index}`, content)))
    const [one, two] = emulator.calls.map(({ startedAt, durationMs }) => ({
      from: startedAt,
      to: startedAt + durationMs,
    }))
    expect(Math.max(one?.from ?? 0, two?.from ?? 0)).toBeLessThan(Math.min(one?.to ?? 0, two?.to ?? 0))
  })

  it('counts the requests of one connection together', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    await client.upload('some-bucket', 'x', content)
    emulator.setBandwidth(4_000_000)
    emulator.clearCalls()
    const path = '/file/some-bucket/x'
    await Promise.all([getOn(agent, path), getOn(agent, path), getOn(agent, path)])
    agent.destroy()
    const from = Math.min(...emulator.calls.map(({ startedAt }) => startedAt))
    const to = Math.max(...emulator.calls.map(({ startedAt, durationMs }) => startedAt + durationMs))
    expect(to - from).toBeGreaterThanOrEqual(299)
  })

  it('can be lifted again', async () => {
    emulator.setBandwidth(1)
    emulator.setBandwidth(undefined)
    expect(await client.upload('some-bucket', 'x', content)).toMatchObject({ status: 200 })
  })
})

describe('the call log', () => {
  it('tells operation, status, file, bucket, key, bytes and URL', async () => {
    const url = await client.getUploadUrl('some-bucket')
    emulator.clearCalls()
    await uploadTo(url, 'a b', 'hello')
    await client.download('some-bucket', 'missing')
    const common = { bucketId: bucketIdOf(emulator, 'some-bucket'), applicationKeyId: emulator.applicationKeyId }
    expect(emulator.calls).toEqual([
      {
        ...common,
        operation: 'upload_file',
        method: 'POST',
        status: 200,
        fileName: 'a b',
        bytesReceived: 5,
        uploadUrl: url.uploadUrl,
        startedAt: expect.any(Number),
        durationMs: expect.any(Number),
      },
      expect.objectContaining({ ...common, operation: 'download_file_by_name', status: 404, code: 'not_found' }),
    ])
  })
})

describe('stop', () => {
  it('ends calls in flight, and may be called again', async () => {
    emulator.setLatency(60_000)
    const waiting = expect(list()).rejects.toThrow()
    await expect.poll(() => emulator.inFlight).toBe(1)
    await emulator.stop()
    await waiting
    await emulator.stop()
  })
})
