/** Things go wrong with the network, the account, the keychain or the disk: nothing is lost, and it goes on by itself. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EngineError } from '../../shared/errors.ts'
import { createKeychainStore } from '../../main/engine/credentials/keychain-store.ts'
import { createMemoryStore } from '../../main/engine/credentials/memory-store.ts'
import type { SecretStore } from '../../main/engine/credentials/secret-store.ts'
import { systemClock } from '../../main/engine/lib/clock.ts'
import { BUCKET, bucketIdOf, openBench, remoteTree, writeFile, type Bench } from '../support/test-bench.ts'
import { waitFor } from '../support/wait-for.ts'

let bench: Bench
afterEach(() => bench.close())

const CAPABILITIES = ['listBuckets', 'listFiles', 'readFiles', 'writeFiles']

describe('a limit for the line', () => {
  it('holds for what the engine sends, and its end too, at once', async () => {
    const size = 400_000
    bench = await openBench()
    bench.write('first', randomBytes(size))
    await bench.connect()
    await bench.engine.api.setBandwidth({ up: 20_000, down: null, rules: [] })
    bench.engine.start()
    const startedAt = bench.clock.now()
    await bench.addFolder()
    await bench.untilInSync()
    // The limit itself makes it take so long, however fast or slow the machine is.
    expect(bench.clock.now() - startedAt).toBeGreaterThan((0.9 * size) / 20)
    await bench.engine.api.setBandwidth({ up: 10_000, down: null, rules: [] })
    bench.write('second', randomBytes(100 * size))
    await bench.untilSnapshot('the second file to be under way', ({ transfers }) => transfers.sending.length === 1)
    await bench.engine.api.setBandwidth({ up: null, down: null, rules: [] })
    await bench.untilInSync()
  })
})

describe('a file that has grown since it was planned', () => {
  it('is never shown as sent beyond its size', async () => {
    bench = await openBench()
    await bench.begin()
    await bench.engine.api.pause(undefined)
    bench.write('growing', 'small')
    await bench.untilSnapshot('it to be planned', ({ transfers }) => transfers.waitingCount === 1)
    await bench.engine.api.setBandwidth({ up: 100_000, down: null, rules: [] })
    bench.write('growing', randomBytes(5_000_000))
    await bench.engine.api.resume(undefined)
    const { transfers } = await bench.untilSnapshot('some of it to be sent', (snapshot) =>
      snapshot.transfers.sending.some(({ sentBytes }) => sentBytes > 'small'.length),
    )
    for (const { sentBytes, sizeBytes } of transfers.sending) expect(sentBytes).toBeLessThanOrEqual(sizeBytes)
    await bench.engine.api.setBandwidth({ up: null, down: null, rules: [] })
    await bench.untilInSync()
  })
})

describe('pausing', () => {
  beforeEach(async () => {
    bench = await openBench()
    bench.write('a', 'a')
    await bench.begin()
  })

  it('breaks off uploads, also over a restart, and resuming sends everything', async () => {
    bench.emulator.setLatency(20_000)
    for (let i = 0; i < 30; i += 1) bench.write(`f${i}`, `${i}`)
    await waitFor('uploads under way', () => bench.emulator.inFlight >= 4)
    await bench.engine.api.pause(undefined)
    // Not waited for: none of them was answered.
    expect(bench.uploads()).toEqual(['a'])
    expect(bench.status()).toMatchObject({ kind: 'paused' })
    await waitFor('silence', () => bench.emulator.inFlight === 0)
    bench.emulator.setLatency(0)
    bench.emulator.clearCalls()
    await bench.stopEngine()
    bench.restartEngine()
    await bench.untilSnapshot('all files to be known', ({ transfers }) => transfers.waitingCount === 30)
    expect(bench.status()).toEqual({ kind: 'paused', files: 30, until: null })
    expect(bench.uploads()).toEqual([])
    await bench.engine.api.resume(undefined)
    await bench.untilInSync()
  })
})

describe('without a connection', () => {
  beforeEach(async () => {
    bench = await openBench()
    bench.write('a', 'a')
    await bench.begin()
  })

  it('says offline, loses nothing, and goes on by itself', async () => {
    await bench.emulator.setReachable(false)
    bench.write('b', 'b')
    bench.write('a', 'changed')
    const status = await bench.untilStatus('offline')
    expect(status).toMatchObject({ files: 2 })
    expect(bench.problems()).toEqual([])
    bench.write('c', 'c')
    await bench.untilSnapshot('the third file to wait', ({ transfers }) => transfers.waitingCount === 3)
    await bench.emulator.setReachable(true)
    await bench.untilInSync()
    expect(bench.engine.snapshot().transfers.waitingCount).toBe(0)
  })

  it('is offline after a start without a network, and up to date when it is back', async () => {
    await bench.stopEngine()
    await bench.emulator.setReachable(false)
    bench.restartEngine()
    await bench.untilStatus('offline')
    await bench.emulator.setReachable(true)
    await bench.untilInSync()
  })

  it('forgets being offline when the one file that waited is deleted', async () => {
    await bench.emulator.setReachable(false)
    bench.write('b', 'b')
    await bench.untilStatus('offline')
    bench.remove('b')
    await bench.emulator.setReachable(true)
    await bench.untilInSync()
  })
})

describe('the account', () => {
  beforeEach(async () => {
    bench = await openBench()
    bench.write('a', 'a')
  })

  it('is signed in again when tokens have expired', async () => {
    await bench.begin()
    bench.emulator.expireTokens()
    bench.write('b', 'b')
    await bench.untilInSync()
    bench.emulator.expireTokens('upload')
    bench.write('c', 'c')
    await bench.untilInSync()
  })

  it('is a problem when the key is revoked, and works again with another key', async () => {
    const key = bench.emulator.createKey({ capabilities: CAPABILITIES })
    await bench.connect(key)
    bench.engine.start()
    await bench.addFolder()
    await bench.untilInSync()
    bench.emulator.revokeKey(key.applicationKeyId)
    bench.write('b', 'b')
    expect(await bench.untilStatus('problem')).toMatchObject({ code: 'key_rejected' })
    await bench.connect()
    await bench.untilInSync()
    expect(await bench.secrets.list()).toEqual([bench.emulator.applicationKeyId])
  })

  it('names the capability that a key lacks', async () => {
    const key = bench.emulator.createKey({ capabilities: ['listBuckets', 'listFiles', 'readFiles'] })
    const { missingCapabilities } = await bench.connect(key)
    expect(missingCapabilities).toEqual(['writeFiles'])
    bench.engine.start()
    await bench.addFolder()
    expect(await bench.untilStatus('problem')).toMatchObject({ code: 'capability_missing' })
    expect(bench.engine.snapshot().problems[0]?.details).toMatchObject({ capability: 'writeFiles' })
  })

  it('may be limited to one bucket and a prefix in it', async () => {
    await bench.close()
    bench = await openBench({ prefix: 'mine/' })
    bench.write('a', 'a')
    bench.emulator.createBucket('other-bucket')
    const bucketIds = [bucketIdOf(bench.emulator, BUCKET)]
    const key = bench.emulator.createKey({ capabilities: CAPABILITIES, bucketIds, namePrefix: 'mine/' })
    await bench.connect(key)
    expect((await bench.engine.api.listBuckets(undefined)).map(({ bucketName }) => bucketName)).toEqual([BUCKET])
    bench.engine.start()
    await bench.addFolder()
    await bench.untilInSync()
  })

  it('may not use a place outside its prefix', async () => {
    const key = bench.emulator.createKey({
      capabilities: CAPABILITIES,
      namePrefix: 'mine/',
      bucketIds: [bucketIdOf(bench.emulator, BUCKET)],
    })
    await bench.connect(key)
    bench.engine.start()
    await bench.addFolder()
    expect(await bench.untilStatus('problem')).toMatchObject({ code: 'bucket_not_allowed' })
  })

  it('refuses a wrong key without changing anything', async () => {
    const wrong = { ...bench.emulator, applicationKey: 'wrong' }
    await expect(bench.connect(wrong)).rejects.toMatchObject({ code: 'key_rejected' })
    expect(bench.engine.snapshot().account).toEqual({ kind: 'none' })
    expect(await bench.secrets.list()).toEqual([])
    await bench.begin()
    await expect(bench.connect(wrong)).rejects.toMatchObject({ code: 'key_rejected' })
    bench.write('b', 'b')
    await bench.untilInSync()
  })

  it('waits after it is disconnected, and the keychain is empty', async () => {
    await bench.begin()
    await bench.engine.api.disconnectAccount(undefined)
    expect(await bench.secrets.list()).toEqual([])
    bench.write('b', 'b')
    expect(bench.status()).toEqual({ kind: 'not-set-up', missing: 'account' })
    bench.emulator.clearCalls()
    await bench.untilSnapshot('the change to be known', ({ transfers }) => transfers.waitingCount === 1)
    expect(bench.emulator.calls).toEqual([])
    await bench.connect()
    await bench.untilInSync()
  })

  it('waits when a cap is reached and sends the file later', async () => {
    await bench.begin()
    bench.emulator.failNext('upload_file', { status: 403, code: 'cap_exceeded' })
    bench.write('b', 'b')
    expect(await bench.untilStatus('problem')).toMatchObject({ code: 'storage_cap_exceeded' })
    await bench.engine.api.checkNow({})
    await bench.untilInSync()
  })
})

describe('one folder of two', () => {
  beforeEach(async () => {
    bench = await openBench()
    bench.write('a', 'a')
    await bench.begin()
  })

  it('goes on while the bucket of the other is gone', async () => {
    const second = join(bench.home, 'second')
    writeFile(join(second, 'x'), 'x')
    bench.emulator.createBucket('second-bucket')
    await bench.addFolder(second, '', 'second-bucket')
    await waitFor('the second folder', () => remoteTree(bench.emulator, 'second-bucket')['x'] !== undefined)
    bench.emulator.deleteBucket('second-bucket')
    writeFile(join(second, 'y'), 'y')
    expect(await bench.untilStatus('problem')).toMatchObject({ code: 'bucket_missing' })
    bench.write('b', 'b')
    await waitFor('the first folder to go on', () => bench.remote()['b'] !== undefined)
    const kinds = () => bench.engine.snapshot().folders.map(({ status }) => status.kind)
    await waitFor('one status each', () => kinds()[0] === 'up-to-date' && kinds()[1] === 'problem')
  })

  it('goes on while the root of the other is missing', async () => {
    const second = join(bench.home, 'second')
    writeFile(join(second, 'x'), 'x')
    bench.emulator.createBucket('second-bucket')
    await bench.addFolder(second, '', 'second-bucket')
    await waitFor('the second folder', () => remoteTree(bench.emulator, 'second-bucket')['x'] !== undefined)
    rmSync(second, { recursive: true })
    await bench.engine.api.checkNow({})
    await bench.untilStatus('held')
    bench.write('b', 'b')
    await waitFor('the first folder to go on', () => bench.remote()['b'] !== undefined)
    expect(Object.keys(remoteTree(bench.emulator, 'second-bucket'))).toEqual(['x'])
  })

  it('may not overlap with the other, on disk or in the bucket', async () => {
    mkdirSync(bench.path('below'))
    bench.emulator.createBucket('second-bucket')
    for (const path of [bench.path('below'), bench.home, bench.root, bench.dataFolder]) {
      const attempt = bench.addFolder(path, '', 'second-bucket')
      await expect(attempt).rejects.toMatchObject({ code: 'folder_overlaps' })
    }
    mkdirSync(join(bench.home, 'apart'))
    const apart = bench.addFolder(join(bench.home, 'apart'), 'some/prefix', BUCKET)
    await expect(apart).rejects.toMatchObject({ code: 'folder_overlaps' })
  })
})

describe('a folder that holds the data folder', () => {
  it('comes to rest, and the data folder is not in the bucket', async () => {
    bench = await openBench()
    await bench.connect()
    await bench.stopEngine()
    const outer = join(bench.home, 'outer')
    mkdirSync(outer)
    renameSync(bench.dataFolder, join(outer, 'data'))
    symlinkSync(join(outer, 'data'), bench.dataFolder)
    writeFile(join(outer, 'x'), 'x')
    bench.restartEngine()
    await bench.connect()
    await bench.addFolder(outer)
    await bench.untilStatus('up-to-date')
    writeFile(join(outer, 'y'), 'y')
    await waitFor('the second file', () => bench.remote()['y'] !== undefined)
    await bench.untilStatus('up-to-date')
    expect(Object.keys(bench.remote())).toEqual(['x', 'y'])
  })
})

describe('names', () => {
  it('that B2 refuses are a problem each, and the rest is sent', async () => {
    bench = await openBench()
    for (const name of ['good', 'bell\u0007', 'x'.repeat(251)]) bench.write(name, 'x')
    await bench.connect()
    bench.engine.start()
    await bench.addFolder()
    const { problems } = await bench.untilSnapshot('both problems', ({ problemCount }) => problemCount === 2)
    expect(problems.map(({ path, details }) => [path, details['reason']]).toSorted()).toEqual([
      ['bell\u0007', "it contains the control character U+0007 at place 5 of the file's name"],
      ['x'.repeat(251), 'one of its parts has 251 bytes in UTF-8, more than 250'],
    ])
    await waitFor('the rest', () => bench.remote()['good'] !== undefined)
    expect(Object.keys(bench.remote())).toEqual(['good'])
    expect(await bench.untilStatus('problem')).toEqual({ kind: 'problem', problems: 2, code: 'name_not_allowed' })
    bench.remove('bell\u0007')
    bench.remove('x'.repeat(251))
    await bench.untilInSync()
  })

  it('that are not UTF-8 are a problem, and the rest is sent', async () => {
    bench = await openBench()
    bench.write('good', 'x')
    writeFileSync(Buffer.concat([Buffer.from(`${bench.root}/bad-`), Buffer.from([0xff, 0xfe])]), 'x')
    await bench.connect()
    bench.engine.start()
    await bench.addFolder()
    await waitFor('the rest', () => bench.remote()['good'] !== undefined)
    expect(await bench.untilStatus('problem')).toMatchObject({ code: 'name_not_allowed', problems: 1 })
    expect(Object.keys(bench.remote())).toEqual(['good'])
  })
})

describe('a keychain that is locked', () => {
  it('is waited for, and everything goes on when it is open', async () => {
    const inner = createMemoryStore()
    let isLocked = false
    const guard = <T>(question: () => Promise<T>): Promise<T> =>
      isLocked ? Promise.reject(new EngineError('keychain_unavailable', 'locked')) : question()
    const secrets: SecretStore = {
      list: () => guard(() => inner.list()),
      get: (id) => guard(() => inner.get(id)),
      set: (id, key) => guard(() => inner.set(id, key)),
      delete: (id) => guard(() => inner.delete(id)),
    }
    bench = await openBench({ secrets })
    bench.write('a', 'a')
    isLocked = true
    await expect(bench.connect()).rejects.toMatchObject({ code: 'keychain_unavailable' })
    expect(bench.engine.snapshot().account).toEqual({ kind: 'none' })
    isLocked = false
    await bench.begin()
    await bench.stopEngine()
    isLocked = true
    bench.write('b', 'b')
    bench.restartEngine()
    expect(await bench.untilStatus('waiting')).toMatchObject({ code: 'keychain_unavailable', files: 1 })
    expect(bench.engine.snapshot().account).toMatchObject({ kind: 'waiting', code: 'keychain_unavailable' })
    isLocked = false
    await bench.untilInSync()
  })

  it('does not keep the engine from pausing and stopping while it asks for a password', async () => {
    const inner = createMemoryStore()
    let isAsking = false
    const never = new Promise<never>(() => undefined)
    bench = await openBench({ secrets: { ...inner, get: (id) => (isAsking ? never : inner.get(id)) } })
    bench.write('a', 'a')
    await bench.begin()
    await bench.stopEngine()
    isAsking = true
    bench.write('b', 'b')
    bench.restartEngine()
    await bench.untilSnapshot('an attempt', ({ transfers }) => transfers.waitingCount + transfers.sending.length > 0)
    // Either would wait for ever if it waited for the answer.
    await bench.engine.api.pause(undefined)
    await bench.stopEngine()
    isAsking = false
    bench.restartEngine()
    await bench.engine.api.resume(undefined)
    await bench.untilInSync()
  })

  it.runIf(process.platform === 'linux')('is told apart from a key that is not there, with the real one', async () => {
    bench = await openBench()
    const earlier = process.env['DBUS_SESSION_BUS_ADDRESS']
    process.env['DBUS_SESSION_BUS_ADDRESS'] = `unix:path=${join(bench.home, 'no-bus')}`
    try {
      const keychain = createKeychainStore(systemClock)
      const questions = [
        () => keychain.list(),
        () => keychain.get('id'),
        () => keychain.set('id', 'key'),
        () => keychain.delete('id'),
      ]
      for (const question of questions) {
        await expect(question()).rejects.toMatchObject({ code: 'keychain_unavailable' })
      }
    } finally {
      if (earlier === undefined) delete process.env['DBUS_SESSION_BUS_ADDRESS']
      else process.env['DBUS_SESSION_BUS_ADDRESS'] = earlier
    }
  })
})
