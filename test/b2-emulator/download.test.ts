import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmulator } from './emulator.ts'
import type { Emulator } from './emulator.ts'
import { bucketIdOf, connect, encodeName, send, sha1 } from './test-client.ts'
import type { Client } from './test-client.ts'

let emulator: Emulator
let client: Client
beforeAll(async () => {
  emulator = await startEmulator({
    buckets: [{ bucketName: 'private-files' }, { bucketName: 'public-files', bucketType: 'allPublic' }],
  })
  client = await connect(emulator)
  for (const bucketName of ['private-files', 'public-files']) {
    await client.upload(bucketName, 'ten', '0123456789', {
      'X-Bz-Info-src_last_modified_millis': '1641308478123',
      'X-Bz-Info-author': 'J%C3%BCrgen%20M.',
      'X-Bz-Info-b2-cache-control': 'max-age%3D60',
    })
  }
  await client.upload('private-files', 'empty', '')
  for (const name of ['report', 'report2.pdf', 'folder/report']) await client.upload('private-files', name, name)
})
afterAll(() => emulator.stop())

const urlOf = (bucketName: string, fileName: string, query = '') =>
  `${emulator.realm}/file/${bucketName}/${encodeName(fileName)}${query}`
const unauthorized = { status: 401, json: { code: 'unauthorized' } }

describe('download by name', () => {
  it('answers content and metadata headers', async () => {
    const { headers, status, body } = await client.download('private-files', 'ten')
    const [version] = emulator.fileVersions('private-files').filter((each) => each.fileName === 'ten')
    expect([status, body.toString()]).toEqual([200, '0123456789'])
    expect(headers).toMatchObject({
      'accept-ranges': 'bytes',
      'cache-control': 'max-age=60',
      'content-length': '10',
      'content-type': 'application/octet-stream',
      'x-bz-content-sha1': sha1('0123456789'),
      'x-bz-file-id': version?.fileId,
      'x-bz-file-name': 'ten',
      'x-bz-info-author': 'J%C3%BCrgen%20M.',
      'x-bz-info-src_last_modified_millis': '1641308478123',
      'x-bz-upload-timestamp': String(version?.uploadTimestamp),
    })
    expect(headers).not.toHaveProperty('x-bz-info-b2-cache-control')
  })

  it('answers HEAD with the same headers and no body', async () => {
    const headers = { Authorization: client.token }
    const reply = await send(urlOf('private-files', 'ten'), { method: 'HEAD', headers })
    expect(reply).toMatchObject({ status: 200, headers: { 'content-length': '10' }, body: Buffer.alloc(0) })
    const missing = await send(urlOf('private-files', 'none'), { method: 'HEAD', headers })
    expect(missing).toMatchObject({ status: 404, body: Buffer.alloc(0) })
  })

  it.each([
    ['bytes=5-8', 206, '5678', 'bytes 5-8/10'],
    ['bytes=5-99', 206, '56789', 'bytes 5-9/10'],
    ['bytes=8-', 206, '89', 'bytes 8-9/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=8-5', 200, '0123456789', undefined],
    ['nonsense', 200, '0123456789', undefined],
  ])('answers Range %s with %i and the hash of the whole file', async (range, status, content, contentRange) => {
    const reply = await client.download('private-files', 'ten', { Range: range })
    expect([reply.status, reply.body.toString()]).toEqual([status, content])
    expect(reply.headers['content-range']).toBe(contentRange)
    expect(reply.headers['content-length']).toBe(`${content.length}`)
    expect(reply.headers['x-bz-content-sha1']).toBe(sha1('0123456789'))
  })

  it('answers 416 for a range outside the file, and for any range of an empty one', async () => {
    const refused = { status: 416, json: { code: 'range_not_satisfiable' } }
    expect(await client.download('private-files', 'ten', { Range: 'bytes=10-' })).toMatchObject(refused)
    expect(await client.download('private-files', 'empty', { Range: 'bytes=0-' })).toMatchObject(refused)
  })

  it('answers 404 for a missing file and a missing bucket', async () => {
    expect(await client.download('private-files', 'none')).toMatchObject({
      status: 404,
      json: { code: 'not_found', message: 'bucket private-files does not have file: none' },
    })
    expect(await client.download('no-such-bucket', 'ten')).toMatchObject({ status: 404, json: { code: 'not_found' } })
  })

  it('asks for a token in a private bucket only', async () => {
    expect(await send(urlOf('private-files', 'ten'))).toMatchObject(unauthorized)
    expect(await send(urlOf('public-files', 'ten'))).toMatchObject({ status: 200 })
    const headers = { Authorization: 'nonsense' }
    expect(await send(urlOf('private-files', 'ten'), { headers })).toMatchObject({ json: { code: 'bad_auth_token' } })
  })

  it('refuses keys that may not read', async () => {
    const other = await connect(emulator, emulator.createKey({ capabilities: ['listFiles', 'writeFiles'] }))
    expect(await other.download('private-files', 'ten')).toMatchObject(unauthorized)
  })

  it('decodes a plus in the path as a space', async () => {
    await client.upload('public-files', 'a b', 'spaced')
    expect((await send(`${emulator.realm}/file/public-files/a+b`)).body.toString()).toBe('spaced')
  })

  it('sets the response headers a query asks for', async () => {
    const query = `?b2ContentDisposition=${encodeURIComponent('attachment; filename="x.pdf"')}&b2ContentType=text/plain`
    expect((await send(urlOf('public-files', 'ten', query))).headers).toMatchObject({
      'content-disposition': 'attachment; filename="x.pdf"',
      'content-type': 'text/plain',
    })
    const extended = `?b2ContentDisposition=${encodeURIComponent("attachment; filename*=UTF-8''x.pdf")}`
    expect(await send(urlOf('public-files', 'ten', extended))).toMatchObject({ status: 400 })
  })
})

describe('download by id', () => {
  const byId = (fileId: string) => `${emulator.realm}/b2api/v4/b2_download_file_by_id?fileId=${fileId}`

  it('finds old and hidden versions, with GET, HEAD and POST', async () => {
    const { json } = await client.upload('private-files', 'versions', 'old')
    const fileId = String(json?.['fileId'])
    await client.upload('private-files', 'versions', 'new')
    await client.call('hide_file', { bucketId: bucketIdOf(emulator, 'private-files'), fileName: 'versions' })
    const headers = { Authorization: client.token }
    expect((await send(byId(fileId), { headers })).body.toString()).toBe('old')
    expect(await send(byId(fileId), { method: 'HEAD', headers })).toMatchObject({ headers: { 'content-length': '3' } })
    expect((await client.call('download_file_by_id', { fileId })).body.toString()).toBe('old')
    expect((await send(byId(fileId), { headers: { ...headers, Range: 'bytes=1-' } })).body.toString()).toBe('ld')
  })

  it('asks for an account token in a private bucket; a download token is none', async () => {
    const fileId = emulator.listVisible('private-files', 'ten')[0]?.fileId ?? ''
    expect(await send(byId(fileId))).toMatchObject(unauthorized)
    const token = await share({ fileNamePrefix: '' })
    expect(await send(byId(fileId), { headers: { Authorization: token } })).toMatchObject({ status: 401 })
    const open = emulator.listVisible('public-files', 'ten')[0]?.fileId ?? ''
    expect(await send(byId(open))).toMatchObject({ status: 200 })
  })

  it('tells malformed ids from unknown ones', async () => {
    const headers = { Authorization: client.token }
    expect(await send(byId('nonsense'), { headers })).toMatchObject({ status: 400, json: { code: 'bad_request' } })
    const unknown = emulator.listVisible('private-files', 'ten')[0]?.fileId.replace(/_f1.{15}/, `_f1${'0'.repeat(15)}`)
    expect(await send(byId(unknown ?? ''), { headers })).toMatchObject({ status: 404, json: { code: 'not_found' } })
  })
})

async function share(params: object): Promise<string> {
  const bucketId = bucketIdOf(emulator, 'private-files')
  const wanted = { bucketId, validDurationInSeconds: 3600, ...params }
  return String((await client.call('get_download_authorization', wanted)).json?.['authorizationToken'])
}

describe('b2_get_download_authorization', () => {
  it('makes a token for every name with the prefix, in the header or the query', async () => {
    const token = await share({ fileNamePrefix: 'report' })
    const query = `?Authorization=${encodeURIComponent(token)}`
    expect((await send(urlOf('private-files', 'report', query))).body.toString()).toBe('report')
    expect((await send(urlOf('private-files', 'report2.pdf', query))).body.toString()).toBe('report2.pdf')
    const headers = { Authorization: token }
    expect(await send(urlOf('private-files', 'report'), { headers })).toMatchObject({ status: 200 })
    expect(await send(urlOf('private-files', 'folder/report', query))).toMatchObject(unauthorized)
    expect(await send(urlOf('private-files', 'ten', query))).toMatchObject(unauthorized)
    expect(await client.call('list_file_names')).toMatchObject({ status: 400 })
  })

  it('makes tokens that are good for downloads in one bucket and nothing else', async () => {
    const token = await share({ fileNamePrefix: '' })
    emulator.createBucket('other-private')
    await client.upload('other-private', 'x')
    const headers = { Authorization: token }
    expect(await send(urlOf('other-private', 'x'), { headers })).toMatchObject(unauthorized)
    const call = await send(`${emulator.realm}/b2api/v4/b2_list_buckets`, { headers })
    expect(call).toMatchObject({ status: 401, json: { code: 'bad_auth_token' } })
  })

  it('binds a download to the overrides the token was made with', async () => {
    const disposition = 'attachment; filename="report.txt"'
    const token = await share({ fileNamePrefix: 'report', b2ContentDisposition: disposition })
    const query = `?Authorization=${encodeURIComponent(token)}`
    const asked = (value: string) => `${query}&b2ContentDisposition=${encodeURIComponent(value)}`
    expect(await send(urlOf('private-files', 'report', asked(disposition)))).toMatchObject({
      status: 200,
      headers: { 'content-disposition': disposition },
    })
    expect(await send(urlOf('private-files', 'report', asked('inline')))).toMatchObject(unauthorized)
    expect(await send(urlOf('private-files', 'report', query))).toMatchObject(unauthorized)
  })

  it('makes tokens that expire, and end with their key', async () => {
    const key = emulator.createKey({ capabilities: ['shareFiles', 'readFiles'] })
    const other = await connect(emulator, key)
    const params = {
      bucketId: bucketIdOf(emulator, 'private-files'),
      fileNamePrefix: '',
      validDurationInSeconds: 604_800,
    }
    const token = String((await other.call('get_download_authorization', params)).json?.['authorizationToken'])
    const own = await share({ fileNamePrefix: '' })
    emulator.revokeKey(key.applicationKeyId)
    const revoked = await send(urlOf('private-files', 'ten'), { headers: { Authorization: token } })
    expect(revoked).toMatchObject({ status: 401, json: { code: 'bad_auth_token' } })
    emulator.expireTokens('download')
    const expired = await send(urlOf('private-files', 'ten'), { headers: { Authorization: own } })
    expect(expired).toMatchObject({ status: 401, json: { code: 'expired_auth_token' } })
  })

  it.each([0, 604_801])('refuses a life of %i seconds', async (validDurationInSeconds) => {
    const params = { bucketId: bucketIdOf(emulator, 'private-files'), fileNamePrefix: '', validDurationInSeconds }
    expect(await client.call('get_download_authorization', params)).toMatchObject({ status: 400 })
  })

  it('refuses keys without shareFiles, and prefixes outside a key of limited names', async () => {
    const params = { bucketId: bucketIdOf(emulator, 'private-files'), fileNamePrefix: '', validDurationInSeconds: 60 }
    const reader = await connect(emulator, emulator.createKey({ capabilities: ['readFiles'] }))
    expect(await reader.call('get_download_authorization', params)).toMatchObject(unauthorized)
    const limited = await connect(emulator, emulator.createKey({ capabilities: ['shareFiles'], namePrefix: 'folder/' }))
    expect(await limited.call('get_download_authorization', params)).toMatchObject(unauthorized)
  })
})
