/** A root, or a directory in it, that cannot be relied on hides nothing. */
import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MARKER_NAME } from '../../main/engine/scan/root-marker.ts'
import { openBench, type Bench } from '../support/test-bench.ts'
import { asOrdinaryUser, hasNoPermissions } from '../support/permissions.ts'
import { waitFor } from '../support/wait-for.ts'

let bench: Bench
let names: readonly string[]
beforeEach(async () => {
  bench = await openBench()
  for (const path of ['a', 'b', 'dir/one', 'dir/sub/two']) bench.write(path, path)
  await bench.begin()
  names = Object.keys(bench.remote())
  bench.emulator.clearCalls()
})
afterEach(() => bench.close())

const away = () => join(bench.home, 'away')

/** As `mv *` does it: the marker, whose name begins with a dot, stays. */
function moveFilesAway() {
  mkdirSync(away())
  for (const name of readdirSync(bench.root).filter((found) => found !== MARKER_NAME)) {
    renameSync(bench.path(name), join(away(), name))
  }
}

async function expectNothingHidden() {
  expect(Object.keys(bench.remote())).toEqual(names)
  expect(bench.hides()).toEqual([])
}

describe('a root that goes away', () => {
  it('holds the folder, hides nothing, and goes on when it is back', async () => {
    renameSync(bench.root, away())
    await bench.engine.api.checkNow({})
    expect(await bench.untilStatus('held')).toEqual({ kind: 'held', code: 'root_missing' })
    await expectNothingHidden()
    renameSync(away(), bench.root)
    bench.write('new', 'new')
    await bench.untilInSync()
    expect(bench.uploads()).toEqual(['new'])
  })

  it('is noticed without a hint', async () => {
    renameSync(bench.root, away())
    await bench.untilStatus('held')
    await expectNothingHidden()
  })

  it('is watched again after it was missing for longer than one look', async () => {
    renameSync(bench.root, away())
    await bench.untilStatus('held')
    const checks = bench.clock.now()
    await waitFor('several looks at the missing root', () => bench.clock.now() - checks > 16_000)
    renameSync(away(), bench.root)
    await bench.untilStatus('up-to-date')
    bench.write('noticed', 'by the watch')
    await bench.untilInSync()
    bench.write('dir/sub/noticed', 'by the watch')
    await bench.untilInSync()
  })

  it('is watched again after another directory took its place', async () => {
    renameSync(bench.root, away())
    mkdirSync(bench.root)
    for (const path of ['a', 'b', 'dir/one', 'dir/sub/two']) bench.write(path, `${path} restored`)
    expect(await bench.untilStatus('held')).toEqual({ kind: 'held', code: 'root_replaced' })
    await expectNothingHidden()
    await bench.engine.api.acceptRoot({ folderId: bench.folderId })
    await bench.untilInSync()
    bench.write('dir/noticed', 'by the watch')
    await bench.untilInSync()
  })

  it('is held from the start when it is missing then, and synced when it comes', async () => {
    await bench.stopEngine()
    renameSync(bench.root, away())
    bench.restartEngine()
    await bench.untilStatus('held')
    await expectNothingHidden()
    renameSync(away(), bench.root)
    await bench.untilStatus('up-to-date')
    bench.write('noticed', 'by the watch')
    await bench.untilInSync()
  })

  it('is held when a file took its place', async () => {
    renameSync(bench.root, away())
    bench.write('../root', 'a file')
    await bench.untilStatus('held')
    await expectNothingHidden()
    rmSync(bench.root)
    renameSync(away(), bench.root)
    await bench.untilInSync()
  })
})

describe('a root that is emptied', () => {
  it('holds the folder, hides nothing, and goes on when the files are back', async () => {
    moveFilesAway()
    expect(await bench.untilStatus('held')).toEqual({ kind: 'held', code: 'root_emptied' })
    expect(bench.problems()).toEqual([{ code: 'root_emptied', path: null, scope: 'folder' }])
    for (const name of readdirSync(away())) renameSync(join(away(), name), bench.path(name))
    await bench.untilInSync()
    await expectNothingHidden()
    bench.write('noticed', 'by the watch')
    await bench.untilInSync()
  })

  it('stays held while things without files come and go in it', async () => {
    moveFilesAway()
    await bench.untilStatus('held')
    const seen = new Set<string>()
    const end = bench.engine.subscribe(({ status }) => seen.add(status.kind))
    const start = bench.clock.now()
    for (let i = 0; bench.clock.now() - start < 12_000; i += 1) {
      mkdirSync(bench.path(`empty-${i}`))
      // The engine gets a turn each time.
      await new Promise(setImmediate)
      rmSync(bench.path(`empty-${i}`), { recursive: true })
    }
    end()
    expect([...seen].filter((kind) => kind !== 'held')).toEqual([])
    await expectNothingHidden()
  })

  it('is held also when that happened while the engine was stopped', async () => {
    await bench.stopEngine()
    rmSync(bench.root, { recursive: true })
    mkdirSync(bench.root)
    bench.write('.DS_Store', 'junk is no file')
    bench.restartEngine()
    await bench.untilStatus('held')
    await expectNothingHidden()
  })
})

describe.skipIf(hasNoPermissions)('a directory that may not be read', () => {
  it('hides nothing below it and says so, and recovers by itself', () =>
    asOrdinaryUser([bench.home], async () => {
      chmodSync(bench.path('dir'), 0)
      expect(await bench.untilStatus('problem')).toMatchObject({ code: 'directory_unreadable' })
      bench.write('rest', 'goes on')
      await waitFor('the rest', () => bench.remote()['rest'] !== undefined)
      expect(bench.hides()).toEqual([])
      chmodSync(bench.path('dir'), 0o755)
      await bench.untilInSync()
      expect(bench.hides()).toEqual([])
    }))
})
