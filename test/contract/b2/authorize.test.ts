import { expect } from 'vitest'
import { contract, filesOf } from './service.ts'
import { authorize, send } from './wire.ts'

const address = expect.stringMatching(/^https?:\/\/[^/]+$/)
const parts = { absoluteMinimumPartSize: expect.any(Number), recommendedPartSize: expect.any(Number) }

contract('b2_authorize_account', [], (test) => {
  test('answers v4 with what the key may do, grouped by suite of calls', async ({ realm, key, client }) => {
    const reply = await authorize(realm, key)
    expect(reply.status).toBe(200)
    expect(reply.headers['content-type']).toMatch(/^application\/json/)
    expect(reply.json).toMatchObject({
      accountId: expect.stringMatching(/^[0-9a-f]{12}$/),
      authorizationToken: expect.any(String),
      applicationKeyExpirationTimestamp: expect.toSatisfy((time) => time === null || typeof time === 'number'),
      apiInfo: {
        storageApi: {
          ...parts,
          ...{ apiUrl: address, downloadUrl: address, s3ApiUrl: address },
          allowed: {
            buckets: client.buckets,
            capabilities: expect.arrayContaining(['listFiles']),
            namePrefix: client.namePrefix === '' ? null : client.namePrefix,
          },
        },
      },
    })
  })

  test('answers v3 and v2 in their own shapes, or refuses a key with several buckets', async (b2) => {
    const { realm, key, client } = b2
    const [v3, v2] = [await authorize(realm, key, 3), await authorize(realm, key, 2)]
    if ((client.buckets?.length ?? 0) > 1) {
      expect([v3.status, v2.status]).toEqual([401, 401])
      return
    }
    const [bucket = { id: null, name: null }] = client.buckets ?? []
    const allowed = {
      bucketId: bucket.id,
      bucketName: bucket.name,
      capabilities: client.capabilities,
      namePrefix: client.namePrefix === '' ? null : client.namePrefix,
    }
    const urls = { apiUrl: address, downloadUrl: address, s3ApiUrl: address }
    expect(v3.json).toMatchObject({
      accountId: client.accountId,
      authorizationToken: expect.any(String),
      apiInfo: { storageApi: { ...urls, ...parts, ...allowed, infoType: 'storageApi' } },
    })
    const common = { accountId: client.accountId, authorizationToken: expect.any(String) }
    expect(v2.json).toMatchObject({ ...common, ...urls, ...parts, allowed })
  })

  // The documentation says `unauthorized`; recorded traffic of 2021 says `bad_auth_token`.
  test('refuses a wrong key and an unknown one with 401', async ({ realm, key, client }) => {
    const refused = { status: 401, json: { status: 401, code: expect.toBeOneOf(['unauthorized', 'bad_auth_token']) } }
    expect(await authorize(realm, { ...key, applicationKey: 'K002wrong' })).toMatchObject(refused)
    const unknown = { applicationKeyId: `002${client.accountId}00000fffff`, applicationKey: key.applicationKey }
    expect(await authorize(realm, unknown)).toMatchObject(refused)
  })

  test('refuses a request without Basic credentials as malformed', async ({ realm }) => {
    const reply = await send(`${realm}/b2api/v4/b2_authorize_account`)
    expect(reply).toMatchObject({ status: 400, json: { code: 'bad_request', status: 400 } })
  })

  test('takes POST too', async ({ realm, key, client }) => {
    const pair = Buffer.from(`${key.applicationKeyId}:${key.applicationKey}`).toString('base64')
    const headers = { Authorization: `Basic ${pair}` }
    const reply = await send(`${realm}/b2api/v4/b2_authorize_account`, { method: 'POST', headers, body: '{}' })
    expect(reply).toMatchObject({ status: 200, json: { accountId: client.accountId } })
  })
})

contract('calls in general', [], (test) => {
  test('take a token of v4 on every version', async ({ client, bucketId, prefix, store, newName }) => {
    const fileName = newName()
    await store(fileName)
    for (const apiVersion of [1, 2, 3, 4]) {
      const query = { bucketId, prefix, startFileName: fileName, maxFileCount: 1 }
      const reply = await client.call('list_file_names', query, apiVersion)
      expect(filesOf(reply)).toMatchObject([{ fileName }])
    }
  })

  test('take reading calls as GET with a query', async ({ client, bucketId, store, newName }) => {
    const fileName = newName('-by-get')
    await store(fileName)
    const query = `bucketId=${bucketId}&prefix=${encodeURIComponent(fileName)}&maxFileCount=1`
    const headers = { Authorization: client.token }
    const reply = await send(`${client.apiUrl}/b2api/v4/b2_list_file_names?${query}`, { headers })
    expect(filesOf(reply)).toMatchObject([{ fileName }])
  })

  test('take explicit nulls for absent parameters', async ({ client, bucketId, prefix }) => {
    const nulls = { delimiter: null, startFileName: null, maxFileCount: null }
    expect(await client.call('list_file_names', { bucketId, prefix, ...nulls })).toMatchObject({ status: 200 })
  })

  test('tell an unknown token from a good one', async ({ client, bucketId, prefix }) => {
    const url = `${client.apiUrl}/b2api/v4/b2_list_file_names`
    const body = JSON.stringify({ bucketId, prefix })
    const unknown = await send(url, { method: 'POST', headers: { Authorization: '4_no_such_token' }, body })
    expect(unknown).toMatchObject({ status: 401, json: { code: 'bad_auth_token', status: 401 } })
    const none = await send(url, { method: 'POST', body })
    // `missing_auth_token` is the old name; what is sent today is not documented.
    expect(none).toMatchObject({
      status: 401,
      json: { code: expect.toBeOneOf(['missing_auth_token', 'bad_auth_token', 'unauthorized']) },
    })
  })

  test('refuse a body that is no JSON, and a missing parameter', async ({ client }) => {
    const url = `${client.apiUrl}/b2api/v4/b2_list_file_names`
    const headers = { Authorization: client.token }
    const garbled = await send(url, { method: 'POST', headers, body: '{"bucketId":' })
    expect(garbled).toMatchObject({ status: 400, json: { code: expect.toBeOneOf(['bad_json', 'bad_request']) } })
    expect(await client.call('list_file_names')).toMatchObject({ status: 400, json: { code: 'bad_request' } })
  })
})
