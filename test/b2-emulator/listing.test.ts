import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newFileId } from './ids.ts'
import { listNames, listVersions } from './listing.ts'
import type { ListQuery, ListRow } from './listing.ts'
import type { FileVersion } from './model.ts'
import { NameIndex } from './name-index.ts'

const BUCKET_ID = '0123456789abcdef01234567'
const EVERYTHING = { startFileName: '', startFileId: null, prefix: '', delimiter: '', maxFileCount: 10_000 }
const SCAN_LIMIT = 10_000

function versionOf(fileName: string, uploadTimestamp: number, action: FileVersion['action'] = 'upload'): FileVersion {
  return {
    bucketId: BUCKET_ID,
    fileId: newFileId(BUCKET_ID, uploadTimestamp, action === 'start' ? 'large' : 'small'),
    fileName,
    action,
    contentLength: 0,
    contentType: '',
    contentSha1: '',
    contentMd5: '',
    fileInfo: {},
    uploadTimestamp,
  }
}

function indexOf(versions: readonly FileVersion[]): NameIndex {
  const index = new NameIndex()
  for (const version of versions) index.add(version)
  return index
}

/** An index of names in any order; `-name` is hidden. */
function index(...names: readonly string[]): NameIndex {
  return indexOf(
    names.map((name, i) => (name.startsWith('-') ? versionOf(name.slice(1), i, 'hide') : versionOf(name, i))),
  )
}

function textOf(row: ListRow): string {
  return row.kind === 'folder' ? `${row.fileName}*` : row.version.fileName
}

function names(from: NameIndex, query: Partial<ListQuery & { scanLimit: number }> = {}): [string[], string | null] {
  const page = listNames(from.view(), { ...EVERYTHING, scanLimit: SCAN_LIMIT, ...query })
  return [page.rows.map(textOf), page.nextFileName]
}

describe('listNames', () => {
  it('lists names in byte order whatever the order they came in', () => {
    expect(names(index('b', 'a/z', 'a-z', 'B', '\u{10400}', '\uFFFD', 'ä'))).toEqual([
      ['B', 'a-z', 'a/z', 'b', 'ä', '\uFFFD', '\u{10400}'],
      null,
    ])
  })

  it('leaves out hidden names and lists a name once, with its newest version', () => {
    const newest = versionOf('a', 2)
    const from = indexOf([versionOf('a', 1), newest, versionOf('b', 3), versionOf('b', 4, 'hide')])
    expect(listNames(from.view(), { ...EVERYTHING, scanLimit: SCAN_LIMIT }).rows).toEqual([
      { kind: 'version', version: newest },
    ])
  })

  it('starts at the cursor, itself included, or after it when it is gone', () => {
    expect(names(index('a', 'b', 'd'), { startFileName: 'b' })[0]).toEqual(['b', 'd'])
    expect(names(index('a', 'b', 'd'), { startFileName: 'c' })[0]).toEqual(['d'])
  })

  it('starts at the prefix when the cursor is before it', () => {
    expect(names(index('a', 'p/1', 'p/2', 'q'), { prefix: 'p/', startFileName: 'a' })[0]).toEqual(['p/1', 'p/2'])
  })

  it('ends with a null cursor when the page is full and nothing visible follows', () => {
    expect(names(index('a', 'b', '-c'), { maxFileCount: 2 })[1]).toBe('c')
    expect(names(index('a', 'b'), { maxFileCount: 2 })[1]).toBeNull()
  })

  it('folds names below a delimiter into one folder row each, counted like a file', () => {
    const from = index('photos/a', 'photos/b', 'photos.txt', 'z', 'docs/x/y')
    expect(names(from, { delimiter: '/' })).toEqual([['docs/*', 'photos.txt', 'photos/*', 'z'], null])
    expect(names(from, { delimiter: '/', maxFileCount: 2 })).toEqual([['docs/*', 'photos.txt'], 'photos/'])
  })

  it('folds only after the prefix', () => {
    const from = index('photos/', 'photos/a', 'photos/b/c', 'photosets/x')
    expect(names(from, { delimiter: '/', prefix: 'photos/' })[0]).toEqual(['photos/', 'photos/a', 'photos/b/*'])
    expect(names(from, { delimiter: '/', prefix: 'photos' })[0]).toEqual(['photos/*', 'photosets/*'])
  })

  it('shows no folder that holds only hidden files', () => {
    expect(names(index('-a/1', '-a/2', 'b/1'), { delimiter: '/' })[0]).toEqual(['b/*'])
  })

  it('ends a page early, even empty, when it skipped many hidden names', () => {
    const from = index('-a', '-b', '-c', 'd')
    expect(names(from, { scanLimit: 2 })).toEqual([[], 'c'])
    expect(names(from, { scanLimit: 2, startFileName: 'c' })).toEqual([['d'], null])
  })

  it('pages through everything once, at any page size', () => {
    const someNames = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '/', 'ä', '\u{10400}'), maxLength: 5 }))
    const options = fc.record({
      maxFileCount: fc.integer({ min: 1, max: 3 }),
      delimiter: fc.constantFrom('', '/'),
      prefix: fc.constantFrom('', 'a', 'a/'),
    })
    fc.assert(
      fc.property(someNames, options, (all, query) => {
        const from = index(...all.map((name) => `x${name}`))
        const asked = { ...query, prefix: `x${query.prefix}` }
        const paged: string[] = []
        for (let startFileName: string | null = ''; startFileName !== null;) {
          const [rows, next] = names(from, { ...asked, startFileName })
          paged.push(...rows)
          startFileName = next
        }
        expect(paged).toEqual(names(from, { ...asked, maxFileCount: 10_000 })[0])
      }),
    )
  })
})

describe('listVersions', () => {
  const versions = [versionOf('a', 1), versionOf('a', 2, 'hide'), versionOf('a', 3), versionOf('b/c', 4, 'hide')]
  const [a1, a2, a3, hidden] = versions as [FileVersion, FileVersion, FileVersion, FileVersion]
  const list = (query: Partial<ListQuery & { startFileId: string }>, from = indexOf(versions)) =>
    listVersions(from.view(), { ...EVERYTHING, ...query })
  const rows = (...expected: FileVersion[]) => expected.map((version) => ({ kind: 'version', version }))

  it('lists names in order and each newest first, hide markers too', () => {
    expect(list({})).toEqual({ rows: rows(a3, a2, a1, hidden), nextFileName: null, nextFileId: null })
  })

  it('cuts a page between the versions of one name', () => {
    expect(list({ maxFileCount: 1 })).toEqual({ rows: rows(a3), nextFileName: 'a', nextFileId: a2.fileId })
    expect(list({ startFileName: 'a', startFileId: a2.fileId, maxFileCount: 2 })).toEqual({
      rows: rows(a2, a1),
      nextFileName: 'b/c',
      nextFileId: hidden.fileId,
    })
  })

  it('goes on after the place of a cursor whose version is gone', () => {
    const from = indexOf([a1, a3])
    expect(list({ startFileName: 'a', startFileId: a2.fileId }, from).rows).toEqual(rows(a1))
  })

  it('folds folders, those with only hidden files too', () => {
    expect(list({ delimiter: '/', startFileName: 'b' }).rows).toMatchObject([{ kind: 'folder', fileName: 'b/' }])
  })
})

describe('NameIndex', () => {
  it('forgets a name with its last version', () => {
    const from = indexOf([versionOf('a', 1)])
    const kept = versionOf('b', 2)
    from.add(kept)
    for (const version of from.versionsOf('a')) from.remove(version)
    expect([...from.all()]).toEqual([kept])
  })

  it('keeps the order through many additions and removals between listings', () => {
    const from = new NameIndex()
    const expected = new Set<string>()
    for (let round = 0; round < 5; round++) {
      for (let i = 0; i < 400; i++) {
        const name = `${(i * 7919 + round * 31) % 1000}`
        if (!expected.has(name)) from.add(versionOf(name, i))
        expected.add(name)
      }
      for (const name of [...expected].slice(0, 50)) {
        for (const version of from.versionsOf(name)) from.remove(version)
        expected.delete(name)
      }
      expect(from.view().names).toEqual([...expected].sort())
    }
  })
})
