import { describe, expect, it } from 'vitest'
import { LinkHost, linkOrigin } from './link.ts'

describe('the host of links', () => {
  it.each([
    'files.example.com',
    'f.example.co.uk',
    'xn--mnchen-3ya.de',
    'a-b.1c.example',
    '127.0.0.1:8080',
    'localhost',
  ])('may be %s', (host) => {
    expect(LinkHost.parse(host)).toBe(host)
  })

  it.each([
    '',
    'example',
    'https://files.example.com',
    'files.example.com/',
    'files.example.com/file',
    'files.example.com:443',
    'files.example.com?x',
    'me@files.example.com',
    '-a.example.com',
    'a-.example.com',
    'a..example.com',
    '.example.com',
    'example.com.',
    'Files.example.com',
    'münchen.de',
    'a b.example.com',
    '10.0.0.1',
    '127.0.0.1:8080/x',
    `${'a'.repeat(64)}.example.com`,
    `${'a.'.repeat(130)}com`,
  ])('may not be %j', (host) => {
    expect(LinkHost.safeParse(host).success).toBe(false)
  })

  it('is talked to by https, and by http only on this machine', () => {
    expect(linkOrigin('files.example.com')).toBe('https://files.example.com')
    expect(linkOrigin('127.example.com')).toBe('https://127.example.com')
    expect(linkOrigin('127.0.0.1:80')).toBe('http://127.0.0.1:80')
  })
})
