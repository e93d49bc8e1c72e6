import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { request } from 'node:http'
import { once } from 'node:events'
import { connect as connectSocket } from 'node:net'
import { Readable } from 'node:stream'
import { startEmulator } from './emulator.ts'
import type { Emulator } from './emulator.ts'
import { bucketIdOf, connect, NASTY_NAMES, send, sha1, uploadHeaders, uploadTo } from './test-client.ts'
import type { Client, UploadUrl } from './test-client.ts'

let emulator: Emulator
let client: Client
beforeAll(async () => {
  emulator = await startEmulator({ buckets: [{ bucketName: 'upload-tests' }] })
  client = await connect(emulator)
})
afterAll(() => emulator.stop())

const url = () => client.getUploadUrl('upload-tests')
const until = async (condition: () => boolean): Promise<void> => {
  await expect.poll(condition, { timeout: 5000, interval: 5 }).toBe(true)
}

describe('b2_upload_file', () => {
  it('stores the bytes and answers the whole file version', async () => {
    const before = Date.now()
    const reply = await client.upload('upload-tests', 'dir/note.txt', 'hello', {
      'X-Bz-Info-src_last_modified_millis': '1641308478123',
      'X-Bz-Info-Author': 'J%C3%BCrgen+M.',
    })
    expect(reply.headers['content-type']).toBe('application/json;charset=UTF-8')
    expect(reply.body.toString()).toBe(JSON.stringify(reply.json, null, 2))
    expect(reply.json).toEqual({
      accountId: emulator.accountId,
      action: 'upload',
      bucketId: bucketIdOf(emulator, 'upload-tests'),
      contentLength: 5,
      contentMd5: '5d41402abc4b2a76b9719d911017c592',
      contentSha1: sha1('hello'),
      contentType: 'text/plain',
      fileId: expect.stringMatching(/^4_z[0-9a-f]{24}_f1[0-9a-f]{15}_d\d{8}_m\d{6}_c002_v\d{7}_t\d{4}_u\d{14}$/),
      fileInfo: { src_last_modified_millis: '1641308478123', author: 'Jürgen M.' },
      fileName: 'dir/note.txt',
      fileRetention: { isClientAuthorizedToRead: true, value: { mode: null, retainUntilTimestamp: null } },
      legalHold: { isClientAuthorizedToRead: true, value: null },
      serverSideEncryption: { algorithm: null, mode: null },
      uploadTimestamp: expect.any(Number),
    })
    expect(Number(reply.json?.['uploadTimestamp'])).toBeGreaterThanOrEqual(before)
    expect((await emulator.readFile('upload-tests', 'dir/note.txt')).toString()).toBe('hello')
  })

  it('keeps every nasty name exactly', async () => {
    const { bucketName } = emulator.createBucket('nasty-names')
    for (const name of NASTY_NAMES) {
      expect((await client.upload(bucketName, name, name)).json).toMatchObject({ fileName: name })
      expect((await client.download(bucketName, name)).body.toString()).toBe(name)
    }
    expect(emulator.listVisible(bucketName).map((file) => file.fileName)).toEqual(
      [...NASTY_NAMES].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
    )
  })

  it.each([
    ['photo.JPG', 'b2/x-auto', 'image/jpeg'],
    ['archive.tar.gz', 'b2/x-auto', 'application/gzip'],
    ['no-extension', 'b2/x-auto', 'application/octet-stream'],
    ['note.txt', 'application/x-mine', 'application/x-mine'],
  ])('gives %s sent as %s the type %s', async (name, sent, contentType) => {
    expect((await client.upload('upload-tests', name, '', { 'Content-Type': sent })).json).toMatchObject({
      contentType,
    })
  })

  it.each<[string, Record<string, string | undefined>, string]>([
    ['a wrong hash', { 'X-Bz-Content-Sha1': sha1('other') }, 'Checksum did not match data received'],
    ['a hash that is none', { 'X-Bz-Content-Sha1': 'abc' }, 'Not a valid hex SHA1: abc'],
    ['no hash', { 'X-Bz-Content-Sha1': undefined }, 'Missing header: x-bz-content-sha1'],
    ['no name', { 'X-Bz-File-Name': undefined }, 'Missing header: x-bz-file-name'],
    ['no content type', { 'Content-Type': undefined }, 'Missing header: content-type'],
    ['a control character', { 'X-Bz-File-Name': 'a%09b' }, 'File names must not contain control characters'],
    ['a name that is not UTF-8', { 'X-Bz-File-Name': '%FF' }, 'Percent-encoded string is not UTF-8: %FF'],
    ['a name too long', { 'X-Bz-File-Name': 'x'.repeat(1025) }, 'File names in UTF8 must be no more than 1024 bytes'],
    ['Content-Disposition', { 'Content-Disposition': 'inline' }, 'Header not allowed on upload: content-disposition'],
    ['Content-Encoding', { 'Content-Encoding': 'gzip' }, 'Header not allowed on upload: content-encoding'],
    ['Expires', { Expires: 'never' }, 'Header not allowed on upload: expires'],
    [
      'encryption, which it does not emulate',
      { 'X-Bz-Server-Side-Encryption': 'AES256' },
      'The emulator does not know x-bz-server-side-encryption',
    ],
    ['an unknown b2- info', { 'X-Bz-Info-b2-mine': 'x' }, 'File info name not allowed: b2-mine'],
    ['an info name too long', { [`X-Bz-Info-${'n'.repeat(51)}`]: 'x' }, `Bad file info name: ${'n'.repeat(51)}`],
    ['too much info', { 'X-Bz-Info-a': 'x'.repeat(7000) }, 'File name and info exceed 7000 bytes'],
    [
      'too many infos',
      Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`X-Bz-Info-i${i}`, 'x'])),
      'More than 10 file info headers',
    ],
  ])('refuses %s and stores nothing', async (_, headers, message) => {
    const { bucketName } = emulator.createBucket(`refused-${sha1(message).slice(0, 20)}-${emulator.buckets.length}`)
    const reply = await client.upload(bucketName, 'x', 'content', headers)
    expect(reply).toMatchObject({ status: 400, json: { code: 'bad_request', message, status: 400 } })
    expect(emulator.fileVersions(bucketName)).toEqual([])
  })

  it('refuses a trailer that is no hash, as when a file grew while it was read', async () => {
    const reply = await client.upload('upload-tests', 'grown', 'g'.repeat(50), {
      'X-Bz-Content-Sha1': 'hex_digits_at_end',
    })
    expect(reply.json).toMatchObject({ message: `Not a valid hex SHA1: ${'g'.repeat(40)}` })
  })

  it('refuses chunked bodies and other methods', async () => {
    const { 'Content-Length': _, ...headers } = uploadHeaders(await url(), 'chunked', 'abc')
    const { uploadUrl } = await url()
    const { uploadUrl: own, ...token } = await url()
    const chunked = { ...headers, Authorization: token.authorizationToken, 'Transfer-Encoding': 'chunked' }
    expect(await send(own, { method: 'POST', headers: chunked, body: 'abc' })).toMatchObject({ status: 400 })
    expect(await send(uploadUrl, { headers })).toMatchObject({ status: 405, json: { code: 'method_not_allowed' } })
  })

  it('asks for the body only after the headers are accepted, when the client expects to be asked', async () => {
    const good = await url()
    const ask = async (headers: object): Promise<string> => {
      const req = request(good.uploadUrl, { method: 'POST', headers: { ...headers, Expect: '100-continue' } })
      req.flushHeaders()
      const outcome = await Promise.race([
        once(req, 'continue').then(() => 'continue'),
        once(req, 'response').then(() => 'answer'),
      ])
      if (outcome === 'continue') req.end('hello')
      else req.destroy()
      if (outcome === 'continue') await once(req, 'response')
      return outcome
    }
    expect(await ask(uploadHeaders(good, 'asked', 'hello'))).toBe('continue')
    expect(await ask({ ...uploadHeaders(good, 'asked', 'hello'), 'X-Bz-File-Name': '%09' })).toBe('answer')
  })
})

describe('upload URLs', () => {
  it('have the version of the call in their path and take only their own token', async () => {
    const bucketId = bucketIdOf(emulator, 'upload-tests')
    const v2 = (await client.call('get_upload_url', { bucketId }, 2)).json as UploadUrl
    expect(v2.uploadUrl).toContain(`/b2api/v2/b2_upload_file/${bucketId}/`)
    const mixed = { ...v2, authorizationToken: (await url()).authorizationToken }
    expect(await uploadTo(mixed, 'x', 'x')).toMatchObject({ status: 401, json: { code: 'bad_auth_token' } })
    const account = { ...v2, authorizationToken: client.token }
    expect(await uploadTo(account, 'x', 'x')).toMatchObject({ status: 401, json: { code: 'bad_auth_token' } })
  })

  it('refuse a second upload at the same time, let the first one finish, and are dead afterwards', async () => {
    emulator.clearCalls()
    const one = await url()
    const body = new Readable({ read: () => {} })
    const first = send(one.uploadUrl, { method: 'POST', headers: uploadHeaders(one, 'first', 'hello'), body })
    body.push('he')
    await until(() => emulator.inFlight === 1)
    const second = await uploadTo(one, 'second', 'x')
    expect(second).toMatchObject({
      status: 400,
      json: { code: 'auth_token_limit', message: `more than one upload using auth token ${one.authorizationToken}` },
    })
    body.push('llo')
    body.push(null)
    expect(await first).toMatchObject({ status: 200 })
    expect(await uploadTo(one, 'third', 'x')).toMatchObject({ status: 401, json: { code: 'bad_auth_token' } })
    expect(emulator.violations.map((violation) => violation.kind)).toEqual([
      'upload-url-used-concurrently',
      'upload-url-used-after-failure',
    ])
  })

  it('are dead after a rejected upload', async () => {
    emulator.clearCalls()
    const one = await url()
    expect(await uploadTo(one, 'x', 'x', { 'X-Bz-Content-Sha1': sha1('y') })).toMatchObject({ status: 400 })
    expect(await uploadTo(one, 'x', 'x')).toMatchObject({ status: 401, json: { code: 'bad_auth_token' } })
    expect(emulator.violations).toMatchObject([{ kind: 'upload-url-used-after-failure', uploadUrl: one.uploadUrl }])
  })

  it('expire, and end with their key and their bucket', async () => {
    const { bucketName } = emulator.createBucket('going-away')
    const key = emulator.createKey({ capabilities: ['writeFiles'] })
    const other = await connect(emulator, key)
    const [expiring, ofKey, ofBucket] = [
      await url(),
      await other.getUploadUrl('upload-tests'),
      await client.getUploadUrl(bucketName),
    ]
    emulator.revokeKey(key.applicationKeyId)
    emulator.deleteBucket(bucketName)
    expect(await uploadTo(ofKey, 'x', 'x')).toMatchObject({ status: 401, json: { code: 'bad_auth_token' } })
    expect(await uploadTo(ofBucket, 'x', 'x')).toMatchObject({ status: 400, json: { code: 'bad_bucket_id' } })
    emulator.expireTokens('upload')
    expect(await uploadTo(expiring, 'x', 'x')).toMatchObject({ status: 401, json: { code: 'expired_auth_token' } })
    expect(await client.call('list_buckets', { accountId: client.accountId })).toMatchObject({ status: 200 })
  })
})

describe('uploads that break off', () => {
  it('store nothing when the client leaves in the middle of the body', async () => {
    emulator.clearCalls()
    const one = await url()
    const req = request(one.uploadUrl, { method: 'POST', headers: uploadHeaders(one, 'broken', 'x'.repeat(1000)) })
    req.on('error', () => {})
    req.write('half')
    await until(() => emulator.inFlight === 1)
    req.destroy()
    await until(() => emulator.calls.some((call) => call.fileName === 'broken'))
    expect(emulator.calls).toContainEqual(expect.objectContaining({ operation: 'upload_file', status: 0 }))
    expect(emulator.listVisible('upload-tests', 'broken')).toEqual([])
    expect(await uploadTo(one, 'broken', 'x')).toMatchObject({ status: 401 })
  })

  it('store nothing when the client leaves while it waits for the answer', async () => {
    emulator.clearCalls()
    const one = await url()
    emulator.setLatency(60_000)
    const port = Number(new URL(emulator.realm).port)
    const socket = connectSocket(port, '127.0.0.1')
    const headers = Object.entries({ Host: 'x', ...uploadHeaders(one, 'left', 'hello') }).map(
      ([k, v]) => `${k}: ${String(v)}\r\n`,
    )
    socket.end(`POST ${new URL(one.uploadUrl).pathname} HTTP/1.1\r\n${headers.join('')}\r\nhello`)
    await once(socket, 'close')
    emulator.setLatency(0)
    await until(() => emulator.calls.some((call) => call.fileName === 'left'))
    expect(emulator.calls).toContainEqual(expect.objectContaining({ fileName: 'left', status: 0, bytesReceived: 5 }))
    expect(emulator.listVisible('upload-tests', 'left')).toEqual([])
  })
})
