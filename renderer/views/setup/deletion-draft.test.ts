import { describe, expect, it } from 'vitest'
import { asPolicy, FIRST_DELETION_DRAFT, lackingFor, MAX_DAYS } from './deletion-draft.ts'

describe('asPolicy', () => {
  it.each([
    ['30', 30],
    [' 7 ', 7],
    [String(MAX_DAYS), MAX_DAYS],
    [String(MAX_DAYS + 1), null],
    ['0', null],
    ['', null],
    ['1.5', null],
    ['ten', null],
  ])('reads %j days as %j', (days, number) => {
    const policy = asPolicy({ ...FIRST_DELETION_DRAFT, kind: 'hide-then-remove', days })
    expect(policy).toEqual(number === null ? null : { kind: 'hide-then-remove', days: number })
  })

  it.each(['keep', 'hide', 'delete'] as const)('asks for no days to %s', (kind) => {
    expect(asPolicy({ kind, days: '', confirmation: '' })).toEqual({ kind })
  })
})

describe('lackingFor', () => {
  const key = (...capabilities: string[]) => ({
    accountId: 'a',
    applicationKeyId: 'a',
    realm: 'https://api.backblazeb2.com',
    capabilities,
    missingCapabilities: [],
    allowedBuckets: null,
    namePrefix: '',
    expiresAt: null,
  })
  it.each([
    ['keep', [], []],
    ['hide', ['writeFiles'], []],
    ['hide-then-remove', ['writeFiles'], ['readBuckets', 'writeBuckets']],
    ['hide-then-remove', ['readBuckets', 'writeBuckets'], []],
    ['delete', ['writeFiles'], ['deleteFiles']],
    ['delete', ['deleteFiles'], []],
  ] as const)('to %s with a key that may %j are %j', (kind, capabilities, lacking) => {
    expect(lackingFor(kind, key(...capabilities))).toEqual(lacking)
  })
})
