import { describe, expect, it } from 'vitest'
import { bucketNameFault, suggestBucketName } from './bucket-name.ts'

describe('bucketNameFault', () => {
  it.each([
    ['maria-backup', null],
    ['Maria-Backup-2', null],
    ['', { kind: 'short', missing: 6 }],
    ['short', { kind: 'short', missing: 1 }],
    ['b2-something', { kind: 'reserved' }],
    ['B2-s', { kind: 'reserved' }],
    ['with space', { kind: 'characters', found: ' ' }],
    ['a_', { kind: 'characters', found: '_' }],
    ['umläut-name', { kind: 'characters', found: 'ä' }],
    ['pail-🪣', { kind: 'characters', found: '🪣' }],
    ['a'.repeat(63), null],
    ['a'.repeat(65), { kind: 'long', over: 2 }],
  ])('%j: %j', (name, fault) => {
    expect(bucketNameFault(name)).toEqual(fault)
  })
})

describe('suggestBucketName', () => {
  it('makes names that B2 takes, one unlike the other', () => {
    let drawn = 0
    const name = () => suggestBucketName((upTo) => (drawn = (drawn * 48_271 + 11) % 2_147_483_647) % upTo)
    const names = Array.from({ length: 5 }, name)
    expect(names.map(bucketNameFault)).toEqual(names.map(() => null))
    expect(new Set(names).size).toBe(names.length)
  })
})
