import { beforeEach, describe, expect, it } from 'vitest'
import type { ErrorCode } from '../../../shared/errors.ts'
import type { FolderId, JobId, UnixMs } from '../../../shared/ids.ts'
import type { TransferChoice } from '../../../shared/model/transfer.ts'
import { recordsAreSound } from '../../../test/support/invariants.ts'
import {
  hide,
  hurry,
  leaseFirst,
  listJobs,
  NOW,
  openStateBench,
  relative,
  upload,
  type StateBench,
} from '../../../test/support/state-bench.ts'

let bench: StateBench
let folderId: FolderId
let otherId: FolderId

beforeEach(() => {
  bench = openStateBench()
  ;({ folderId } = bench.addFolder())
  otherId = bench.addFolder('/other', 'other/').folderId
})

const LATER = (NOW + 3_600_000) as UnixMs
const lists = () => bench.state.jobLists
const job = (path: string, folder = folderId) => bench.state.jobs.findForPath(folder, relative(path))
const idOf = (path: string, folder = folderId): JobId => job(path, folder)?.jobId ?? (0 as never)
const pathsOf = (ids: readonly JobId[]): readonly string[] => {
  const jobs = new Map(
    lists()
      .listByIds(ids)
      .map(({ jobId, path }) => [jobId, path as string]),
  )
  return ids.map((id) => jobs.get(id) ?? 'none')
}
const waiting = (of: readonly FolderId[] | null = null) => pathsOf(lists().listWaitingIds(of))
const stuck = (of: readonly FolderId[] | null = null) => pathsOf(lists().listStuckIds(of))
const these = (...paths: readonly string[]): TransferChoice => ({
  kind: 'these',
  jobIds: paths.map((path) => idOf(path)),
})
const matching = (
  text: string,
  more: Partial<Extract<TransferChoice, { kind: 'matching' }>> = {},
  folder: FolderId | null = null,
): TransferChoice => {
  const filter = { text, folderId: folder }
  return { kind: 'matching', filter, groups: ['now', 'failed', 'waiting'], except: [], ...more }
}
const putOff = (choice: TransferChoice, until = LATER) => bench.state.transaction(() => lists().putOff(choice, until))
const moveToFront = (choice: TransferChoice) => bench.state.transaction(() => lists().hurry(choice))

/** One attempt at each of these, which fails. */
function fail(code: ErrorCode, ...paths: readonly string[]): void {
  bench.state.transaction(() => {
    for (const path of paths) {
      const found = job(path)
      if (found === undefined) throw new Error(`no job for ${path}`)
      const next = {
        isUncertain: false,
        attempts: 1,
        notBefore: (NOW + 500) as UnixMs,
        code,
        details: {},
        failedAt: NOW,
      }
      bench.state.jobs.reschedule(found, next)
    }
  })
}

/** All ids that match, slice by slice. */
function match(text: string): readonly JobId[] {
  const found: JobId[] = []
  for (let next = 0, isEnd = false; !isEnd;) {
    const slice = lists().matchSome(text, next)
    found.push(...slice.jobIds)
    ;({ next, isEnd } = slice)
  }
  return found
}

describe('what waits', () => {
  it('is listed in the order it goes: asked for, small, others, then what has a time of its own', () => {
    bench.plan(folderId, ['large'], upload(5_000_000))
    bench.plan(folderId, ['gone'], hide)
    bench.plan(otherId, ['small'])
    bench.plan(folderId, ['asked', 'fails', 'late'])
    hurry(bench.state, idOf('asked'))
    fail('timeout', 'fails')
    putOff(these('late'))
    expect(waiting()).toEqual(['asked', 'small', 'large', 'gone', 'fails', 'late'])
    expect([waiting([otherId]), waiting([]), stuck()]).toEqual([['small'], [], []])
  })

  it('has failed once only a person can mend it, the longest first, until it is asked for', () => {
    bench.plan(folderId, ['a', 'b', 'c'])
    fail('file_unreadable', 'b', 'a')
    fail('timeout', 'c')
    expect([stuck(), waiting()]).toEqual([['a', 'b'], ['c']])
    expect(moveToFront(these('a'))).toBe(1)
    expect([stuck(), waiting()]).toEqual([['b'], ['a', 'c']])
    expect(job('a')).toMatchObject({ code: null, attempts: 0, failingSince: null, isStuck: false, isAsked: true })
  })

  it('is planned anew with nothing the matter with it', () => {
    bench.plan(folderId, ['a'])
    fail('file_unreadable', 'a')
    bench.plan(folderId, ['a'], upload(9))
    expect([stuck(), waiting(), lists().countFailing()]).toEqual([[], ['a'], []])
  })
})

describe('what a person chooses', () => {
  it('goes to the very front, what was asked for last first, and keeps its order', () => {
    bench.plan(folderId, ['a', 'b', 'c', 'd', 'e'])
    expect(moveToFront(these('c', 'd'))).toBe(2)
    expect(moveToFront(these('e'))).toBe(1)
    expect(waiting()).toEqual(['e', 'c', 'd', 'a', 'b'])
    // A check of everything changes nothing of that, and neither does a change of the file.
    bench.state.transaction(() => bench.state.jobs.hurryFolder(folderId))
    bench.plan(folderId, ['c'], upload(7))
    expect(waiting()).toEqual(['e', 'c', 'd', 'a', 'b'])
    expect(leaseFirst(bench.state, NOW, 9).map(({ path }) => path)).toEqual(['e', 'c', 'd', 'a', 'b'])
  })

  it('is left until its time, and begins anew then unless only a person can mend it', () => {
    bench.plan(folderId, ['a', 'b', 'c'])
    fail('timeout', 'a')
    fail('file_unreadable', 'b')
    expect(putOff(matching(''))).toBe(3)
    expect(job('a')).toMatchObject({ isPutOff: true, notBefore: LATER, code: null, attempts: 0, failingSince: null })
    expect(job('b')).toMatchObject({ isPutOff: true, notBefore: LATER, code: 'file_unreadable', attempts: 1 })
    expect(lists().countPutOff(folderId, NOW)).toMatchObject({ files: 2, nextAttemptAt: LATER })
  })

  it('is what matches at that moment and nothing else', () => {
    bench.plan(folderId, ['Docs/a.txt', 'docs/B.TXT', 'docs/c.pdf', 'x/docs'])
    bench.plan(otherId, ['docs/d.txt'])
    fail('file_unreadable', 'docs/B.TXT')
    expect(putOff(matching('docs/', { groups: ['waiting'] }))).toBe(3)
    expect(putOff(matching('DOCS/', { groups: ['failed'], except: [idOf('docs/B.TXT')] }))).toBe(0)
    expect(putOff(matching('docs/', { groups: ['failed'] }, otherId))).toBe(0)
    expect(
      listJobs(bench.state)
        .filter(({ isPutOff }) => !isPutOff)
        .map(({ path }) => path as string),
    ).toEqual(['docs/B.TXT', 'x/docs'])
    expect(moveToFront(matching('txt', {}, folderId))).toBe(2)
    expect(waiting()).toEqual(['Docs/a.txt', 'docs/B.TXT', 'x/docs', 'docs/c.pdf', 'docs/d.txt'])
  })

  it('is not touched while it is leased, and can be told', () => {
    bench.plan(folderId, ['a', 'b', 'c'])
    const [leased] = leaseFirst(bench.state, NOW, 1)
    expect([putOff(matching('')), moveToFront(these('a'))]).toEqual([2, 0])
    expect(job('a')).toMatchObject({ isPutOff: false, isAsked: false })
    expect(
      lists()
        .listLeased(matching(''))
        .map(({ path }) => path),
    ).toEqual([leased?.path])
    expect(lists().listLeased(matching('b'))).toEqual([])
    expect(
      lists()
        .listLeased(these('a', 'c'))
        .map(({ path }) => path),
    ).toEqual(['a'])
  })

  it('may be unknown, or nothing', () => {
    expect([moveToFront({ kind: 'these', jobIds: [] }), putOff({ kind: 'these', jobIds: [9 as JobId] })]).toEqual([
      0, 0,
    ])
    expect(lists().countStuckAmong([])).toBe(0)
  })
})

describe('what is counted', () => {
  it('fails with a code, with how much that is, when it is due, and how much is stuck', () => {
    bench.plan(folderId, ['a', 'b', 'c'], upload(100))
    bench.plan(otherId, ['d'])
    fail('file_unreadable', 'a', 'b')
    fail('timeout', 'c')
    const at = { nextAttemptAt: NOW + 500, folderId }
    expect(lists().countFailing()).toEqual([
      { ...at, code: 'file_unreadable', files: 2, bytes: 200, stuckFiles: 2 },
      { ...at, code: 'timeout', files: 1, bytes: 100, stuckFiles: 0 },
    ])
    expect(lists().countStuckAmong([idOf('a'), idOf('c')])).toBe(1)
    bench.state.transaction(() => bench.state.jobs.dropAll(folderId))
    expect(lists().countFailing()).toEqual([])
  })

  it('is left for later as long as it is not due', () => {
    bench.plan(folderId, ['a', 'b', 'c'], upload(100))
    putOff(these('a', 'b'))
    putOff(these('c'), (NOW + 10) as UnixMs)
    const counted = (now: number) => lists().countPutOff(folderId, now as UnixMs)
    expect(counted(NOW)).toEqual({ files: 3, bytes: 300, nextAttemptAt: NOW + 10 })
    expect(counted(NOW + 10)).toEqual({ files: 2, bytes: 200, nextAttemptAt: LATER })
    expect([counted(LATER), lists().countPutOff(otherId, NOW)]).toEqual([null, null])
  })

  it('is what there is, however jobs change', () => {
    bench.plan(folderId, ['a', 'b', 'c', 'd', 'e'], upload(100))
    fail('timeout', 'a', 'b')
    fail('file_unreadable', 'b', 'c')
    putOff(these('b', 'd'))
    bench.plan(folderId, ['a'], upload(7))
    moveToFront(these('c'))
    fail('would_overwrite', 'e')
    bench.look(folderId, { settled: [relative('d')] })
    bench.state.folders.remove(otherId)
    const { file } = bench
    bench.state.close()
    expect(recordsAreSound(file)).toEqual([])
    bench.reopen()
  })
})

describe('a text', () => {
  it('is found in paths in any case, with accents written either way, and taken as it is', () => {
    const paths = [
      'Übersicht.docx',
      'u\u0308bersicht.docx',
      'STRASSE/Straße.txt',
      '100%_sure.txt',
      '100 sure.txt',
      'a*b?c[d].txt',
      'back\\slash',
      'Ελλάδα/ΑΘΗΝΑ.txt',
    ]
    bench.plan(folderId, paths)
    const found = (text: string) => pathsOf(match(text))
    expect(found('übersicht')).toEqual(['Übersicht.docx', 'u\u0308bersicht.docx'])
    expect(found('ÜBER')).toEqual(['Übersicht.docx', 'u\u0308bersicht.docx'])
    expect(found('straße')).toEqual(['STRASSE/Straße.txt'])
    expect(found('%_S')).toEqual(['100%_sure.txt'])
    expect(found('*B?c[D]')).toEqual(['a*b?c[d].txt'])
    expect(found('K\\s')).toEqual(['back\\slash'])
    expect(found('αθηνα')).toEqual(['Ελλάδα/ΑΘΗΝΑ.txt'])
    expect([found('ubersicht'), found('nothing')]).toEqual([[], []])
    expect(found('')).toHaveLength(paths.length)
  })

  it('is compared with new paths only, once it was compared with all', () => {
    bench.plan(folderId, ['a1', 'b1'])
    const first = lists().matchSome('a', 0)
    bench.plan(folderId, ['a2', 'b2'])
    const second = lists().matchSome('a', first.next)
    expect([pathsOf(first.jobIds), pathsOf(second.jobIds), second.isEnd]).toEqual([['a1'], ['a2'], true])
    expect(lists().matchSome('a', second.next)).toEqual({ jobIds: [], next: second.next, isEnd: true })
  })
})

describe('100,000 jobs', () => {
  const COUNT = 100_000
  const pathAt = (index: number): string => `folder ${index % 100}/file ${index}.txt`

  it('are listed, searched, counted and changed at once, each exactly as it should be', () => {
    bench.plan(
      folderId,
      Array.from({ length: COUNT / 2 }, (_, index) => pathAt(index)),
    )
    bench.plan(
      otherId,
      Array.from({ length: COUNT / 2 }, (_, index) => pathAt(COUNT / 2 + index)),
      upload(2_000_000),
    )
    const all = lists().listWaitingIds(null)
    expect([all.length, new Set(all).size]).toEqual([COUNT, COUNT])
    expect(pathsOf([...all.slice(0, 2), ...all.slice(-1)])).toEqual([pathAt(0), pathAt(1), pathAt(COUNT - 1)])
    expect(lists().listWaitingIds([otherId])).toEqual(all.slice(COUNT / 2))

    const withSeven = match('FOLDER 7/')
    expect(withSeven).toHaveLength(COUNT / 100)
    expect(new Set(pathsOf(withSeven).map((path) => path.split('/')[0]))).toEqual(new Set(['folder 7']))

    expect(moveToFront(matching('folder 7/', {}, folderId))).toBe(COUNT / 200)
    expect(pathsOf(lists().listWaitingIds(null).slice(0, 500)).every((path) => path.startsWith('folder 7/'))).toBe(true)
    expect(lists().listWaitingIds(null)[500]).toBe(all[0])

    expect(putOff(matching('folder 8/'))).toBe(COUNT / 100)
    const left = [
      ...lists()
        .listWaitingIds(null)
        .slice(-COUNT / 100),
    ]
    expect(left.toSorted((a, b) => a - b)).toEqual(match('folder 8/'))
    expect(lists().countPutOff(otherId, NOW)).toEqual({ files: 500, bytes: 1e9, nextAttemptAt: LATER })

    expect(putOff(matching(''))).toBe(COUNT)
    expect(lists().countPutOff(folderId, NOW)).toMatchObject({ files: COUNT / 2 })
    expect(moveToFront({ kind: 'these', jobIds: [...all] })).toBe(COUNT)
    expect([lists().countPutOff(folderId, NOW), lists().listWaitingIds(null)]).toEqual([null, all])
  })
})
