import { describe, expect, it } from 'vitest'
import { downloadUrl } from './download-url.ts'

const account = { downloadUrl: 'https://f002.backblazeb2.com' }

describe('downloadUrl', () => {
  it('encodes every part', () => {
    expect(downloadUrl(account, 'my-bucket', 'a b/ü+&?#.txt')).toBe(
      'https://f002.backblazeb2.com/file/my-bucket/a%20b/%C3%BC%2B%26%3F%23.txt',
    )
  })

  it('carries a token and a disposition', () => {
    const options = { authorizationToken: '3_x=/+', b2ContentDisposition: 'attachment; filename="a/b.txt"' }
    expect(downloadUrl(account, 'b', 'n', options)).toBe(
      'https://f002.backblazeb2.com/file/b/n?Authorization=3_x%3D%2F%2B&b2ContentDisposition=attachment%3B%20filename%3D%22a%2Fb.txt%22',
    )
  })

  it('is what a URL parser leaves alone', () => {
    const url = downloadUrl(account, 'b', 'a//b \\ %2e%2e/[x]|^`{}.txt')
    expect(new URL(url).href).toBe(url)
  })

  it.each(['a/../c', './c', 'a/.'])('refuses %s, which browsers would alter', (name) => {
    expect(() => downloadUrl(account, 'b', name)).toThrow(expect.objectContaining({ code: 'name_not_allowed' }))
  })
})
