import { describe, expect, it } from 'vitest'
import { AuthorizeAnswer, FileVersion } from './types.ts'

const identity = { accountId: 'd2e6b27577ea', authorizationToken: 'token', applicationKeyExpirationTimestamp: null }
const addresses = {
  apiUrl: 'https://api002.backblazeb2.com',
  downloadUrl: 'https://f002.backblazeb2.com',
  recommendedPartSize: 100_000_000,
  absoluteMinimumPartSize: 5_000_000,
}
const capabilities = ['listFiles', 'writeFiles']
const account = {
  accountId: 'd2e6b27577ea',
  ...addresses,
  capabilities,
  allowedBuckets: [{ id: 'b1', name: 'my-bucket' }],
  namePrefix: 'docs/',
  applicationKeyExpirationTimestamp: null,
}

describe('AuthorizeAnswer', () => {
  it.each([
    [
      'v4',
      {
        ...identity,
        apiInfo: {
          groupsApi: {},
          storageApi: {
            ...addresses,
            allowed: { buckets: [{ id: 'b1', name: 'my-bucket' }], capabilities, namePrefix: 'docs/' },
          },
        },
      },
    ],
    [
      'v3',
      {
        ...identity,
        apiInfo: {
          storageApi: {
            ...addresses,
            infoType: 'storageApi',
            bucketId: 'b1',
            bucketName: 'my-bucket',
            capabilities,
            namePrefix: 'docs/',
          },
        },
      },
    ],
    [
      'v2',
      {
        accountId: identity.accountId,
        authorizationToken: 'token',
        ...addresses,
        allowed: { bucketId: 'b1', bucketName: 'my-bucket', capabilities, namePrefix: 'docs/' },
      },
    ],
  ])('reads the shape of %s', (_, answer) => {
    expect(AuthorizeAnswer.parse(answer)).toEqual({ account, authorizationToken: 'token' })
  })

  it('knows an unrestricted key, and a bucket that is gone', () => {
    const answer = (allowed: object): unknown => ({ ...identity, apiInfo: { storageApi: { ...addresses, allowed } } })
    const restrictions = (allowed: object): unknown => AuthorizeAnswer.parse(answer(allowed)).account.allowedBuckets
    expect(restrictions({ buckets: null, capabilities, namePrefix: null })).toBeNull()
    expect(restrictions({ buckets: [{ id: 'b1', name: null }], capabilities })).toEqual([{ id: 'b1', name: null }])
    expect(AuthorizeAnswer.parse(answer({ buckets: null, capabilities, namePrefix: null })).account.namePrefix).toBe('')
  })

  it('refuses what is not from B2', () => {
    expect(AuthorizeAnswer.safeParse({ ok: true }).success).toBe(false)
  })
})

describe('FileVersion', () => {
  it('keeps unknown actions and drops unknown fields', () => {
    const row = {
      fileId: 'f',
      fileName: 'n',
      action: 'new-kind',
      contentLength: 0,
      contentSha1: null,
      uploadTimestamp: 1,
      replicationStatus: 'PENDING',
    }
    const { replicationStatus: _, ...kept } = row
    expect(FileVersion.parse(row)).toEqual({ ...kept, fileInfo: {} })
  })
})
