import { beforeEach, describe, expect, it } from 'vitest'
import type { FolderId, UnixMs } from '../../../shared/ids.ts'
import {
  anEntry,
  hide,
  NOW,
  hurry,
  listJobs,
  openStateBench,
  relative,
  upload,
  leaseFirst,
  type StateBench,
  wantedIn,
} from '../../../test/support/state-bench.ts'
import type { JobAction } from '../model/action.ts'
import { LARGE_FILE_BYTES, type Job, type Lane, type Wanted } from '../model/job.ts'

let bench: StateBench
let folderId: FolderId

beforeEach(() => {
  bench = openStateBench()
  ;({ folderId } = bench.addFolder())
})

const LATER = (NOW + 1e9) as UnixMs
const jobs = () => bench.state.jobs
const found = (name: string) => jobs().findForPath(folderId, relative(name))
const due = (now = NOW) => leaseFirst(bench.state, now, 100).map((job) => job.path as string)
/** When the next waiting job is due, of these folders or of all. */
const nextDueAt = (...folders: readonly FolderId[]) => {
  const lines = jobs().listWaitingLines()
  const times = lines.filter((line) => folders.length === 0 || folders.includes(line.folderId))
  return times.length === 0 ? null : Math.min(...times.map(({ firstAt }) => firstAt))
}
const plan = (...names: readonly string[]) => bench.plan(folderId, names)
const planSizes = (sizes: Readonly<Record<string, number>>) => {
  for (const [name, sizeBytes] of Object.entries(sizes)) bench.plan(folderId, [name], upload(sizeBytes))
}
const settle = (...names: readonly string[]) => bench.look(folderId, { settled: names.map(relative) })
const copyOf = (name: string, fileId = `id of ${name}`): JobAction => {
  const { sha1 } = anEntry(name)
  return { kind: 'copy', from: { folderId, path: relative(name), fileId, sha1 }, reason: 'same-file' }
}

function leaseOne(now = LATER): Job {
  const [job] = leaseFirst(bench.state, now, 1)
  if (job === undefined) throw new Error('no job is due')
  return job
}

function fail(job: Job, notBefore: number, failedAt = NOW, code: 'timeout' | 'would_overwrite' = 'timeout'): void {
  const next = { isUncertain: false, attempts: job.attempts + 1, notBefore: notBefore as UnixMs, code }
  bench.state.transaction(() => jobs().reschedule(job, { ...next, details: { operation: 'x' }, failedAt }))
}

/** Puts jobs off to later times, as failures do. */
function putOff(times: Readonly<Record<string, number>>): void {
  plan(...Object.keys(times))
  for (const job of leaseFirst(bench.state, NOW, 100)) fail(job, times[job.path] ?? 0)
}

describe('jobs', () => {
  it('are taken in the order of their time, then of their planning', () => {
    putOff({ c: 500, later: NOW + 1 })
    plan('a', 'b')
    expect(due()).toEqual(['a', 'b', 'c'])
    expect(nextDueAt()).toBe(NOW + 1)
    expect(due((NOW + 1) as UnixMs)).toEqual(['later'])
    expect(nextDueAt()).toBeNull()
  })

  it('of held folders are left alone', () => {
    const other = bench.addFolder('/other', 'other/').folderId
    plan('a')
    bench.plan(other, ['b'])
    expect(leaseFirst(bench.state, NOW, 10, [folderId]).map((job) => job.path)).toEqual(['b'])
    expect(nextDueAt(other)).toBeNull()
    expect(nextDueAt(folderId)).toBe(0)
  })

  it('of all folders are taken and listed in one order', () => {
    const other = bench.addFolder('/other', 'other/').folderId
    const names = ['a', 'b', 'c', 'd']
    for (const [i, name] of names.entries()) bench.plan(i % 2 === 0 ? folderId : other, [name])
    expect(
      listJobs(bench.state)
        .slice(0, 3)
        .map((job) => job.path),
    ).toEqual(['a', 'b', 'c'])
    expect(leaseFirst(bench.state, NOW, 3).map((job) => job.path)).toEqual(['a', 'b', 'c'])
    expect(nextDueAt()).toBe(0)
    expect([nextDueAt(other), nextDueAt(folderId)]).toEqual([0, null])
  })

  it('are one for each path, and the newest plan counts', () => {
    planSizes({ a: 5 })
    bench.plan(folderId, ['a'], hide)
    expect(found('a')).toMatchObject({ kind: 'hide', sizeBytes: 0, revision: 2 })
    planSizes({ a: 9 })
    expect(found('a')).toMatchObject({ kind: 'upload', sizeBytes: 9, revision: 3 })
    expect(bench.state.folders.totals(folderId)).toMatchObject({ pendingFiles: 1, pendingBytes: 9 })
  })

  it('are not disturbed by the same plan again while they wait for their first attempt', () => {
    plan('a')
    plan('a')
    bench.plan(folderId, ['b'], copyOf('a'))
    bench.plan(folderId, ['b'], copyOf('a'))
    expect([found('a')?.revision, found('b')?.revision]).toEqual([1, 1])
  })

  it('for a copy know the name, the version and the content that are copied, and send nothing', () => {
    bench.plan(folderId, ['b'], copyOf('a'))
    const from = { folderId, path: 'a', fileId: 'id of a', sha1: anEntry('a').sha1 }
    expect(found('b')).toMatchObject({ kind: 'copy', sizeBytes: 0, from })
    bench.plan(folderId, ['b'], copyOf('a', 'a newer version'))
    expect(found('b')).toMatchObject({ revision: 2, from: { fileId: 'a newer version' } })
  })

  it('still know what could be copied once they are to be sent, as that version may be known by no other name', () => {
    bench.plan(folderId, ['b'], copyOf('a'))
    planSizes({ b: 7 })
    expect(found('b')).toMatchObject({ kind: 'upload', sizeBytes: 7, from: { fileId: 'id of a' } })
    bench.plan(folderId, ['b'], hide)
    expect(found('b')).toMatchObject({ kind: 'hide', from: null })
  })

  it('begin anew when their path was hinted at after a failure, but not when all was checked', () => {
    plan('a')
    fail({ ...leaseOne(), attempts: 2 }, NOW + 1e6)
    expect(found('a')).toMatchObject({ attempts: 3, code: 'timeout', details: { operation: 'x' }, failingSince: NOW })
    expect(due()).toEqual([])
    const planned = [{ path: relative('a'), action: upload() }]
    bench.look(folderId, { planned }, 'checked')
    expect(found('a')).toMatchObject({ attempts: 3, code: 'timeout', revision: 1 })
    bench.look(folderId, { planned }, 'hinted')
    expect(found('a')).toMatchObject({ attempts: 0, code: null, details: {}, failingSince: null, notBefore: 0 })
  })

  it('keep the time since when they fail through further failures', () => {
    plan('a')
    for (const failedAt of [NOW, NOW + 5000] as UnixMs[]) fail(leaseOne(), failedAt, failedAt)
    expect(found('a')?.failingSince).toBe(NOW)
  })

  it.each([
    ['other bytes', 6],
    ['a file of the same size', 5],
  ])('are due again at once when %s were planned while an older attempt completed', (_, sizeBytes) => {
    planSizes({ a: 5 })
    const job = leaseOne()
    planSizes({ a: sizeBytes })
    bench.state.commitUpload(job, anEntry('a'), NOW, 'uploaded', NOW)
    expect(leaseOne()).toMatchObject({ path: 'a', sizeBytes, revision: 2 })
  })

  it('lose nothing that was planned meanwhile when an older attempt fails', () => {
    plan('a')
    const job = leaseOne()
    bench.plan(folderId, ['a'], hide)
    fail(job, NOW + 1e6)
    expect(leaseOne(NOW)).toMatchObject({ kind: 'hide', attempts: 0, code: null })
  })

  it.each<[string, JobAction]>([
    ['upload', upload()],
    ['copy', copyOf('b')],
    ['hide', hide],
  ])('that nobody needs any more stay for one more look while an attempt to %s may be under way', (_, action) => {
    bench.plan(folderId, ['a'], action)
    const job = leaseOne()
    settle('a')
    expect(due()).toEqual([])
    bench.state.transaction(() => jobs().complete(job))
    expect(leaseOne()).toMatchObject({ path: 'a', kind: 'upload', from: null })
  })

  it('that nobody needs any more are forgotten while they wait', () => {
    plan('a', 'b')
    settle('a', 'unknown')
    expect(due()).toEqual(['b'])
    expect(bench.state.folders.totals(folderId)).toMatchObject({ pendingFiles: 1 })
  })

  it('whose last attempt may have arrived stay until that is known, though nobody needs them', () => {
    plan('a', 'b')
    leaseOne()
    bench.reopen().beginRun()
    settle('a', 'b')
    expect(due()).toEqual(['a'])
  })

  it('want one more look, by the newest plan, when they are planned anew while they are under way', () => {
    bench.plan(folderId, ['a'], copyOf('old'))
    const job = leaseOne()
    bench.plan(folderId, ['a'], copyOf('old'))
    bench.state.transaction(() => jobs().complete(job))
    expect(leaseOne()).toMatchObject({ path: 'a', kind: 'copy', revision: 2 })
  })

  it('that want to send what is lost by now are forgotten, and those that send what is empty stay', () => {
    plan('gone', 'emptied', 'under way')
    bench.plan(folderId, ['moved'], copyOf('a'))
    bench.plan(folderId, ['empty'], upload(0))
    bench.plan(folderId, ['hidden'], hide)
    const leased = leaseFirst(bench.state, NOW, 3).find(({ path }) => path === 'under way')
    bench.state.transaction(() => {
      for (const name of ['gone', 'emptied']) jobs().unlease(found(name)?.jobId ?? (0 as never))
    })
    bench.lose(folderId, ['gone', 'hidden', 'under way'], 0)
    bench.lose(folderId, ['emptied', 'moved', 'empty'], 0, 'emptied')
    expect(listJobs(bench.state).map(({ path, kind }) => [path, kind])).toEqual([
      ['under way', 'upload'],
      ['empty', 'upload'],
      ['hidden', 'hide'],
    ])
    expect(leased).toBeDefined()
  })

  it('that are sending what was lost meanwhile are due for one more look when they succeed', () => {
    bench.agree(folderId, anEntry('gone'), anEntry('hidden'))
    plan('gone')
    bench.plan(folderId, ['hidden'], hide)
    const [job] = leaseFirst(bench.state, NOW, 10)
    bench.lose(folderId, ['gone', 'hidden'], 0)
    // What takes it away needs no second look.
    expect([found('gone')?.revision, found('hidden')?.revision]).toEqual([2, 1])
    if (job !== undefined) bench.state.commitUpload(job, anEntry('gone'), NOW, 'uploaded', NOW)
    expect(leaseOne()).toMatchObject({ path: 'gone', kind: 'upload' })
  })

  it('that were leased when a folder ended are uncertain when it begins anew, those of the others are not', () => {
    const other = bench.addFolder('/other', 'other/').folderId
    plan('a', 'b')
    bench.plan(other, ['c'])
    const leased = leaseFirst(bench.state, NOW, 10)
    for (const job of leased) if (job.path === 'b') fail(job, NOW + 500)
    bench.state.transaction(() => jobs().recoverFolder(folderId))
    expect([found('a')?.isUncertain, found('b')?.isUncertain]).toEqual([true, false])
    expect(due()).toEqual(['a'])
    expect(jobs().findForPath(other, relative('c'))?.isUncertain).toBe(false)
  })

  it('that were leased when the process died are uncertain afterwards, and the others are not', () => {
    plan('leased', 'waiting')
    leaseOne()
    bench.reopen()
    expect(due()).toEqual(['waiting'])
    bench.state.transaction(() => jobs().unlease(found('waiting')?.jobId ?? (0 as never)))
    bench.state.beginRun()
    expect([found('leased')?.isUncertain, found('waiting')?.isUncertain]).toEqual([true, false])
    expect(due()).toEqual(['leased', 'waiting'])
  })

  it('that take something away are not taken over by the next run, the others are', () => {
    plan('sent')
    bench.plan(folderId, ['copied'], copyOf('a'))
    bench.plan(folderId, ['hidden', 'hidden under way'], hide)
    bench.plan(folderId, ['deleted'], { kind: 'delete', reason: 'absent' })
    hurry(bench.state, found('hidden under way')?.jobId)
    leaseOne()
    bench.reopen().beginRun()
    expect(due()).toEqual(['sent', 'copied'])
  })

  it('that send what was emptied are not taken over by the next run either: it has seen nothing yet', () => {
    const emptied = ['emptied', 'dir/emptied']
    bench.agree(folderId, ...emptied.map((name) => anEntry(name)))
    bench.lose(folderId, emptied, 0, 'emptied')
    const plans = emptied.map((name) => ({ path: relative(name), action: upload(0), pass: 'elsewhere' as const }))
    bench.state.planLosses(folderId, plans)
    planSizes({ 'empty from the beginning': 0 })
    const other = bench.addFolder('/other', 'other/').folderId
    bench.plan(other, ['emptied'], upload(0))
    bench.reopen().beginRun()
    expect(due()).toEqual(['empty from the beginning', 'emptied'])
    expect(found('emptied')).toBeUndefined()
  })

  it('that fail with a code can be listed for one folder, in the order of paths', () => {
    const other = bench.addFolder('/other', 'other/').folderId
    plan('b', 'a', 'well', 'slow')
    bench.plan(other, ['c'])
    for (const job of leaseFirst(bench.state, NOW, 10)) {
      if (job.path !== 'well') fail(job, NOW, NOW, job.path === 'slow' ? 'timeout' : 'would_overwrite')
    }
    expect(
      jobs()
        .listWithCode(folderId, 'would_overwrite')
        .map(({ path }) => path),
    ).toEqual(['a', 'b'])
  })

  it('are due when their time lies further ahead than any wait: the clock was set back since', () => {
    putOff({ soon: NOW + 3_600_000, never: NOW + 86_400_000 })
    expect(due()).toEqual(['never'])
  })

  it('can be found and forgotten below a directory, without its namesakes', () => {
    plan('dir', 'dir/a', 'dir/b/c', 'dir2/d', 'dir.e')
    expect(
      jobs()
        .listBelow(folderId, relative('dir'))
        .map((job) => job.path),
    ).toEqual(['dir/a', 'dir/b/c'])
    bench.state.transaction(() => jobs().dropBelow(folderId, relative('dir')))
    expect(due()).toEqual(['dir', 'dir2/d', 'dir.e'])
  })

  it('can be hurried, one or a whole folder', () => {
    putOff({ a: NOW + 500, b: NOW + 500 })
    hurry(bench.state, found('a')?.jobId)
    expect(due()).toEqual(['a'])
    bench.state.transaction(() => jobs().hurryFolder(folderId))
    expect(due()).toEqual(['b'])
  })

  it('are known to be there, or not, for each folder', () => {
    const other = bench.addFolder('/other', 'other/').folderId
    plan('a')
    expect([jobs().hasAny(folderId), jobs().hasAny(other)]).toEqual([true, false])
    bench.state.transaction(() => jobs().dropAll(folderId))
    expect(jobs().hasAny(folderId)).toBe(false)
  })
})

describe('the lanes of jobs', () => {
  const lease = (lane: Lane, limit = 100, folders: readonly FolderId[] = [folderId], now = NOW) =>
    bench.state.leaseJobs(now, wantedIn(lane, limit, folders)).map(({ path }) => path as string)

  it('are by size for what is sent, and one for what B2 does by itself', () => {
    planSizes({ small: LARGE_FILE_BYTES - 1, large: LARGE_FILE_BYTES })
    bench.plan(folderId, ['copied'], copyOf('a'))
    bench.plan(folderId, ['hidden'], hide)
    expect(jobs().listWaitingLines()).toMatchObject([
      { folderId, lane: 'small', firstAt: 0, lastAt: 0 },
      { folderId, lane: 'large' },
      { folderId, lane: 'server' },
    ])
    expect([lease('small'), lease('large'), lease('server')]).toEqual([['small', 'hidden'], ['large'], ['copied']])
    expect(jobs().listWaitingLines()).toEqual([])
  })

  it('are leased ahead only as far as they are soon done, and urgent ones by themselves', () => {
    planSizes({ slow1: 1_000_001, slow2: 2_000_000, quick1: 1_000_000, quick2: 1, slow3: LARGE_FILE_BYTES - 1 })
    bench.plan(folderId, ['hidden'], hide)
    const some = (wanted: Partial<Wanted>) =>
      bench.state.leaseJobs(NOW, { ...wantedIn('small', 100, [folderId]), ...wanted }).map(({ path }) => path as string)
    expect(some({ urgent: { anyOf: [] }, most: 1 })).toEqual(['quick1'])
    expect(some({ mostSlow: 2 })).toEqual(['quick2', 'slow1'])
    expect(some({ urgent: { anyOf: [] } })).toEqual([])
    expect(some({ mostSlow: 1 })).toEqual(['slow2'])
    hurry(bench.state, found('slow3')?.jobId)
    expect(some({ urgent: { anyOf: [] } })).toEqual(['slow3'])
  })

  it('change when a path is planned anew as something else', () => {
    planSizes({ a: 1, b: 1, c: LARGE_FILE_BYTES })
    planSizes({ a: LARGE_FILE_BYTES })
    bench.plan(folderId, ['b'], hide)
    const [job] = bench.state.leaseJobs(NOW, wantedIn('small', 1, [folderId]))
    expect(job).toMatchObject({ path: 'b', lane: 'small' })
    // Nobody needs it any more while it is under way: it is looked at as a file that is perhaps sent.
    settle('b')
    if (job !== undefined) bench.state.transaction(() => jobs().complete(job))
    expect([lease('small'), lease('large')]).toEqual([['b'], ['a', 'c']])
  })

  it('let the smallest files of a folder go first, and the others as they were planned', () => {
    planSizes({ photo: 5_000_000, note: 100, film: 40_000_000, page: 1_000_000 })
    expect(lease('small')).toEqual(['note', 'page', 'photo', 'film'])
  })

  it('let what a person asked for go first, also before other folders', () => {
    const other = bench.addFolder('/other', 'other/').folderId
    plan('a', 'b', 'asked')
    bench.plan(other, ['c', 'asked there'])
    hurry(bench.state, jobs().findForPath(other, relative('asked there'))?.jobId, found('asked')?.jobId)
    // Planned anew it is still what a person waits for.
    planSizes({ asked: 6_000_000 })
    expect(lease('small', 3, [folderId, other])).toEqual(['asked', 'asked there', 'a'])
  })

  it('let folders take turns: many files of one do not keep the few of another waiting', () => {
    const other = bench.addFolder('/other', 'other/').folderId
    plan(...Array.from({ length: 200 }, (_, i) => `a${i}`))
    bench.plan(other, ['b0', 'b1', 'b2'])
    expect(lease('small', 8, [other, folderId])).toEqual(['b0', 'a0', 'b1', 'a1', 'b2', 'a2', 'a3', 'a4'])
    expect(lease('small', 3, [other, folderId])).toEqual(['a5', 'a6', 'a7'])
  })

  it('leave what a person left for later until its time, and then at the end', () => {
    planSizes({ film: 40_000_000, note: 100 })
    const later = (NOW + 1000) as UnixMs
    const putOff = { ...(found('note') as Job), isUncertain: true }
    bench.state.transaction(() => jobs().putOff(putOff, later))
    expect(found('note')).toMatchObject({
      isPutOff: true,
      notBefore: later,
      isUncertain: true,
      attempts: 0,
      code: null,
    })
    expect([
      bench.state.jobLists.countPutOff(folderId, NOW),
      bench.state.jobLists.countPutOff(folderId, later),
    ]).toEqual([{ files: 1, bytes: 100, nextAttemptAt: later }, null])
    expect(lease('small', 1)).toEqual(['film'])
    planSizes({ photo: 5_000_000 })
    bench.state.transaction(() => jobs().hurryFolder(folderId))
    expect(lease('small')).toEqual(['photo', 'note'])
  })

  it('have what was left for later back as soon as its file changes, and after a failure like any other', () => {
    planSizes({ a: 5, b: 5 })
    const later = (NOW + 1000) as UnixMs
    bench.state.transaction(() => {
      for (const name of ['a', 'b']) jobs().putOff(found(name) as Job, later)
    })
    bench.look(folderId, { planned: [{ path: relative('a'), action: upload(5) }] }, 'checked')
    expect(lease('small')).toEqual([])
    bench.look(folderId, { planned: [{ path: relative('a'), action: upload(5) }] }, 'hinted')
    expect(lease('small')).toEqual(['a'])
    fail(leaseOne(later), NOW + 5000)
    expect(found('b')).toMatchObject({ isPutOff: false, code: 'timeout' })
  })

  it('let a newer plan go ahead although the older one was left for later while it was under way', () => {
    planSizes({ a: 5 })
    const job = leaseOne()
    planSizes({ a: 6 })
    bench.state.transaction(() => jobs().putOff(job, LATER))
    expect(lease('small')).toEqual(['a'])
  })
})
