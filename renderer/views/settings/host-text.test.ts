import { describe, expect, it } from 'vitest'
import { readHost } from './host-text.ts'

describe('the host of links, as it is typed', () => {
  it.each([
    ['', null],
    [' ', null],
    ['files.example.com', 'files.example.com'],
    [' Files.Example.COM ', 'files.example.com'],
    ['https://files.example.com/', 'files.example.com'],
    ['münchen.de', 'xn--mnchen-3ya.de'],
  ])('%j is %j', (text, host) => {
    expect(readHost(text)).toEqual({ isGood: true, host })
  })

  it.each(['example', 'http://files.example.com', 'https://files.example.com/file', 'a b.com', 'müller@münchen.de'])(
    '%j is none',
    (text) => {
      expect(readHost(text)).toEqual({ isGood: false })
    },
  )
})
