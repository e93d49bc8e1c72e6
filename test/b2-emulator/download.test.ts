import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmulator } from './emulator.ts'
import type { Emulator } from './emulator.ts'
import { bucketIdOf, connect, encodeName, send } from './test-client.ts'
import type { Client } from './test-client.ts'

let emulator: Emulator
let client: Client
beforeAll(async () => {
  emulator = await startEmulator({
    buckets: [{ bucketName: 'private-files' }, { bucketName: 'public-files', bucketType: 'allPublic' }],
  })
  client = await connect(emulator)
  for (const bucketName of ['private-files', 'public-files']) await client.upload(bucketName, 'ten', '0123456789')
})
afterAll(() => emulator.stop())

const urlOf = (bucketName: string, fileName: string, query = '') =>
  `${emulator.realm}/file/${bucketName}/${encodeName(fileName)}${query}`
const unauthorized = { status: 401, json: { code: 'unauthorized' } }

describe('download by name', () => {
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

  it('asks for an account token in a private bucket; a download token is none', async () => {
    const fileId = emulator.listVisible('private-files', 'ten')[0]?.fileId ?? ''
    expect(await send(byId(fileId))).toMatchObject(unauthorized)
    const token = await share({ fileNamePrefix: '' })
    expect(await send(byId(fileId), { headers: { Authorization: token } })).toMatchObject({ status: 401 })
    const open = emulator.listVisible('public-files', 'ten')[0]?.fileId ?? ''
    expect(await send(byId(open))).toMatchObject({ status: 200 })
  })
})

async function share(params: object): Promise<string> {
  const bucketId = bucketIdOf(emulator, 'private-files')
  const wanted = { bucketId, validDurationInSeconds: 3600, ...params }
  return String((await client.call('get_download_authorization', wanted)).json?.['authorizationToken'])
}

describe('b2_get_download_authorization', () => {
  it('makes tokens that are good for downloads in one bucket and nothing else', async () => {
    const token = await share({ fileNamePrefix: '' })
    emulator.createBucket('other-private')
    await client.upload('other-private', 'x')
    const headers = { Authorization: token }
    expect(await send(urlOf('other-private', 'x'), { headers })).toMatchObject(unauthorized)
    const call = await send(`${emulator.realm}/b2api/v4/b2_list_buckets`, { headers })
    expect(call).toMatchObject({ status: 401, json: { code: 'bad_auth_token' } })
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
})
