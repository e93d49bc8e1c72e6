/** How a `FolderCheck` looks for the other names of what is lost. */
import { mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { type AbsolutePath, type FolderId, type UnixMs } from '../../../shared/ids.ts'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import { passTick } from '../../../test/support/pass-tick.ts'
import { asOrdinaryUser, hasNoPermissions } from '../../../test/support/permissions.ts'
import {
  entryOnDisk,
  leaseFirst,
  openStateBench,
  relative,
  type StateBench,
} from '../../../test/support/state-bench.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import type { RootVerdict } from '../scan/root-check.ts'
import { FolderCheck } from './folder-check.ts'

const never = new AbortController().signal

let home: string
let root: AbsolutePath
let bench: StateBench
let folderId: FolderId
let clock: FakeClock
let check: FolderCheck
let rootVerdict: () => RootVerdict
/** Called with each path that a walk comes to. */
let onAsked: (path: string) => void

beforeEach(() => {
  home = tempFolder()
  root = join(home, 'root') as AbsolutePath
  mkdirSync(root)
  bench = openStateBench()
  const folder = bench.addFolder(root)
  folderId = folder.folderId
  // So far ahead that what the test writes is at rest.
  clock = new FakeClock({ startMs: Date.now() + 3_600_000 })
  onAsked = () => undefined
  const { dev, ino } = statSync(root)
  rootVerdict = () => ({ kind: 'ok', identity: { dev, ino, markerId: null }, isAnother: false })
  check = new FolderCheck({
    folder,
    isIgnored: (path) => {
      onAsked(path)
      return false
    },
    state: bench.state,
    clock,
    checkRoot: () => rootVerdict(),
    wantFullCheck: () => undefined,
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
const local = (path: string) => bench.state.local.find(folderId, relative(path))
const job = (path: string) => bench.state.jobs.findForPath(folderId, relative(path))
const kinds = (...names: readonly string[]) => names.map((path) => local(path)?.kind ?? job(path)?.kind ?? null)

describe('a look for what is lost', () => {
  it('looks elsewhere for what is lost: where names have changed, and nowhere else', async () => {
    agree('dir/a', 'dir/deep/b', 'same/c', 'same/deep/d')
    await everything()
    passTick(home)
    renameSync(join(root, 'dir/a'), join(root, 'same/deep/a'))
    mkdirSync(join(root, 'new/tree'), { recursive: true })
    renameSync(join(root, 'dir/deep'), join(root, 'new/tree/deep'))
    // In place: no directory has other names, so nobody looks here.
    writeFileSync(join(root, 'same/c'), 'changed')
    expect((await check.checkElsewhere(never)).kind).toBe('ok')
    expect(kinds('same/deep/a', 'new/tree/deep/b', 'dir/a', 'same/c', 'same/deep/d')).toEqual([
      'copy',
      'copy',
      'absent',
      null,
      null,
    ])
    passTick(home)
    write('new/tree/deep/e')
    await check.checkElsewhere(never)
    expect(kinds('new/tree/deep/e', 'same/c')).toEqual(['upload', null])
  })

  it('finds a file that moved, unheard of, from where the walk came late to where it had been', async () => {
    agree('a/keep', 'a/x', 'b/keep', 'b/x')
    await everything()
    passTick(home)
    onAsked = (path) => {
      const [to = '', name] = path.split('/')
      if (name !== 'keep') return
      onAsked = () => undefined
      renameSync(join(root, to === 'a' ? 'b' : 'a', 'x'), join(root, to, 'moved'))
    }
    await everything()
    expect([...kinds('a/moved', 'b/moved')].sort()).toEqual(['copy', null])
    expect([...kinds('a/x', 'b/x')].sort()).toEqual(['absent', null])
  })

  it('does not look elsewhere for ever where names change all the time', async () => {
    agree('dir/a')
    await everything()
    let made = 0
    onAsked = () => {
      passTick(home)
      write(`dir/new ${(made += 1)}`)
    }
    write('dir/new')
    await check.checkElsewhere(never)
    expect(made).toBeGreaterThan(1)
    expect(job('dir/new 1')?.kind).toBe('upload')
  })

  it('begins no job anew that keeps failing, only because it lies beside a name that has changed', async () => {
    agree('dir/a')
    write('dir/failing')
    await everything()
    const [leased] = leaseFirst(bench.state, clock.now(), 1)
    const failure = {
      isUncertain: false,
      attempts: 7,
      notBefore: (clock.now() + 5000) as UnixMs,
      failedAt: clock.now(),
    }
    bench.state.transaction(() => {
      if (leased) bench.state.jobs.reschedule(leased, { ...failure, code: 'file_busy', details: {} })
    })
    passTick(home)
    remove('dir/a')
    await check.checkElsewhere(never)
    expect([local('dir/a')?.kind, job('dir/failing')?.attempts]).toEqual(['absent', 7])
  })

  it.skipIf(hasNoPermissions)('speaks of a directory that it cannot look into, and of none below it', async () => {
    agree('dir/a', 'dir/sub/b')
    await everything()
    await asOrdinaryUser([home], async () => {
      const { chmodSync } = await import('node:fs')
      chmodSync(join(root, 'dir'), 0)
      onTestFinished(() => chmodSync(join(root, 'dir'), 0o755))
      await check.checkElsewhere(never)
      await everything()
      await check.checkElsewhere(never)
      expect(kinds('dir', 'dir/a', 'dir/sub', 'dir/sub/b')).toEqual(['blocked', null, null, null])
    })
  })

  it.skipIf(hasNoPermissions)('looks into a directory again that could not be read', async () => {
    agree('dir/a')
    await everything()
    passTick(home)
    mkdirSync(join(root, 'new'))
    renameSync(join(root, 'dir/a'), join(root, 'new/a'))
    await asOrdinaryUser([home], async () => {
      const { chmodSync } = await import('node:fs')
      chmodSync(join(root, 'new'), 0)
      onTestFinished(() => chmodSync(join(root, 'new'), 0o755))
      await check.checkElsewhere(never)
      expect(kinds('dir/a', 'new', 'new/a')).toEqual(['absent', 'blocked', null])
      chmodSync(join(root, 'new'), 0o755)
      await check.checkElsewhere(never)
      expect(kinds('dir/a', 'new', 'new/a')).toEqual(['absent', null, 'copy'])
    })
  })

  it('looks everywhere for what is lost where nothing was listed before', async () => {
    agree('dir/a')
    write('dir/b')
    await check.checkElsewhere(never)
    expect(kinds('dir/a', 'dir/b')).toEqual([null, 'upload'])
  })

  it('says since when nothing can be under another name unknown to it, but of nothing that the root put in doubt', async () => {
    expect(check.listed.lookedAt).toBe(-Infinity)
    await everything()
    const first = check.listed.lookedAt
    expect(first).toBe(clock.uptime())
    clock.advance(5000)
    const { kind, identity } = rootVerdict() as Extract<RootVerdict, { kind: 'ok' }>
    rootVerdict = () => ({ kind: 'held', code: 'root_missing' })
    await check.checkElsewhere(never)
    expect(check.listed.lookedAt).toBe(first)
    rootVerdict = () => ({ kind, identity, isAnother: false })
    await check.checkElsewhere(never)
    expect(check.listed.lookedAt).toBe(clock.uptime())
  })
})
