import { describe, expect, it } from 'vitest'
import { appUrl, fileOfUrl, isAllowedRequest, isOwnUrl, isTrustedSender } from './app-origin.ts'

const dev = 'http://localhost:5173'

describe('isTrustedSender', () => {
  it.each([
    ["the main frame on Pail's own page", { isMainFrame: true, url: appUrl }, true],
    ["a frame inside Pail's own page", { isMainFrame: false, url: appUrl }, false],
    ['a main frame on a web page', { isMainFrame: true, url: 'https://example.com/' }, false],
    ['a main frame on a file', { isMainFrame: true, url: 'file:///tmp/index.html' }, false],
    ['a main frame on an empty page', { isMainFrame: true, url: 'about:blank' }, false],
    ['another host of the scheme', { isMainFrame: true, url: 'pail://other/index.html' }, false],
    ['a frame that is already gone', { isMainFrame: true, url: null }, false],
    ['no address at all', { isMainFrame: true, url: '' }, false],
  ])('decides about %s', (_name, sender, expected) => {
    expect(isTrustedSender(sender, null)).toBe(expected)
  })

  it('trusts the development server only where there is one', () => {
    const sender = { isMainFrame: true, url: `${dev}/index.html` }
    expect([isTrustedSender(sender, dev), isTrustedSender(sender, null)]).toEqual([true, false])
  })
})

describe('isOwnUrl', () => {
  it('does not mistake a longer host or another port for its own', () => {
    const urls = ['pail://app.example.com/', 'pail://app:80/', 'http://localhost:51730/', 'http://localhost:5173.evil/']
    expect(urls.map((url) => isOwnUrl(url, dev))).toEqual([false, false, false, false])
  })
})

describe('isAllowedRequest', () => {
  it.each([
    ['pail://app/assets/index.js', true],
    ['https://example.com/', false],
    ['http://127.0.0.1:8080/', false],
    ['ws://localhost:5173/', false],
    ['file:///etc/passwd', false],
    ['devtools://devtools/bundled/inspector.html', false],
    ['data:text/html,hello', false],
  ])('decides about %s', (url, expected) => {
    expect(isAllowedRequest(url, null)).toBe(expected)
  })

  it("allows the development server's page and its web socket while there is one", () => {
    const urls = [`${dev}/main.tsx`, 'ws://localhost:5173/', 'ws://localhost:9999/', 'https://example.com/']
    expect(urls.map((url) => isAllowedRequest(url, dev))).toEqual([true, true, false, false])
  })
})

describe('fileOfUrl', () => {
  it('finds files below the folder', () => {
    const urls = ['pail://app/index.html', 'pail://app/assets/a%20b.js?x=1#y']
    expect(urls.map((url) => fileOfUrl(url, '/app/renderer'))).toEqual([
      '/app/renderer/index.html',
      '/app/renderer/assets/a b.js',
    ])
  })

  it.each([
    'pail://app/../main/main.cjs',
    'pail://app/%2e%2e/main/main.cjs',
    'pail://app/..%2fmain/main.cjs',
    'pail://app/..%5cmain.cjs',
    'pail://app/assets%2f..%2f..%2f..%2fetc/passwd',
    'pail://app/%00',
    'pail://app/%zz',
    'pail://app/',
    'pail://other/index.html',
    'file:///app/renderer/index.html',
  ])('never leaves the folder for %s', (url) => {
    const file = fileOfUrl(url, '/app/renderer')
    expect(file === null || file.startsWith('/app/renderer/')).toBe(true)
  })
})
