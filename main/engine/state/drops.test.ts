import { beforeEach, describe, expect, it } from 'vitest'
import type { AbsolutePath, DropId, RelativePath, RemoteName, Sha1Hex, UnixMs } from '../../../shared/ids.ts'
import { NOW, openStateBench } from '../../../test/support/state-bench.ts'
import { LONGEST_WAIT_MS } from '../plan/retry-policy.ts'
import type { NewDrop, SourceId } from './drops.ts'
import type { State } from './state.ts'

const place = {
  bucketId: 'b',
  bucketName: 'bucket',
  bucketType: 'allPrivate',
  prefix: 'p/',
  onConflict: 'keep-both',
} as const

let state: State
let source: SourceId
beforeEach(() => {
  ;({ state } = openStateBench())
  source = state.drops.addSource('/home' as AbsolutePath, place, 'mark')
})

function add(path: string, sizeBytes = 5, over: Partial<NewDrop> = {}): DropId {
  state.drops.add(source, { path: path as RelativePath, isFolder: false, sizeBytes, ...over })
  const found = [...state.drops.listWaiting(99), ...state.drops.listEnded('failed', 99)].find(
    (drop) => drop.path === path,
  )
  if (found === undefined) throw new Error('not added')
  return found.dropId
}
const due = (now: number = NOW) => state.drops.listDue(now as UnixMs, 9).map(({ path }) => path)
const later = (ms: number) => (NOW + ms) as UnixMs
const finish = (dropId: DropId, at: UnixMs = NOW) =>
  state.drops.finish(dropId, { fileName: 'p/x' as RemoteName, fileId: 'f', sizeBytes: 7, wasThere: false }, at)
const files = () => {
  const { reading, waiting, failed, done } = state.drops.totals()
  return [reading.files, waiting.files, failed.files, done.files]
}

describe('what was dropped', () => {
  it('has its turn in the order of its coming, what is soon sent first', () => {
    for (const [path, size] of [
      ['large', 2e6],
      ['a', 5],
      ['b', 1e6],
    ] as const)
      add(path, size)
    expect(due()).toEqual(['a', 'b', 'large'])
    expect(state.drops.find(add('c'))).toMatchObject({
      root: '/home',
      place,
      sizeBytes: 5,
      state: 'waiting',
      code: null,
    })
  })

  it('is there once, however often it is added', () => {
    const dropId = add('a')
    expect(add('a', 9)).toBe(dropId)
    expect(files()).toEqual([0, 1, 0, 0])
  })

  it('has a mark that no other has', () => {
    const marks = ['a', 'b'].map((path) => state.drops.find(add(path))?.mark)
    expect(new Set(marks).size).toBe(2)
  })

  it('is tried again when its time has come, or a clock was set back', () => {
    const dropId = add('a')
    state.drops.reschedule(dropId, 'timeout', { x: 1 }, later(100))
    expect(due()).toEqual([])
    expect(state.drops.nextDueAt(NOW)).toBe(later(100))
    expect(state.drops.countFailing('waiting')).toEqual([
      { code: 'timeout', files: 1, bytes: 5, nextAttemptAt: later(100) },
    ])
    expect(due(NOW + 100)).toEqual(['a'])
    expect(due(NOW + 99 - LONGEST_WAIT_MS)).toEqual(['a'])
    expect(state.drops.find(dropId)).toMatchObject({ attempts: 1, code: 'timeout', details: { x: 1 } })
  })

  it('fails for good until a person wants it tried again', () => {
    const [one, other] = [add('a'), add('b')]
    for (const dropId of [one, other]) state.drops.fail(dropId, 'dropped_file_gone', {}, NOW)
    expect([due(), files()]).toEqual([[], [0, 0, 2, 0]])
    state.drops.retry(one)
    expect([due(), files()]).toEqual([['a'], [0, 1, 1, 0]])
    state.drops.retry(null)
    expect([due(), files()]).toEqual([
      ['a', 'b'],
      [0, 2, 0, 0],
    ])
    expect(state.drops.find(other)).toMatchObject({ attempts: 0, code: null, endedAt: null })
  })

  it('is counted by what it has come to, with its bytes', () => {
    const [one, , folder] = [add('a'), add('b'), add('dir', 0, { isFolder: true })]
    expect(files()).toEqual([1, 2, 0, 0])
    finish(one)
    expect(state.drops.totals()).toMatchObject({ waiting: { files: 1, bytes: 5 }, done: { files: 1, bytes: 7 } })
    state.drops.fail(folder, 'directory_unreadable', {}, NOW)
    expect(files()).toEqual([0, 1, 1, 1])
    state.drops.remove(null)
    expect(files()).toEqual([0, 0, 0, 1])
    state.drops.clearDone(later(1))
    expect(files()).toEqual([0, 0, 0, 0])
  })

  it('is forgotten where it has not arrived, and not where it has', () => {
    const [one, other] = [add('a'), add('b')]
    finish(one)
    for (const dropId of [one, other]) state.drops.remove(dropId)
    expect(files()).toEqual([0, 0, 0, 1])
    state.drops.clearDone(NOW)
    expect(files()).toEqual([0, 0, 0, 1])
  })

  it('keeps what was left out until all that came with it is forgotten', () => {
    const dropId = add('a')
    state.drops.leaveOut(source, 3)
    expect(state.drops.countLeftOut()).toBe(3)
    state.drops.remove(dropId)
    expect(state.drops.countLeftOut()).toBe(0)
  })
})

describe('a large file that was begun', () => {
  const begun = (fileId: string) => ({
    fileId,
    fileName: 'p/a',
    fingerprint: { sizeBytes: 5, mtimeMs: 1.5, ctimeMs: 2.25, ino: 7 },
    content: {
      sha1: 'a'.repeat(40) as Sha1Hex,
      blocks: { blockBytes: 4, sha1s: ['b'.repeat(40) as Sha1Hex] },
      runs: [],
    },
    copiesFrom: null,
  })

  it('is found again, the last one that was begun', () => {
    const dropId = add('a')
    expect(state.dropUploads.find(dropId)).toBeUndefined()
    state.dropUploads.add(dropId, begun('one'))
    state.dropUploads.add(dropId, begun('two'))
    state.dropUploads.add(dropId, begun('two'))
    expect(state.dropUploads.find(dropId)).toEqual(begun('two'))
    expect(state.dropUploads.listUnneeded()).toEqual(['one'])
  })

  it('is needed no more when it was given up, cancelled, or has arrived', () => {
    const ids = ['a', 'b', 'c', 'd'].map((path) => add(path))
    for (const [i, dropId] of ids.entries()) state.dropUploads.add(dropId, begun(`f${i}`))
    const [given, cancelled, arrived, failed] = ids as [DropId, DropId, DropId, DropId]
    state.drops.fail(failed, 'dropped_file_gone', {}, NOW)
    expect(state.dropUploads.listUnneeded()).toEqual([])
    state.dropUploads.giveUp(given)
    state.drops.remove(cancelled)
    finish(arrived)
    expect(state.dropUploads.listUnneeded()).toEqual(['f0', 'f1', 'f2'])
    state.dropUploads.forget('f2')
    expect(state.dropUploads.has('f2')).toBe(false)
  })
})
