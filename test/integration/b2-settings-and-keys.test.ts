import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { B2Client } from '../../main/engine/b2/client.ts'
import { allRows, startB2Bench, type B2Bench } from '../support/b2-bench.ts'

let bench: B2Bench
let client: B2Client
beforeEach(async () => {
  bench = await startB2Bench()
  client = bench.connect()
})
afterEach(() => bench.close())

const ruleFor = (fileNamePrefix: string, days: number) => ({ fileNamePrefix, daysFromHidingToDeleting: days })

describe('the settings of a bucket', () => {
  it('are changed by what they are now', async () => {
    const first = await client.updateBucket(bench.bucketId, () => ({ lifecycleRules: [ruleFor('a/', 1)] }))
    const second = await client.updateBucket(bench.bucketId, ({ lifecycleRules = [] }) => ({
      lifecycleRules: [...lifecycleRules, ruleFor('b/', 30)],
    }))
    expect(second.lifecycleRules).toMatchObject([ruleFor('a/', 1), ruleFor('b/', 30)])
    expect(second.revision).toBe((first.revision ?? 0) + 1)
    expect(await client.findBucketById(bench.bucketId)).toEqual(second)
  })

  it('lose nothing of what somebody else changes at the same time', async () => {
    const other = bench.connect()
    const add = (by: B2Client, prefix: string) =>
      by.updateBucket(bench.bucketId, ({ lifecycleRules = [] }) => ({
        lifecycleRules: [...lifecycleRules, ruleFor(prefix, 1)],
      }))
    await Promise.all([add(client, 'a/'), add(other, 'b/'), add(client, 'c/')])
    const bucket = await client.findBucketById(bench.bucketId)
    expect(bucket?.lifecycleRules?.map((rule) => rule.fileNamePrefix).toSorted()).toEqual(['a/', 'b/', 'c/'])
    expect(bench.emulator.calls.filter((call) => call.status === 409)).not.toEqual([])
  })

  it('give way five times and then say so', async () => {
    bench.emulator.failNext('update_bucket', { status: 409, code: 'conflict', count: Infinity })
    const change = client.updateBucket(bench.bucketId, () => ({ bucketType: 'allPublic' }))
    await expect(change).rejects.toMatchObject({ code: 'bucket_changed' })
    expect(bench.countOf('update_bucket')).toBe(5)
  })

  it('are set once when the answer is lost', async () => {
    bench.emulator.failNext('update_bucket', { kind: 'cut-after' })
    const bucket = await client.updateBucket(bench.bucketId, ({ bucketInfo = {} }) => ({
      bucketInfo: { ...bucketInfo, times: String(Number(bucketInfo['times'] ?? 0) + 1) },
      lifecycleRules: [ruleFor('', 1)],
    }))
    expect(bucket.lifecycleRules).toMatchObject([ruleFor('', 1)])
  })

  it('are not touched by an empty change, nor by a key that may not look at them', async () => {
    await client.updateBucket(bench.bucketId, () => ({}))
    expect(bench.countOf('update_bucket')).toBe(0)
    const key = bench.emulator.createKey({ capabilities: ['writeBuckets'], bucketIds: [bench.bucketId] })
    const blind = bench.connect(key).updateBucket(bench.bucketId, () => ({ lifecycleRules: [] }))
    await expect(blind).rejects.toMatchObject({ code: 'capability_missing', details: { capability: 'listBuckets' } })
    const capabilities = ['writeBuckets', 'listBuckets']
    const encryption = { defaultServerSideEncryption: { mode: 'SSE-B2', algorithm: 'AES256' } } as const
    const other = bench.connect(bench.emulator.createKey({ capabilities }))
    await expect(other.updateBucket(bench.bucketId, () => encryption)).rejects.toMatchObject({
      code: 'capability_missing',
      details: { capability: 'writeBucketEncryption' },
    })
  })
})

describe('a new bucket', () => {
  it('is not asked for with a key that is made for certain buckets', async () => {
    const key = bench.emulator.createKey({ capabilities: ['writeBuckets', 'listBuckets'], bucketIds: [bench.bucketId] })
    await expect(bench.connect(key).createBucket('pail-other-one')).rejects.toMatchObject({
      code: 'bucket_not_allowed',
    })
    expect(bench.countOf('create_bucket')).toBe(0)
  })

  it.each([
    ['is encrypted', ['writeBuckets', 'writeBucketEncryption'], 'SSE-B2'],
    ['is made also by a key that may not encrypt it', ['writeBuckets'], null],
  ])('%s', async (_, capabilities, mode) => {
    await bench.connect(bench.emulator.createKey({ capabilities })).createBucket('pail-new')
    const bucket = bench.emulator.buckets.find(({ bucketName }) => bucketName === 'pail-new')
    expect(bucket).toMatchObject({ bucketType: 'allPrivate', defaultServerSideEncryption: { mode } })
  })

  it('whose answer was lost is asked for again by a key that may not look', async () => {
    bench.emulator.failNext('create_bucket', { kind: 'cut-after' })
    const making = bench.connect(bench.emulator.createKey({ capabilities: ['writeBuckets'] })).createBucket('pail-lost')
    await expect(making).rejects.toMatchObject({ code: 'bucket_name_taken' })
  })

  it('is not one’s own older one of another kind', async () => {
    bench.emulator.createBucket('pail-older', 'allPublic')
    bench.emulator.failNext('create_bucket', { kind: 'not-json', status: 502 })
    await expect(client.createBucket('pail-older')).rejects.toMatchObject({ code: 'bucket_name_taken' })
  })

  it('is one’s own when it is there because the first answer was lost', async () => {
    bench.emulator.failNext('create_bucket', { kind: 'cut-after' })
    expect(await client.createBucket('pail-lost')).toMatchObject({ bucketName: 'pail-lost' })
    expect(bench.countOf('create_bucket')).toBe(1)
  })
})

describe('a folder', () => {
  it('shows its files and the folders in it, page by page', async () => {
    const names = ['a.txt', 'b/', 'b/1', 'b/2', 'b/deep/x', 'c/1', 'd.txt']
    for (const name of names.filter((each) => each !== 'b/')) await client.uploadFile(bench.anUpload(name, 'x'))
    const folderOf = async (prefix: string) => {
      const pages = []
      for await (const page of client.listFolder(bench.bucketId, { prefix, pageSize: 2 })) pages.push(page)
      return {
        files: pages.flatMap(({ files }) => files.map((file) => file.fileName)),
        folders: pages.flatMap(({ folders }) => folders),
      }
    }
    expect(await folderOf('')).toEqual({ files: ['a.txt', 'd.txt'], folders: ['b/', 'c/'] })
    expect(await folderOf('b/')).toEqual({ files: ['b/1', 'b/2'], folders: ['b/deep/'] })
    expect(await folderOf('none/')).toEqual({ files: [], folders: [] })
  })

  it('shows to a key for a prefix the way down to it, and no more', async () => {
    const { emulator, bucketId } = bench
    for (const name of ['a/x', 'docs/mine/1', 'docs/yours/2']) await client.uploadFile(bench.anUpload(name, 'x'))
    const capabilities = ['listFiles', 'listBuckets']
    const own = bench.connect(emulator.createKey({ capabilities, bucketIds: [bucketId], namePrefix: 'docs/mine/' }))
    const foldersOf = async (prefix: string) => {
      const names = []
      for await (const { files, folders } of own.listFolder(bucketId, { prefix })) {
        names.push(...folders, ...files.map((file) => file.fileName))
      }
      return names
    }
    expect(await foldersOf('')).toEqual(['docs/'])
    expect(await foldersOf('docs/')).toEqual(['docs/mine/'])
    expect(await foldersOf('docs/mine/')).toEqual(['docs/mine/1'])
    await expect(foldersOf('yours/')).rejects.toMatchObject({ code: 'bucket_not_allowed' })
    const from = async (startFileName: string) =>
      (await allRows(own.listFileNames(bucketId, { startFileName }))).map((file) => file.fileName)
    expect([await from('a'), await from('docs/mine/1'), await from('e')]).toEqual([
      ['docs/mine/1'],
      ['docs/mine/1'],
      [],
    ])
    expect(emulator.calls.filter((call) => call.status !== 200)).toEqual([])
  })
})

describe('keys', () => {
  it('are made for as little as is needed, listed without their secret, and ended', async () => {
    const wish = { keyName: 'for-a-test', capabilities: ['listFiles', 'writeFiles'], namePrefix: 'mine/' }
    const key = await client.createKey({ ...wish, bucketIds: [bench.bucketId], validDurationInSeconds: 3_600 })
    expect(key).toMatchObject({ ...wish, bucketIds: [bench.bucketId] })

    const own = bench.connect(key)
    await own.uploadFile(bench.anUpload('mine/a', 'x'))
    await expect(own.uploadFile(bench.anUpload('yours', 'x'))).rejects.toMatchObject({ code: 'bucket_not_allowed' })

    const listed = await allRows(client.listKeys())
    const { applicationKey, ...withoutSecret } = key
    expect(listed).toContainEqual(withoutSecret)
    expect(JSON.stringify(listed)).not.toContain(applicationKey)

    expect(await client.deleteKey(key.applicationKeyId)).toEqual({ kind: 'deleted' })
    expect(await client.deleteKey(key.applicationKeyId)).toEqual({ kind: 'not_present' })
    await expect(own.uploadFile(bench.anUpload('mine/b', 'x'))).rejects.toMatchObject({ code: 'key_rejected' })
  })

  it('are not said to be gone when B2 refuses to end them for another reason', async () => {
    bench.emulator.failNext('delete_key', { status: 400, code: 'bad_request', message: 'not today' })
    await expect(client.deleteKey('any')).rejects.toMatchObject({ code: 'b2_refused' })
  })

  it('are listed over several pages', async () => {
    for (let i = 0; i < 1_005; i++) bench.emulator.createKey({ capabilities: ['listFiles'] })
    const ids = (await allRows(client.listKeys())).map((key) => key.applicationKeyId)
    expect(new Set(ids).size).toBe(1_006)
    expect(bench.countOf('list_keys')).toBe(2)
  })

  it('cannot be made with a key that may not', async () => {
    const key = bench.emulator.createKey({ capabilities: ['listFiles'] })
    const making = bench.connect(key).createKey({ keyName: 'x', capabilities: ['listFiles'] })
    await expect(making).rejects.toMatchObject({ code: 'capability_missing', details: { capability: 'writeKeys' } })
  })
})
