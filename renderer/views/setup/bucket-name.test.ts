import { describe, expect, it } from 'vitest'
import { isBucketName } from './bucket-name.ts'

describe('isBucketName', () => {
  it.each([
    ['maria-backup', true],
    ['short', false],
    ['b2-something', false],
    ['with space', false],
    ['umläut-name', false],
    ['a'.repeat(63), true],
    ['a'.repeat(64), false],
  ])('%s: %s', (name, isAllowed) => {
    expect(isBucketName(name)).toBe(isAllowed)
  })
})
