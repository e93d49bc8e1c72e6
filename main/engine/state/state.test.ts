import { beforeEach, describe, expect, it } from 'vitest'
import type { AbsolutePath, FolderId, UnixMs } from '../../../shared/ids.ts'
import { DEFAULT_FOLDER_SETTINGS } from '../../../shared/model/folder.ts'
import {
  anEntry,
  hide,
  NOW,
  openStateBench,
  relative,
  upload,
  leaseFirst,
  type StateBench,
} from '../../../test/support/state-bench.ts'
import type { BaseEntry } from '../model/agreed.ts'
import type { Job } from '../model/job.ts'
import type { State } from './state.ts'

let bench: StateBench
let state: State
let folderId: FolderId

beforeEach(() => {
  bench = openStateBench()
  state = bench.state
  ;({ folderId } = bench.addFolder())
})

function leaseOne(): Job {
  const [job] = leaseFirst(state, NOW, 1)
  if (job === undefined) throw new Error('no job is due')
  return job
}
const base = (name: string) => state.base.find(folderId, relative(name))
const remote = (name: string) => state.remote.find(folderId, relative(name))
const job = (name: string) => state.jobs.findForPath(folderId, relative(name))
const local = (name: string) => state.local.find(folderId, relative(name))
const verbs = () => state.activity.list(10).map(({ verb, path }) => [verb, path])
const agree = (...entries: readonly BaseEntry[]) => bench.agree(folderId, ...entries)

describe('a job whose plan turns out to be old', () => {
  const stale = (path: string, planned: 'nothing' | 'settled' | 'upload' | 'hide') => {
    bench.plan(folderId, [path])
    const leased = leaseOne()
    const look = { notices: [], untracked: [], losses: [], seenAt: 0, deleteDelayMs: Infinity }
    if (planned === 'settled') state.recordLook(folderId, { ...look, planned: [], settled: [relative(path)] }, 'hinted')
    if (planned === 'upload') bench.plan(folderId, [path], upload(7))
    if (planned === 'hide') bench.plan(folderId, [path], hide)
    state.forgetStaleJob(leased, 0)
    return job(path)?.kind
  }

  it('is over, also when the path was looked at meanwhile or is to be sent again', () => {
    expect(stale('a', 'nothing')).toBeUndefined()
    expect(stale('b', 'settled')).toBeUndefined()
    expect(stale('c', 'upload')).toBeUndefined()
  })

  it('leaves a hide that was planned meanwhile', () => {
    expect(stale('a', 'hide')).toBe('hide')
  })
})

describe('what both sides agreed on', () => {
  it('comes back as it went in, numbers that are no integers included', () => {
    const entry = anEntry('dir/a', { fingerprint: { isOtherDevice: true } })
    bench.plan(folderId, ['dir/a'])
    state.commitUpload(leaseOne(), entry, NOW, 'uploaded', NOW)
    expect(base('dir/a')).toEqual(entry)
    expect(remote('dir/a')).toEqual({
      path: 'dir/a',
      fileId: 'id of dir/a',
      sha1: entry.sha1,
      sizeBytes: entry.fingerprint.sizeBytes,
      uploadedAt: NOW,
      isOurs: true,
    })
  })

  it('is found by directory, and below one without its namesakes', () => {
    const names = ['top', 'dir/a', 'dir/b', 'dir/sub/c', 'dir/sub/deep/d', 'dir2/e', 'dir-x/f', 'dir.txt', 'dir/Z']
    agree(...names.map((name) => anEntry(name)))
    const paths = (entries: readonly BaseEntry[]) => entries.map((found) => found.path as string).sort()
    const below = ['dir/Z', 'dir/a', 'dir/b', 'dir/sub/c', 'dir/sub/deep/d']
    expect(paths(state.base.listDirectory(folderId, ''))).toEqual(['dir.txt', 'top'])
    expect(paths(state.base.listDirectory(folderId, relative('dir')))).toEqual(['dir/Z', 'dir/a', 'dir/b'])
    expect(paths(state.base.listBelow(folderId, relative('dir')))).toEqual(below)
    expect(state.base.listDirectories(folderId, '')).toEqual(['', 'dir', 'dir-x', 'dir/sub', 'dir/sub/deep', 'dir2'])
    expect(state.base.listDirectories(folderId, relative('dir'))).toEqual(['dir/sub', 'dir/sub/deep'])
    expect(['dir', 'dir/sub', 'dir.txt', 'di'].map((name) => state.base.hasBelow(folderId, relative(name)))).toEqual([
      true,
      true,
      false,
      false,
    ])
    state.transaction(() => state.base.forgetBelow(folderId, relative('dir')))
    expect(state.folders.totals(folderId).syncedFiles).toBe(names.length - below.length)
  })

  it('is found by the file itself, and by its content, in any folder', () => {
    const other = bench.addFolder('/other', 'other/').folderId
    const fingerprint = { ino: 5, mtimeMs: 9 }
    agree(anEntry('a', { fingerprint }), anEntry('b', { content: 'longer than that', fingerprint }))
    bench.agree(other, anEntry('c', { content: 'content of a', fingerprint: { ino: 5, mtimeMs: 8, ctimeMs: 7 } }))
    const { sha1, fingerprint: same } = anEntry('a', { fingerprint })
    const names = (files: readonly { readonly folderId: FolderId; readonly path: string }[]) =>
      files.map((file) => [file.folderId, file.path]).sort()
    expect(names(state.base.listSameFile(same))).toEqual([
      [folderId, 'a'],
      [other, 'c'],
    ])
    expect(names(state.base.listSameContent(same.sizeBytes, sha1))).toEqual([
      [folderId, 'a'],
      [other, 'c'],
    ])
    expect([state.base.hasSize(same.sizeBytes), state.base.hasSize(999)]).toEqual([true, false])
    expect(state.base.listSome(folderId, 1)).toHaveLength(1)
  })

  it('leaves behind the version that a name showed before it got other content', () => {
    const before = anEntry('a', { content: 'before' })
    const after = { ...anEntry('a', { content: 'after that' }), fileId: 'newer id of a' }
    const sizeBytes = before.fingerprint.sizeBytes
    agree(before, anEntry('b', { content: 'other' }))
    // The same content in another version is no other content.
    agree({ ...before, fileId: 'again' })
    expect([state.former.hasSize(sizeBytes), state.former.listSameContent(sizeBytes, before.sha1)]).toEqual([false, []])
    agree(after)
    expect(state.former.hasSize(sizeBytes)).toBe(true)
    expect(state.former.listSameContent(sizeBytes, before.sha1)).toEqual(['again'])
    expect(state.former.listSameContent(sizeBytes, after.sha1)).toEqual([])
    state.transaction(() => state.folders.remove(folderId))
    expect(state.former.hasSize(sizeBytes)).toBe(false)
  })

  it('is forgotten with a hide, and the activity says so', () => {
    agree(anEntry('a'))
    bench.lose(folderId, ['a'], 0)
    bench.plan(folderId, ['a'], hide)
    state.commitLoss(leaseOne(), 'hidden', (NOW + 1) as UnixMs)
    expect([base('a'), remote('a'), job('a'), local('a')]).toEqual([undefined, undefined, undefined, undefined])
    expect(verbs()).toEqual([['hidden', 'a']])
  })

  it('has another fingerprint, and is otherwise the same, when a file was only touched', () => {
    agree(anEntry('a'))
    bench.plan(folderId, ['a'])
    const touched = anEntry('a', { fingerprint: { mtimeMs: 77 } })
    state.commitTouched(leaseOne(), touched)
    expect([base('a'), remote('a')?.fileId, job('a'), verbs()]).toEqual([touched, 'id of a', undefined, []])
  })

  it('is not changed by a step that fails in its middle', () => {
    bench.plan(folderId, ['a'])
    const broken = { ...anEntry('a'), fileId: null as unknown as string }
    expect(() => state.commitUpload(leaseOne(), broken, NOW, 'uploaded', NOW)).toThrow()
    expect([base('a'), verbs()]).toEqual([undefined, []])
    expect(job('a')).toBeDefined()
  })

  it('is forgotten with all that is below a path that is tracked no longer', () => {
    agree(anEntry('dir/a'), anEntry('dir/sub/b'), anEntry('dir2/c'))
    bench.plan(folderId, ['dir/new', 'dir2/new'])
    bench.lose(folderId, ['dir/a', 'dir2/c'], 0)
    bench.look(folderId, {
      untracked: [relative('dir')],
      notices: [{ path: relative('dir'), kind: 'skipped', reason: 'ignored' }],
    })
    expect([base('dir/a'), base('dir/sub/b'), local('dir/a'), job('dir/new')]).toEqual(Array(4).fill(undefined))
    expect(local('dir')).toMatchObject({ kind: 'skipped', reason: 'ignored' })
    expect([base('dir2/c'), local('dir2/c'), job('dir2/new')].every((one) => one !== undefined)).toBe(true)
    expect(remote('dir/a')).toBeDefined()
  })

  it('is forgotten for files that are kept in the bucket, and nothing else of them', () => {
    agree(anEntry('a'), anEntry('b'))
    bench.lose(folderId, ['a', 'b'], 0)
    bench.plan(folderId, ['a'], hide)
    state.keepAbsent(folderId, [relative('a')], NOW)
    expect([base('a'), local('a'), job('a'), remote('a')?.fileId]).toEqual([undefined, undefined, undefined, 'id of a'])
    expect([base('b'), local('b')].every((one) => one !== undefined)).toBe(true)
    expect(verbs()).toEqual([['kept', 'a']])
  })
})

describe('a name that is about to be hidden', () => {
  it('is taken for nothing any more: neither the file on disk for agreed, nor the content for known', () => {
    agree(anEntry('dir/a'), anEntry('b'))
    state.beginHiding(folderId, relative('dir/a'))
    expect(base('dir/a')).toEqual(anEntry('dir/a', { fingerprint: { ctimeMs: 0 } }))
    expect(remote('dir/a')).toMatchObject({ fileId: 'id of dir/a', sha1: null })
    expect([base('b'), remote('b')?.sha1]).toEqual([anEntry('b'), anEntry('b').sha1])
  })
})

describe('a version in the bucket that did not come from here', () => {
  it('may be replaced once somebody said so, exactly that one, and until it is', () => {
    bench.plan(folderId, ['a'])
    const failing = leaseOne()
    const next = { isUncertain: false, attempts: 1, notBefore: (NOW + 1e6) as UnixMs, code: 'would_overwrite' as const }
    state.transaction(() => state.jobs.reschedule(failing, { ...next, details: {}, failedAt: NOW }))
    const isApproved = (fileId: string) => state.overwrites.isApproved(folderId, relative('a'), fileId)
    state.approveOverwrites(folderId, [{ path: relative('a'), fileId: 'theirs' }])
    expect([isApproved('theirs'), isApproved('another')]).toEqual([true, false])
    state.approveOverwrites(folderId, [{ path: relative('a'), fileId: 'a newer one' }])
    expect([isApproved('theirs'), isApproved('a newer one')]).toEqual([false, true])
    // The job is due at once.
    state.commitUpload(leaseOne(), anEntry('a'), NOW, 'uploaded', NOW)
    expect(isApproved('a newer one')).toBe(false)
  })

  it('is not taken for ours because it had the same content once', () => {
    bench.plan(folderId, ['adopted', 'adopted again', 'sent'])
    const entry = { sha1: anEntry('adopted').sha1, sizeBytes: 5, uploadedAt: NOW }
    state.recordListed(folderId, [
      { ...entry, path: relative('adopted'), fileId: 'id of adopted', isOurs: false },
      { ...entry, path: relative('adopted again'), fileId: 'id of adopted again', isOurs: true },
    ])
    for (const leased of leaseFirst(state, NOW, 10)) {
      const verb = leased.path === 'sent' ? 'uploaded' : 'adopted'
      state.commitUpload(leased, anEntry(leased.path), NOW, verb, NOW)
    }
    expect(['adopted', 'adopted again', 'sent'].map((name) => remote(name)?.isOurs)).toEqual([false, true, true])
  })

  it('stays as it is while the file on disk is the one that somebody decided about', () => {
    bench.plan(folderId, ['a'])
    state.keepRemote(folderId, [{ path: relative('a'), stamp: '5:1:2:3' }], NOW)
    expect([local('a'), job('a'), verbs()]).toEqual([
      { path: 'a', kind: 'kept', stamp: '5:1:2:3' },
      undefined,
      [['kept', 'a']],
    ])
  })
})

describe('totals', () => {
  it('follow every change of files, jobs, losses and blocks, also of sizes, and of one folder only', () => {
    const other = bench.addFolder('/other', 'other/').folderId
    const totals = () => Object.values(state.folders.totals(folderId))
    const sized = (name: string, sizeBytes: number) => anEntry(name, { fingerprint: { sizeBytes } })
    expect(totals()).toEqual([0, 0, 0, 0, 0, 0])
    bench.plan(folderId, ['a'], upload(10))
    bench.plan(folderId, ['b'], upload(5))
    expect(totals()).toEqual([0, 0, 2, 15, 0, 0])
    bench.plan(folderId, ['a'], upload(30))
    expect(totals()).toEqual([0, 0, 2, 35, 0, 0])
    state.commitUpload(leaseOne(), sized('a', 30), NOW, 'uploaded', NOW)
    expect(totals()).toEqual([1, 30, 1, 5, 0, 0])
    state.transaction(() => state.base.put(folderId, sized('a', 7)))
    expect(totals()).toEqual([1, 7, 1, 5, 0, 0])
    bench.lose(folderId, ['a'], 0)
    bench.look(folderId, {
      notices: [{ path: relative('x'), kind: 'blocked', code: 'file_unreadable', details: {}, since: NOW }],
    })
    expect(totals()).toEqual([1, 7, 1, 5, 1, 1])
    bench.look(folderId, {
      notices: [{ path: relative('a'), kind: 'blocked', code: 'file_emptied', details: {}, since: NOW }],
    })
    expect(totals()).toEqual([1, 7, 1, 5, 0, 2])
    bench.lose(folderId, ['a'], 0, 'emptied')
    bench.look(folderId, { settled: [relative('b'), relative('x')] })
    expect(totals()).toEqual([1, 7, 0, 0, 1, 0])
    state.transaction(() => {
      state.base.forget(folderId, relative('a'))
      state.local.forget(folderId, relative('a'))
    })
    expect(totals()).toEqual([0, 0, 0, 0, 0, 0])
    expect(Object.values(state.folders.totals(other))).toEqual([0, 0, 0, 0, 0, 0])
  })

  it('and everything else of a folder are gone with it', () => {
    agree(anEntry('a'))
    bench.plan(folderId, ['b'])
    bench.lose(folderId, ['a'], 0)
    state.transaction(() => {
      state.overwrites.approve(folderId, relative('a'), 'f')
      state.losses.count(folderId, NOW, null)
    })
    state.folders.remove(folderId)
    expect(state.folders.list()).toEqual([])
    expect(leaseFirst(state, NOW, 10)).toEqual([])
    expect([base('a'), remote('a'), local('a')]).toEqual([undefined, undefined, undefined])
    expect(state.overwrites.isApproved(folderId, relative('a'), 'f')).toBe(false)
    expect(state.losses.countSince(folderId, 'absent', 0 as UnixMs)).toBe(0)
    expect(bench.addFolder().folderId).not.toBe(folderId)
  })
})

describe('a folder', () => {
  it('has its settings, those that an older Pail did not know included', () => {
    const settings = { ...DEFAULT_FOLDER_SETTINGS, ignoreRules: '*.tmp', gateFiles: 3 }
    state.transaction(() => state.folders.setSettings(folderId, settings))
    expect(bench.reopen().folders.find(folderId)?.settings).toEqual(settings)
    const partial = { gateFiles: 9 } as unknown as typeof settings
    bench.state.transaction(() => bench.state.folders.setSettings(folderId, partial))
    expect(bench.state.folders.find(folderId)?.settings).toEqual({ ...DEFAULT_FOLDER_SETTINGS, gateFiles: 9 })
  })

  it('is remembered with its root, its hold, its pause and its last listing, over a restart', () => {
    const identity = { dev: 2, ino: 2 ** 60, markerId: 'm' }
    const nothing = { identity: null, asksEveryLoss: false, held: null, pause: null, listedAt: null }
    expect(state.folders.memory(folderId)).toEqual(nothing)
    state.transaction(() => {
      state.folders.setIdentity(folderId, identity)
      state.folders.setAsksEveryLoss(folderId, true)
      state.folders.setHeld(folderId, 'mass_deletion', NOW)
      state.folders.setPause(folderId, { until: NOW })
      state.folders.setListed(folderId, NOW)
    })
    const held = { code: 'mass_deletion', since: NOW }
    const all = { identity, asksEveryLoss: true, held, pause: { until: NOW }, listedAt: NOW }
    expect(bench.reopen().folders.memory(folderId)).toEqual(all)
    bench.state.transaction(() => {
      bench.state.folders.setAsksEveryLoss(folderId, false)
      bench.state.folders.setHeld(folderId, null, NOW)
      bench.state.folders.setPause(folderId, null)
      bench.state.folders.setListed(folderId, null)
    })
    expect(bench.state.folders.memory(folderId)).toEqual({ ...nothing, identity })
  })

  it('may be paused without end, and have a root without a marker', () => {
    state.transaction(() => {
      state.folders.setPause(folderId, { until: null })
      state.folders.setIdentity(folderId, { dev: 1, ino: 2, markerId: null })
    })
    expect(state.folders.memory(folderId)).toMatchObject({ pause: { until: null }, identity: { markerId: null } })
  })

  it('whose root is moved forgets what the root was like', () => {
    state.transaction(() => {
      state.folders.setIdentity(folderId, { dev: 1, ino: 2, markerId: 'm' })
      state.folders.setRoot(folderId, '/elsewhere' as AbsolutePath)
    })
    expect(state.folders.find(folderId)?.root).toBe('/elsewhere')
    expect(state.folders.memory(folderId).identity).toBeNull()
  })

  it('that goes on at another prefix knows nothing of what is there', () => {
    agree(anEntry('a'))
    bench.plan(folderId, ['b'])
    bench.lose(folderId, ['a'], 0)
    state.transaction(() => state.folders.setListed(folderId, NOW))
    state.movePrefix(folderId, 'new/', NOW)
    expect([base('a'), remote('a'), local('a'), job('b')]).toEqual(Array(4).fill(undefined))
    expect(state.folders.find(folderId)?.prefix).toBe('new/')
    expect(state.folders.memory(folderId).listedAt).toBeNull()
  })
})

describe('a listing', () => {
  const listed = (name: string, fileId = `id of ${name}`, isOurs = true) => {
    const { path, sha1 } = anEntry(name)
    return { path, fileId, sha1, sizeBytes: 1, uploadedAt: NOW, isOurs }
  }

  it('replaces what was known, and forgets what was agreed on where the bucket holds another version or none', () => {
    agree(...['kept', 'gone', 'replaced', 'deep/kept'].map((name) => anEntry(name)))
    bench.lose(folderId, ['gone', 'kept'], 0)
    state.recordListed(folderId, [listed('old news')])
    state.beginListing(folderId)
    state.recordListed(folderId, [listed('kept'), listed('deep/kept')])
    state.recordListed(folderId, [listed('replaced', 'theirs', false)])
    expect(state.endListing(folderId, NOW)).toBe(2)
    expect(['kept', 'gone', 'replaced', 'deep/kept'].filter((name) => base(name))).toEqual(['kept', 'deep/kept'])
    expect([remote('old news'), remote('gone')]).toEqual([undefined, undefined])
    expect(remote('replaced')).toMatchObject({ fileId: 'theirs', isOurs: false })
    // A loss of what the bucket does not hold is none.
    expect([local('gone'), local('kept')?.kind]).toEqual([undefined, 'absent'])
    expect(state.folders.totals(folderId)).toMatchObject({ syncedFiles: 2, lostFiles: 1 })
    expect(state.folders.memory(folderId).listedAt).toBe(NOW)
  })

  it('keeps what was agreed on for a name that Pail began to hide and that is gone, but not for one that is taken', () => {
    agree(anEntry('hidden'), anEntry('taken'))
    bench.lose(folderId, ['hidden', 'taken'], 0)
    for (const name of ['hidden', 'taken']) state.beginHiding(folderId, relative(name))
    state.beginListing(folderId)
    state.recordListed(folderId, [listed('taken', 'theirs', false)])
    expect(state.endListing(folderId, NOW)).toBe(1)
    expect([base('hidden')?.fileId, local('hidden')?.kind, base('taken')]).toEqual([
      'id of hidden',
      'absent',
      undefined,
    ])
  })

  it('that breaks off has forgotten nothing, and the next one that ends does', () => {
    agree(anEntry('a'), anEntry('b'))
    state.beginListing(folderId)
    state.recordListed(folderId, [listed('a')])
    expect([remote('a'), remote('b'), base('b')].every((one) => one !== undefined)).toBe(true)
    expect(state.folders.memory(folderId).listedAt).toBeNull()
    state.beginListing(folderId)
    state.recordListed(folderId, [listed('b')])
    expect(state.endListing(folderId, NOW)).toBe(1)
    expect([remote('a'), base('a'), base('b')?.path]).toEqual([undefined, undefined, 'b'])
  })

  it('does not forget what was sent while it was under way', () => {
    bench.plan(folderId, ['new'])
    state.beginListing(folderId)
    state.commitUpload(leaseOne(), anEntry('new'), NOW, 'uploaded', NOW)
    expect(state.endListing(folderId, NOW)).toBe(0)
    expect(base('new')).toBeDefined()
  })

  it('brings no version back that was replaced or hidden between the answer and its record', () => {
    agree(anEntry('changed'), anEntry('hidden'), anEntry('same'))
    state.beginListing(folderId)
    const page = ['changed', 'hidden', 'same'].map((name) => listed(name))
    bench.plan(folderId, ['changed'])
    state.commitUpload(leaseOne(), anEntry('changed', { fileId: 'newer' }), NOW, 'uploaded', NOW)
    bench.plan(folderId, ['hidden'], hide)
    state.commitLoss(leaseOne(), 'hidden', NOW)
    state.recordListed(folderId, page)
    expect(state.endListing(folderId, NOW)).toBe(0)
    expect([base('changed')?.fileId, remote('changed')?.fileId, remote('hidden')]).toEqual([
      'newer',
      'newer',
      undefined,
    ])
    state.beginListing(folderId)
    state.recordListed(folderId, page)
    expect(state.endListing(folderId, NOW)).toBe(1)
    expect([remote('changed')?.fileId, remote('hidden')?.fileId]).toEqual(['id of changed', 'id of hidden'])
  })

  it('concerns its own folder only', () => {
    const other = bench.addFolder('/other', 'other/').folderId
    bench.agree(other, anEntry('a'))
    state.beginListing(folderId)
    expect(state.endListing(folderId, NOW)).toBe(0)
    expect(state.remote.find(other, relative('a'))).toBeDefined()
  })
})

describe('settings', () => {
  it('outlive the process, one account at a time', () => {
    state.settings.setAccount({ realm: 'https://one', applicationKeyId: '1' })
    state.settings.setAccount({ realm: 'https://two', applicationKeyId: '2' })
    state.settings.setPause({ until: null })
    const { settings } = bench.reopen()
    expect(settings.findAccount()).toEqual({ realm: 'https://two', applicationKeyId: '2' })
    expect(settings.pause()).toEqual({ until: null })
    settings.setPause({ until: NOW })
    expect(settings.pause()).toEqual({ until: NOW })
    settings.setPause(null)
    expect(settings.pause()).toBeNull()
    settings.forgetAccount()
    expect(settings.findAccount()).toBeUndefined()
  })

  it('says no account that a failed step has written, or forgotten', () => {
    const { settings } = state
    settings.setAccount({ realm: 'https://one', applicationKeyId: '1' })
    const failing = (step: () => void) => () => {
      state.transaction(() => {
        step()
        settings.findAccount()
        throw new Error('no room')
      })
    }
    expect(failing(() => settings.setAccount({ realm: 'https://two', applicationKeyId: '2' }))).toThrow('no room')
    expect(settings.findAccount()?.applicationKeyId).toBe('1')
    expect(failing(() => settings.forgetAccount())).toThrow('no room')
    expect(settings.findAccount()?.applicationKeyId).toBe('1')
  })
})

describe('activity', () => {
  it('comes newest first, page by page', () => {
    for (let i = 0; i < 5; i += 1) {
      const row = { verb: 'uploaded' as const, folderId, path: relative(`f${i}`), sizeBytes: i }
      state.activity.append({ at: (NOW + i) as UnixMs, ...row })
    }
    const page = state.activity.list(2)
    expect(page.map((row) => row.path)).toEqual(['f4', 'f3'])
    expect(state.activity.list(10, page[1]?.activityId).map((row) => row.path)).toEqual(['f2', 'f1', 'f0'])
    expect(state.activity.newestId()).toBe(page[0]?.activityId)
  })
})
