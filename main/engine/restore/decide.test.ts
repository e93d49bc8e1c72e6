import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RelativePath, Sha1Hex } from '../../../shared/ids.ts'
import type { Observation } from '../model/entry.ts'
import { decide } from './decide.ts'
import { wantedFrom, WantedList, type WantedFile } from './wanted.ts'

const SHA1 = 'a9993e364706816aba3e25717850c26c9cd0d89d' as Sha1Hex

const wanted = (more: Partial<WantedFile> = {}): WantedFile => ({
  fileId: 'id',
  path: 'a' as RelativePath,
  sizeBytes: 3,
  sha1: SHA1,
  modifiedMs: 1000,
  ...more,
})
const file = (sizeBytes: number, mtimeMs: number): Observation => ({
  kind: 'file',
  fingerprint: { sizeBytes, mtimeMs, ctimeMs: 0, ino: 1, dev: 1 },
})

describe('what becomes of a file', () => {
  it.each<[string, Observation, Partial<WantedFile>, string, string]>([
    ['that is not here', { kind: 'absent' }, {}, 'download', 'download'],
    ['of the same size and time', file(3, 1000.4), {}, 'unchanged', 'unchanged'],
    [
      'of the same size and time, of which nobody knows the SHA-1',
      file(3, 1000),
      { sha1: null },
      'unchanged',
      'unchanged',
    ],
    ['of the same size and another time', file(3, 999), {}, 'compare', 'compare'],
    ['of the same size and another time, without a SHA-1', file(3, 999), { sha1: null }, 'kept', 'download'],
    ['that is empty on both sides', file(0, 5), { sizeBytes: 0 }, 'unchanged', 'unchanged'],
    ['of another size', file(4, 1000), {}, 'kept', 'download'],
    ['that is empty here', file(0, 1000), {}, 'kept', 'download'],
    ['where a directory is', { kind: 'directory' }, {}, 'blocked', 'blocked'],
    ['where a link is', { kind: 'skipped', reason: 'symlink' }, {}, 'blocked', 'blocked'],
    ['where nobody may look', { kind: 'unreadable', code: 'file_unreadable' }, {}, 'blocked', 'blocked'],
  ])('%s', (_, found, more, kind, overwriting) => {
    expect([decide(wanted(more), found, false).kind, decide(wanted(more), found, true).kind]).toEqual([
      kind,
      overwriting,
    ])
  })

  it('says whether what stays is newer', () => {
    expect(decide(wanted(), file(4, 1001), false)).toEqual({ kind: 'kept', isNewer: true })
    expect(decide(wanted(), file(4, 999), false)).toEqual({ kind: 'kept', isNewer: false })
  })
})

describe('a version of a listing', () => {
  const version = {
    fileId: 'id',
    fileName: 'p/a',
    action: 'upload',
    contentLength: 3,
    contentSha1: SHA1 as string | null,
    fileInfo: {},
    uploadTimestamp: 7,
  }

  it.each<[Partial<typeof version>, Partial<WantedFile>]>([
    [{}, { sha1: SHA1, modifiedMs: 7 }],
    [{ contentSha1: `unverified:${SHA1.toUpperCase()}` }, { sha1: SHA1 }],
    [{ contentSha1: 'none' }, { sha1: null }],
    [{ contentSha1: null }, { sha1: null }],
    [{ contentSha1: 'none', fileInfo: { large_file_sha1: SHA1 } }, { sha1: SHA1 }],
    [{ contentSha1: 'none', fileInfo: { large_file_sha1: 'nonsense' } }, { sha1: null }],
    [{ fileInfo: { src_last_modified_millis: '1700000000123' } }, { modifiedMs: 1_700_000_000_123 }],
    [{ fileInfo: { src_last_modified_millis: '-5' } }, { modifiedMs: -5 }],
    [{ fileInfo: { src_last_modified_millis: '' } }, { modifiedMs: 7 }],
    [{ fileInfo: { src_last_modified_millis: '1e3' } }, { modifiedMs: 7 }],
    [{ fileInfo: { src_last_modified_millis: '9'.repeat(30) } }, { modifiedMs: 7 }],
  ])('%j', (more, expected) => {
    expect(wantedFrom({ ...version, ...more }, 'a' as RelativePath)).toMatchObject(expected)
  })

  it('comes out of a list as it went in, page after page', () => {
    const anyFile = fc.record({
      fileId: fc.string(),
      path: fc.string({ unit: 'binary' }).map((path) => path as RelativePath),
      sizeBytes: fc.nat(),
      sha1: fc.constantFrom(SHA1, null),
      modifiedMs: fc.integer(),
    })
    fc.assert(
      fc.property(fc.array(fc.array(anyFile)), (pages) => {
        const list = new WantedList()
        for (const page of pages) list.add(page)
        expect([...list]).toEqual(pages.flat())
      }),
    )
  })
})
