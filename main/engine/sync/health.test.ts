import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { ErrorCode } from '../../../shared/errors.ts'
import type { UnixMs } from '../../../shared/ids.ts'
import { startB2Bench, type B2Bench } from '../../../test/support/b2-bench.ts'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import type { B2Client } from '../b2/client.ts'
import { HealthWatch } from './health.ts'

const LOOK = 10_000
const MINUTE = 60_000
const never = new AbortController().signal

let bench: B2Bench
let b2: B2Client
let clock: FakeClock
let health: HealthWatch
let network: string
let hold: { readonly code: ErrorCode; readonly since: UnixMs } | null
let bucket: string | null
let told: string[]

beforeEach(async () => {
  bench = await startB2Bench()
  clock = new FakeClock()
  network = '192.0.2.1'
  hold = null
  bucket = bench.bucketId
  told = []
  health = new HealthWatch({
    clock,
    readNetwork: () => network,
    hold: () => hold,
    bucket: () => bucket,
    ask: () => told.push('ask'),
    hurry: () => told.push('hurry'),
    onChange: () => told.push('change'),
  })
  b2 = bench.connect({ onAnswered: () => health.answered() })
  onTestFinished(async () => {
    await health.stop()
    await bench.close()
  })
})

/** Lets the watch look once, after so many milliseconds. */
async function pass(ms = LOOK): Promise<void> {
  clock.advance(ms)
  const looked = clock.sleeps.length + 1
  await expect.poll(() => clock.sleeps.length).toBe(looked)
}
async function start(): Promise<void> {
  await b2.account()
  health.start()
  await expect.poll(() => clock.sleeping).toBe(1)
  told = []
}
const pings = () => bench.countOf('get_upload_url')
const check = () => health.check(b2, never)

describe('the watch', () => {
  it('knows nothing before B2 has answered, and then since when', async () => {
    expect(health.state).toEqual({ kind: 'unknown' })
    await b2.account()
    expect([health.state, told]).toEqual([{ kind: 'online', checkedAt: clock.now() }, ['change']])
  })

  it('asks when nothing has shown for five minutes that B2 is there, and not before', async () => {
    await start()
    for (let looks = 0; looks < 29; looks += 1) await pass()
    expect(told).toEqual([])
    await pass()
    expect(told).toEqual(['ask'])
  })

  it('takes any call that succeeds for proof', async () => {
    await start()
    await pass(4 * MINUTE)
    await b2.listBuckets()
    await pass(4 * MINUTE)
    expect(told).toEqual([])
    await pass(MINUTE)
    expect(told).toEqual(['ask'])
  })

  it('does not take for proof what is from another time, once the clock was set back', async () => {
    await b2.account()
    clock.advance(-10 * MINUTE)
    await check()
    expect(pings()).toBe(1)
  })

  it('asks at once in another network, and once', async () => {
    await start()
    network = '192.0.2.2'
    await pass()
    expect(told).toEqual(['ask'])
    await check()
    await check()
    expect(pings()).toBe(1)
  })

  it('asks nothing while there is nothing to ask for', async () => {
    await start()
    bucket = null
    await pass(10 * MINUTE)
    network = ''
    await pass()
    await check()
    expect([told, pings()]).toEqual([[], 0])
  })

  it('hurries what waits for B2 when the network is another one', async () => {
    await start()
    hold = { code: 'network_unreachable', since: clock.now() }
    bucket = null
    await pass()
    expect(told).toEqual([])
    network = '192.0.2.2'
    await pass()
    expect(told).toEqual(['hurry'])
  })
})

describe('a check', () => {
  it('makes one free call, and none where something else has shown it meanwhile', async () => {
    await start()
    clock.advance(5 * MINUTE)
    await check()
    await check()
    expect([pings(), health.state]).toEqual([1, { kind: 'online', checkedAt: clock.now() }])
  })

  it('that finds nobody says so until something succeeds, and since when', async () => {
    await start()
    clock.advance(5 * MINUTE)
    const since = clock.now()
    await bench.emulator.setReachable(false)
    for (const _ of ['once', 'again']) {
      await expect(check()).rejects.toMatchObject({ code: 'network_unreachable' })
      clock.advance(MINUTE)
    }
    expect(health.state).toEqual({ kind: 'unreachable', code: 'network_unreachable', since })
    await bench.emulator.setReachable(true)
    await b2.listBuckets()
    expect(health.state).toEqual({ kind: 'online', checkedAt: clock.now() })
  })

  it('takes B2 for unreachable while it is in trouble itself', async () => {
    await start()
    clock.advance(5 * MINUTE)
    bench.emulator.failNext('get_upload_url', { status: 503, code: 'service_unavailable', count: 6 })
    await expect(check()).rejects.toMatchObject({ code: 'b2_service_error' })
    expect(health.state).toMatchObject({ kind: 'unreachable', code: 'b2_service_error' })
  })

  it('takes a refusal for an answer, and leaves what is only about the bucket to whoever needs that', async () => {
    await start()
    clock.advance(5 * MINUTE)
    bench.emulator.failNext('get_upload_url', { status: 403, code: 'storage_cap_exceeded' })
    await check()
    expect(health.state).toEqual({ kind: 'online', checkedAt: clock.now() })
    clock.advance(5 * MINUTE)
    bench.emulator.deleteBucket('pail-test')
    await check()
    expect(health.state).toEqual({ kind: 'online', checkedAt: clock.now() })
    clock.advance(5 * MINUTE)
    bench.emulator.revokeKey(bench.emulator.applicationKeyId)
    await expect(check()).rejects.toMatchObject({ code: 'key_rejected' })
    expect(health.state).toEqual({ kind: 'online', checkedAt: clock.now() })
  })
})

describe('what is said', () => {
  it('is the older of two signs of one trouble', async () => {
    await start()
    hold = { code: 'key_rejected', since: 1 as UnixMs }
    expect(health.state.kind).toBe('online')
    hold = { code: 'proxy_refused', since: clock.now() }
    expect(health.state).toEqual({ kind: 'unreachable', ...hold })
    hold = null
    clock.advance(5 * MINUTE)
    const since = clock.now()
    await bench.emulator.setReachable(false)
    await expect(check()).rejects.toThrow()
    clock.advance(MINUTE)
    hold = { code: 'not_a_b2_service', since: clock.now() }
    expect(health.state).toEqual({ kind: 'unreachable', code: 'not_a_b2_service', since })
  })
})
