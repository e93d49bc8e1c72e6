import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startEmulator } from './emulator.ts'
import type { Emulator } from './emulator.ts'
import { connect, startLarge, uploadPart, uploadTo } from './test-client.ts'
import type { Client } from './test-client.ts'

const DAY_MS = 24 * 60 * 60 * 1000

let emulator: Emulator
let client: Client
let bucketId: string
beforeEach(async () => {
  emulator = await startEmulator({ buckets: [{ bucketName: 'ruled-bucket' }] })
  client = await connect(emulator)
  bucketId = emulator.buckets[0]?.bucketId ?? ''
})
afterEach(() => emulator.stop())

const setRules = async (...lifecycleRules: object[]): Promise<void> => {
  const reply = await client.call('update_bucket', { accountId: emulator.accountId, bucketId, lifecycleRules })
  expect(reply.status).toBe(200)
}
const rows = () => emulator.fileVersions('ruled-bucket').map(({ fileName, action }) => `${action} ${fileName}`)
/** Lets days go by; tokens run out on the way, so the client comes anew. */
const passDays = async (days: number): Promise<void> => {
  emulator.advanceClock(days * DAY_MS)
  client = await connect(emulator)
}

describe('the clock', () => {
  it('lets account tokens and upload URLs expire after 24 hours, and stamps what comes later', async () => {
    const url = await client.getUploadUrl('ruled-bucket')
    expect(await uploadTo(url, 'now', 'x')).toMatchObject({ status: 200 })
    const before = Date.now()
    emulator.advanceClock(DAY_MS - 60_000)
    expect(await client.call('list_file_names', { bucketId })).toMatchObject({ status: 200 })
    emulator.advanceClock(60_000)
    const expired = { status: 401, json: { code: 'expired_auth_token' } }
    expect(await client.call('list_file_names', { bucketId })).toMatchObject(expired)
    expect(await uploadTo(url, 'too-late', 'x')).toMatchObject(expired)
    client = await connect(emulator)
    const uploaded = await client.upload('ruled-bucket', 'later')
    expect(Number(uploaded.json?.['uploadTimestamp'])).toBeGreaterThanOrEqual(before + DAY_MS)
  })
})

describe('lifecycle rules', () => {
  it('delete versions some days after they became non-current, never the current one', async () => {
    await setRules({ fileNamePrefix: '', daysFromHidingToDeleting: 3 })
    await client.upload('ruled-bucket', 'file', 'first')
    await passDays(10)
    await client.upload('ruled-bucket', 'file', 'second')
    await passDays(2)
    expect(emulator.runLifecycle()).toEqual({ hidden: 0, deleted: 0, cancelled: 0 })
    await passDays(1)
    expect(emulator.runLifecycle()).toEqual({ hidden: 0, deleted: 1, cancelled: 0 })
    await passDays(100)
    emulator.runLifecycle()
    expect((await client.download('ruled-bucket', 'file')).body.toString()).toBe('second')
    expect(rows()).toEqual(['upload file'])
  })

  it('delete what was hidden, and then the marker that hides nothing', async () => {
    await setRules({ fileNamePrefix: '', daysFromHidingToDeleting: 1 })
    await client.upload('ruled-bucket', 'gone')
    await client.call('hide_file', { bucketId, fileName: 'gone' })
    expect(emulator.runLifecycle()).toEqual({ hidden: 0, deleted: 0, cancelled: 0 })
    expect(rows()).toEqual(['hide gone', 'upload gone'])
    await passDays(1)
    expect(emulator.runLifecycle()).toEqual({ hidden: 0, deleted: 2, cancelled: 0 })
    expect(rows()).toEqual([])
  })

  it('hide the current version some days after its upload, and delete it days later', async () => {
    await setRules({ fileNamePrefix: 'logs/', daysFromUploadingToHiding: 2, daysFromHidingToDeleting: 1 })
    for (const name of ['logs/a', 'other/a']) await client.upload('ruled-bucket', name)
    await passDays(2)
    expect(emulator.runLifecycle()).toEqual({ hidden: 1, deleted: 0, cancelled: 0 })
    expect(emulator.runLifecycle()).toEqual({ hidden: 0, deleted: 0, cancelled: 0 })
    expect(rows()).toEqual(['hide logs/a', 'upload logs/a', 'upload other/a'])
    await passDays(1)
    expect(emulator.runLifecycle()).toEqual({ hidden: 0, deleted: 2, cancelled: 0 })
    expect(rows()).toEqual(['upload other/a'])
  })

  it('cancel large files that nobody finished, and only those', async () => {
    await setRules({ fileNamePrefix: '', daysFromStartingToCancelingUnfinishedLargeFiles: 7 })
    const finished = await startLarge(client, bucketId, 'finished')
    const part = await uploadPart(client, finished, 1, 'part')
    await client.call('finish_large_file', { fileId: finished, partSha1Array: [part.json?.['contentSha1']] })
    const stale = await startLarge(client, bucketId, 'stale')
    await passDays(6)
    await startLarge(client, bucketId, 'fresh')
    expect(emulator.runLifecycle()).toEqual({ hidden: 0, deleted: 0, cancelled: 0 })
    await passDays(1)
    expect(emulator.runLifecycle()).toEqual({ hidden: 0, deleted: 0, cancelled: 1 })
    expect(rows()).toEqual(['upload finished', 'start fresh'])
    expect(await client.call('list_parts', { fileId: stale })).toMatchObject({ status: 400 })
  })

  it('treat an unfinished large file as no version at all', async () => {
    await setRules({ fileNamePrefix: '', daysFromHidingToDeleting: 1 })
    await client.upload('ruled-bucket', 'file')
    await startLarge(client, bucketId, 'file')
    await passDays(5)
    expect(emulator.runLifecycle()).toEqual({ hidden: 0, deleted: 0, cancelled: 0 })
    expect(rows()).toEqual(['start file', 'upload file'])
  })
})
