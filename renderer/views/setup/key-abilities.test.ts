import { describe, expect, it } from 'vitest'
import type { AccountSummary } from '../../../shared/model/account.ts'
import { USED_CAPABILITIES } from '../../../shared/model/key.ts'
import { keyAbilities, reaches } from './key-abilities.ts'

const usual: AccountSummary = {
  accountId: 'a',
  applicationKeyId: 'a',
  realm: 'https://api.backblazeb2.com',
  capabilities: [...USED_CAPABILITIES],
  missingCapabilities: [],
  allowedBuckets: [{ bucketId: 'b1', bucketName: 'maria-backup' }],
  namePrefix: '',
  expiresAt: null,
}
const without = (...lacking: readonly string[]) => usual.capabilities.filter((name) => !lacking.includes(name))

describe('keyAbilities', () => {
  it('of a key made for Pail are all it needs', () => {
    expect(keyAbilities(usual)).toEqual({ kind: 'full', can: USED_CAPABILITIES, cannot: [], unneeded: [] })
  })

  it('of a key that lacks something name what will not work', () => {
    const capabilities = without('readFiles', 'shareFiles')
    expect(keyAbilities({ ...usual, capabilities })).toMatchObject({
      kind: 'partial',
      can: ['listBuckets', 'listFiles', 'writeFiles'],
      cannot: ['readFiles', 'shareFiles'],
    })
  })

  it('of a key that may not write are not enough, also where it could make others', () => {
    const capabilities = [...without('writeFiles'), 'writeKeys']
    const missingCapabilities = ['writeFiles']
    expect(keyAbilities({ ...usual, allowedBuckets: null, capabilities, missingCapabilities })).toMatchObject({
      kind: 'unusable',
      cannot: ['writeFiles'],
    })
  })

  it('of a master key are more than enough', () => {
    const capabilities = [...usual.capabilities, 'writeKeys', 'deleteFiles']
    expect(keyAbilities({ ...usual, allowedBuckets: null, capabilities })).toMatchObject({
      kind: 'master',
      unneeded: ['writeKeys', 'deleteFiles'],
    })
  })
})

describe('reaches', () => {
  it.each([
    [null, '', true],
    ['b1', '', true],
    ['b2', '', false],
    ['b1', 'docs/', true],
    ['b1', 'docs/old/', false],
    [null, 'pictures/', false],
  ])('says of a key for bucket %j and names below %j whether it is let into b1/docs/', (bucketId, namePrefix, yes) => {
    const allowedBuckets = bucketId === null ? null : [{ bucketId, bucketName: bucketId }]
    expect(reaches({ allowedBuckets, namePrefix }, { bucketId: 'b1', prefix: 'docs/' })).toBe(yes)
  })
})
