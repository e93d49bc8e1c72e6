import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ErrorCode } from '../../../shared/errors.ts'
import type { AbsolutePath, FolderId, JobId, UnixMs } from '../../../shared/ids.ts'
import { Explanation } from '../../../shared/model/explanation.ts'
import type { Pause } from '../../../shared/model/pause.ts'
import {
  entryOnDisk,
  hide,
  NOW,
  openStateBench,
  relative,
  hurry,
  leaseFirst,
  type StateBench,
} from '../../../test/support/state-bench.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import type { FolderCondition } from '../sync/folder-condition.ts'
import type { FolderSync } from '../sync/folder-sync.ts'
import type { Supervisor } from '../sync/supervisor.ts'
import type { Hold } from '../transfer/holds.ts'
import { explainPath } from './explain.ts'

let root: AbsolutePath
let bench: StateBench
let folderId: FolderId
/** What the folder and everything are like. */
let world: {
  condition: FolderCondition
  moving: readonly string[]
  ignored: readonly string[]
  pause: Pause | null
  folderPause: Pause | null
  opensAt: UnixMs | null
  hold: Hold | null
  folderHold: Hold | null
  running: readonly string[]
}

beforeEach(() => {
  root = join(tempFolder(), 'root') as AbsolutePath
  mkdirSync(root)
  bench = openStateBench()
  ;({ folderId } = bench.addFolder(root))
  world = {
    condition: { kind: 'idle' },
    moving: [],
    ignored: [],
    pause: null,
    folderPause: null,
    opensAt: null,
    hold: null,
    folderHold: null,
    running: [],
  }
})

/** Every kind of answer so far. */
const given = new Set<string>()

const waiting = { since: NOW, why: 'changing', until: (NOW + 1000) as UnixMs, latest: (NOW + 9000) as UnixMs } as const
const reason = { source: 'settings', rule: '*.tmp', line: 1 } as const

function explain(path: string): Explanation {
  const folder = bench.state.folders.find(folderId)
  const sync = {
    folder,
    condition: world.condition,
    rules: { explain: (at: string) => (world.ignored.includes(at) ? reason : null) },
    check: { moving: { has: (at: string) => world.moving.includes(at) }, settling: { waiting: () => waiting } },
  }
  const running = new Map<JobId, unknown>()
  for (const name of world.running) running.set(job(name)?.jobId ?? (0 as never), {})
  const supervisor = {
    pause: world.pause,
    pauseOf: () => world.folderPause,
    opensAt: () => world.opensAt,
    scheduler: {
      running,
      holds: { all: world.hold, folders: new Map(world.folderHold === null ? [] : [[folderId, world.folderHold]]) },
    },
  }
  const explanation = explainPath(relative(path), sync as unknown as FolderSync, {
    state: bench.state,
    supervisor: supervisor as unknown as Supervisor,
  })
  given.add(explanation.kind)
  return Explanation.parse(explanation)
}

const write = (path: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), path)
}
const job = (path: string) => bench.state.jobs.findForPath(folderId, relative(path))
function agree(path: string): void {
  write(path)
  bench.agree(folderId, entryOnDisk(root, path, path))
}
const plan = (path: string) => bench.plan(folderId, [path])
function fail(path: string, code: ErrorCode): void {
  plan(path)
  const [leased] = leaseFirst(bench.state, NOW, 1)
  const next = { isUncertain: false, attempts: 1, notBefore: (NOW + 500) as UnixMs, code, details: {} }
  bench.state.transaction(() => {
    if (leased !== undefined) bench.state.jobs.reschedule(leased, { ...next, failedAt: NOW })
  })
}
const hold = (code: ErrorCode): Hold => ({ code, details: {}, since: NOW, until: (NOW + 900) as UnixMs, failures: 0 })
const blocked = (path: string, code: ErrorCode) =>
  bench.look(folderId, { notices: [{ path: relative(path), kind: 'blocked', code, details: {}, since: NOW }] })

describe('a file on disk', () => {
  it('is in sync when it is as agreed and nothing is to be done', () => {
    agree('dir/a')
    expect(explain('dir/a')).toEqual({ kind: 'in-sync', uploadedAt: NOW })
    bench.state.transaction(() => bench.state.remote.forget(folderId, relative('dir/a')))
    expect(explain('dir/a')).toEqual({ kind: 'in-sync', uploadedAt: null })
  })

  it('is not in sync while it is still to be looked at', () => {
    agree('a')
    plan('a')
    expect(explain('a')).toEqual({ kind: 'waiting', code: null, nextAttemptAt: null })
  })

  it('is unknown when nobody has looked at it', () => {
    write('a')
    expect(explain('a')).toEqual({ kind: 'unknown' })
    agree('b')
    truncateSync(join(root, 'b'))
    expect(explain('b')).toEqual({ kind: 'unknown' })
  })

  it('is ignored, whatever else is known of it', () => {
    agree('a')
    plan('a')
    blocked('a', 'file_emptied')
    world.ignored = ['a']
    world.condition = { kind: 'held', code: 'mass_deletion', since: NOW }
    expect(explain('a')).toEqual({ kind: 'ignored', reason })
  })

  it('settles while it is being written', () => {
    write('a')
    world.moving = ['a']
    expect(explain('a')).toEqual({ kind: 'settling', waiting })
  })

  it('waits for its turn, for its next try, or is being sent', () => {
    write('a')
    plan('a')
    expect(explain('a')).toEqual({ kind: 'waiting', code: null, nextAttemptAt: null })
    world.running = ['a']
    expect(explain('a')).toEqual({ kind: 'sending' })
    write('b')
    world.running = []
    bench.state.transaction(() => bench.state.jobs.dropAll(folderId))
    fail('b', 'timeout')
    expect(explain('b')).toEqual({ kind: 'waiting', code: 'timeout', nextAttemptAt: NOW + 500 })
  })

  it('is blocked when only a person can change that', () => {
    write('a')
    fail('a', 'would_overwrite')
    expect(explain('a')).toEqual({ kind: 'blocked', code: 'would_overwrite' })
    write('b')
    blocked('b', 'file_emptied')
    expect(explain('b')).toEqual({ kind: 'blocked', code: 'file_emptied' })
  })

  it('is kept when a person decided to leave what the bucket holds', () => {
    write('a')
    bench.look(folderId, { notices: [{ path: relative('a'), kind: 'kept', stamp: 'x' }] })
    expect(explain('a')).toEqual({ kind: 'kept' })
  })

  it('is to be replaced by nothing when it was emptied', () => {
    agree('a')
    truncateSync(join(root, 'a'))
    bench.lose(folderId, ['a'], 0, 'emptied')
    expect(explain('a')).toEqual({ kind: 'leaving' })
  })
})

describe('what is not a file', () => {
  it('is skipped, a link or what is behind it', () => {
    mkdirSync(join(root, 'real'))
    writeFileSync(join(root, 'real/a'), '')
    symlinkSync('real', join(root, 'link'))
    expect([explain('link'), explain('link/a')]).toEqual(Array(2).fill({ kind: 'skipped', reason: 'symlink' }))
  })

  it('is a directory', () => {
    mkdirSync(join(root, 'dir'))
    expect(explain('dir')).toEqual({ kind: 'directory' })
    blocked('dir', 'directory_unreadable')
    expect(explain('dir')).toEqual({ kind: 'blocked', code: 'directory_unreadable' })
  })
})

describe('a file that is not there', () => {
  it('never was, or is kept in the bucket', () => {
    expect(explain('a')).toEqual({ kind: 'not-there' })
    agree('b')
    rmSync(join(root, 'b'))
    bench.state.keepAbsent(folderId, [relative('b')], NOW)
    expect(explain('b')).toEqual({ kind: 'kept' })
  })

  it('is leaving, before and after its loss was noted, and while its job waits', () => {
    agree('a')
    rmSync(join(root, 'a'))
    expect(explain('a')).toEqual({ kind: 'leaving' })
    bench.lose(folderId, ['a'], 0)
    expect(explain('a')).toEqual({ kind: 'leaving' })
    bench.state.planLosses(folderId, [{ path: relative('a'), action: hide, pass: 'counted' }])
    expect(explain('a')).toEqual({ kind: 'leaving' })
  })

  it('is not leaving while the folder is held', () => {
    agree('a')
    rmSync(join(root, 'a'))
    bench.lose(folderId, ['a'], 0)
    world.condition = { kind: 'held', code: 'mass_deletion', since: NOW }
    expect(explain('a')).toEqual({ kind: 'blocked', code: 'mass_deletion' })
  })

  it('is not leaving with a drive that is not connected', () => {
    agree('drive/dir/a')
    rmSync(join(root, 'drive/dir'), { recursive: true })
    blocked('drive', 'drive_missing')
    expect(explain('drive/dir/a')).toEqual({ kind: 'blocked', code: 'drive_missing' })
    // Another one is.
    agree('other/a')
    rmSync(join(root, 'other/a'))
    expect(explain('other/a')).toEqual({ kind: 'leaving' })
  })

  it('is ignored by no rule: it has none to concern it', () => {
    agree('a')
    rmSync(join(root, 'a'))
    world.ignored = ['a']
    expect(explain('a')).toEqual({ kind: 'leaving' })
  })
})

describe('a file that a person left for later', () => {
  it('waits until then, and no longer as soon as a person wants it', () => {
    write('a')
    plan('a')
    const [leased] = leaseFirst(bench.state, NOW, 1)
    if (leased === undefined) throw new Error('no job')
    bench.state.transaction(() => bench.state.jobs.putOff(leased, (NOW + 500) as UnixMs))
    expect(explain('a')).toEqual({ kind: 'put-off', until: NOW + 500 })
    hurry(bench.state, leased.jobId)
    expect(explain('a')).toEqual({ kind: 'waiting', code: null, nextAttemptAt: null })
  })
})

describe('what keeps a folder or everything from being sent', () => {
  beforeEach(() => {
    write('a')
    plan('a')
  })
  const pauseUntil = (until: number | null): Pause => ({ until: until as UnixMs | null })

  it.each<[string, () => void, object]>([
    [
      'a hold of the folder’s own',
      () => (world.condition = { kind: 'held', code: 'root_missing', since: NOW }),
      { kind: 'blocked', code: 'root_missing' },
    ],
    ['a pause of everything', () => (world.pause = pauseUntil(null)), { kind: 'paused', until: null }],
    ['a pause of the folder', () => (world.folderPause = pauseUntil(7)), { kind: 'paused', until: 7 }],
    [
      'no network',
      () => (world.hold = hold('network_unreachable')),
      { kind: 'waiting', code: 'network_unreachable', nextAttemptAt: NOW + 900 },
    ],
    ['a key that is refused', () => (world.hold = hold('key_rejected')), { kind: 'blocked', code: 'key_rejected' }],
    [
      'a bucket that is gone',
      () => (world.folderHold = hold('bucket_missing')),
      { kind: 'blocked', code: 'bucket_missing' },
    ],
    ['the time of the week', () => (world.opensAt = 7 as UnixMs), { kind: 'out-of-hours', until: 7 }],
  ])('is named: %s', (_, happen, explanation) => {
    happen()
    expect(explain('a')).toEqual(explanation)
  })

  it('is the gravest of several', () => {
    world.hold = hold('network_unreachable')
    world.folderPause = pauseUntil(null)
    expect(explain('a')).toEqual({ kind: 'paused', until: null })
    world.condition = { kind: 'held', code: 'root_replaced', since: NOW }
    expect(explain('a')).toEqual({ kind: 'blocked', code: 'root_replaced' })
  })

  it('concerns no file that is in sync', () => {
    agree('b')
    world.pause = pauseUntil(null)
    world.hold = hold('network_unreachable')
    world.condition = { kind: 'held', code: 'root_missing', since: NOW }
    expect(explain('b').kind).toBe('in-sync')
  })

  it('does not name the time of the week for what is not known to be sent, nor before what is graver', () => {
    world.opensAt = 7 as UnixMs
    write('c')
    expect(explain('c')).toEqual({ kind: 'unknown' })
    world.hold = hold('network_unreachable')
    expect(explain('a')).toMatchObject({ kind: 'waiting', code: 'network_unreachable' })
  })

  it('names no next try for what is not known to wait', () => {
    write('c')
    world.hold = hold('network_unreachable')
    expect(explain('c')).toEqual({ kind: 'waiting', code: 'network_unreachable', nextAttemptAt: null })
  })
})

it('is told in every way that there is, by one of the tests above', () => {
  const kinds = Explanation.options.map((option) => option.shape.kind.value)
  expect([...given].sort()).toEqual(kinds.sort())
})
