/** What an ordinary user's engine may not read is not gone: nothing of it is hidden, it is told, and it heals by itself. */
import { execFileSync } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ErrorCode } from '../../shared/errors.ts'
import { findFaults, NO_LOSSES, type Allowed } from '../crash/crash-checks.ts'
import type { Tree } from '../crash/crash-scenario.ts'
import { BUCKET, EVERYTHING, openCrashWorld, PREFIX, type CrashWorld } from '../crash/crash-world.ts'
import type { EngineProcess } from '../support/engine-process.ts'
import { hasNoPermissions, NOBODY } from '../support/permissions.ts'
import { askRclone } from '../support/rclone-judge.ts'
import { waitFor } from '../support/wait-for.ts'

const IS_LONG = process.env['PAIL_TEST_LONG'] === '1'

const FILES = {
  a: 'the first',
  b: 'the second',
  'dir/c': 'the third',
  'dir/sub/d': 'the fourth',
  'dir/sub/e': 'the fifth',
}

const DIRECTORIES = Array.from({ length: 50 }, (_, i) => `d${i}`)

const many = (count: number): Tree =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`d${i % DIRECTORIES.length}/file-${i}`, `content ${i}`]))

/** Root may read everything, so the engine gives its rights up. */
const as = process.geteuid?.() === 0 ? { uid: NOBODY } : {}

let world: CrashWorld
let engine: EngineProcess

async function start(): Promise<void> {
  engine = await world.startProcess(as)
}

beforeEach(async () => {
  world = await openCrashWorld({ settings: { deleteDelaySeconds: 2 } })
  world.change((disk) => disk.writeAll(FILES))
  if (as.uid !== undefined) execFileSync('chown', ['-R', `${as.uid}:${as.uid}`, world.home])
  await start()
  await world.setUp(engine.api)
  await world.untilSettled(engine.api, EVERYTHING)
})
afterEach(async () => {
  await engine.kill()
  await world.close()
})

function setMode(path: string, mode: number): void {
  world.change((disk) => chmodSync(disk.path(path), mode))
}

function setModes(paths: readonly string[], mode: number): void {
  world.change((disk) => {
    for (const path of paths) chmodSync(disk.path(path), mode)
  })
}

/** Brings more files into the folder and the bucket. */
async function add(files: Tree): Promise<void> {
  world.change((disk) => disk.writeAll(files))
  await world.untilSettled(engine.api, EVERYTHING)
}

async function untilUpToDate(): Promise<void> {
  await waitFor('everything to be in sync', async () => {
    const { status, problems } = await world.snapshotOf(engine.api)
    if (status.kind !== 'up-to-date') throw new Error(JSON.stringify({ status, problems }))
    return true
  })
}

async function untilProblem(codes: ErrorCode | readonly ErrorCode[], path: string | null): Promise<void> {
  await waitFor(`a problem at ${path}`, async () => {
    const { problems } = await world.snapshotOf(engine.api)
    if (problems.some((problem) => codes.includes(problem.code) && isAt(problem.path, path))) return true
    throw new Error(JSON.stringify(problems))
  })
}

async function untilUnreadable(): Promise<void> {
  await waitFor('directories that may not be read', async () => {
    const { problems } = await world.snapshotOf(engine.api)
    return problems.some(({ code }) => code === 'directory_unreadable')
  })
}

/** At the path or below it. */
function isAt(path: string | null, place: string | null): boolean {
  return path === place || (place !== null && path?.startsWith(`${place}/`) === true)
}

const hidden = (): readonly string[] =>
  world.emulator.calls
    .filter(({ operation, status }) => operation === 'hide_file' && status === 200)
    .map(({ fileName = '' }) => fileName.slice(PREFIX.length))

/** Is in sync without being asked for it, and nothing went wrong on the way. */
async function expectHealed(allowed: Partial<Allowed> = {}): Promise<void> {
  await world.untilSettled(engine.api, EVERYTHING)
  expect((await world.snapshotOf(engine.api)).problems).toEqual([])
  if (IS_LONG) {
    const { emulator, home, root } = world
    await askRclone({ account: emulator, scratch: home, root, bucketName: BUCKET, prefix: PREFIX })
  }
  await engine.stop()
  expect(findFaults(world, { ...NO_LOSSES, ...allowed })).toEqual([])
}

describe.skipIf(hasNoPermissions)('an engine without rights', () => {
  it.each([
    ['read', 0o311],
    ['search', 0o644],
    ['read or search', 0],
  ])('hides nothing below a directory that it may not %s, and goes on elsewhere', async (_what, mode) => {
    setMode('dir/sub', mode)
    await untilProblem(['directory_unreadable', 'file_unreadable'], 'dir/sub')
    world.change((disk) => {
      disk.remove('a')
      disk.write('dir/new', 'written beside it')
    })
    await waitFor('the rest', () => hidden().includes('a'))
    await world.untilPassed(60)
    expect(hidden()).toEqual(['a'])
    setMode('dir/sub', 0o755)
    await expectHealed({ hides: ['a'] })
  })

  it('learns only afterwards what was deleted in a directory that it may not read', async () => {
    setMode('dir', 0)
    await untilProblem('directory_unreadable', 'dir')
    world.change((disk) => {
      disk.remove('dir/sub/d')
      disk.write('dir/c', 'changed unseen')
    })
    await engine.api.checkNow({})
    await world.untilPassed(60)
    expect(hidden()).toEqual([])
    setMode('dir', 0o755)
    await expectHealed({ hides: ['dir/sub/d'] })
  })

  it('is killed and started while a directory may not be read', async () => {
    setMode('dir', 0)
    await untilProblem('directory_unreadable', 'dir')
    await engine.kill()
    await start()
    await untilProblem('directory_unreadable', 'dir')
    await world.untilPassed(60)
    expect(hidden()).toEqual([])
    setMode('dir', 0o755)
    await expectHealed()
  })

  it('may not read directories from the middle of looks at them on, at one moment after the other', async () => {
    await add(many(IS_LONG ? 4000 : 1500))
    const startedAt = performance.now()
    await engine.api.checkNow({})
    await untilUpToDate()
    const lookMs = performance.now() - startedAt
    const moments = IS_LONG ? 20 : 5
    for (let i = 0; i < moments; i += 1) {
      await engine.api.checkNow({})
      const closeAt = performance.now() + (lookMs * i) / moments
      await waitFor('a moment within the look', () => performance.now() >= closeAt)
      setModes(DIRECTORIES, 0)
      await untilUnreadable()
      await world.untilPassed(10)
      setModes(DIRECTORIES, 0o755)
      await untilUpToDate()
    }
    await expectHealed()
  })

  it('may not read directories any more while deletions in them go out: they wait, and no other file is hidden', async () => {
    await add(many(700))
    const deleted = Object.keys(many(150))
    world.emulator.setLatency(40)
    world.change((disk) => {
      for (const path of deleted) disk.remove(path)
    })
    await waitFor('some of the deletions', () => hidden().length >= 20)
    setModes(DIRECTORIES, 0)
    await waitFor('what was under way', async () => {
      const { transfers } = await world.snapshotOf(engine.api)
      return transfers.sending.length === 0 && world.emulator.inFlight === 0
    })
    const before = hidden()
    expect(before.length).toBeLessThan(deleted.length)
    await engine.api.checkNow({})
    await untilUnreadable()
    await world.untilPassed(60)
    expect(hidden()).toEqual(before)
    world.emulator.setLatency(0)
    setModes(DIRECTORIES, 0o755)
    await expectHealed({ hides: deleted })
  })

  it('sends a changed file that it may not read when it may', async () => {
    world.change((disk) => {
      disk.write('b', 'the second, for others')
      chmodSync(disk.path('b'), 0)
    })
    await untilProblem('file_unreadable', 'b')
    setMode('b', 0o644)
    await expectHealed()
  })

  it('holds a folder whose root it may not read', async () => {
    setMode('', 0)
    await untilProblem('root_unreadable', null)
    await world.untilPassed(60)
    expect(hidden()).toEqual([])
    setMode('', 0o755)
    await expectHealed()
  })
})
