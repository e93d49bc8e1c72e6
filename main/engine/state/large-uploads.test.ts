import { describe, expect, it } from 'vitest'
import type { FolderId, Sha1Hex, UnixMs } from '../../../shared/ids.ts'
import { anEntry, openStateBench, relative, leaseFirst } from '../../../test/support/state-bench.ts'
import type { LargeUpload } from '../model/large-upload.ts'

const NOW = 1_800_000_000_000 as UnixMs
const HOUR = 3_600_000
const hash = (digit: string) => digit.repeat(40) as Sha1Hex

function open() {
  const bench = openStateBench()
  return {
    state: bench.state,
    folder: bench.addFolder(),
    unneeded: (now: UnixMs) => bench.state.largeUploads.listUnneeded(now).map(({ fileId }) => fileId),
    plan: (folderId: FolderId, paths: readonly string[]) => bench.plan(folderId, paths),
  }
}

const anUpload = (folderId: FolderId, more: Partial<LargeUpload> = {}): LargeUpload => ({
  fileId: 'begun',
  folderId,
  path: relative('dir/large'),
  fileName: 'p/dir/large',
  fingerprint: { sizeBytes: 25, mtimeMs: 1.5, ctimeMs: 2.5, ino: 3 },
  content: {
    sha1: hash('0'),
    blocks: { blockBytes: 10, sha1s: [hash('1'), hash('2'), hash('3')] },
    runs: [{ first: 1, count: 2, sha1: hash('4') }],
  },
  copiesFrom: 'old',
  startedAt: NOW,
  ...more,
})

describe('a large file that was begun', () => {
  it('is remembered with all that is needed to go on', () => {
    const { state, folder } = open()
    const upload = anUpload(folder.folderId)
    state.largeUploads.add(upload)
    expect(state.largeUploads.find(folder.folderId, upload.path)).toEqual(upload)
    expect(state.largeUploads.find(folder.folderId, relative('dir/other'))).toBeUndefined()
    state.largeUploads.forget('begun')
    expect(state.largeUploads.find(folder.folderId, upload.path)).toBeUndefined()
  })

  it('is needed while its file is to be sent, and for an hour after that', () => {
    const { state, folder, plan, unneeded } = open()
    state.largeUploads.add(anUpload(folder.folderId))
    expect(unneeded(NOW)).toEqual([])
    expect(unneeded((NOW + HOUR + 1) as UnixMs)).toEqual(['begun'])
    // The clock was set back.
    expect(unneeded((NOW - HOUR - 1) as UnixMs)).toEqual(['begun'])
    plan(folder.folderId, ['dir/large'])
    expect(unneeded((NOW + 30 * HOUR) as UnixMs)).toEqual([])
  })

  it('is not needed when it was begun anew, and the new one is', () => {
    const { state, folder, plan, unneeded } = open()
    plan(folder.folderId, ['dir/large'])
    state.largeUploads.add(anUpload(folder.folderId, { fileId: 'first' }))
    state.largeUploads.add(anUpload(folder.folderId, { fileId: 'second' }))
    expect(state.largeUploads.find(folder.folderId, relative('dir/large'))?.fileId).toBe('second')
    expect(unneeded(NOW)).toEqual(['first'])
  })

  it('is not needed when its folder is not synced any more', () => {
    const { state, folder, unneeded } = open()
    state.largeUploads.add(anUpload(folder.folderId))
    state.folders.remove(folder.folderId)
    expect(unneeded(NOW)).toEqual(['begun'])
  })

  it('is over when it is finished, and whatever else was begun for the path is not needed', () => {
    const { state, folder, plan, unneeded } = open()
    plan(folder.folderId, ['dir/large'])
    state.largeUploads.add(anUpload(folder.folderId, { fileId: 'other' }))
    state.largeUploads.add(anUpload(folder.folderId, { fileId: 'finished' }))
    const [job] = leaseFirst(state, NOW, 1)
    const { blocks } = anUpload(folder.folderId).content
    if (job === undefined) throw new Error('no job')
    const entry = anEntry('dir/large', { fileId: 'finished' })
    state.commitUpload(job, entry, NOW, 'uploaded', NOW, { blocks, sparedBytes: 20 })
    expect(unneeded(NOW)).toEqual(['other'])
    expect(state.largeUploads.findContent(folder.folderId, job.path)).toEqual({ fileId: 'finished', blocks })
    expect(state.activity.list(1)).toMatchObject([{ sizeBytes: entry.fingerprint.sizeBytes, sparedBytes: 20 }])
  })
})

describe('what is known of a content', () => {
  it('is forgotten with what was agreed on, and replaced by what is known of the next version', () => {
    const { state, folder, plan } = open()
    const { blocks } = anUpload(folder.folderId).content
    const commit = (fileId: string, known: boolean) => {
      plan(folder.folderId, ['dir/large'])
      const [job] = leaseFirst(state, NOW, 1)
      if (job === undefined) throw new Error('no job')
      const large = { blocks: known ? blocks : null, sparedBytes: 0 }
      state.commitUpload(job, anEntry('dir/large', { fileId }), NOW, 'uploaded', NOW, large)
      return state.largeUploads.findContent(folder.folderId, job.path)?.fileId
    }
    expect([commit('a', true), commit('b', true), commit('c', false), commit('d', true)]).toEqual([
      'a',
      'b',
      undefined,
      'd',
    ])
    state.base.forget(folder.folderId, relative('dir/large'))
    expect(state.largeUploads.findContent(folder.folderId, relative('dir/large'))).toBeUndefined()
  })
})
