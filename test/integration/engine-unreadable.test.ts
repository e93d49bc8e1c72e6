/** What an ordinary user's engine may not read is not gone: nothing of it is hidden, it is told, and it heals by itself. */
import { execFileSync } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ErrorCode } from '../../shared/errors.ts'
import { findFaults, NO_LOSSES, type Allowed } from '../crash/crash-checks.ts'
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

/** Root may read everything, so the engine gives its rights up. */
const as = process.geteuid?.() === 0 ? { uid: NOBODY } : {}

let world: CrashWorld
let engine: EngineProcess

async function start(): Promise<void> {
  engine = await world.startProcess(as)
}

beforeEach(async () => {
  world = await openCrashWorld({ settings: { deleteDelaySeconds: 2 } })
  world.disk.writeAll(FILES)
  world.witness.look()
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
  chmodSync(world.disk.path(path), mode)
  world.witness.look()
}

async function untilProblem(codes: ErrorCode | readonly ErrorCode[], path: string | null): Promise<void> {
  await waitFor(`a problem at ${path}`, async () => {
    const { problems } = await engine.api.getSnapshot(undefined)
    if (problems.some((problem) => codes.includes(problem.code) && isAt(problem.path, path))) return true
    throw new Error(JSON.stringify(problems))
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
  expect((await engine.api.getSnapshot(undefined)).problems).toEqual([])
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
    world.disk.remove('a')
    world.disk.write('dir/new', 'written beside it')
    world.witness.look()
    await waitFor('the rest', () => hidden().includes('a'))
    await world.untilPassed(60)
    expect(hidden()).toEqual(['a'])
    setMode('dir/sub', 0o755)
    await expectHealed({ hides: ['a'] })
  })

  it('learns only afterwards what was deleted in a directory that it may not read', async () => {
    setMode('dir', 0)
    await untilProblem('directory_unreadable', 'dir')
    world.disk.remove('dir/sub/d')
    world.disk.write('dir/c', 'changed unseen')
    world.witness.look()
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

  it('sends a changed file that it may not read when it may', async () => {
    world.disk.write('b', 'the second, for others')
    setMode('b', 0)
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
