import {
  appendFileSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { AbsolutePath, FolderId } from '../../../shared/ids.ts'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import { canMake, makeMemoryDrive, type Drive } from '../../../test/support/mounts.ts'
import { asOrdinaryUser, hasNoPermissions } from '../../../test/support/permissions.ts'
import {
  entryOnDisk,
  leaseFirst,
  openStateBench,
  relative,
  type StateBench,
} from '../../../test/support/state-bench.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import { stampOf } from '../model/entry.ts'
import { fingerprintOf, statPath } from '../scan/stat-path.ts'
import type { RootVerdict } from '../scan/root-check.ts'
import { FolderCheck } from './folder-check.ts'

const DELAY_MS = 30_000
const never = new AbortController().signal

let home: string
let root: AbsolutePath
let bench: StateBench
let folderId: FolderId
let clock: FakeClock
let check: FolderCheck
let fullChecksWanted: number
let ignored: ReadonlySet<string>
let rootVerdict: () => RootVerdict

beforeEach(() => {
  home = tempFolder()
  root = join(home, 'root') as AbsolutePath
  mkdirSync(root)
  bench = openStateBench()
  const folder = bench.addFolder(root)
  folderId = folder.folderId
  // So far ahead that what the test writes is at rest.
  clock = new FakeClock({ startMs: Date.now() + 3_600_000 })
  fullChecksWanted = 0
  ignored = new Set()
  const { dev, ino } = statSync(root)
  rootVerdict = () => ({ kind: 'ok', identity: { dev, ino, markerId: null }, isAnother: false })
  check = new FolderCheck({
    folder,
    isIgnored: (path) => ignored.has(path),
    state: bench.state,
    clock,
    checkRoot: () => rootVerdict(),
    wantFullCheck: () => (fullChecksWanted += 1),
  })
})

function write(path: string, content = `content of ${path}`): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), content)
}
/** Files that are on disk and in the bucket. */
function agree(...paths: readonly string[]): void {
  for (const path of paths) {
    write(path)
    bench.agree(folderId, entryOnDisk(root, path, `content of ${path}`))
  }
}
const remove = (path: string) => rmSync(join(root, path), { recursive: true })
const everything = () => check.checkEverything(never, 'brisk')
const paths = (...names: readonly string[]) => check.checkPaths(names.map(relative), never)
const local = (path: string) => bench.state.local.find(folderId, relative(path))
const job = (path: string) => bench.state.jobs.findForPath(folderId, relative(path))
const base = (path: string) => bench.state.base.find(folderId, relative(path))
const kinds = (...names: readonly string[]) => names.map((path) => local(path)?.kind ?? job(path)?.kind ?? null)
/** The file looks as if it was written this very moment. */
const writeJustNow = (path: string): void => {
  write(path)
  utimesSync(join(root, path), clock.now() / 1000, clock.now() / 1000)
}

/** Both ways to look have to come to the same. */
const looks = [
  ['a check of everything', () => everything()],
  ['a hint at the path', (path: string) => paths(path)],
] as const

describe.each(looks)('%s', (_, look) => {
  it('plans an upload for a file nobody knows, and for one that changed', async () => {
    agree('dir/changed', 'dir/same')
    write('dir/changed', 'something else')
    write('dir/new')
    await look('dir')
    expect(kinds('dir/changed', 'dir/new', 'dir/same')).toEqual(['upload', 'upload', null])
  })

  it('plans a copy for a file that has another name, and a loss of the old one', async () => {
    agree('dir/old', 'dir/other')
    renameSync(join(root, 'dir/old'), join(root, 'dir/new'))
    linkSync(join(root, 'dir/other'), join(root, 'dir/second'))
    await look('dir')
    expect(kinds('dir/new', 'dir/second', 'dir/old')).toEqual(['copy', 'copy', 'absent'])
    expect(job('dir/new')?.from).toMatchObject({ folderId, path: 'dir/old', fileId: 'id of dir/old' })
  })

  it('remembers the other name of a file whose times were set since, which may not be hidden before that is sent', async () => {
    agree('dir/a')
    renameSync(join(root, 'dir/a'), join(root, 'dir/b'))
    utimesSync(join(root, 'dir/b'), 1000, 1000)
    await everything()
    clock.advance(DELAY_MS)
    await everything()
    expect(job('dir/b')).toMatchObject({ kind: 'upload', from: { path: 'dir/a', fileId: 'id of dir/a' } })
    // It may be another content, so it is a loss that counts; but nothing follows from it yet.
    const { losses } = bench.state
    expect([losses.countOpen(folderId, 'absent'), losses.hasConfirmed(folderId)]).toEqual([1, true])
    expect(losses.hasReady(folderId)).toBe(false)
  })

  it('does not count as lost what is surely under another name', async () => {
    agree('dir/a')
    renameSync(join(root, 'dir/a'), join(root, 'dir/b'))
    await everything()
    expect([kinds('dir/a', 'dir/b'), bench.state.losses.countOpen(folderId, 'absent')]).toEqual([['absent', 'copy'], 0])
  })

  it('plans copies for files that have changed names', async () => {
    agree('dir/a', 'dir/b')
    renameSync(join(root, 'dir/a'), join(root, 'dir/c'))
    renameSync(join(root, 'dir/b'), join(root, 'dir/a'))
    renameSync(join(root, 'dir/c'), join(root, 'dir/b'))
    await look('dir')
    expect([job('dir/a')?.from?.path, job('dir/b')?.from?.path]).toEqual(['dir/b', 'dir/a'])
  })

  it('notes what is gone: a file, a tree, and what a file took the place of', async () => {
    agree('dir/gone', 'dir/tree/a', 'dir/tree/sub/b', 'dir/was/c', 'dir/stays')
    for (const path of ['dir/gone', 'dir/tree', 'dir/was']) remove(path)
    write('dir/was')
    await look('dir')
    expect(kinds('dir/gone', 'dir/tree/a', 'dir/tree/sub/b', 'dir/was/c')).toEqual(Array(4).fill('absent'))
    expect(kinds('dir/was', 'dir/stays')).toEqual(['upload', null])
  })

  it('notes a file as gone that a directory took the place of', async () => {
    agree('dir/file')
    remove('dir/file')
    write('dir/file/inside')
    await look('dir/file')
    expect(kinds('dir/file', 'dir/file/inside')).toEqual(['absent', 'upload'])
  })

  it('keeps what a link took the place of, and all that was below', async () => {
    agree('dir/a', 'dir/tree/b', 'elsewhere/b')
    remove('dir/a')
    remove('dir/tree')
    symlinkSync('nowhere', join(root, 'dir/a'))
    symlinkSync('../elsewhere', join(root, 'dir/tree'))
    await look('dir')
    expect([local('dir/a'), local('dir/tree')]).toMatchObject([{ reason: 'symlink' }, { reason: 'symlink' }])
    expect(local('dir/tree/b')).toBeUndefined()
    expect([base('dir/a'), base('dir/tree/b')].every((entry) => entry !== undefined)).toBe(true)
  })

  it('asks about a file turned empty, and blocks one that turned empty by itself', async () => {
    agree('dir/emptied', 'dir/suspect')
    const { atime, mtime } = statSync(join(root, 'dir/suspect'))
    truncateSync(join(root, 'dir/emptied'))
    truncateSync(join(root, 'dir/suspect'))
    utimesSync(join(root, 'dir/emptied'), atime, new Date(mtime.getTime() + 1000))
    utimesSync(join(root, 'dir/suspect'), atime, mtime)
    // Agreed on with just these times.
    const entry = entryOnDisk(root, 'dir/suspect', 'content of dir/suspect')
    const fingerprint = { ...entry.fingerprint, sizeBytes: 22, ctimeMs: 5 }
    bench.agree(folderId, { ...entry, fingerprint })
    await look('dir')
    expect([local('dir/emptied'), local('dir/suspect')]).toMatchObject([
      { kind: 'emptied' },
      { kind: 'blocked', code: 'file_emptied' },
    ])
    expect([job('dir/emptied'), job('dir/suspect')]).toEqual([undefined, undefined])
  })

  it('keeps the time since when a file is suspiciously empty', async () => {
    agree('dir/a')
    const { atime, mtime } = statSync(join(root, 'dir/a'))
    truncateSync(join(root, 'dir/a'))
    utimesSync(join(root, 'dir/a'), atime, mtime)
    const entry = entryOnDisk(root, 'dir/a', '')
    bench.agree(folderId, { ...entry, fingerprint: { ...entry.fingerprint, sizeBytes: 5, ctimeMs: 5 } })
    await look('dir')
    const first = local('dir/a')
    clock.advance(60_000)
    await look('dir')
    expect([first?.kind, local('dir/a')]).toEqual(['blocked', first])
  })

  it('forgets what was noted about a file that is as agreed again', async () => {
    agree('dir/a', 'dir/b', 'dir/c')
    bench.lose(folderId, ['dir/a'], 0)
    bench.look(folderId, {
      notices: [
        { path: relative('dir/b'), kind: 'skipped', reason: 'symlink' },
        { path: relative('dir/c'), kind: 'blocked', code: 'file_unreadable', details: {}, since: clock.now() },
      ],
    })
    await look('dir')
    expect([local('dir/a'), local('dir/b'), local('dir/c')]).toEqual([undefined, undefined, undefined])
  })

  it('forgets the job of a file that is as agreed again', async () => {
    agree('dir/a')
    bench.plan(folderId, ['dir/a'])
    await look('dir')
    expect(job('dir/a')).toBeUndefined()
  })

  it('waits for a file that is being written, and is over it when that is gone', async () => {
    writeJustNow('dir/a')
    await look('dir')
    expect([check.moving.count, check.moving.has(relative('dir/a')), job('dir/a')]).toEqual([1, true, undefined])
    expect((check.moving.nextAt() ?? 0) - clock.now()).toBe(1000)
    expect(check.moving.takeDue(clock.now())).toEqual([])
    clock.advance(1000)
    expect(check.moving.takeDue(clock.now())).toEqual(['dir/a'])
    expect(check.moving.count).toBe(0)
    await look('dir/a')
    expect(job('dir/a')?.kind).toBe('upload')
    writeJustNow('dir/b')
    await look('dir')
    remove('dir/b')
    await look('dir/b')
    expect(check.moving.count).toBe(0)
  })

  it('knows a file that is being written by any of its names', async () => {
    agree('dir/a')
    const known = () =>
      check.moving.hasFile(base('dir/a')?.fingerprint ?? { ino: 0, sizeBytes: 0, mtimeMs: 0, ctimeMs: 0 })
    await look('dir')
    expect(known()).toBe(false)
    writeJustNow('dir/log')
    await look('dir')
    expect(known()).toBe(false)
    renameSync(join(root, 'dir/a'), join(root, 'dir/log'))
    clock.advance(0 - clock.now())
    await look('dir')
    expect([check.moving.has(relative('dir/log')), known()]).toEqual([true, true])
  })

  it.each(['absent', 'emptied'] as const)('takes a file for %s no longer that is being written', async (kind) => {
    agree('dir/a')
    bench.lose(folderId, ['dir/a'], 0, kind)
    writeJustNow('dir/a')
    await look('dir')
    expect([check.moving.count, local('dir/a')]).toEqual([1, undefined])
  })

  it('tracks what is ignored no longer, and leaves it in the bucket', async () => {
    agree('dir/a', 'dir/tree/b', 'dir/c')
    bench.plan(folderId, ['dir/tree/new', 'dir/new'])
    write('dir/tree/new')
    write('dir/new')
    ignored = new Set(['dir/a', 'dir/tree', 'dir/new'])
    await look('dir')
    expect([base('dir/a'), base('dir/tree/b'), job('dir/tree/new'), job('dir/new')]).toEqual(Array(4).fill(undefined))
    expect([local('dir/a'), local('dir/tree'), local('dir/new')]).toMatchObject(Array(3).fill({ reason: 'ignored' }))
    expect(bench.state.remote.find(folderId, relative('dir/a'))?.fileId).toBe('id of dir/a')
    expect(base('dir/c')).toBeDefined()
    ignored = new Set()
    await look('dir')
    expect(kinds('dir/a', 'dir/tree', 'dir/tree/b')).toEqual(['upload', null, 'upload'])
  })

  it('leaves alone what somebody decided to leave, until it changes', async () => {
    write('dir/a')
    const seen = statPath(join(root, 'dir/a') as AbsolutePath)
    const stamp = seen.kind === 'file' ? stampOf(seen.fingerprint) : ''
    bench.look(folderId, { notices: [{ path: relative('dir/a'), kind: 'kept', stamp }] })
    await look('dir')
    expect(kinds('dir/a')).toEqual(['kept'])
    appendFileSync(join(root, 'dir/a'), 'more')
    await look('dir')
    expect(kinds('dir/a')).toEqual(['upload'])
  })

  it.skipIf(hasNoPermissions)('concludes nothing about what it cannot read, and says so once', async () => {
    agree('dir/secret/a', 'dir/secret/deep/b', 'dir/c')
    remove('dir/secret/a')
    // Seen while it could be read: no evidence any more once it cannot.
    bench.lose(folderId, ['dir/secret/a'], 0)
    await asOrdinaryUser([home], async () => {
      const { chmodSync } = await import('node:fs')
      chmodSync(join(root, 'dir/secret'), 0)
      onTestFinished(() => chmodSync(join(root, 'dir/secret'), 0o755))
      await look('dir')
      const first = local('dir/secret')
      expect(first).toMatchObject({ kind: 'blocked', code: 'directory_unreadable' })
      expect([local('dir/secret/a'), local('dir/secret/deep/b')]).toEqual([undefined, undefined])
      clock.advance(60_000)
      await look('dir')
      expect(local('dir/secret')).toEqual(first)
      chmodSync(join(root, 'dir/secret'), 0o755)
      await look('dir')
      expect([local('dir/secret'), local('dir/secret/a')?.kind]).toEqual([undefined, 'absent'])
    })
  })

  it.skipIf(hasNoPermissions)(
    'hinted at below a directory that it cannot look into speaks of the directory',
    async () => {
      agree('dir/a')
      await asOrdinaryUser([home], async () => {
        const { chmodSync } = await import('node:fs')
        chmodSync(join(root, 'dir'), 0)
        onTestFinished(() => chmodSync(join(root, 'dir'), 0o755))
        // What the system tells when the rights of a directory change: the name of the directory, as if it were in itself.
        await paths('dir/dir')
        expect([local('dir/dir'), local('dir')?.kind]).toEqual([undefined, 'blocked'])
        expect(local('dir')).toMatchObject({ code: 'directory_unreadable' })
      })
    },
  )

  it('writes down no loss while the root is in doubt', async () => {
    agree('dir/a')
    remove('dir/a')
    rootVerdict = () => ({ kind: 'held', code: 'root_missing' })
    expect(await look('dir')).toEqual({ kind: 'held', code: 'root_missing' })
    expect(local('dir/a')).toBeUndefined()
  })
})

describe('a hint', () => {
  it('finds at a name that is gone all that was below it', async () => {
    agree('tree/a', 'tree/sub/b', 'tree.txt', 'tree2/c')
    write('tree/new')
    bench.plan(folderId, ['tree/new'])
    for (const path of ['tree', 'tree.txt', 'tree2']) remove(path)
    await paths('tree')
    expect(kinds('tree/a', 'tree/sub/b', 'tree/new', 'tree.txt', 'tree2/c')).toEqual([
      'absent',
      'absent',
      null,
      null,
      null,
    ])
  })

  it('concludes nothing about a name behind a link', async () => {
    agree('dir/a')
    renameSync(join(root, 'dir'), join(home, 'dir'))
    mkdirSync(join(home, 'empty'))
    symlinkSync(join(home, 'empty'), join(root, 'dir'))
    await paths('dir/a')
    expect(local('dir/a')).toMatchObject({ kind: 'skipped', reason: 'symlink' })
    expect(base('dir/a')).toBeDefined()
  })

  it('says nothing about the root itself, nor about the marker', async () => {
    write('.pail-folder')
    agree('a')
    remove('a')
    await check.checkPaths(['', relative('.pail-folder')], never)
    expect([local('a'), job('.pail-folder')]).toEqual([undefined, undefined])
  })
})

describe('a check of everything', () => {
  it('that is broken off concludes nothing about what it has not seen', async () => {
    agree('dir/a')
    remove('dir')
    await check.checkEverything(AbortSignal.abort(), 'brisk')
    expect(local('dir/a')).toBeUndefined()
    await everything()
    expect(local('dir/a')?.kind).toBe('absent')
  })

  it('forgets what was noted in directories that are gone, and about files that never were agreed on', async () => {
    const notices = ['gone/a', 'here/b'].map(
      (path) => ({ path: relative(path), kind: 'skipped', reason: 'symlink' }) as const,
    )
    bench.look(folderId, { notices })
    write('here/c')
    await everything()
    expect([local('gone/a'), local('here/b')]).toEqual([undefined, undefined])
  })

  it.skipIf(hasNoPermissions)('takes back a loss in a directory that it cannot look into any more', async () => {
    agree('dir/a', 'dir/b')
    await everything()
    remove('dir/a')
    await paths('dir/a')
    expect(local('dir/a')?.kind).toBe('absent')
    await asOrdinaryUser([home], async () => {
      const { chmodSync } = await import('node:fs')
      chmodSync(join(root, 'dir'), 0)
      onTestFinished(() => chmodSync(join(root, 'dir'), 0o755))
      await paths('dir/a')
      expect(kinds('dir/a', 'dir')).toEqual([null, 'blocked'])
    })
  })

  it('has the end of an attempt looked at again where its file is gone, which nobody had told of', async () => {
    for (const path of ['gone', 'left/too']) write(path)
    bench.plan(folderId, ['gone', 'left/too'])
    const leased = leaseFirst(bench.state, clock.now(), 2)
    for (const path of ['gone', 'left']) remove(path)
    await everything()
    bench.state.transaction(() => {
      for (const each of leased) bench.state.jobs.complete(each)
    })
    expect(['gone', 'left/too'].map((path) => job(path) !== undefined)).toEqual([true, true])
  })

  it('counts the files it sees', async () => {
    for (const path of ['a', 'dir/b', 'dir/sub/c']) write(path)
    ignored = new Set(['dir/sub'])
    await everything()
    expect(check.filesSeen).toBe(2)
  })

  it('makes a loss certain at the second look, the delay later', async () => {
    agree('a', 'b')
    remove('a')
    await everything()
    clock.advance(DELAY_MS - 1)
    await everything()
    expect(bench.state.losses.hasReady(folderId)).toBe(false)
    clock.advance(1)
    await everything()
    expect(bench.state.losses.listReady(folderId, '', 10).map(({ path }) => path)).toEqual(['a'])
  })
})

describe.runIf(canMake(makeMemoryDrive))('a drive connected below the root', () => {
  let drive: Drive

  /** Agreed files, some of them on the drive. */
  beforeEach(() => {
    write('other')
    mkdirSync(join(root, 'drive'))
    drive = makeMemoryDrive(join(root, 'drive'), home)
    drive.plugIn()
    onTestFinished(() => drive.discard())
    for (const path of ['drive/a', 'drive/b', 'drive/dir/c', 'other']) {
      write(path)
      const entry = entryOnDisk(root, path, `content of ${path}`)
      const isOtherDevice = statSync(join(root, path)).dev !== statSync(root).dev
      bench.agree(folderId, { ...entry, fingerprint: { ...entry.fingerprint, isOtherDevice } })
    }
  })
  const losses = () => ['drive/a', 'drive/b', 'drive/dir/c'].filter((path) => local(path)?.kind === 'absent')

  it('that is pulled out takes no file with it, whichever way that is seen', async () => {
    drive.pullOut()
    await everything()
    expect(losses()).toEqual([])
    expect(local('drive')).toMatchObject({ kind: 'blocked', code: 'drive_missing' })
    await paths('drive/a', 'drive')
    expect(losses()).toEqual([])
    drive.plugIn()
    await everything()
    expect([losses(), local('drive')]).toEqual([[], undefined])
  })

  it('lets a file be lost while another one proves that it is the drive it was', async () => {
    remove('drive/a')
    await everything()
    expect(losses()).toEqual(['drive/a'])
    // Every file that is left changed: it could be any drive.
    bench.look(folderId, { settled: [relative('drive/a')] })
    for (const path of ['drive/b', 'drive/dir/c']) write(path, 'changed')
    await everything()
    expect([losses(), local('drive')]).toMatchObject([[], { code: 'drive_missing' }])
  })

  it('is looked at as a whole before a single file counts as lost', async () => {
    remove('drive/a')
    await paths('drive/a')
    expect([losses(), fullChecksWanted]).toEqual([[], 1])
  })

  it('in the place of files of the root does not lose them', async () => {
    agree('under/x')
    const { dev } = fingerprintOf(statSync(root))
    const second = makeMemoryDrive(join(root, 'under'), home)
    second.plugIn()
    onTestFinished(() => second.discard())
    expect(statSync(join(root, 'under')).dev).not.toBe(dev)
    await everything()
    expect([local('under/x'), local('under')]).toMatchObject([undefined, { code: 'drive_missing' }])
  })
})
