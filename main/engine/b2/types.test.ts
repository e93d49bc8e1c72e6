import { describe, expect, it } from 'vitest'
import { AuthorizeAnswer, Bucket, FileVersion, FolderAnswer } from './types.ts'

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
    for (const name of [null, '']) {
      expect(restrictions({ buckets: [{ id: 'b1', name }], capabilities })).toEqual([{ id: 'b1', name: null }])
    }
    expect(AuthorizeAnswer.parse(answer({ buckets: null, capabilities, namePrefix: null })).account.namePrefix).toBe('')
  })

  it('reads when the key ends, and addresses with a slash at their end', () => {
    const slashes = { apiUrl: `${addresses.apiUrl}/`, downloadUrl: `${addresses.downloadUrl}//` }
    const storageApi = { ...addresses, ...slashes, allowed: { capabilities } }
    const answer = { ...identity, applicationKeyExpirationTimestamp: 5, apiInfo: { storageApi } }
    expect(AuthorizeAnswer.parse(answer).account).toMatchObject({ ...addresses, applicationKeyExpirationTimestamp: 5 })
  })

  it('refuses what is not from B2', () => {
    expect(AuthorizeAnswer.safeParse({ ok: true }).success).toBe(false)
  })

  it.each([
    ['a token', { authorizationToken: 'to\nken' }],
    ['an address', { apiUrl: 'https://api002.backblazeb2.com\r\nX: y' }],
    ['an address for downloads', { downloadUrl: 'https://f002 .backblazeb2.com' }],
  ])('refuses %s that is not one word', (_, change) => {
    const answer = { ...identity, ...addresses, allowed: { capabilities } }
    expect(AuthorizeAnswer.safeParse(answer).success).toBe(true)
    expect(AuthorizeAnswer.safeParse({ ...answer, ...change }).success).toBe(false)
  })
})

describe('Bucket', () => {
  it('keeps what is not known of its lifecycle rules: they are written back whole', () => {
    const lifecycleRules = [{ fileNamePrefix: '', daysFromHidingToDeleting: 1, daysUntilSomethingNew: 2 }]
    const bucket = { bucketId: 'b', bucketName: 'my-bucket', bucketType: 'allPrivate', lifecycleRules }
    expect(Bucket.parse(bucket)).toEqual(bucket)
  })
})

describe('FolderAnswer', () => {
  it('takes nothing for a folder but a row without an id', () => {
    const rows = (fileId: string | null): unknown => ({ files: [{ fileId, fileName: 'a/' }] })
    expect(FolderAnswer.safeParse(rows(null)).success).toBe(true)
    expect(FolderAnswer.safeParse(rows('f')).success).toBe(false)
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
