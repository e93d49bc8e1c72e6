import { describe, expect, it } from 'vitest'
import { parseB2Url } from './b2-url.ts'

describe('parseB2Url', () => {
  it.each([
    ['b2://my-bucket', 'my-bucket', ''],
    ['b2://my-bucket/', 'my-bucket', ''],
    ['b2://my-bucket/a', 'my-bucket', 'a/'],
    ['b2://my-bucket/a/b/', 'my-bucket', 'a/b/'],
    ['b2://my-bucket/with space/100%/#1?x', 'my-bucket', 'with space/100%/#1?x/'],
    ['b2://my-bucket/Übergröße/🪣', 'my-bucket', 'Übergröße/🪣/'],
    ['b2://Bucket9', 'Bucket9', ''],
  ])('reads %s', (text, bucketName, prefix) => {
    expect(parseB2Url(text)).toEqual({ bucketName, prefix })
  })

  it.each([
    '',
    'my-bucket',
    'b2:my-bucket',
    'b2:/my-bucket',
    'B2X://my-bucket',
    's3://my-bucket',
    'b2://',
    'b2:///a',
    'b2://short',
    'b2://-bucket',
    'b2://bucket-',
    'b2://under_score',
    `b2://${'x'.repeat(64)}`,
  ])('refuses %j', (text) => {
    expect(() => parseB2Url(text)).toThrow(expect.objectContaining({ code: 'bad_request' }))
  })
})
