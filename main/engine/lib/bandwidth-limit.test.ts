/** In virtual time, so that a busy machine changes nothing. A failure names its seed; `PAIL_TEST_SEED=N` plays it again. */
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../test/b2-emulator/random.ts'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import { BandwidthLimit, withinLimit } from './bandwidth-limit.ts'

const seed = Number(process.env['PAIL_TEST_SEED'] ?? Date.now() % 2 ** 31)
const never = new AbortController().signal
const turn = () => new Promise(setImmediate)

type Given = { readonly at: number; readonly bytes: number; readonly stream: number }

/** Streams that always want more, and a record of what each was given when. */
function setUp(bytesPerSecond: number | null, streams: number) {
  const clock = new FakeClock({ startMs: 0 })
  const limit = new BandwidthLimit(clock, bytesPerSecond)
  const given: Given[] = []
  const aborts = Array.from({ length: streams }, () => new AbortController())
  const ends = aborts.map(async ({ signal }, stream) => {
    for (;;) {
      const bytes = await limit.take(1_000_000, signal)
      given.push({ at: clock.now(), bytes, stream })
      // A stream takes a moment to come back, as a socket does.
      await turn()
    }
  })
  const settled = Promise.allSettled(ends)
  return {
    clock,
    limit,
    given,
    aborts,
    settled,
    /** Lets the time pass in steps; a long one is a process that was busy while its timers were due. */
    async pass(ms: number, step: () => number = () => 1) {
      const until = clock.now() + ms
      while (clock.now() < until) {
        clock.advance(Math.min(step(), until - clock.now()))
        // What was given, the stream's own turn, and its next wish.
        for (let i = 0; i < 3; i += 1) await turn()
      }
    },
    async end() {
      for (const abort of aborts) abort.abort()
      await settled
    },
  }
}

const sum = (given: readonly Given[]) => given.reduce((total, { bytes }) => total + bytes, 0)

/** The most and the fewest bytes that were given within this time, wherever it began. */
function extremes(given: readonly Given[], windowMs: number, endMs: number): { most: number; fewest: number } {
  let most = 0
  let fewest = Infinity
  let first = 0
  let bytes = 0
  for (const last of given) {
    bytes += last.bytes
    while ((given[first]?.at ?? last.at) <= last.at - windowMs) bytes -= given[first++]?.bytes ?? 0
    most = Math.max(most, bytes)
    // The fewest are in a window that ends right before something is given.
    if (last.at >= windowMs) fewest = Math.min(fewest, bytes - last.bytes)
  }
  expect(given.at(-1)?.at).toBeGreaterThan(endMs - windowMs)
  return { most, fewest }
}

describe('BandwidthLimit', () => {
  it.each([
    [10_000, 1],
    [10_000, 30],
    [500_000, 8],
    [2_000_000, 1],
    [2_000_000, 64],
    [40_000_000, 20],
  ])('gives %i bytes a second to %i streams, within 2 % of any ten seconds', async (bytesPerSecond, streams) => {
    const bench = setUp(bytesPerSecond, streams)
    await bench.pass(25_000)
    const { most, fewest } = extremes(bench.given, 10_000, 25_000)
    expect(most).toBeLessThanOrEqual(10 * bytesPerSecond * 1.02)
    expect(fewest).toBeGreaterThanOrEqual(10 * bytesPerSecond * 0.98)
    await bench.end()
  })

  it(`keeps to it while timers come up to 80 ms late, seed ${seed}`, async () => {
    const random = seededRandom(seed)
    const bench = setUp(1_000_000, 10)
    await bench.pass(60_000, () => 1 + Math.floor(random() * 80))
    const { most, fewest } = extremes(bench.given, 10_000, 60_000)
    expect(most).toBeLessThanOrEqual(10_500_000)
    expect(fewest).toBeGreaterThanOrEqual(9_500_000)
    await bench.end()
  })

  it('is never above the limit on a machine that is busy for seconds', async () => {
    const bench = setUp(1_000_000, 10)
    await bench.pass(60_000, () => 1_500)
    const { most } = extremes(bench.given, 10_000, 60_000)
    expect(most).toBeLessThanOrEqual(10_500_000)
    await bench.end()
  })

  it('is smooth: no pause and no burst that anybody would notice', async () => {
    const bench = setUp(1_000_000, 8)
    await bench.pass(5_000)
    const times = bench.given.map(({ at }) => at)
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0))
    expect(Math.max(...gaps)).toBeLessThanOrEqual(20)
    expect(Math.max(...bench.given.map(({ bytes }) => bytes))).toBeLessThanOrEqual(20_000)
    expect(extremes(bench.given.slice(10), 100, 5_000).most).toBeLessThanOrEqual(120_000)
    await bench.end()
  })

  it('makes up for a rest with a tenth of a second at most', async () => {
    const bench = setUp(1_000_000, 0)
    await bench.pass(60_000, () => 60_000)
    let bytes = 0
    const taking = async () => {
      for (;;) bytes += await bench.limit.take(1_000_000, abort.signal)
    }
    const abort = new AbortController()
    const ended = taking().catch(() => undefined)
    await turn()
    expect(bytes).toBeLessThanOrEqual(120_000)
    abort.abort()
    await ended
  })

  it('gives every stream its share, also one that comes later', async () => {
    const bench = setUp(500_000, 5)
    await bench.pass(10_000)
    const shares = [0, 1, 2, 3, 4].map((stream) => sum(bench.given.filter((given) => given.stream === stream)))
    expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(10_000)
    let late = 0
    const joins = async () => {
      for (;;) late += await bench.limit.take(1_000_000, bench.aborts[0]?.signal ?? never)
    }
    const joined = joins().catch(() => undefined)
    await bench.pass(6_000)
    expect(Math.abs(late - 500_000)).toBeLessThanOrEqual(20_000)
    await bench.end()
    await joined
  })

  it('changes at once, also for those that wait', async () => {
    const bench = setUp(10_000, 50)
    await bench.pass(10_000)
    const before = sum(bench.given)
    expect(before).toBeLessThanOrEqual(105_000)
    bench.limit.set(10_000_000)
    expect(bench.limit.bytesPerSecond).toBe(10_000_000)
    await bench.pass(1_000)
    const after = sum(bench.given) - before
    expect(after).toBeGreaterThanOrEqual(9_500_000)
    expect(after).toBeLessThanOrEqual(11_200_000)
    bench.limit.set(10_000)
    await bench.pass(10_000)
    const slow = sum(bench.given) - before - after
    expect(slow).toBeGreaterThanOrEqual(95_000)
    expect(slow).toBeLessThanOrEqual(105_000)
    await bench.end()
  })

  it('lets all go when it is lifted, and holds them when it comes back', async () => {
    const clock = new FakeClock()
    const limit = new BandwidthLimit(clock, 10_000)
    const waiting = Array.from({ length: 20 }, () => limit.take(1_000_000, never))
    limit.set(null)
    expect((await Promise.all(waiting)).filter((bytes) => bytes === 1_000_000)).toHaveLength(18)
    limit.set(20_000)
    expect(await limit.take(1_000_000, never)).toBe(1_000)
  })

  it('rejects with the reason of a signal, and who leaves owes nothing', async () => {
    const bench = setUp(100_000, 101)
    await bench.pass(1_000)
    const [first, ...others] = bench.aborts
    const reason = new Error('enough')
    for (const abort of others) abort.abort(reason)
    const before = sum(bench.given)
    await bench.pass(10_000)
    const { given } = bench
    expect(sum(given) - before).toBeGreaterThanOrEqual(980_000)
    expect(new Set(given.filter(({ at }) => at > 1_000).map(({ stream }) => stream))).toEqual(new Set([0]))
    first?.abort(reason)
    expect(await bench.settled).toEqual(Array.from({ length: 101 }, () => ({ status: 'rejected', reason })))
    await expect(bench.limit.take(1, AbortSignal.abort(reason))).rejects.toBe(reason)
  })

  it('sleeps only while somebody waits', async () => {
    const bench = setUp(100_000, 3)
    await bench.pass(1_000)
    await bench.end()
    await bench.pass(100)
    expect(bench.clock.sleeping).toBe(0)
  })
})

describe('withinLimit', () => {
  async function* pieces(...chunks: readonly Buffer[]) {
    yield* chunks
  }
  const read = async (chunks: AsyncIterable<Uint8Array>) => {
    const all: Uint8Array[] = []
    for await (const chunk of chunks) all.push(chunk)
    return all
  }

  it('leaves chunks as they are without a limit', async () => {
    const clock = new FakeClock()
    const chunks = [Buffer.alloc(1_000_000), Buffer.alloc(3)]
    const out = await read(withinLimit(pieces(...chunks), new BandwidthLimit(clock), never))
    expect(out).toHaveLength(2)
    expect(out[0]).toBe(chunks[0])
    expect(clock.sleeps).toEqual([])
  })

  it('cuts them into slices and loses nothing', async () => {
    const clock = new FakeClock({ skipsSleeps: true })
    const startMs = clock.now()
    const content = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251))
    const chunks = pieces(
      content.subarray(0, 1),
      Buffer.alloc(0),
      content.subarray(1, 250_000),
      content.subarray(250_000),
    )
    const out = await read(withinLimit(chunks, new BandwidthLimit(clock, 100_000), never))
    expect(Buffer.concat(out).equals(content)).toBe(true)
    expect(Math.max(...out.map((slice) => slice.length))).toBe(2_000)
    expect(clock.now() - startMs).toBeGreaterThan(2_800)
    expect(clock.now() - startMs).toBeLessThan(3_000)
  })

  it('takes up a limit in the middle of a chunk when one comes', async () => {
    const clock = new FakeClock({ skipsSleeps: true })
    const limit = new BandwidthLimit(clock, 100_000)
    const slices = withinLimit(pieces(Buffer.alloc(100_000), Buffer.alloc(100_000)), limit, never)
    const next = async () => ((await slices.next()).value as Uint8Array | undefined)?.length
    expect(await next()).toBe(2_000)
    limit.set(null)
    expect(await next()).toBe(98_000)
    limit.set(1_000_000)
    expect(await next()).toBe(20_000)
  })
})
