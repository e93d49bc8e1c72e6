import { describe, expect, it } from 'vitest'
import { keyPowers, surplusPowers } from './key-powers.ts'

const least = ['listBuckets', 'listFiles', 'readFiles', 'writeFiles', 'shareFiles']

describe('keyPowers', () => {
  it('says what a key may and may not do, and what of it syncing needs', () => {
    const powers = keyPowers(['listBuckets', 'listFiles', 'readFiles', 'deleteFiles'])
    expect(powers.map(({ capability, may, isNeeded }) => `${capability} ${may} ${isNeeded}`)).toEqual([
      'listBuckets true true',
      'listFiles true true',
      'readFiles true true',
      'writeFiles false true',
      'shareFiles false true',
      'writeBuckets false false',
      'deleteFiles true false',
    ])
  })
})

describe('surplusPowers', () => {
  it('names nothing for a key made for Pail', () => {
    expect(surplusPowers([...least, 'readBuckets', 'writeBuckets', 'deleteFiles', 'readFileRetentions'])).toEqual([])
  })

  it('names what a stolen key could do beyond that', () => {
    expect(surplusPowers([...least, 'writeKeys', 'listKeys', 'deleteBuckets', 'bypassGovernance'])).toEqual([
      'writeKeys',
      'deleteBuckets',
      'bypassGovernance',
    ])
  })
})
