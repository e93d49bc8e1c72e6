import { expect } from 'vitest'
import { contract, succeed } from './service.ts'
import type { B2 } from './service.ts'

type BucketJson = {
  readonly bucketId: string
  readonly bucketName: string
  readonly revision: number
  readonly lifecycleRules: readonly unknown[]
}

async function readBucket(b2: B2): Promise<BucketJson> {
  const params = { accountId: b2.client.accountId, bucketId: b2.bucketId }
  const [bucket] = succeed<{ buckets: BucketJson[] }>(await b2.client.call('list_buckets', params)).buckets
  if (bucket === undefined) throw new Error('the bucket is gone')
  return bucket
}

contract('b2_list_buckets', [], (test) => {
  test('finds a bucket by its id and by its name', async ({ client, bucketId, bucketName }) => {
    const { accountId } = client
    for (const params of [{ bucketId }, { bucketName }]) {
      const reply = await client.call('list_buckets', { accountId, ...params })
      expect(succeed<{ buckets: unknown[] }>(reply).buckets).toEqual([
        expect.objectContaining({
          accountId,
          bucketId,
          bucketName,
          bucketType: expect.any(String),
          bucketInfo: expect.any(Object),
          corsRules: expect.any(Array),
          lifecycleRules: expect.any(Array),
          revision: expect.any(Number),
        }),
      ])
    }
  })

  test('finds nothing for a name of no bucket; a key limited to buckets may not ask', async ({ client }) => {
    const params = { accountId: client.accountId, bucketName: `pail-no-such-bucket-${Date.now()}` }
    const reply = await client.call('list_buckets', params)
    if (client.buckets === null) expect(reply).toMatchObject({ status: 200, json: { buckets: [] } })
    else expect(reply).toMatchObject({ status: 401, json: { code: 'unauthorized' } })
  })
})

const lifecycle = ['writeBuckets', 'readBuckets']

contract('b2_update_bucket', lifecycle, (test) => {
  test('replaces lifecycle rules, counts revisions, and refuses a change of an old one', async (b2, skip) => {
    const { client, bucketId, prefix } = b2
    const before = await readBucket(b2)
    skip(before.lifecycleRules.length > 0, 'the bucket has lifecycle rules of its own, which are left alone')
    const params = { accountId: client.accountId, bucketId }
    const update = async (change: object) => client.call('update_bucket', { ...params, ...change })
    const rule = {
      fileNamePrefix: prefix,
      daysFromHidingToDeleting: 7,
      daysFromUploadingToHiding: null,
      daysFromStartingToCancelingUnfinishedLargeFiles: 2,
    }
    try {
      const changed = await update({ lifecycleRules: [rule], ifRevisionIs: before.revision })
      expect(succeed(changed)).toMatchObject({ bucketId, lifecycleRules: [rule] })
      const { revision } = await readBucket(b2)
      expect(revision).toBeGreaterThan(before.revision)

      expect(await update({ lifecycleRules: [], ifRevisionIs: before.revision })).toMatchObject({
        status: 409,
        json: { code: 'conflict', status: 409 },
      })
      expect((await readBucket(b2)).lifecycleRules).toMatchObject([rule])
    } finally {
      succeed(await update({ lifecycleRules: before.lifecycleRules }))
    }
    expect((await readBucket(b2)).lifecycleRules).toEqual(before.lifecycleRules)
  })

  test('refuses lifecycle rules that say nothing, say 0 days, or lie within each other', async (b2, skip) => {
    const { client, bucketId, prefix } = b2
    const before = await readBucket(b2)
    skip(before.lifecycleRules.length > 0, 'the bucket has lifecycle rules of its own, which are left alone')
    const rule = (fileNamePrefix: string, days: number | null) => ({
      fileNamePrefix,
      daysFromHidingToDeleting: days,
      daysFromUploadingToHiding: null,
    })
    for (const lifecycleRules of [
      [rule(prefix, null)],
      [rule(prefix, 0)],
      [rule(prefix, 1), rule(`${prefix}sub/`, 1)],
    ]) {
      const params = { accountId: client.accountId, bucketId, lifecycleRules }
      const reply = await client.call('update_bucket', params)
      if (reply.status === 200) await client.call('update_bucket', { ...params, lifecycleRules: [] })
      expect(reply).toMatchObject({ status: 400, json: { code: 'bad_request' } })
    }
    expect(await readBucket(b2)).toMatchObject({ revision: before.revision, lifecycleRules: [] })
  })
})
