/** What was begun is overtaken: by a person who decides otherwise, or by files that come back. */
import { cpSync, renameSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, it, onTestFinished } from 'vitest'
import type { AbsolutePath } from '../../shared/ids.ts'
import type { DeletionPolicy, FolderSettingsChange } from '../../shared/model/folder.ts'
import { createB2Client } from '../../main/engine/b2/client.ts'
import { systemClock } from '../../main/engine/lib/clock.ts'
import { inPieces } from '../support/b2-bench.ts'
import { BUCKET, bucketIdOf, openBench, type Bench } from '../support/test-bench.ts'
import { waitFor } from '../support/wait-for.ts'

let bench: Bench

beforeEach(async () => {
  bench = await openBench({ prefix: 'p/' })
  onTestFinished(() => bench.close())
})

const set = (settings: FolderSettingsChange, confirmation?: string) =>
  bench.engine.api.updateFolder({ folderId: bench.folderId, settings, confirmation })
const names = () => Object.keys(bench.remote())
const untilNames = (...expected: readonly string[]) =>
  waitFor(`${expected.join()} in the bucket`, () => names().join() === expected.join())
const away = () => join(bench.home, 'away')

async function untilPlanned(wanted: string): Promise<void> {
  await waitFor('the plan', async () => (await bench.rows()).waiting.some(({ kind }) => kind === wanted))
}

async function begin(...paths: readonly string[]): Promise<void> {
  for (const path of paths) bench.write(path, path)
  await bench.begin()
  await set({ deleteDelaySeconds: 1 })
}

it.each<DeletionPolicy>([{ kind: 'hide' }, { kind: 'delete' }])(
  'a file that was to go by policy $kind stays once the policy is to keep everything',
  async (deletionPolicy) => {
    await begin('a', 'b')
    await set({ deletionPolicy }, BUCKET)
    await bench.engine.api.pause(undefined)
    bench.remove('a')
    await untilPlanned(deletionPolicy.kind)
    await set({ deletionPolicy: { kind: 'keep' } })
    await bench.engine.api.resume(undefined)
    await bench.untilStatus('up-to-date')
    expect(names()).toEqual(['a', 'b'])
  },
)

it('a folder that goes on at another prefix while it is listed is sent there', async () => {
  await begin('a')
  bench.emulator.setLatency(1000)
  await bench.engine.api.checkNow({ folderId: bench.folderId })
  await waitFor('a call under way', () => bench.emulator.inFlight >= 1)
  await bench.engine.api.changePrefix({ folderId: bench.folderId, prefix: 'q' })
  bench.emulator.setLatency(0)
  await waitFor('the file at the new prefix', () => bench.emulator.listVisible(BUCKET, 'q/').length === 1)
  await bench.untilStatus('up-to-date')
})

it.each(['a pause', 'a restart'])(
  'a file that is back after a hide whose answer was lost in %s is in the bucket again',
  async (reason) => {
    await begin('d/a', 'b')
    bench.emulator.failNext('hide_file', { kind: 'stall-after' })
    renameSync(bench.path('d'), away())
    await untilNames('b')
    if (reason === 'a pause') await bench.engine.api.pause(undefined)
    else await bench.stopEngine()
    renameSync(away(), bench.path('d'))
    if (reason === 'a pause') await bench.engine.api.resume(undefined)
    else bench.restartEngine()
    await bench.untilInSync()
    expect(names()).toEqual(['b', 'd/a'])
  },
)

it('what was being sent when the root was moved is sent from the new place', async () => {
  await begin('x')
  bench.emulator.setLatency(20_000)
  for (let i = 0; i < 30; i += 1) bench.write(`f${i}`, `${i}`)
  await waitFor('uploads under way', () => bench.emulator.inFlight >= 4)
  const root = join(bench.home, 'other') as AbsolutePath
  cpSync(bench.root, root, { recursive: true, preserveTimestamps: true })
  await bench.engine.api.moveFolder({ folderId: bench.folderId, root })
  bench.emulator.setLatency(0)
  await bench.untilInSync(root)
})

it('a directory that is deleted and ignored at once stays in the bucket', async () => {
  await begin('build/a', 'b')
  await bench.stopEngine()
  bench.remove('build')
  bench.write('.pailignore', 'build/\n')
  bench.restartEngine()
  await bench.untilStatus('up-to-date')
  expect(names()).toEqual(['.pailignore', 'b', 'build/a'])
})

it('a file that is deleted while it is being sent is hidden', async () => {
  await begin('a', 'b')
  await set({ deleteDelaySeconds: 30 })
  bench.emulator.setLatency(1000)
  bench.write('a', 'changed')
  await waitFor('the upload', () => bench.engine.snapshot().transfers.sending.length === 1)
  await waitFor('the call', () => bench.emulator.inFlight >= 1)
  bench.remove('a')
  await waitFor('both versions', () => bench.uploads().length === 3)
  bench.emulator.setLatency(0)
  await untilNames('b')
})

it('a loss that cannot be looked at a second time is none after a restart', async () => {
  await begin('d/a', 'd/b')
  await set({ deleteDelaySeconds: 60 })
  bench.remove('d/a')
  await bench.untilStatus('waiting')
  await bench.stopEngine()
  renameSync(bench.path('d'), away())
  symlinkSync(away(), bench.path('d'))
  bench.restartEngine()
  await bench.untilStatus('up-to-date')
  expect(names()).toEqual(['d/a', 'd/b'])
})

it('rules that cannot be read at a start keep everything from being sent', async () => {
  bench.write('.pailignore', 'secret\n')
  await begin('a')
  await bench.stopEngine()
  bench.write('secret', 'secret')
  renameSync(bench.path('.pailignore'), away())
  bench.write('.pailignore/in-the-way', 'a folder is no file of rules')
  bench.write('b', 'b')
  bench.restartEngine()
  expect(await bench.untilStatus('held')).toEqual({ kind: 'held', code: 'ignore_rules_unreadable' })
  expect(names()).toEqual(['.pailignore', 'a'])
  bench.remove('.pailignore')
  renameSync(away(), bench.path('.pailignore'))
  await untilNames('.pailignore', 'a', 'b')
})

it('a version that somebody else wrote is hidden with its name, and not deleted', async () => {
  await begin('a', 'b')
  await set({ deletionPolicy: { kind: 'delete' } }, BUCKET)
  await bench.engine.api.pause(undefined)
  bench.remove('a')
  await untilPlanned('delete')
  // The bucket was listed in this run, so nothing tells Pail of it.
  await writeRemotely('p/a', 'by another program')
  await bench.engine.api.resume(undefined)
  await untilNames('b')
  await bench.untilStatus('up-to-date')
  const versions = bench.emulator.fileVersions(BUCKET).filter(({ fileName }) => fileName === 'p/a')
  expect(versions.map(({ action }) => action)).toEqual(['hide', 'upload', 'upload'])
})

/** What another program does with the same bucket. */
async function writeRemotely(fileName: string, content: string): Promise<void> {
  const { realm, applicationKeyId, applicationKey } = bench.emulator
  const b2 = createB2Client({ realm, applicationKeyId, applicationKey, clock: systemClock, random: Math.random })
  try {
    const body = Buffer.from(content)
    await b2.uploadFile({
      bucketId: bucketIdOf(bench.emulator, BUCKET),
      fileName,
      contentLength: body.length,
      srcLastModifiedMillis: 0,
      makeBody: () => inPieces(body),
    })
  } finally {
    await b2.close()
  }
}
