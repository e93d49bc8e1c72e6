/** What the engine makes of a world that changed behind its back: in the bucket, at the account, on the disk, in time. */
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { UnixMs } from '../../shared/ids.ts'
import type { Clock } from '../../main/engine/lib/clock.ts'
import { createWorkedClock } from '../support/worked-clock.ts'
import { openBench, type Bench } from '../support/test-bench.ts'
import { waitFor } from '../support/wait-for.ts'

let bench: Bench

afterEach(async () => {
  await bench.close()
})

/** A clock that a test can set back or ahead while everything runs. */
function settableClock(): Clock & { shiftMs: number } {
  const inner = createWorkedClock(10)
  return {
    shiftMs: 0,
    now() {
      return (inner.now() + this.shiftMs) as UnixMs
    },
    uptime: () => inner.uptime(),
    sleep: (waitMs, signal) => inner.sleep(waitMs, signal),
  }
}

describe('a file that somebody else took out of the bucket', () => {
  it('is sent again when a person has both sides looked at', async () => {
    bench = await openBench()
    for (const name of ['kept', 'taken', 'deep/er/taken']) bench.write(name, name)
    await bench.begin()
    await bench.stopEngine()
    const api = await authorize()
    for (const fileName of ['taken', 'deep/er/taken']) {
      const bucketId = bench.emulator.buckets[0]?.bucketId
      await post(`${api.apiUrl}/b2api/v4/b2_hide_file`, api.token, { bucketId, fileName })
    }
    bench.emulator.clearCalls()
    // The look at the disk ends long before the look at the bucket.
    bench.emulator.setLatency(300)
    bench.restartEngine()
    await bench.engine.api.checkNow({})
    await bench.untilInSync()
    expect(bench.uploads().toSorted()).toEqual(['deep/er/taken', 'taken'])
  })
})

describe('an account that B2 blocks for a while', () => {
  it('recovers by itself, or at once when a person asks', async () => {
    bench = await openBench()
    bench.write('a', 'a')
    await bench.begin()
    await bench.stopEngine()
    bench.write('b', 'b')
    bench.emulator.failNext('authorize_account', { status: 401, code: 'email_not_verified' })
    bench.restartEngine()
    expect(await bench.untilStatus('problem')).toMatchObject({ code: 'account_blocked' })
    await bench.engine.api.checkNow({})
    await bench.untilInSync()
  })
})

describe('a bucket that may not be listed for a while', () => {
  it('is asked again at once when a person wants it, also where no file waits', async () => {
    bench = await openBench()
    bench.write('a', 'a')
    await bench.begin()
    await bench.stopEngine()
    bench.emulator.failNext('list_file_names', { status: 401, code: 'unauthorized' })
    bench.emulator.clearCalls()
    bench.restartEngine()
    await bench.engine.api.checkNow({})
    expect(await bench.untilStatus('problem')).toMatchObject({ code: 'bucket_not_allowed' })
    await bench.engine.api.checkNow({})
    await bench.untilInSync()
    // Asked twice in all: nobody else was still trying.
    expect(bench.emulator.calls.filter(({ operation }) => operation === 'list_file_names')).toHaveLength(2)
  })
})

describe('a bucket that is being looked at', () => {
  it('is looked at once more when a person asks in the meantime', async () => {
    bench = await openBench()
    bench.write('a', 'a')
    await bench.begin()
    bench.emulator.failNext('list_unfinished_large_files', { kind: 'slow', bytesPerSecond: 50 })
    bench.emulator.clearCalls()
    const listings = () => bench.emulator.calls.filter(({ operation }) => operation === 'list_file_names').length
    await bench.engine.api.checkNow({})
    await waitFor('the names to be listed', () => listings() === 1 && bench.emulator.inFlight === 1)
    await bench.engine.api.checkNow({})
    await bench.untilInSync()
    expect(listings()).toBe(2)
  })
})

describe('a storage cap', () => {
  it('is asked about once, not once for every other job', async () => {
    bench = await openBench()
    // Fewer than the safety gate would ask about.
    for (let index = 0; index < 300; index += 1) bench.write(`f${index}`, String(index))
    await bench.begin()
    await bench.engine.api.pause(undefined)
    for (let index = 0; index < 60; index += 1) bench.remove(`f${index}`)
    bench.write('new', 'new')
    await bench.untilSnapshot('all planned', ({ transfers }) => transfers.waitingCount === 61)
    bench.emulator.failNext('upload_file', { status: 403, code: 'storage_cap_exceeded', count: 1000 })
    bench.emulator.failNext('get_upload_url', { status: 403, code: 'storage_cap_exceeded', count: 1000 })
    bench.emulator.clearCalls()
    await bench.engine.api.resume(undefined)
    await bench.untilStatus('problem')
    // Long enough for the storm that must not come: sixty hides take a fraction of it.
    const heldAt = bench.clock.now()
    await waitFor('some seconds', () => bench.clock.now() - heldAt > 10_000)
    const refused = bench.emulator.calls.filter(({ status }) => status === 403).length
    expect(refused).toBeLessThanOrEqual(3)
  })
})

describe('a clock that is set back', () => {
  it('delays nothing: neither snapshots, nor files, nor what waits for another try', async () => {
    const clock = settableClock()
    bench = await openBench({ clock })
    bench.write('before', 'x')
    await bench.begin()
    clock.shiftMs = -10 * 86_400_000
    const pushed: number[] = []
    bench.engine.subscribe(({ folders }) => pushed.push(folders[0]?.syncedFiles ?? 0))
    bench.write('after', 'y')
    await bench.untilInSync()
    await waitFor('a snapshot that tells of it', () => pushed.at(-1) === 2)
  })
})

describe('a name that is no UTF-8', () => {
  it('is a problem as soon as it appears, and stays one when the file is written to', async () => {
    bench = await openBench()
    bench.write('sub/good', 'x')
    await bench.begin()
    const bad = Buffer.concat([Buffer.from(join(bench.root, 'sub/bad-')), Buffer.from([0xff])])
    writeFileSync(bad, 'x')
    expect(await bench.untilStatus('problem')).toMatchObject({ code: 'name_not_allowed', problems: 1 })
    writeFileSync(bad, 'xx')
    bench.write('sub/good', 'changed')
    await waitFor('the change in the bucket', async () => (await bench.remoteText('sub/good')) === 'changed')
    expect(await bench.untilStatus('problem')).toMatchObject({ code: 'name_not_allowed', problems: 1 })
  })
})

describe('a file with a name that B2 refuses', () => {
  it('is no problem any more when its folder is deleted, or it was renamed while Pail was off', async () => {
    bench = await openBench()
    bench.write('keep', 'x')
    bench.write('dir/bell\u0007', 'x')
    await bench.connect()
    bench.engine.start()
    await bench.addFolder()
    await bench.untilStatus('problem')
    bench.remove('dir')
    await bench.untilInSync()
    bench.write('ring\u0007', 'y')
    await bench.untilStatus('problem')
    await bench.stopEngine()
    renameSync(bench.path('ring\u0007'), bench.path('ring'))
    bench.restartEngine()
    await bench.untilInSync()
  })
})

describe('a root that goes away while a file is still being written', () => {
  it('is held, and is not taken for up to date in between', async () => {
    bench = await openBench()
    bench.write('a', 'a')
    await bench.begin()
    const seen: string[] = []
    bench.engine.subscribe(({ status }) => seen.push(status.kind))
    bench.write('moving', 'm')
    renameSync(bench.root, `${bench.root}-away`)
    await bench.untilStatus('held')
    seen.length = 0
    const lookedAt = bench.clock.now()
    await waitFor('some rounds of looking', () => bench.clock.now() - lookedAt > 12_000)
    expect(seen.filter((kind) => kind === 'up-to-date')).toEqual([])
    expect(bench.status().kind).toBe('held')
    renameSync(`${bench.root}-away`, bench.root)
    await bench.untilInSync()
    expect(bench.hides()).toEqual([])
  })
})

async function authorize(): Promise<{ apiUrl: string; token: string }> {
  const { realm, applicationKeyId, applicationKey } = bench.emulator
  const credentials = Buffer.from(`${applicationKeyId}:${applicationKey}`).toString('base64')
  const answer = await fetch(`${realm}/b2api/v4/b2_authorize_account`, {
    headers: { Authorization: `Basic ${credentials}` },
  })
  const body = (await answer.json()) as { authorizationToken: string; apiInfo: { storageApi: { apiUrl: string } } }
  return { apiUrl: body.apiInfo.storageApi.apiUrl, token: body.authorizationToken }
}

async function post(url: string, token: string, body: object): Promise<void> {
  const answer = await fetch(url, { method: 'POST', headers: { Authorization: token }, body: JSON.stringify(body) })
  expect(answer.status, await answer.text()).toBe(200)
}
