import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmulator } from './emulator.ts'
import type { Emulator } from './emulator.ts'
import { authorize, bucketIdOf, connect, send } from './test-client.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator({ buckets: [{ bucketName: 'first-bucket' }, { bucketName: 'second-bucket' }] })
})
afterAll(() => emulator.stop())

const bucketId = (name: string) => bucketIdOf(emulator, name)

describe('b2_authorize_account', () => {
  it('gives ids and keys in the shapes of the real service', () => {
    expect(emulator.accountId).toMatch(/^[0-9a-f]{12}$/)
    expect(emulator.applicationKeyId).toMatch(/^\d{3}[0-9a-f]{22}$/)
    expect(emulator.applicationKey).toMatch(/^K\d{3}[A-Za-z0-9+/]{27}$/)
  })

  it('answers v4 with the buckets a key is limited to', async () => {
    const bucketIds = [bucketId('first-bucket'), bucketId('second-bucket')]
    const key = emulator.createKey({ capabilities: ['listFiles'], bucketIds, namePrefix: 'p/' })
    const { realm, accountId } = emulator
    expect((await authorize(realm, key)).json).toEqual({
      accountId,
      authorizationToken: expect.stringContaining(`4_${key.applicationKeyId}_`),
      applicationKeyExpirationTimestamp: null,
      apiInfo: {
        storageApi: {
          absoluteMinimumPartSize: 5_000_000,
          recommendedPartSize: 100_000_000,
          apiUrl: realm,
          downloadUrl: realm,
          s3ApiUrl: realm,
          allowed: {
            buckets: [
              { id: bucketIds[0], name: 'first-bucket' },
              { id: bucketIds[1], name: 'second-bucket' },
            ],
            capabilities: ['listFiles'],
            namePrefix: 'p/',
          },
        },
      },
    })
  })

  it('answers v1 to v3 in their own shapes', async () => {
    const key = emulator.createKey({ capabilities: ['listFiles'], bucketIds: [bucketId('first-bucket')] })
    const allowed = {
      bucketId: bucketId('first-bucket'),
      bucketName: 'first-bucket',
      capabilities: ['listFiles'],
      namePrefix: null,
    }
    const { realm } = emulator
    expect((await authorize(realm, key, 1)).json).toMatchObject({
      apiUrl: realm,
      minimumPartSize: 100_000_000,
      allowed,
    })
    expect((await authorize(realm, key, 2)).json).toMatchObject({ apiUrl: realm, downloadUrl: realm, allowed })
    expect((await authorize(realm, key, 3)).json).toMatchObject({
      apiInfo: { storageApi: { ...allowed, infoType: 'storageApi', apiUrl: realm } },
    })
  })

  it('refuses a key with several buckets before v4', async () => {
    const bucketIds = [bucketId('first-bucket'), bucketId('second-bucket')]
    const key = emulator.createKey({ capabilities: ['listFiles'], bucketIds })
    expect(await authorize(emulator.realm, key, 3)).toMatchObject({ status: 401, json: { code: 'unsupported' } })
  })

  it('names a deleted bucket null', async () => {
    const { bucketId: id, bucketName } = emulator.createBucket('short-lived')
    const key = emulator.createKey({ capabilities: ['listFiles'], bucketIds: [id] })
    emulator.deleteBucket(bucketName)
    expect((await authorize(emulator.realm, key)).json).toMatchObject({
      apiInfo: { storageApi: { allowed: { buckets: [{ id, name: null }] } } },
    })
  })

  it('answers a wrong key as recorded from the real service, byte for byte', async () => {
    const reply = await authorize(emulator.realm, { ...emulator, applicationKey: 'wrong' })
    expect(reply.status).toBe(401)
    expect(reply.headers).toMatchObject({
      'content-type': 'application/json;charset=utf-8',
      'content-length': '64',
      'cache-control': 'max-age=0, no-cache, no-store',
      'www-authenticate': 'BASIC realm="authorize_account"',
    })
    expect(reply.body.toString()).toBe('{\n  "code": "bad_auth_token",\n  "message": "",\n  "status": 401\n}')
  })

  it('refuses an unknown, a revoked and an expired key', async () => {
    const revoked = emulator.createKey({ capabilities: ['listFiles'] })
    emulator.revokeKey(revoked.applicationKeyId)
    const expired = emulator.createKey({ capabilities: ['listFiles'], expiresAtMs: Date.now() - 1 })
    for (const key of [{ ...emulator, applicationKeyId: 'nobody' }, revoked, expired]) {
      expect(await authorize(emulator.realm, key)).toMatchObject({ status: 401 })
    }
  })
})

describe('tokens and keys', () => {
  const listNames = (name: string, prefix?: string) => ({ bucketId: bucketId(name), prefix })

  it('tells expired tokens from unknown and missing ones', async () => {
    const client = await connect(emulator)
    const url = `${emulator.realm}/b2api/v4/b2_list_buckets`
    expect(await send(url)).toMatchObject({ status: 401, json: { code: 'missing_auth_token' } })
    const reply = await send(url, { headers: { Authorization: 'nonsense' } })
    expect(reply).toMatchObject({ status: 401, json: { code: 'bad_auth_token' } })
    emulator.expireTokens()
    expect(await client.call('list_buckets')).toMatchObject({ status: 401, json: { code: 'expired_auth_token' } })
  })

  it('ends the tokens of a revoked key', async () => {
    const key = emulator.createKey({ capabilities: ['listFiles'] })
    const client = await connect(emulator, key)
    expect((await client.call('list_file_names', listNames('first-bucket'))).status).toBe(200)
    emulator.revokeKey(key.applicationKeyId)
    const reply = await client.call('list_file_names', listNames('first-bucket'))
    expect(reply).toMatchObject({ status: 401, json: { code: 'bad_auth_token' } })
  })

  it('lists on v1 just the bucket of a limited key', async () => {
    const key = emulator.createKey({ capabilities: ['listBuckets'], bucketIds: [bucketId('first-bucket')] })
    const client = await connect(emulator, key)
    expect(await client.call('list_buckets', { accountId: client.accountId }, 1)).toMatchObject({
      json: { buckets: [{ bucketName: 'first-bucket' }] },
    })
  })
})

describe('calls in general', () => {
  it('answers 404 for unknown calls, 405 for other methods, 400 for bodies and parameters it cannot read', async () => {
    const client = await connect(emulator)
    const headers = { Authorization: client.token }
    const url = `${emulator.realm}/b2api/v4/b2_list_file_names`
    expect(await client.call('make_coffee')).toMatchObject({ status: 404 })
    expect(await send(`${emulator.realm}/b2api/v9/b2_list_buckets`)).toMatchObject({ status: 404 })
    expect(await send(url, { method: 'PUT', headers })).toMatchObject({
      status: 405,
      json: { code: 'method_not_allowed' },
    })
    const garbled = await send(url, { method: 'POST', headers, body: '{"bucketId":' })
    expect(garbled).toMatchObject({ status: 400, json: { code: 'bad_json' } })
    expect(await client.call('list_file_names', {})).toMatchObject({
      status: 400,
      headers: { connection: 'close' },
      json: { code: 'bad_request', message: 'required field bucketId is missing' },
    })
  })

  it('lists, creates and deletes buckets', async () => {
    const client = await connect(emulator)
    const { accountId } = client
    const wanted = { accountId, bucketName: 'made-by-call', bucketType: 'allPublic' }
    const created = await client.call('create_bucket', wanted)
    expect(created.json).toMatchObject({ ...wanted, revision: 2, options: ['s3'], lifecycleRules: [] })
    expect(await client.call('create_bucket', wanted)).toMatchObject({
      status: 400,
      json: { code: 'duplicate_bucket_name', message: 'Bucket name is already in use.' },
    })
    for (const bucketName of ['short', 'b2-reserved', 'under_score']) {
      expect(await client.call('create_bucket', { ...wanted, bucketName })).toMatchObject({ status: 400 })
    }
    const listed = await client.call('list_buckets', { accountId })
    expect((listed.json?.['buckets'] as { bucketName: string }[]).map((bucket) => bucket.bucketName)).toEqual([
      'first-bucket',
      'made-by-call',
      'second-bucket',
    ])
    const none = await client.call('list_buckets', { accountId, bucketName: 'no-such-bucket' })
    expect(none).toMatchObject({ status: 200, json: { buckets: [] } })

    await client.upload('made-by-call', 'x')
    const bucket = { accountId, bucketId: bucketId('made-by-call') }
    expect(await client.call('delete_bucket', bucket)).toMatchObject({
      json: { code: 'cannot_delete_non_empty_bucket' },
    })
    for (const { fileName, fileId } of emulator.fileVersions('made-by-call')) {
      await client.call('delete_file_version', { fileName, fileId })
    }
    expect(await client.call('delete_bucket', bucket)).toMatchObject({ status: 200, json: { revision: 3 } })
    expect(await client.call('delete_bucket', bucket)).toMatchObject({
      json: { code: 'bad_bucket_id', message: `Bucket ${bucket.bucketId} does not exist` },
    })
  })
})
