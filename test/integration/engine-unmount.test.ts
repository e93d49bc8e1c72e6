/** Drives that are pulled out for real: whatever the engine is doing then, nothing that is on them is taken for deleted. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { StatusKind } from '../../shared/model/status.ts'
import { findFaults, NO_LOSSES, type Allowed } from '../crash/crash-checks.ts'
import type { Tree } from '../crash/crash-scenario.ts'
import { BUCKET, EVERYTHING, openCrashWorld, PREFIX, type CrashWorld } from '../crash/crash-world.ts'
import type { EngineProcess } from '../support/engine-process.ts'
import { canMake, makeImageDrive, makeMemoryDrive, remount, type Drive, type MakeDrive } from '../support/mounts.ts'
import { askRclone } from '../support/rclone-judge.ts'
import { waitFor } from '../support/wait-for.ts'

const IS_LONG = process.env['PAIL_TEST_LONG'] === '1'

const KINDS: readonly (readonly [name: string, makeDrive: MakeDrive])[] = [
  ['a drive in memory', makeMemoryDrive],
  ['a drive with ext4 that may come back as another device', makeImageDrive],
]

const SOME: Tree = { a: 'the first', b: 'the second', 'dir/c': 'the third', 'dir/sub/d': 'the fourth' }

const many = (count: number): Tree =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`d${i % 50}/file-${i}`, `content ${i}`]))

let world: CrashWorld
let engine: EngineProcess
let drive: Drive
let others: Drive[]

async function begin(makeDrive: MakeDrive, files: Tree): Promise<void> {
  others = []
  world = await openCrashWorld({
    settings: { deleteDelaySeconds: 2 },
    prepareRoot: (root, home) => {
      drive = makeDrive(root, home)
      drive.plugIn()
    },
  })
  world.change((disk) => disk.writeAll(files))
  engine = await world.startProcess()
  await world.setUp(engine.api)
  await world.untilSettled(engine.api, EVERYTHING)
}

async function end(): Promise<void> {
  await engine.kill()
  for (const other of others) other.discard()
  drive.discard()
  await world.close()
}

function anotherDrive(makeDrive: MakeDrive, mountPoint: string): Drive {
  const other = makeDrive(mountPoint, world.home)
  others.push(other)
  return other
}

const pullOut = (which: Drive = drive): void => {
  world.change(() => which.pullOut())
}

const plugIn = (which: Drive = drive): void => {
  world.change(() => which.plugIn())
}

async function untilStatus(kind: StatusKind): Promise<{ readonly kind: StatusKind; readonly code?: string | null }> {
  return waitFor(`status ${kind}`, async () => {
    const { status, problems } = await world.snapshotOf(engine.api)
    if (status.kind !== kind) throw new Error(JSON.stringify({ status, problems }))
    return status
  })
}

/** Nothing is done about a drive that is away: neither at once nor later. */
async function expectHeld(): Promise<void> {
  const { code } = await untilStatus('held')
  expect(['root_missing', 'root_replaced']).toContain(code)
  await engine.api.checkNow({})
  await world.untilPassed(60)
  expect(await untilStatus('held')).toMatchObject({ code })
}

const hidden = (): readonly string[] =>
  world.emulator.calls
    .filter(({ operation, status }) => operation === 'hide_file' && status === 200)
    .map(({ fileName = '' }) => fileName.slice(PREFIX.length))

/** Everything is in sync by itself, and nothing went wrong on the way. */
async function expectInSync(allowed: Partial<Allowed> = {}): Promise<void> {
  await world.untilSettled(engine.api, EVERYTHING)
  if (IS_LONG) {
    const { emulator, home, root } = world
    await askRclone({ account: emulator, scratch: home, root, bucketName: BUCKET, prefix: PREFIX })
  }
  await engine.stop()
  expect(findFaults(world, { ...NO_LOSSES, ...allowed })).toEqual([])
}

for (const [kind, makeDrive] of KINDS) {
  describe.runIf(canMake(makeDrive))(kind, () => {
    afterEach(end)

    describe('with some files', () => {
      beforeEach(() => begin(makeDrive, SOME))

      it('is pulled out while nothing is going on, and goes on by itself', async () => {
        pullOut()
        await expectHeld()
        plugIn()
        await untilStatus('up-to-date')
        world.change((disk) => disk.write('dir/noticed', 'by the watch'))
        await expectInSync()
      })

      it('is put back before anybody has looked, and its changes are noticed as before', async () => {
        pullOut()
        plugIn()
        await world.untilPassed(30)
        await untilStatus('up-to-date')
        world.change((disk) => disk.write('dir/noticed', 'by the watch'))
        await expectInSync()
      })

      it('is not there when Pail starts, and is synced when it comes', async () => {
        await engine.stop()
        pullOut()
        engine = await world.startProcess()
        await expectHeld()
        plugIn()
        world.change((disk) => disk.append('a', ', changed elsewhere'))
        await expectInSync()
      })

      it('is pulled out, loses a file at another machine, and only that one is hidden', async () => {
        pullOut()
        await untilStatus('held')
        plugIn()
        world.change((disk) => disk.remove('b'))
        await expectInSync({ hides: ['b'] })
      })

      it('is covered by another drive, of which nothing is sent', async () => {
        const other = anotherDrive(makeDrive, world.root)
        plugIn(other)
        world.change((disk) => disk.write('stranger', 'of the other drive'))
        expect(await untilStatus('held')).toMatchObject({ code: 'root_replaced' })
        await expectHeld()
        pullOut(other)
        await expectInSync({ uploads: Object.keys(SOME) })
      })

      it('can only be read for a while, which is no reason to hold anything', async () => {
        remount(world.root, 'ro')
        await engine.api.checkNow({})
        await world.untilPassed(60)
        await untilStatus('up-to-date')
        remount(world.root, 'rw')
        world.change((disk) => disk.write('more', 'written again'))
        await expectInSync()
      })
    })

    it('is pulled out in the middle of looks at it, at one moment after the other', async () => {
      const files = many(IS_LONG ? 4000 : 1500)
      await begin(makeDrive, files)
      const startedAt = performance.now()
      await engine.api.checkNow({})
      await untilStatus('up-to-date')
      const lookMs = performance.now() - startedAt
      const moments = IS_LONG ? 20 : 5
      for (let i = 0; i < moments; i += 1) {
        await engine.api.checkNow({})
        const pullAt = performance.now() + (lookMs * i) / moments
        await waitFor('a moment within the look', () => performance.now() >= pullAt)
        pullOut()
        await untilStatus('held')
        plugIn()
        await untilStatus('up-to-date')
      }
      await expectInSync()
    })

    it('is pulled out while deletions go out: those that were seen go on later, and no other file is hidden', async () => {
      await begin(makeDrive, many(700))
      const deleted = Object.keys(many(150))
      world.emulator.setLatency(40)
      world.change((disk) => {
        for (const path of deleted) disk.remove(path)
      })
      await waitFor('some of the deletions', () => hidden().length >= 20)
      drive.pullOut()
      // A hide that is under way was begun while the drive was there.
      await untilStatus('held')
      await waitFor('what was under way', async () => {
        const { transfers } = await world.snapshotOf(engine.api)
        return transfers.sending.length === 0 && world.emulator.inFlight === 0
      })
      world.witness.look()
      await expectHeld()
      expect(hidden().length).toBeLessThan(deleted.length)
      world.emulator.setLatency(0)
      plugIn()
      await expectInSync({ hides: deleted })
    })

    it('is pulled out of a directory of another: only that part waits for it', async () => {
      await begin(makeDrive, SOME)
      const nested = anotherDrive(makeDrive, join(world.root, 'photos'))
      mkdirSync(join(world.root, 'photos'))
      nested.plugIn()
      world.change((disk) => disk.writeAll({ 'photos/one': 'a picture', 'photos/two/three': 'another' }))
      // No system tells that something was mounted below a directory that is watched.
      await engine.api.checkNow({})
      await world.untilSettled(engine.api, EVERYTHING)
      pullOut(nested)
      world.change((disk) => {
        disk.remove('a')
        disk.write('dir/new', 'goes on')
      })
      await waitFor('the rest to go on', () => hidden().includes('a'))
      await engine.api.checkNow({})
      await world.untilPassed(60)
      const { problems } = await world.snapshotOf(engine.api)
      expect(problems.map(({ code }) => code)).toContain('drive_missing')
      plugIn(nested)
      await engine.api.checkNow({})
      await expectInSync({ hides: ['a'] })
    })
  })
}
