import { expect } from 'vitest'
import { contract, succeed } from './service.ts'
import type { B2 } from './service.ts'
import { connect, send } from './wire.ts'
import type { Reply } from './wire.ts'

const unauthorized = { status: 401, json: { code: 'unauthorized', status: 401 } }

/** Makes a token for names that begin so, valid for ten minutes. */
async function share(b2: B2, fileNamePrefix: string, overrides: object = {}): Promise<string> {
  const params = { bucketId: b2.bucketId, fileNamePrefix, validDurationInSeconds: 600, ...overrides }
  const answer = succeed<{ authorizationToken: string }>(await b2.client.call('get_download_authorization', params))
  expect(answer).toMatchObject({ bucketId: b2.bucketId, fileNamePrefix })
  return answer.authorizationToken
}

async function downloadWith(b2: B2, token: string, fileName: string, query = ''): Promise<Reply> {
  return send(`${b2.downloadUrlOf(fileName)}?Authorization=${encodeURIComponent(token)}${query}`)
}

contract('b2_get_download_authorization', ['shareFiles'], (test) => {
  test('opens names with the prefix, given in the query or as a header, and no others', async (b2) => {
    const report = b2.newName('-report')
    const [longer, other] = [`${report}2.pdf`, b2.newName('-other')]
    for (const fileName of [report, longer, other]) await b2.store(fileName, fileName)
    const token = await share(b2, report)
    expect((await downloadWith(b2, token, report)).body.toString()).toBe(report)
    const asHeader = await send(b2.downloadUrlOf(report), { headers: { Authorization: token } })
    expect(asHeader.body.toString()).toBe(report)
    // It is a prefix of text, not a folder.
    expect((await downloadWith(b2, token, longer)).body.toString()).toBe(longer)
    expect(await downloadWith(b2, token, other)).toMatchObject({ status: 401, json: { status: 401 } })
  })

  test('opens ranges and HEAD too', async (b2) => {
    const { fileName } = await b2.store(b2.newName(), '0123456789')
    const url = `${b2.downloadUrlOf(fileName)}?Authorization=${encodeURIComponent(await share(b2, fileName))}`
    expect(await send(url, { method: 'HEAD' })).toMatchObject({ status: 200 })
    const part = await send(url, { headers: { Range: 'bytes=2-3' } })
    expect([part.status, part.body.toString()]).toEqual([206, '23'])
  })

  test('opens no download by id and no other call', async (b2) => {
    const { fileName, fileId } = await b2.store(b2.newName())
    const headers = { Authorization: await share(b2, fileName) }
    const { apiUrl, downloadUrl } = b2.client
    const url = `${downloadUrl}/b2api/v4/b2_download_file_by_id?fileId=${fileId}`
    expect(await send(url, { headers })).toMatchObject({ status: 401 })
    const body = JSON.stringify({ fileId })
    expect(await send(`${apiUrl}/b2api/v4/b2_get_file_info`, { method: 'POST', headers, body })).toMatchObject({
      status: 401,
    })
  })

  test('binds a download to the overrides that were given', async (b2) => {
    const { fileName } = await b2.store(b2.newName(), 'x')
    const b2ContentDisposition = 'attachment; filename="shown.txt"'
    const token = await share(b2, fileName, { b2ContentDisposition })
    const same = `&b2ContentDisposition=${encodeURIComponent(b2ContentDisposition)}`
    const reply = await downloadWith(b2, token, fileName, same)
    expect(reply).toMatchObject({ status: 200, headers: { 'content-disposition': b2ContentDisposition } })
    expect(await downloadWith(b2, token, fileName)).toMatchObject({ status: 401 })
    expect(await downloadWith(b2, token, fileName, '&b2ContentDisposition=inline')).toMatchObject({ status: 401 })
  })

  test('lasts from one second to seven days', async ({ client, bucketId, newName }) => {
    const fileNamePrefix = newName()
    const ask = async (validDurationInSeconds: number) =>
      client.call('get_download_authorization', { bucketId, fileNamePrefix, validDurationInSeconds })
    for (const seconds of [1, 604_800]) expect(await ask(seconds)).toMatchObject({ status: 200 })
    for (const seconds of [0, -1, 604_801]) {
      expect(await ask(seconds)).toMatchObject({
        status: 400,
        json: { code: expect.toBeOneOf(['out_of_range', 'bad_request']) },
      })
    }
  })

  test('refuses a content disposition with extended parameters', async ({ client, bucketId, newName }) => {
    const params = { bucketId, fileNamePrefix: newName(), validDurationInSeconds: 60 }
    const b2ContentDisposition = "attachment; filename*=UTF-8''a"
    const reply = await client.call('get_download_authorization', { ...params, b2ContentDisposition })
    expect(reply).toMatchObject({ status: 400, json: { code: 'bad_request' } })
  })

  test('needs a bucket, a prefix and a duration', async ({ client, bucketId, newName }) => {
    const whole = { bucketId, fileNamePrefix: newName(), validDurationInSeconds: 60 }
    for (const field of Object.keys(whole)) {
      const reply = await client.call('get_download_authorization', { ...whole, [field]: undefined })
      expect(reply).toMatchObject({ status: 400, json: { code: 'bad_request' } })
    }
  })
})

contract('download tokens of a key with a name prefix', ['shareFiles', 'writeKeys', 'deleteKeys'], (test) => {
  test('reach no further than the key', async (b2) => {
    const mine = `${b2.newName()}/`
    const key = await b2.createKey({
      keyName: 'pail-contract-sharing',
      capabilities: ['shareFiles', 'readFiles'],
      bucketIds: [b2.bucketId],
      namePrefix: mine,
    })
    const limited = await connect(b2.realm, key)
    const params = { bucketId: b2.bucketId, validDurationInSeconds: 60 }
    const inside = { ...params, fileNamePrefix: `${mine}a` }
    expect(await limited.call('get_download_authorization', inside)).toMatchObject({ status: 200 })
    const outside = { ...params, fileNamePrefix: b2.prefix }
    expect(await limited.call('get_download_authorization', outside)).toMatchObject(unauthorized)
  })
})
