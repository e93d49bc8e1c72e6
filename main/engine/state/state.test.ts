import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { Sha1Hex, type AbsolutePath, type FolderId, type RelativePath, type UnixMs } from '../../../shared/ids.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import type { BaseEntry } from '../model/agreed.ts'
import type { Job } from '../model/job.ts'
import { openState, type PlannedAction, type State } from './state.ts'

const NOW = 1_000_000 as UnixMs
const path = (text: string) => text as RelativePath
const upload = (name: string, sizeBytes = 5, notBefore = 0): PlannedAction => ({
  path: path(name),
  action: { kind: 'upload', sizeBytes, reason: 'new' },
  notBefore: notBefore as UnixMs,
})
const hide = (name: string): PlannedAction => ({
  path: path(name),
  action: { kind: 'hide', reason: 'absent' },
  notBefore: 0 as UnixMs,
})
const none = (name: string): PlannedAction => ({
  path: path(name),
  action: { kind: 'none', reason: 'in-sync' },
  notBefore: 0 as UnixMs,
})
const entry = (name: string, sizeBytes = 5): BaseEntry => ({
  path: path(name),
  fingerprint: { sizeBytes, mtimeMs: 1.5, ctimeMs: 2.25, ino: 2 ** 60 },
  sha1: Sha1Hex.parse('a'.repeat(40)),
  fileId: `id of ${name}`,
})

let file: string
let state: State
let folderId: FolderId

function reopen(): State {
  const opened = openState(file)
  onTestFinished(() => opened.close())
  return opened
}
function addFolder(root: string, prefix = ''): FolderId {
  const place = { bucketId: 'b', bucketName: 'bucket', bucketType: 'allPrivate', prefix }
  return state.folders.add({ root: root as AbsolutePath, ...place }).folderId
}
function leaseOne(now = NOW): Job {
  const [job] = state.leaseJobs(now, 1, [])
  if (job === undefined) throw new Error('no job is due')
  return job
}
const found = (name: string) => state.jobs.findForPath(folderId, path(name))
const due = (now = NOW) => state.leaseJobs(now, 100, []).map((job) => job.path as string)

beforeEach(() => {
  file = join(tempFolder(), 'pail.db')
  state = openState(file)
  onTestFinished(() => state.close())
  folderId = addFolder('/root')
})

describe('jobs', () => {
  it('are taken in the order of their time, then of their planning', () => {
    state.recordPlan(folderId, [upload('c', 5, 500), upload('a'), upload('b'), upload('later', 5, NOW + 1)])
    expect(due()).toEqual(['a', 'b', 'c'])
    expect(state.jobs.nextDueAt([])).toBe(NOW + 1)
    expect(due((NOW + 1) as UnixMs)).toEqual(['later'])
    expect(state.jobs.nextDueAt([])).toBeNull()
  })

  it('of held folders are left alone', () => {
    const other = addFolder('/other', 'other/')
    state.recordPlan(folderId, [upload('a')])
    state.recordPlan(other, [upload('b')])
    expect(state.leaseJobs(NOW, 10, [folderId]).map((job) => job.path)).toEqual(['b'])
    expect(state.jobs.nextDueAt([folderId, other])).toBeNull()
  })

  it('are one for each path, and the newest plan counts', () => {
    state.recordPlan(folderId, [upload('a', 5)])
    state.recordPlan(folderId, [hide('a')])
    expect(found('a')).toMatchObject({ kind: 'hide', sizeBytes: 0, revision: 2 })
    state.recordPlan(folderId, [upload('a', 9)])
    expect(found('a')).toMatchObject({ kind: 'upload', sizeBytes: 9, revision: 3 })
    expect(state.folders.totals(folderId)).toMatchObject({ pendingFiles: 1, pendingBytes: 9 })
  })

  it('are not disturbed by the same plan again while they wait for their first attempt', () => {
    state.recordPlan(folderId, [upload('a', 5, 700)])
    state.recordPlan(folderId, [upload('a', 5, 900)])
    expect(found('a')).toMatchObject({ revision: 1, notBefore: 700 })
  })

  it('begin anew when their path was hinted at after a failure, but not when all was checked', () => {
    state.recordPlan(folderId, [upload('a')])
    const job = leaseOne()
    const failure = { isUncertain: false, attempts: 3, notBefore: (NOW + 1e6) as UnixMs, code: 'timeout' as const }
    state.transaction(() => state.jobs.reschedule(job, { ...failure, details: { operation: 'x' }, failedAt: NOW }))
    expect(found('a')).toMatchObject({ attempts: 3, code: 'timeout', details: { operation: 'x' }, failingSince: NOW })
    expect(due()).toEqual([])
    state.recordPlan(folderId, [upload('a')], 'checked')
    expect(found('a')).toMatchObject({ attempts: 3, code: 'timeout', revision: 1 })
    state.recordPlan(folderId, [upload('a')], 'hinted')
    expect(found('a')).toMatchObject({ attempts: 0, code: null, details: {}, failingSince: null, notBefore: 0 })
  })

  it('keep the time since when they fail through further failures', () => {
    state.recordPlan(folderId, [upload('a')])
    for (const failedAt of [NOW, NOW + 5000] as UnixMs[]) {
      const job = leaseOne((NOW + 1e9) as UnixMs)
      const next = { isUncertain: false, attempts: 1, notBefore: failedAt, code: 'timeout' as const, details: {} }
      state.transaction(() => state.jobs.reschedule(job, { ...next, failedAt }))
    }
    expect(found('a')?.failingSince).toBe(NOW)
  })

  it('are due again at once, with what was planned meanwhile, when an older attempt completes', () => {
    state.recordPlan(folderId, [upload('a', 5)])
    const job = leaseOne()
    state.recordPlan(folderId, [upload('a', 6)])
    state.commitUpload(job, entry('a', 5), NOW, 'uploaded', NOW)
    expect(leaseOne()).toMatchObject({ path: 'a', sizeBytes: 6, revision: 2 })
  })

  it('are due again also when a file of the same size was written meanwhile', () => {
    state.recordPlan(folderId, [upload('a', 5)])
    const job = leaseOne()
    state.recordPlan(folderId, [upload('a', 5)])
    state.commitUpload(job, entry('a', 5), NOW, 'uploaded', NOW)
    expect(leaseOne()).toMatchObject({ path: 'a', revision: 2 })
  })

  it('lose nothing that was planned meanwhile when an older attempt fails', () => {
    state.recordPlan(folderId, [upload('a')])
    const job = leaseOne()
    state.recordPlan(folderId, [hide('a')])
    const next = { isUncertain: true, attempts: 1, notBefore: (NOW + 1e6) as UnixMs, code: 'timeout' as const }
    state.transaction(() => state.jobs.reschedule(job, { ...next, details: {}, failedAt: NOW }))
    expect(leaseOne()).toMatchObject({ kind: 'hide', attempts: 0, code: null })
  })

  it.each([
    ['upload', upload('a')],
    ['hide', hide('a')],
  ])('that nobody needs any more stay for one more look while an attempt to %s may be under way', (_, plan) => {
    state.recordPlan(folderId, [plan])
    const job = leaseOne()
    state.recordPlan(folderId, [none('a')])
    expect(due()).toEqual([])
    state.transaction(() => state.jobs.complete(job))
    expect(leaseOne()).toMatchObject({ path: 'a', kind: 'upload' })
  })

  it('that nobody needs any more are forgotten while they wait', () => {
    state.recordPlan(folderId, [upload('a'), upload('b')])
    state.recordPlan(folderId, [none('a'), none('unknown')])
    expect(due()).toEqual(['b'])
    expect(state.folders.totals(folderId)).toMatchObject({ pendingFiles: 1 })
  })

  it('that were leased when the process died are uncertain afterwards, and the others are not', () => {
    state.recordPlan(folderId, [upload('leased'), upload('waiting')])
    leaseOne()
    state.close()
    state = reopen()
    expect(due()).toEqual(['waiting'])
    state.transaction(() => {
      state.jobs.unlease(found('waiting')?.jobId ?? (0 as never))
      state.jobs.recoverLeases()
    })
    expect([found('leased')?.isUncertain, found('waiting')?.isUncertain]).toEqual([true, false])
    expect(due()).toEqual(['leased', 'waiting'])
  })

  it('are listed failing ones first, then those under way, then in the order they are taken', () => {
    state.recordPlan(folderId, [upload('under way'), upload('fails'), upload('second'), upload('first')])
    const [underWay, fails] = state.leaseJobs(NOW, 2, [])
    expect(underWay?.path).toBe('under way')
    const next = { isUncertain: false, attempts: 1, notBefore: NOW, code: 'timeout' as const, details: {} }
    state.transaction(() => state.jobs.reschedule(fails as Job, { ...next, failedAt: NOW }))
    expect(state.jobs.listFirst(10).map((job) => job.path)).toEqual(['fails', 'under way', 'second', 'first'])
    expect(state.jobs.listFirst(2).map((job) => job.path)).toEqual(['fails', 'under way'])
    expect(state.jobs.countFailing()).toEqual([{ folderId, code: 'timeout', files: 1, nextAttemptAt: NOW }])
  })

  it('are due when their time lies further ahead than any wait: the clock was set back since', () => {
    state.recordPlan(folderId, [upload('soon', 5, NOW + 3_600_000), upload('never', 5, NOW + 86_400_000)])
    expect(due()).toEqual(['never'])
  })

  it('can be found below a directory, without its namesakes', () => {
    state.recordPlan(folderId, [upload('dir'), upload('dir/a'), upload('dir/b/c'), upload('dir2/d'), upload('dir.e')])
    expect(state.jobs.listBelow(folderId, path('dir')).map((job) => job.path)).toEqual(['dir/a', 'dir/b/c'])
  })

  it('can be hurried, one or a whole folder', () => {
    state.recordPlan(folderId, [upload('a', 5, NOW + 500), upload('b', 5, NOW + 500)])
    state.transaction(() => state.jobs.hurry(found('a')?.jobId ?? (0 as never)))
    expect(due()).toEqual(['a'])
    state.transaction(() => state.jobs.hurryFolder(folderId))
    expect(due()).toEqual(['b'])
  })
})

describe('what both sides agreed on', () => {
  it('comes back as it went in, numbers that are no integers included', () => {
    state.recordPlan(folderId, [upload('dir/a')])
    state.commitUpload(leaseOne(), entry('dir/a'), NOW, 'uploaded', NOW)
    expect(state.base.find(folderId, path('dir/a'))).toEqual(entry('dir/a'))
    expect(state.remote.find(folderId, path('dir/a'))).toEqual({
      path: 'dir/a',
      fileId: 'id of dir/a',
      sha1: 'a'.repeat(40),
      sizeBytes: 5,
      uploadedAt: NOW,
    })
  })

  it('is found by directory, and below one without its namesakes', () => {
    const names = ['top', 'dir/a', 'dir/b', 'dir/sub/c', 'dir/sub/deep/d', 'dir2/e', 'dir-x/f', 'dir.txt', 'dir/Z']
    state.transaction(() => names.forEach((name) => state.base.put(folderId, entry(name))))
    const paths = (entries: readonly BaseEntry[]) => entries.map((found) => found.path as string).sort()
    expect(paths(state.base.listDirectory(folderId, ''))).toEqual(['dir.txt', 'top'])
    expect(paths(state.base.listDirectory(folderId, path('dir')))).toEqual(['dir/Z', 'dir/a', 'dir/b'])
    expect(paths(state.base.listBelow(folderId, path('dir')))).toEqual([
      'dir/Z',
      'dir/a',
      'dir/b',
      'dir/sub/c',
      'dir/sub/deep/d',
    ])
    expect([...state.base.listDirectories(folderId)].sort()).toEqual([
      '',
      'dir',
      'dir-x',
      'dir/sub',
      'dir/sub/deep',
      'dir2',
    ])
  })

  it('is forgotten with a hide, and the activity says so', () => {
    state.recordPlan(folderId, [upload('a')])
    state.commitUpload(leaseOne(), entry('a'), NOW, 'uploaded', NOW)
    state.recordPlan(folderId, [hide('a')])
    state.commitHide(leaseOne(), (NOW + 1) as UnixMs)
    expect([state.base.find(folderId, path('a')), state.remote.find(folderId, path('a')), found('a')]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect(state.activity.list(10).map(({ verb, path }) => [verb, path])).toEqual([
      ['hidden', 'a'],
      ['uploaded', 'a'],
    ])
  })

  it('is not changed by a step that fails in its middle', () => {
    state.recordPlan(folderId, [upload('a')])
    const job = leaseOne()
    const broken = { ...entry('a'), fileId: null as unknown as string }
    expect(() => state.commitUpload(job, broken, NOW, 'uploaded', NOW)).toThrow()
    expect(state.base.find(folderId, path('a'))).toBeUndefined()
    expect(state.activity.list(10)).toEqual([])
    expect(found('a')).toBeDefined()
  })
})

describe('totals', () => {
  it('follow every change of files and jobs, also of sizes, and of one folder only', () => {
    const other = addFolder('/other', 'other/')
    const totals = () => Object.values(state.folders.totals(folderId))
    expect(totals()).toEqual([0, 0, 0, 0])
    state.recordPlan(folderId, [upload('a', 10), upload('b', 5)])
    expect(totals()).toEqual([0, 0, 2, 15])
    state.recordPlan(folderId, [upload('a', 30)])
    expect(totals()).toEqual([0, 0, 2, 35])
    state.commitUpload(leaseOne(), entry('a', 30), NOW, 'uploaded', NOW)
    expect(totals()).toEqual([1, 30, 1, 5])
    state.transaction(() => state.base.put(folderId, entry('a', 7)))
    expect(totals()).toEqual([1, 7, 1, 5])
    state.transaction(() => state.base.forget(folderId, path('a')))
    state.recordPlan(folderId, [none('b')])
    expect(totals()).toEqual([0, 0, 0, 0])
    expect(Object.values(state.folders.totals(other))).toEqual([0, 0, 0, 0])
  })

  it('and everything else of a folder are gone with it', () => {
    state.recordPlan(folderId, [upload('a'), upload('b')])
    state.commitUpload(leaseOne(), entry('a'), NOW, 'uploaded', NOW)
    state.folders.remove(folderId)
    expect(state.folders.list()).toEqual([])
    expect(due()).toEqual([])
    expect(state.base.find(folderId, path('a'))).toBeUndefined()
    expect(addFolder('/root')).not.toBe(folderId)
  })
})

describe('a listing', () => {
  it('replaces what was known, and forgets what was agreed on where the bucket holds another version or none', () => {
    for (const name of ['kept', 'gone', 'replaced', 'deep/kept']) state.base.put(folderId, entry(name))
    const listed = (name: string, fileId: string) => ({
      path: path(name),
      fileId,
      sha1: entry(name).sha1,
      sizeBytes: 1,
      uploadedAt: NOW,
    })
    state.recordListed(folderId, [listed('old news', 'f')])
    state.beginListing(folderId)
    expect(state.remote.find(folderId, path('old news'))).toBeUndefined()
    state.recordListed(folderId, [
      listed('kept', entry('kept').fileId),
      listed('deep/kept', entry('deep/kept').fileId),
      listed('replaced', 'somebody else'),
    ])
    expect(state.endListing(folderId)).toBe(2)
    const known = ['kept', 'gone', 'replaced', 'deep/kept'].filter((name) => state.base.find(folderId, path(name)))
    expect(known).toEqual(['kept', 'deep/kept'])
    expect(state.folders.totals(folderId).syncedFiles).toBe(2)
  })
})

describe('settings', () => {
  it('outlive the process, one account at a time', () => {
    state.settings.setAccount({ realm: 'https://one', applicationKeyId: '1' })
    state.settings.setAccount({ realm: 'https://two', applicationKeyId: '2' })
    state.settings.setPaused(true)
    state.close()
    state = reopen()
    expect(state.settings.findAccount()).toEqual({ realm: 'https://two', applicationKeyId: '2' })
    expect(state.settings.isPaused()).toBe(true)
    state.settings.forgetAccount()
    expect(state.settings.findAccount()).toBeUndefined()
  })
})

describe('activity', () => {
  it('comes newest first, page by page', () => {
    for (let i = 0; i < 5; i += 1) {
      state.activity.append({ at: (NOW + i) as UnixMs, verb: 'uploaded', folderId, path: path(`f${i}`), sizeBytes: i })
    }
    const page = state.activity.list(2)
    expect(page.map((row) => row.path)).toEqual(['f4', 'f3'])
    expect(state.activity.list(10, page[1]?.activityId).map((row) => row.path)).toEqual(['f2', 'f1', 'f0'])
    expect(state.activity.newestId()).toBe(page[0]?.activityId)
  })
})
