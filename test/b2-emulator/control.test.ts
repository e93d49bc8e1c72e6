import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { startEmulator } from './emulator.ts'
import type { Emulator } from './emulator.ts'
import { bucketIdOf, connect, send, sha1 } from './test-client.ts'
import type { Client } from './test-client.ts'

let emulator: Emulator
let client: Client
beforeEach(async () => {
  emulator = await startEmulator({ controlPort: 0, buckets: [{ bucketName: 'some-bucket' }] })
  client = await connect(emulator)
})
afterEach(() => emulator.stop())

/** Asks the control port, as another process would; answers status and JSON. */
async function control(method: string, path: string, body?: unknown): Promise<[number, unknown]> {
  const reply = await send(`${emulator.control}${path}`, {
    method,
    body: body === undefined ? '' : JSON.stringify(body),
  })
  return [reply.status, JSON.parse(reply.body.toString())]
}

const list = () => client.call('list_file_names', { bucketId: bucketIdOf(emulator, 'some-bucket') })

describe('the control port', () => {
  it('is not there unless asked for', async () => {
    const other = await startEmulator()
    expect(other.control).toBeNull()
    await other.stop()
  })

  it('shows the calls from a number on, and goes on counting after they were cleared', async () => {
    await list()
    await client.call('get_file_info')
    const [, all] = await control('GET', '/calls')
    expect(all).toMatchObject({
      next: 3,
      calls: [{ operation: 'authorize_account' }, { status: 200 }, { status: 400 }],
    })
    expect(await control('GET', '/calls?since=2')).toMatchObject([
      200,
      { next: 3, calls: [{ operation: 'get_file_info', code: 'bad_request' }] },
    ])
    expect(await control('DELETE', '/calls')).toEqual([200, {}])
    expect(await control('GET', '/calls?since=2')).toEqual([200, { next: 3, calls: [] }])
    await list()
    expect(await control('GET', '/calls?since=3')).toMatchObject([200, { next: 4, calls: [{ status: 200 }] }])
  })

  it('lists the current files of a bucket, or of a prefix, and refuses one that is not there', async () => {
    await client.upload('some-bucket', 'a/b c', 'hello')
    await client.upload('some-bucket', 'd', '')
    const hello = { fileName: 'a/b c', sizeBytes: 5, sha1: sha1('hello') }
    expect(await control('GET', '/files?bucket=some-bucket')).toMatchObject([
      200,
      { files: [hello, { fileName: 'd' }] },
    ])
    const below = await control('GET', '/files?bucket=some-bucket&prefix=a%2Fb%20')
    expect(below).toEqual([200, { files: [{ ...hello, fileId: expect.any(String), fileInfo: {} }] }])
    expect((await control('GET', '/files?bucket=other'))[0]).toBe(400)
  })

  it('shows violations', async () => {
    expect(await control('GET', '/violations')).toEqual([200, { violations: [] }])
    const url = await client.getUploadUrl('some-bucket')
    emulator.expireTokens('upload')
    for (const body of ['first', 'second']) {
      await send(url.uploadUrl, { method: 'POST', headers: { Authorization: url.authorizationToken }, body })
    }
    const violation = { kind: 'upload-url-used-after-failure', uploadUrl: url.uploadUrl }
    expect(await control('GET', '/violations')).toMatchObject([200, { violations: [violation] }])
  })

  it('adds faults, one without end too, and clears them', async () => {
    const fault = { status: 500, retryAfter: 2, count: null, skip: 1, share: 1 }
    expect(await control('POST', '/faults', { operation: 'list_file_names', fault })).toEqual([200, {}])
    const statuses = [(await list()).status, (await list()).status, (await list()).status]
    expect(statuses).toEqual([200, 500, 500])
    expect(await control('DELETE', '/faults')).toEqual([200, {}])
    expect((await list()).status).toBe(200)
  })

  it('expires tokens', async () => {
    expect(await control('POST', '/expire-tokens', { kind: 'upload' })).toEqual([200, {}])
    expect((await list()).status).toBe(200)
    expect(await control('POST', '/expire-tokens', {})).toEqual([200, {}])
    expect(await list()).toMatchObject({ status: 401, json: { code: 'expired_auth_token' } })
  })

  it('moves the clock', async () => {
    expect(await control('POST', '/clock', { advanceMs: 25 * 60 * 60 * 1000 })).toEqual([200, {}])
    expect(await list()).toMatchObject({ status: 401, json: { code: 'expired_auth_token' } })
  })

  it('makes the line slow', async () => {
    expect(await control('POST', '/latency', { latencyMs: 50 })).toEqual([200, {}])
    await list()
    expect(emulator.calls.at(-1)?.durationMs).toBeGreaterThanOrEqual(49)
    await control('POST', '/latency', { latencyMs: 0 })
    expect(await control('POST', '/bandwidth', { bytesPerSecond: 100_000 })).toEqual([200, {}])
    await client.upload('some-bucket', 'x', Buffer.alloc(10_000))
    expect(emulator.calls.at(-1)?.durationMs).toBeGreaterThanOrEqual(99)
    expect(await control('POST', '/bandwidth', { bytesPerSecond: null })).toEqual([200, {}])
  })

  it('limits how many requests are answered', async () => {
    // The second does not end while this test runs.
    vi.useFakeTimers({ toFake: ['Date'] })
    onTestFinished(() => {
      vi.useRealTimers()
    })
    expect(await control('POST', '/rate-limit', { requestsPerSecond: 1 })).toEqual([200, {}])
    expect([(await list()).status, (await list()).status]).toEqual([200, 429])
    expect(await control('POST', '/rate-limit', { requestsPerSecond: null })).toEqual([200, {}])
    expect((await list()).status).toBe(200)
  })

  it('stays reachable when the service is not, and brings it back', async () => {
    expect(await control('POST', '/reachable', { isReachable: false })).toEqual([200, {}])
    await expect(list()).rejects.toThrow('ECONNREFUSED')
    expect(await control('POST', '/reachable', { isReachable: true })).toEqual([200, {}])
    expect((await list()).status).toBe(200)
  })

  it.each([
    ['/faults', { operation: 'hide_file', fault: { kind: 'no-such-kind' } }],
    ['/faults', { operation: 'hide_file', fault: { cuont: 2 } }],
    ['/faults', { operation: 'hide_file', fault: { share: 1.5 } }],
    ['/faults', { fault: {} }],
    ['/latency', { latencyMs: -1 }],
    ['/bandwidth', { bytesPerSecond: 0 }],
    ['/rate-limit', { requestsPerSecond: 0 }],
    ['/reachable', {}],
    ['/clock', undefined],
  ])('refuses what it does not understand: %s %j', async (path, body) => {
    expect(await control('POST', path, body)).toEqual([400, { error: expect.any(String) }])
  })

  it('says what there is when asked for something else', async () => {
    const [status, json] = await control('GET', '/')
    expect(status).toBe(404)
    expect((json as { error: string }).error).toContain('POST /faults')
  })

  it('refuses a body that is no JSON, and a number that is none', async () => {
    expect((await send(`${emulator.control}/faults`, { method: 'POST', body: '{' })).status).toBe(400)
    expect((await control('GET', '/calls?since=x'))[0]).toBe(400)
  })

  it('closes with the emulator', async () => {
    await emulator.stop()
    await expect(control('GET', '/calls')).rejects.toThrow('ECONNREFUSED')
  })
})
