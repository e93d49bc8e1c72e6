import fc from 'fast-check'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { joinRequests, parseRequest, requestBytes, requestOfArguments } from './request.ts'

const bytes = (...fields: readonly (string | Buffer)[]): Buffer =>
  Buffer.concat(fields.flatMap((field) => [Buffer.from(field), Buffer.from([0])]))

describe('parseRequest', () => {
  it('reads paths and addresses, each once, in their order', () => {
    const request = bytes('copy-link', '/b/two', 'file:///a/caf%C3%A9%20%26%25.txt', '/b/two/', 'file:///b/two')
    expect(parseRequest(request)).toEqual({ action: 'copy-link', paths: ['/b/two', '/a/café &%.txt'], unusable: 0 })
  })

  it('reads every name that a file can have, as a path and as an address', () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
      .filter((text) => !/[/\0]/.test(text) && text !== '.' && text !== '..' && text.isWellFormed())
    fc.assert(
      fc.property(name, (text) => {
        const path = `/home/maria/${text}`
        for (const field of [path, pathToFileURL(path).href]) {
          expect(parseRequest(bytes('show', field))?.paths).toEqual([path])
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('counts what is no file of this computer, and names that are no text', () => {
    const fields = [
      'sftp://server/a',
      'file://server/share/a',
      'a/relative/path',
      'file:///bad%E4',
      'file:///a%2Fb',
      'file:///a%00',
    ]
    const request = bytes('show', ...fields, Buffer.from('/latin\xe4', 'latin1'), '/a')
    expect(parseRequest(request)).toEqual({ action: 'show', paths: ['/a'], unusable: 7 })
  })

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['an action alone', bytes('show')],
    ['another action', bytes('delete', '/a')],
    ['what is no text', Buffer.from([0xff, 0, 0x2f, 0])],
  ])('takes %s for no request', (_, request) => {
    expect(parseRequest(request)).toBeNull()
  })

  it('reads the top of all directories as it is', () => {
    expect(parseRequest(bytes('show', '/', '//', 'file:///'))?.paths).toEqual(['/'])
  })
})

describe('requestOfArguments', () => {
  const read = (...argv: readonly string[]) => {
    const request = requestOfArguments(['/opt/Pail/pail', '--no-sandbox', ...argv], '/home/maria')
    return request === null ? null : parseRequest(request)
  }

  it('reads what a start is for, relative to where it was made', () => {
    expect(read('--copy-link', '/a', 'b/c.txt')).toMatchObject({
      action: 'copy-link',
      paths: ['/a', '/home/maria/b/c.txt'],
    })
    expect(read('--show', 'file:///a%20b')).toMatchObject({ action: 'show', paths: ['/a b'] })
  })

  it.each([[[]], [['--at-login']], [['--copy-link']], [['--show', '']]])('takes %j for any other start', (argv) => {
    expect(read(...argv)).toBeNull()
  })
})

describe('joinRequests', () => {
  it('makes one request of those that came together', () => {
    const parse = (action: 'copy-link' | 'show', path: string) => parseRequest(requestBytes(action, [path])) ?? []
    const requests = [parse('show', '/a'), parse('copy-link', '/b'), parse('copy-link', '/c'), parse('copy-link', '/b')]
    expect(joinRequests(requests.flat())).toEqual([
      { action: 'copy-link', paths: ['/b', '/c'], unusable: 0 },
      { action: 'show', paths: ['/a'], unusable: 0 },
    ])
  })
})
