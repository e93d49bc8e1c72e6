import { beforeEach, describe, expect, it } from 'vitest'
import type { FolderId, UnixMs } from '../../../shared/ids.ts'
import {
  anEntry,
  hide,
  leaseFirst,
  NOW,
  openStateBench,
  relative,
  upload,
  type StateBench,
} from '../../../test/support/state-bench.ts'
import type { RemoteEntry } from '../model/agreed.ts'

let bench: StateBench
let folderId: FolderId

beforeEach(() => {
  bench = openStateBench()
  ;({ folderId } = bench.addFolder())
})

function send(path: string, content: string): void {
  bench.plan(folderId, [path], upload(content.length))
  const [job] = leaseFirst(bench.state, NOW, 1)
  if (job === undefined) throw new Error('no job is due')
  bench.state.commitUpload(job, anEntry(path, { content, fileId: `${path} ${content}` }), NOW, 'uploaded', NOW)
}
function remove(path: string, verb: 'hidden' | 'deleted', older = { files: 0, bytes: 0 }): void {
  bench.lose(folderId, [path], 0)
  bench.plan(folderId, [path], hide)
  const [job] = leaseFirst(bench.state, NOW, 1)
  if (job === undefined) throw new Error('no job is due')
  bench.state.commitLoss(job, verb, NOW, older)
}
/** Current, old and unfinished, each as files and bytes. */
function amounts(): readonly (readonly [number, number])[] {
  const { current, old, unfinished } = bench.state.stored.of(folderId)
  return [current, old, unfinished].map(({ files, bytes }) => [files, bytes])
}
const listed = (path: string, sizeBytes: number, fileId = path): RemoteEntry => ({
  path: relative(path),
  fileId,
  sha1: null,
  sizeBytes,
  uploadedAt: NOW,
  isOurs: false,
})

describe('what is stored', () => {
  it('is counted by what Pail sends, replaces and hides', () => {
    send('a', '123')
    send('b', '12345')
    expect(amounts()).toEqual([
      [2, 8],
      [0, 0],
      [0, 0],
    ])
    send('a', '1')
    remove('b', 'hidden')
    expect(amounts()).toEqual([
      [1, 1],
      [2, 8],
      [0, 0],
    ])
  })

  it('is less once versions are deleted, and never less than nothing', () => {
    send('a', '123')
    send('a', '1234')
    remove('a', 'deleted', { files: 1, bytes: 3 })
    expect(amounts().slice(0, 2)).toEqual([
      [0, 0],
      [0, 0],
    ])
    send('b', '12')
    remove('b', 'deleted', { files: 5, bytes: 100 })
    expect(amounts().slice(0, 2)).toEqual([
      [0, 0],
      [0, 0],
    ])
  })

  it('is what a listing has found, of all folders apart, and none of a place that was left', () => {
    const other = bench.addFolder('/other', 'q/').folderId
    send('gone', '12')
    bench.state.beginListing(folderId)
    bench.state.recordListed(folderId, [listed('x', 10), listed('y', 20)])
    const unfinished = [
      { fileId: 'u1', sizeBytes: 100 },
      { fileId: 'u2', sizeBytes: 200 },
    ]
    bench.state.endListing(folderId, NOW, { old: { files: 7, bytes: 70 }, unfinished })
    expect(amounts()).toEqual([
      [2, 30],
      [7, 70],
      [2, 300],
    ])
    expect([bench.state.stored.of(folderId).countedAt, bench.state.stored.of(other).countedAt]).toEqual([NOW, null])
    // A listing of names says nothing of old versions, but one that took the place of another is one more.
    bench.state.beginListing(folderId)
    bench.state.recordListed(folderId, [listed('x', 11, 'newer'), listed('y', 20)])
    bench.state.endListing(folderId, (NOW + 5) as UnixMs)
    expect(amounts().slice(0, 2)).toEqual([
      [2, 31],
      [8, 80],
    ])
    bench.state.transaction(() => {
      bench.state.stored.forgetUnfinished('u1')
    })
    expect(amounts()[2]).toEqual([1, 200])
    bench.state.movePrefix(folderId, 'elsewhere/', NOW)
    expect([amounts(), bench.state.stored.of(folderId).countedAt]).toEqual([
      [
        [0, 0],
        [0, 0],
        [0, 0],
      ],
      null,
    ])
  })

  it('is no longer unfinished once Pail has finished or cancelled it', () => {
    bench.state.transaction(() => {
      bench.state.largeUploads.add({
        fileId: 'u1',
        folderId,
        path: relative('big'),
        fileName: 'big',
        fingerprint: { sizeBytes: 5, mtimeMs: 1, ctimeMs: 1, ino: 1 },
        content: { sha1: anEntry('big').sha1, blocks: { blockBytes: 5, sha1s: [] }, runs: [] },
        copiesFrom: null,
        startedAt: NOW,
      })
      bench.state.stored.setCount(
        folderId,
        { old: { files: 0, bytes: 0 }, unfinished: [{ fileId: 'u1', sizeBytes: 5 }] },
        NOW,
      )
    })
    expect(amounts()[2]).toEqual([1, 5])
    bench.state.transaction(() => {
      bench.state.largeUploads.forget('u1')
    })
    expect(amounts()[2]).toEqual([0, 0])
  })
})
