import { beforeEach, describe, expect, it } from 'vitest'
import type { FolderId, UnixMs } from '../../../shared/ids.ts'
import type { SyncFolder } from '../../../shared/model/folder.ts'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import {
  anEntry,
  openStateBench,
  relative,
  upload,
  leaseFirst,
  type StateBench,
} from '../../../test/support/state-bench.ts'
import type { RootVerdict } from '../scan/root-check.ts'
import { Look, type LookOptions } from './look.ts'

const ok: RootVerdict = { kind: 'ok', identity: { dev: 1, ino: 2, markerId: null }, isAnother: false }
const missing: RootVerdict = { kind: 'held', code: 'root_missing' }
const names = (count: number) => Array.from({ length: count }, (_, i) => relative(`f${i}`))

let bench: StateBench
let folder: SyncFolder
let folderId: FolderId
let clock: FakeClock

beforeEach(() => {
  bench = openStateBench()
  folder = bench.addFolder('/root', '', { deleteDelaySeconds: 30 })
  ;({ folderId } = folder)
  clock = new FakeClock()
})

const begin = (more: Partial<LookOptions> = {}): Look =>
  new Look({ folder, state: bench.state, clock, checkRoot: () => ok, cause: 'hinted', ...more })
const local = (path: string) => bench.state.local.find(folderId, relative(path))
const job = (path: string) => bench.state.jobs.findForPath(folderId, relative(path))
const totals = () => bench.state.folders.totals(folderId)
const blocked = (path: string, since: number, code: 'directory_unreadable' | 'file_unreadable' = 'file_unreadable') =>
  ({ path: relative(path), kind: 'blocked', code, details: {}, since: since as UnixMs }) as const

describe('a look', () => {
  it('writes down at its end what it found, and says that the root was there', () => {
    bench.agree(folderId, anEntry('gone'), anEntry('tree/a'), anEntry('same'))
    bench.lose(folderId, ['same'], 0)
    const look = begin()
    look.plan(relative('new'), upload())
    look.lose(relative('gone'), 'absent')
    look.settle(relative('same'))
    look.untrack(relative('tree'))
    look.notice(blocked('bad', 5))
    expect(totals()).toMatchObject({ pendingFiles: 0, syncedFiles: 3 })
    expect(look.finish()).toEqual(ok)
    expect([job('new')?.kind, local('gone')?.kind, local('same'), local('bad')?.kind]).toEqual([
      'upload',
      'absent',
      undefined,
      'blocked',
    ])
    expect(totals().syncedFiles).toBe(2)
  })

  it.each([
    ['checked', 3],
    ['hinted', 0],
  ] as const)('of paths that were %s leaves a job that failed thrice with %i failures', (cause, attempts) => {
    bench.plan(folderId, ['a'])
    const [leased] = leaseFirst(bench.state, 0 as UnixMs, 1)
    const next = { isUncertain: false, attempts: 3, notBefore: 500 as UnixMs, code: 'timeout' as const, details: {} }
    bench.state.transaction(() => {
      if (leased !== undefined) bench.state.jobs.reschedule(leased, { ...next, failedAt: 0 as UnixMs })
    })
    const look = begin({ cause })
    look.plan(relative('a'), upload())
    look.finish()
    expect(job('a')?.attempts).toBe(attempts)
  })

  it.each<[string, (look: Look) => void, () => number]>([
    ['plans', (look) => names(500).forEach((path) => look.plan(path, upload())), () => totals().pendingFiles],
    ['losses', (look) => names(500).forEach((path) => look.lose(path, 'absent')), () => totals().lostFiles],
    ['notices', (look) => names(500).forEach((path) => look.notice(blocked(path, 5))), () => totals().blockedFiles],
  ])('writes %s down on its way, five hundred at a time', (_, find, count) => {
    const look = begin()
    find(look)
    expect(count()).toBe(500)
    look.plan(relative('one more'), upload())
    expect(job('one more')).toBeUndefined()
    look.finish()
    expect(job('one more')).toBeDefined()
  })

  it('writes down no loss when the root is in doubt once more, but all else, and says so', () => {
    const look = begin({ checkRoot: () => missing })
    look.lose(relative('gone'), 'absent')
    look.plan(relative('new'), upload())
    expect(look.finish()).toEqual(missing)
    expect([local('gone'), job('new')?.kind]).toEqual([undefined, 'upload'])
  })

  it('says at its end that the root was in doubt on its way', () => {
    const verdicts = [missing, ok, ok]
    const look = begin({ checkRoot: () => verdicts.shift() ?? ok })
    for (const path of names(500)) look.lose(path, 'absent')
    expect(totals().lostFiles).toBe(0)
    look.lose(relative('later'), 'absent')
    expect(look.finish()).toEqual(missing)
  })

  it('looks at the root at its end also when there was no loss', () => {
    expect(begin({ checkRoot: () => missing }).finish()).toEqual(missing)
  })

  it('counts a loss from when it was seen on, by the delay of the folder', () => {
    bench.agree(folderId, anEntry('gone'))
    const lose = (cause: LookOptions['cause']): void => {
      const look = begin({ cause })
      look.lose(relative('gone'), 'absent')
      look.finish()
    }
    lose('hinted')
    expect(bench.state.losses.firstUnconfirmedAt(folderId)).toBe(clock.uptime())
    clock.advance(29_999)
    lose('lost')
    expect(bench.state.losses.hasReady(folderId)).toBe(false)
    clock.advance(1)
    lose('hinted')
    expect(bench.state.losses.hasReady(folderId)).toBe(false)
    lose('lost')
    expect(bench.state.losses.hasReady(folderId)).toBe(true)
  })

  it('leaves a file lost that a directory took the place of, whatever is the matter with that directory', () => {
    bench.agree(folderId, anEntry('dir'))
    bench.lose(folderId, ['dir'], clock.uptime())
    const look = begin({ cause: 'checked' })
    look.notice(blocked('dir', 5, 'directory_unreadable'))
    look.finish()
    expect([local('dir')?.kind, bench.state.losses.firstUnconfirmedAt(folderId)]).toEqual(['absent', clock.uptime()])
  })

  it('confirms no loss by a check that began before the delay was over, however long it took', () => {
    bench.agree(folderId, anEntry('gone'))
    bench.lose(folderId, ['gone'], clock.uptime())
    clock.advance(29_000)
    const early = begin({ cause: 'checked' })
    clock.advance(2000)
    early.lose(relative('gone'), 'absent')
    early.finish()
    expect(bench.state.losses.hasReady(folderId)).toBe(false)
    const late = begin({ cause: 'checked' })
    late.lose(relative('gone'), 'absent')
    late.finish()
    expect(bench.state.losses.hasReady(folderId)).toBe(true)
  })

  it('takes no notice back that it found itself, in whichever order', () => {
    const look = begin()
    look.settle(relative('a'))
    look.notice(blocked('a', 5))
    look.notice(blocked('b', 5))
    look.settle(relative('b'))
    look.finish()
    expect([local('a')?.kind, local('b')?.kind]).toEqual(['blocked', 'blocked'])
  })

  it('keeps the time since when a path is blocked that it settles only after it has found that', () => {
    for (const since of [5, 9]) {
      const look = begin()
      look.notice(blocked('a', since))
      look.settle(relative('a'))
      look.finish()
    }
    expect(local('a')).toEqual(blocked('a', 5))
  })

  it('keeps the time since when a directory is blocked that it could read, but with nothing in it', () => {
    const missingDrive = (): void => {
      const look = begin()
      look.settle(relative('drive'))
      look.noticeMissingDrive(relative('drive/a'))
      look.noticeMissingDrive(relative('drive/b'))
      look.finish()
    }
    missingDrive()
    const first = local('drive')
    expect(first).toEqual({ ...blocked('drive', clock.now()), code: 'drive_missing' })
    clock.advance(1000)
    missingDrive()
    expect(local('drive')).toEqual(first)
  })
})

describe('losses on a drive below the root', () => {
  it('count where a file shows that the drive is the one it was', () => {
    const look = begin()
    look.loseOnDevice(relative('one/a'), 7)
    look.loseOnDevice(relative('one/b'), 7)
    look.loseOnDevice(relative('two/c'), 8)
    look.prove(7)
    look.finish()
    expect([local('one/a')?.kind, local('one/b')?.kind, local('two/c')]).toEqual(['absent', 'absent', undefined])
    expect([local('one'), local('two')]).toMatchObject([undefined, { kind: 'blocked', code: 'drive_missing' }])
  })

  it('that were seen before are none any more where that cannot be shown', () => {
    bench.agree(folderId, anEntry('two/c'))
    bench.lose(folderId, ['two/c'], 0)
    const look = begin()
    look.loseOnDevice(relative('two/c'), 8)
    look.finish()
    expect(local('two/c')).toBeUndefined()
  })

  it('block no other directory than their own, which may be blocked for another reason', () => {
    const look = begin()
    look.notice(blocked('dir', 5, 'directory_unreadable'))
    look.noticeMissingDrive(relative('dir/a'))
    look.noticeMissingDrive(relative('top'))
    look.finish()
    expect(local('dir')).toMatchObject({ code: 'directory_unreadable' })
    expect(totals().blockedFiles).toBe(1)
  })
})
