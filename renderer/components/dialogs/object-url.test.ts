import { describe, expect, it } from 'vitest'
import { isObjectUrl } from './object-url.ts'

describe('isObjectUrl', () => {
  it.each([
    ['b2://my-bucket/a.txt', true],
    ['b2://my-bucket/Photos/Summer/', true],
    ['b2://my-bucket/100% + # ü.txt', true],
    ['b2://my-bucket/', false],
    ['b2://my-bucket', false],
    ['b2://x/a.txt', false],
    ['https://f004.backblazeb2.com/file/my-bucket/a.txt', false],
    ['my-bucket/a.txt', false],
  ])('says of %s: %s', (text, isOne) => {
    expect(isObjectUrl(text)).toBe(isOne)
  })
})
