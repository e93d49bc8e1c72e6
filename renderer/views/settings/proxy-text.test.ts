import { describe, expect, it } from 'vitest'
import { readProxy } from './proxy-text.ts'

describe('the address of a proxy, as it is typed', () => {
  it.each([
    ['http://proxy.example.com:3128', 'http://proxy.example.com:3128'],
    [' Proxy.example.com:3128/ ', 'http://proxy.example.com:3128'],
    ['https://10.0.0.1:8080', 'https://10.0.0.1:8080'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
    ['proxy_1:80', 'http://proxy_1:80'],
  ])('%j is %s', (text, address) => {
    expect(readProxy(text)).toEqual({ address, login: null })
  })

  it.each([
    '',
    'proxy.example.com',
    'proxy:99999',
    'proxy:0',
    'socks5://proxy:1',
    'http://proxy:80/path',
    'a b:80',
    '1.2.3.999:80',
  ])('%j is none', (text) => {
    expect(readProxy(text).address).toBeNull()
  })

  it('gives up a name and a password that are written into it', () => {
    expect(readProxy('http://maria:p%40ss:w@rd@proxy:80')).toEqual({
      address: 'http://proxy:80',
      login: { name: 'maria', password: 'p@ss:w@rd' },
    })
    expect(readProxy('maria@proxy:80').login).toEqual({ name: 'maria', password: '' })
  })
})
