/** Whether B2 can be reached: found out by a free call where nothing else has shown it, and said with reason and time. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createScenarioClock } from '../support/scenario-clock.ts'
import { openBench, type Bench } from '../support/test-bench.ts'
import { waitFor } from '../support/wait-for.ts'

const MINUTE = 60_000

let bench: Bench
let clock: ReturnType<typeof createScenarioClock>
let network: string
/** How often the engine has looked at the network. */
let looks: number

beforeEach(async () => {
  clock = createScenarioClock(10)
  network = '192.0.2.1'
  looks = 0
  const readNetwork = () => {
    looks += 1
    return network
  }
  bench = await openBench({ clock, readNetwork })
  bench.write('a', 'a')
  await bench.begin()
  await waitFor('silence', () => bench.emulator.inFlight === 0)
  bench.emulator.clearCalls()
})
afterEach(() => bench.close())

const health = () => bench.engine.snapshot().health
const asked = () => bench.emulator.calls.map(({ operation }) => operation)

/** The engine has looked whether there is something to ask for since this was called. */
async function untilLooked(): Promise<void> {
  const from = looks
  // The first one may have been under way.
  await waitFor('two looks', () => looks >= from + 2)
}

describe('an engine that has nothing to do', () => {
  it('makes no call for five minutes, then one that is free, and none again', async () => {
    const startedAt = clock.now()
    clock.jump(4 * MINUTE)
    await untilLooked()
    expect([asked(), health().kind]).toEqual([[], 'online'])
    clock.jump(5 * MINUTE)
    await waitFor('the call', () => asked().length > 0)
    await untilLooked()
    expect(asked()).toEqual(['get_upload_url'])
    const now = health()
    expect(now.kind === 'online' && now.checkedAt).toBeGreaterThan(startedAt + 5 * MINUTE)
  })

  it('asks at once in another network', async () => {
    network = '198.51.100.7'
    await waitFor('the call', () => asked().length > 0)
    await untilLooked()
    expect(asked()).toEqual(['get_upload_url'])
  })

  it('makes no call while it is paused, nor without an account', async () => {
    await bench.engine.api.pause(undefined)
    clock.jump(10 * MINUTE)
    network = 'another'
    await untilLooked()
    expect(asked()).toEqual([])
    await bench.engine.api.resume(undefined)
    await waitFor('the call', () => asked().length > 0)
    await bench.engine.api.disconnectAccount(undefined)
    bench.emulator.clearCalls()
    clock.jump(10 * MINUTE)
    await untilLooked()
    expect([asked(), health()]).toEqual([[], { kind: 'unknown' }])
  })

  it('makes no call for folders that are all paused', async () => {
    await bench.engine.api.pause({ folderId: bench.folderId })
    clock.jump(10 * MINUTE)
    await untilLooked()
    expect(asked()).toEqual([])
  })

  it('makes none that the key may not make', async () => {
    const key = bench.emulator.createKey({ capabilities: ['listBuckets', 'listFiles', 'readFiles'] })
    await bench.connect(key)
    bench.emulator.clearCalls()
    clock.jump(10 * MINUTE)
    await untilLooked()
    expect(asked()).not.toContain('get_upload_url')
  })
})

describe('B2 out of reach', () => {
  it('is found out while nothing is to be sent, and is over by itself', async () => {
    await bench.emulator.setReachable(false)
    expect(health().kind).toBe('online')
    clock.jump(5 * MINUTE)
    const { health: found } = await bench.untilSnapshot(
      'it to be noticed',
      ({ health: { kind } }) => kind === 'unreachable',
    )
    expect(found).toMatchObject({ code: 'network_unreachable' })
    expect(found.kind === 'unreachable' && Math.abs(found.since - clock.now())).toBeLessThan(MINUTE)
    // All is in B2, and is known to be; only the way there is not.
    expect(bench.status()).toMatchObject({ kind: 'offline', files: 0 })
    await bench.emulator.setReachable(true)
    await bench.untilSnapshot('it to be over', ({ health: { kind } }) => kind === 'online')
    expect(bench.status().kind).toBe('up-to-date')
  })

  it('is asked about at once when the network is another one, however long the wait still is', async () => {
    await bench.emulator.setReachable(false)
    bench.write('b', 'b')
    await bench.untilStatus('offline')
    // The next try is 50 minutes away now.
    clock.jump(-50 * MINUTE)
    await bench.emulator.setReachable(true)
    await untilLooked()
    expect(bench.status().kind).toBe('offline')
    network = '198.51.100.7'
    await bench.untilInSync()
    expect(health().kind).toBe('online')
  })

  it('is said also where B2 answers, but only that it is in trouble', async () => {
    bench.emulator.failNext('*', { status: 503, code: 'service_unavailable', count: Infinity })
    clock.jump(5 * MINUTE)
    const { health: found, status } = await bench.untilSnapshot(
      'it to be noticed',
      (now) => now.health.kind === 'unreachable',
    )
    expect([found, status.kind]).toEqual([expect.objectContaining({ code: 'b2_service_error' }), 'up-to-date'])
    bench.emulator.clearFaults()
    bench.write('b', 'b')
    await bench.untilInSync()
    expect(health().kind).toBe('online')
  })
})
