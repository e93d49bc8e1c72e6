import { expect } from 'vitest'
import { contract, filesOf, succeed } from './service.ts'
import type { B2 } from './service.ts'
import { authorize, connect, encodeName, send, sha1, uploadTo } from './wire.ts'
import type { Client, Key, UploadUrl } from './wire.ts'

const unauthorized = { status: 401, json: { code: 'unauthorized', status: 401 } }
const managingKeys = ['listKeys', 'writeKeys', 'deleteKeys']

/** A client of a new key for the bucket under test, and the folder it is limited to. */
async function limited(
  b2: B2,
  capabilities: readonly string[],
): Promise<{ readonly as: Client; readonly folder: string }> {
  const folder = `${b2.newName()}/`
  const params = { keyName: 'pail-contract', capabilities, bucketIds: [b2.bucketId], namePrefix: folder }
  return { as: await connect(b2.realm, await b2.createKey(params)), folder }
}

contract('b2_create_key, b2_list_keys and b2_delete_key', managingKeys, (test) => {
  test('make a key that authorizes with what it was given, show it without its secret, and end it', async (b2) => {
    const { client, realm, bucketId, bucketName, prefix } = b2
    const { accountId } = client
    const restriction = { capabilities: ['listFiles'], bucketIds: [bucketId], namePrefix: prefix }
    const params = { keyName: 'pail-contract', validDurationInSeconds: 3600, ...restriction }
    const key = await b2.createKey(params)
    expect(key).toMatchObject({
      ...restriction,
      accountId,
      keyName: 'pail-contract',
      applicationKeyId: expect.stringMatching(/^[0-9a-f]{25}$/),
      applicationKey: expect.stringMatching(/^K.{30}$/),
      expirationTimestamp: expect.any(Number),
    })
    const { applicationKeyId } = key
    const authorized = succeed<Record<string, unknown>>(await authorize(realm, key))
    expect(authorized).toMatchObject({
      applicationKeyExpirationTimestamp: (key as Key & { expirationTimestamp: number }).expirationTimestamp,
      apiInfo: {
        storageApi: {
          allowed: { buckets: [{ id: bucketId, name: bucketName }], capabilities: ['listFiles'], namePrefix: prefix },
        },
      },
    })

    const query = { accountId, startApplicationKeyId: applicationKeyId, maxKeyCount: 1 }
    const listed = await client.call('list_keys', query)
    expect(listed.json['keys']).toEqual([expect.objectContaining({ applicationKeyId, ...restriction })])
    expect(listed.body.toString()).not.toContain(key.applicationKey)

    const as = await connect(realm, key)
    const list = async () => as.call('list_file_names', { bucketId, prefix })
    expect(await list()).toMatchObject({ status: 200 })
    expect(succeed(await client.call('delete_key', { applicationKeyId }))).toMatchObject({ applicationKeyId })
    // What a token is worth whose key is gone, and what authorize says then, may be either.
    const refused = { status: 401, json: { code: expect.toBeOneOf(['bad_auth_token', 'unauthorized']) } }
    expect(await list()).toMatchObject(refused)
    expect(await authorize(realm, key)).toMatchObject(refused)
    expect(await client.call('delete_key', { applicationKeyId })).toMatchObject({
      status: 400,
      json: { code: 'bad_request' },
    })
  })

  test('page through keys by their ids', async (b2) => {
    const { accountId } = b2.client
    const restriction = { capabilities: ['listFiles'], bucketIds: [b2.bucketId] }
    const made: string[] = []
    for (const keyName of ['pail-contract-1', 'pail-contract-2']) {
      made.push((await b2.createKey({ keyName, ...restriction })).applicationKeyId)
    }
    const listed: unknown[] = []
    let startApplicationKeyId: unknown = null
    do {
      const query = { accountId, maxKeyCount: 100, startApplicationKeyId }
      const reply = await b2.client.call('list_keys', query)
      const page = succeed<{ keys: { applicationKeyId: string }[]; nextApplicationKeyId: string | null }>(reply)
      listed.push(...page.keys.map((key) => key.applicationKeyId))
      startApplicationKeyId = page.nextApplicationKeyId
    } while (startApplicationKeyId !== null)
    expect(listed).toEqual(expect.arrayContaining(made))
    expect(listed).toEqual([...new Set(listed)])
  })

  test('take one bucket before v4', async ({ client, bucketId, prefix, createKey }) => {
    const { accountId } = client
    const params = { accountId, keyName: 'pail-contract', capabilities: ['listFiles'], bucketId, namePrefix: prefix }
    const reply = await client.call('create_key', params, 2)
    const { applicationKeyId } = succeed<Key>(reply)
    try {
      expect(reply.json).toMatchObject({ bucketId, namePrefix: prefix })
      const query = { accountId, startApplicationKeyId: applicationKeyId, maxKeyCount: 1 }
      expect(await client.call('list_keys', query, 2)).toMatchObject({
        json: { keys: [{ applicationKeyId, bucketId }] },
      })
    } finally {
      succeed(await client.call('delete_key', { applicationKeyId }))
    }
    const bucketIds = [bucketId]
    expect(await createKey({ keyName: 'pail-contract', capabilities: ['listFiles'], bucketIds })).toMatchObject({
      bucketIds,
    })
  })

  test('refuse a bad name, no capability, an unknown one, and a life that is too long', async ({
    client,
    bucketId,
  }) => {
    const good = { accountId: client.accountId, keyName: 'pail-contract', capabilities: ['listFiles'] }
    const bucketIds = [bucketId]
    for (const bad of [
      { keyName: 'under_score' },
      { keyName: 'x'.repeat(101) },
      { capabilities: [] },
      { capabilities: ['makeCoffee'] },
      { validDurationInSeconds: 0 },
      { validDurationInSeconds: 86_400_001 },
    ]) {
      const reply = await client.call('create_key', { ...good, bucketIds, ...bad })
      if (reply.status === 200) await client.call('delete_key', reply.json)
      expect([bad, reply.status]).toEqual([bad, 400])
    }
  })
})

contract('a key that makes others', [...managingKeys, 'readFiles'], (test) => {
  test('makes none that may do more than itself', async (b2) => {
    const making = { keyName: 'pail-contract', capabilities: ['writeKeys', 'listFiles'] }
    const as = await connect(b2.realm, await b2.createKey(making))
    const wish = { accountId: as.accountId, keyName: 'pail-contract', bucketIds: [b2.bucketId] }
    const more = await as.call('create_key', { ...wish, capabilities: ['listFiles', 'readFiles'] })
    if (more.status === 200) await b2.client.call('delete_key', more.json)
    expect(more.status).toBeOneOf([400, 401])

    const made = succeed<Key>(
      await as.call('create_key', { ...wish, namePrefix: b2.prefix, capabilities: ['listFiles'] }),
    )
    try {
      const own = await connect(b2.realm, made)
      expect(own).toMatchObject({ capabilities: ['listFiles'], namePrefix: b2.prefix })
    } finally {
      succeed(await b2.client.call('delete_key', { applicationKeyId: made.applicationKeyId }))
    }
  })
})

contract('a key that is limited to a folder of one bucket', [...managingKeys, 'shareFiles'], (test) => {
  const everything = ['listBuckets', 'listFiles', 'readFiles', 'writeFiles', 'deleteFiles', 'shareFiles']

  test('lists its bucket when it names it, and no other', async (b2) => {
    const { as } = await limited(b2, everything)
    const { accountId } = as
    const { bucketId, bucketName } = b2
    const list = async (params: object) => as.call('list_buckets', { accountId, ...params })
    expect(await list({ bucketId })).toMatchObject({ status: 200, json: { buckets: [{ bucketName }] } })
    expect(await list({ bucketName })).toMatchObject({ status: 200, json: { buckets: [{ bucketId }] } })
    expect(await list({})).toMatchObject(unauthorized)
    expect(await list({ bucketName: `pail-other-${Date.now()}` })).toMatchObject(unauthorized)
  })

  test('reads, writes, hides and shares in its folder, and nowhere else', async (b2) => {
    const { as, folder } = await limited(b2, everything)
    const { bucketId } = b2
    const outside = await b2.store(b2.newName(), 'outside')
    const url = succeed<UploadUrl>(await as.call('get_upload_url', { bucketId }))
    const stored = await uploadTo(url, `${folder}x`, 'inside')
    expect(stored).toMatchObject({ status: 200 })
    const download = async (fileName: string) =>
      send(`${as.downloadUrl}/file/${b2.bucketName}/${encodeName(fileName)}`, { headers: { Authorization: as.token } })
    const list = async (operation: string, params: object) => as.call(operation, { bucketId, ...params })

    expect(filesOf(await list('list_file_names', { prefix: folder }))).toMatchObject([{ fileName: `${folder}x` }])
    expect(filesOf(await list('list_file_versions', { prefix: `${folder}x` }))).toHaveLength(1)
    expect((await download(`${folder}x`)).body.toString()).toBe('inside')
    expect(await as.call('get_file_info', { fileId: stored.json['fileId'] })).toMatchObject({ status: 200 })

    expect(await list('list_file_names', {})).toMatchObject(unauthorized)
    expect(await list('list_file_names', { prefix: b2.prefix })).toMatchObject(unauthorized)
    expect(await list('list_file_names', { prefix: folder, startFileName: outside.fileName })).toMatchObject(
      unauthorized,
    )
    expect(await list('list_file_versions', { prefix: b2.prefix })).toMatchObject(unauthorized)
    expect(await download(outside.fileName)).toMatchObject(unauthorized)
    expect(await as.call('get_file_info', { fileId: outside.fileId })).toMatchObject(unauthorized)
    expect(await list('hide_file', { fileName: outside.fileName })).toMatchObject(unauthorized)
    const { fileName, fileId } = outside
    expect(await as.call('delete_file_version', { fileName, fileId })).toMatchObject(unauthorized)
    expect(await list('hide_file', { fileName: `${folder}x` })).toMatchObject({ status: 200 })
    expect(await uploadTo(url, b2.newName(), 'outside')).toMatchObject({ status: 401 })
  })

  test('is not let into another bucket', async (b2) => {
    const { as, folder } = await limited(b2, everything)
    const other = '0'.repeat(24)
    // Whether such a bucket exists at all, such a key need not be told.
    for (const [operation, params] of [
      ['list_file_names', { prefix: folder }],
      ['get_upload_url', {}],
      ['hide_file', { fileName: `${folder}x` }],
      ['get_download_authorization', { fileNamePrefix: folder, validDurationInSeconds: 60 }],
    ] as const) {
      const { status } = await as.call(operation, { bucketId: other, ...params })
      if (b2.isEmulator) expect([operation, status]).toEqual([operation, 401])
      else expect(status).toBeOneOf([400, 401])
    }
  })

  test('is refused what it has no capability for', async (b2) => {
    const { as, folder } = await limited(b2, ['listFiles'])
    const { bucketId } = b2
    const { accountId } = as
    const fileName = `${folder}x`
    const { fileId } = await b2.store(fileName)
    const calls: readonly (readonly [string, object])[] = [
      ['list_buckets', { accountId, bucketId }],
      ['get_upload_url', { bucketId }],
      ['start_large_file', { bucketId, fileName, contentType: 'b2/x-auto' }],
      ['hide_file', { bucketId, fileName }],
      ['copy_file', { sourceFileId: fileId, fileName }],
      ['delete_file_version', { fileName, fileId }],
      ['get_file_info', { fileId }],
      ['get_download_authorization', { bucketId, fileNamePrefix: fileName, validDurationInSeconds: 60 }],
      ['list_keys', { accountId }],
      ['update_bucket', { accountId, bucketId, bucketInfo: {} }],
    ]
    for (const [operation, params] of calls) {
      expect([operation, await as.call(operation, params)]).toMatchObject([operation, unauthorized])
    }
    const byId = `${as.downloadUrl}/b2api/v4/b2_download_file_by_id?fileId=${fileId}`
    for (const url of [byId, b2.downloadUrlOf(fileName)]) {
      expect(await send(url, { headers: { Authorization: as.token } })).toMatchObject(unauthorized)
    }
    expect((await b2.download(fileName)).headers['x-bz-content-sha1']).toBe(sha1('content'))
  })

  test('hides without deleteFiles, and then cannot delete', async (b2) => {
    const { as, folder } = await limited(b2, ['writeFiles'])
    const { fileName, fileId } = await b2.store(`${folder}x`)
    expect(await as.call('hide_file', { bucketId: b2.bucketId, fileName })).toMatchObject({ status: 200 })
    expect(await as.call('delete_file_version', { fileName, fileId })).toMatchObject(unauthorized)
  })
})
