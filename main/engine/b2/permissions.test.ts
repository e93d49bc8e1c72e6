import { describe, expect, it } from 'vitest'
import { assertPermitted, missingCapabilities, type Intent } from './permissions.ts'
import type { Account } from './types.ts'

const account: Account = {
  accountId: 'a',
  apiUrl: '',
  downloadUrl: '',
  capabilities: ['listFiles', 'writeFiles'],
  allowedBuckets: [{ id: 'mine', name: 'my-bucket' }],
  namePrefix: 'docs/',
  recommendedPartSize: 1,
  absoluteMinimumPartSize: 1,
  applicationKeyExpirationTimestamp: null,
}
const intent: Intent = { operation: 'b2_hide_file', needs: ['writeFiles'], bucketId: 'mine', fileName: 'docs/a' }

describe('missingCapabilities', () => {
  it('names what the key lacks, in the order asked', () => {
    expect(missingCapabilities(account, ['shareFiles', 'listFiles', 'deleteFiles'])).toEqual([
      'shareFiles',
      'deleteFiles',
    ])
  })
})

describe('assertPermitted', () => {
  it('lets through what the key is made for', () => {
    expect(() => assertPermitted(account, intent)).not.toThrow()
  })

  it.each([
    ['a capability', { needs: ['deleteFiles'] }, 'capability_missing', { capability: 'deleteFiles' }],
    ['a second one', { needs: ['writeFiles', 'readFiles'] }, 'capability_missing', { capability: 'readFiles' }],
    ['another bucket', { bucketId: 'other' }, 'bucket_not_allowed', { bucketId: 'other' }],
    ['another bucket by its name', { bucketName: 'other' }, 'bucket_not_allowed', { name: 'other' }],
    ['a name outside the prefix', { fileName: 'doc' }, 'bucket_not_allowed', { name: 'docs/' }],
  ] as const)('stops at %s', (_, change, code, details) => {
    const expected = { code, details: { operation: 'b2_hide_file', ...details } }
    expect(() => assertPermitted(account, { ...intent, ...change })).toThrow(expect.objectContaining(expected))
  })
})
