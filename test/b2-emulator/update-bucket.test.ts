import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmulator } from './emulator.ts'
import type { Emulator } from './emulator.ts'
import { connect, send } from './test-client.ts'
import type { Client, Reply } from './test-client.ts'

let emulator: Emulator
let client: Client
let directory: string
let bucketId: string
let bucketName: string
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'b2-emulator-buckets-'))
  emulator = await startEmulator({ dataDirectory: directory })
  client = await connect(emulator)
})
afterAll(async () => {
  await emulator.stop()
  rmSync(directory, { recursive: true })
})
beforeEach(() => {
  ;({ bucketId, bucketName } = emulator.createBucket(`update-${emulator.buckets.length}-bucket`))
})

const update = (fields: object, by: Client = client): Promise<Reply> =>
  by.call('update_bucket', { accountId: emulator.accountId, bucketId, ...fields })
const rule = (fileNamePrefix: string, fields: object = { daysFromHidingToDeleting: 1 }) => ({
  fileNamePrefix,
  daysFromHidingToDeleting: null,
  daysFromUploadingToHiding: null,
  daysFromStartingToCancelingUnfinishedLargeFiles: null,
  ...fields,
})

describe('b2_update_bucket', () => {
  it('replaces each setting wholly, leaves the others alone, and counts the revision up', async () => {
    const lifecycleRules = [rule('a/'), rule('b/')]
    await update({ bucketInfo: { one: '1', two: '2' }, lifecycleRules, corsRules: [{ corsRuleName: 'any-rule' }] })
    const reply = await update({ bucketInfo: { three: '3' }, lifecycleRules: [rule('c/')], ifRevisionIs: 3 })
    expect(reply.json).toMatchObject({ bucketId, bucketName, bucketType: 'allPrivate', revision: 4 })
    expect(reply.json).toMatchObject({ corsRules: [{ corsRuleName: 'any-rule' }], lifecycleRules: [rule('c/')] })
    expect(reply.json?.['bucketInfo']).toEqual({ three: '3' })
    const listed = await client.call('list_buckets', { accountId: emulator.accountId, bucketId })
    expect(listed.json?.['buckets']).toEqual([reply.json])
  })

  it('refuses when somebody else was faster, and changes nothing', async () => {
    await update({ bucketInfo: { who: 'me' } })
    expect(await update({ bucketInfo: { who: 'you' }, ifRevisionIs: 2 })).toMatchObject({
      status: 409,
      json: { code: 'conflict', message: 'simultaneous updates to bucket', status: 409 },
    })
    expect((await update({})).json).toMatchObject({ bucketInfo: { who: 'me' } })
  })

  it('opens a private bucket to everybody and closes it again', async () => {
    await client.upload(bucketName, 'x', 'content')
    const open = () => send(`${emulator.realm}/file/${bucketName}/x`)
    expect(await open()).toMatchObject({ status: 401 })
    expect((await update({ bucketType: 'allPublic' })).json).toMatchObject({ bucketType: 'allPublic' })
    expect(await open()).toMatchObject({ status: 200 })
    await update({ bucketType: 'allPrivate' })
    expect(await open()).toMatchObject({ status: 401 })
  })

  it('keeps the default encryption and shows it to those who may see it', async () => {
    const encryption = { mode: 'SSE-B2', algorithm: 'AES256' }
    const reply = await update({ defaultServerSideEncryption: encryption })
    const visible = { isClientAuthorizedToRead: true, value: encryption }
    expect(reply.json).toMatchObject({ defaultServerSideEncryption: visible })
    const blind = await connect(emulator, emulator.createKey({ capabilities: ['writeBuckets'] }))
    const hidden = { isClientAuthorizedToRead: false, value: null }
    expect((await update({}, blind)).json).toMatchObject({ defaultServerSideEncryption: hidden })
    expect(await update({ defaultServerSideEncryption: { mode: 'none' } }, blind)).toMatchObject({ status: 401 })
    const none = { isClientAuthorizedToRead: true, value: { mode: null, algorithm: null } }
    const off = await update({ defaultServerSideEncryption: { mode: 'none' } })
    expect(off.json).toMatchObject({ defaultServerSideEncryption: none })
  })

  it.each<[string, unknown[], string]>([
    ['two for one prefix', [rule('a'), rule('a')], 'match the same files'],
    ['one inside another', [rule('photos/2024/'), rule('photos/')], 'match the same files'],
    ['one for everything beside another', [rule(''), rule('a')], 'match the same files'],
    ['one that asks for nothing', [rule('a', { daysFromHidingToDeleting: null })], 'asks for nothing'],
    ['0 days', [rule('a', { daysFromUploadingToHiding: 0 })], 'lifecycleRules.0.daysFromUploadingToHiding'],
    ['half days', [rule('a', { daysFromUploadingToHiding: 1.5 })], 'lifecycleRules.0.daysFromUploadingToHiding'],
    ['no prefix', [{ daysFromHidingToDeleting: 1 }], 'lifecycleRules.0.fileNamePrefix'],
    ['101 of them', Array.from({ length: 101 }, (_, i) => rule(`${i}/`)), 'More than 100 lifecycle rules'],
  ])('refuses lifecycle rules with %s, here and for new buckets', async (_, lifecycleRules, message) => {
    const refused = { status: 400, json: { code: 'bad_request', message: expect.stringContaining(message) } }
    expect(await update({ lifecycleRules })).toMatchObject(refused)
    const fresh = { accountId: emulator.accountId, bucketName: 'never-made', bucketType: 'allPrivate', lifecycleRules }
    expect(await client.call('create_bucket', fresh)).toMatchObject(refused)
    expect((await update({})).json).toMatchObject({ revision: 3, lifecycleRules: [] })
  })

  it('takes 100 lifecycle rules side by side, and fills in what they leave out', async () => {
    const many = Array.from({ length: 100 }, (_, i) => rule(`${i}/`))
    expect(await update({ lifecycleRules: many })).toMatchObject({ status: 200 })
    const short = [{ fileNamePrefix: '', daysFromHidingToDeleting: 1 }]
    expect((await update({ lifecycleRules: short })).json?.['lifecycleRules']).toEqual([rule('')])
  })

  it('needs the right key, account and bucket', async () => {
    const refused = { status: 401, json: { code: 'unauthorized' } }
    const reader = await connect(emulator, emulator.createKey({ capabilities: ['listBuckets'] }))
    expect(await update({}, reader)).toMatchObject(refused)
    const other = emulator.createBucket(`other-${emulator.buckets.length}-bucket`).bucketId
    const stranger = emulator.createKey({ capabilities: ['writeBuckets'], bucketIds: [other] })
    expect(await update({}, await connect(emulator, stranger))).toMatchObject(refused)
    expect(await update({ accountId: '0'.repeat(12) })).toMatchObject({ status: 400, json: { code: 'bad_request' } })
    expect(await update({ bucketId: '1234567' })).toMatchObject({
      status: 400,
      json: { code: 'bad_bucket_id', message: 'Bucket 1234567 does not exist' },
    })
  })

  it('is remembered after a restart', async () => {
    await update({ bucketInfo: { kept: 'yes' }, lifecycleRules: [rule('')] })
    const before = emulator.buckets
    await emulator.stop()
    emulator = await startEmulator({ dataDirectory: directory })
    client = await connect(emulator)
    expect(emulator.buckets).toEqual(before)
  })
})
