import { describe, expect, it } from 'vitest'
import {
  busyProcessor,
  farLink,
  sharedLine,
  VirtualTime,
  type LinkModel,
} from '../../../test/support/simulated-link.ts'
import { Tuner, type TunerOptions } from './tuner.ts'

const SMALL: TunerOptions = { most: 128, endBytes: 256 * 1024, roundMs: 500, isMemoryShort: () => false }
const PARTS: TunerOptions = { ...SMALL, most: 32, endBytes: 0, roundMs: 2000 }

/** A transfer reports its bytes as they go out: so many at once, and of a large one in so many steps. */
const SLICE = 256 * 1024
const MOST_SLICES = 40

const MBIT = 125_000 / 1000

/** Numbers from 0 to 1, the same for the same seed. */
function drawn(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

type Play = {
  readonly link: LinkModel
  /** The bytes of the next transfer; null when there is nothing to do. */
  readonly size: (now: number) => number | null
  readonly tuner: Tuner
  /** So many at once, whatever the tuner says. */
  readonly fixed?: number
  /** Something that happens meanwhile. */
  readonly happens?: { readonly at: number; readonly what: () => void }
}

/** Transfers for so long, milliseconds: the bytes that were sent, and every limit there was with the time since when. */
function play({ link, size, tuner, fixed, happens }: Play, ms: number) {
  const time = new VirtualTime()
  let inUse = 0
  let bytes = 0
  let files = 0
  const limits = [{ since: 0, limit: tuner.limit }]
  const note = (): void => {
    if (tuner.limit !== limits.at(-1)?.limit) limits.push({ since: time.now, limit: tuner.limit })
  }
  const fill = (): void => {
    note()
    while (inUse < (fixed ?? tuner.limit)) {
      const sizeBytes = size(time.now)
      if (sizeBytes === null) return
      inUse += 1
      const begun = time.now
      const end = link(begun, sizeBytes, inUse)
      const slices = Math.min(MOST_SLICES, Math.ceil(sizeBytes / SLICE))
      for (let slice = 1; slice <= slices; slice += 1) {
        time.at(begun + ((end - begun) * slice) / slices, () => tuner.moved(time.now, sizeBytes / slices, inUse))
      }
      time.at(end, () => {
        tuner.ended(time.now, time.now - begun, inUse)
        inUse -= 1
        bytes += sizeBytes
        files += 1
        fill()
      })
    }
  }
  if (happens !== undefined) time.at(happens.at, happens.what)
  // Where all had nothing to do somebody has to look again.
  for (let at = 0; at < ms; at += 100) time.at(at, fill)
  time.runUntil(ms)
  return { bytes, files, limits, limitAt: (at: number) => limits.findLast(({ since }) => since <= at)?.limit ?? 0 }
}

/** What the best of all fixed numbers sends in the same time. */
function bestFixed(make: () => Omit<Play, 'tuner'>, options: TunerOptions, ms: number): number {
  const numbers = [1, 2, 4, 6, 8, 10, 12, 16, 24, 32, 48, 64, 96, 128].filter((fixed) => fixed <= options.most)
  return Math.max(...numbers.map((fixed) => play({ ...make(), tuner: new Tuner(options), fixed }, ms).bytes))
}

const between = (least: number, most: number, random: () => number) => () => least + random() * (most - least)

/** Files of 1 to 20 KB, and one in twenty of up to 20 MB. */
function mixed(random: () => number): () => number {
  return () => (random() < 0.05 ? 20e6 * random() : 20e3 * random())
}

/** What links and files are like, for which the tuner has no more than 30 seconds to find the right number, and how near it has to come. */
const worlds: readonly [string, () => Omit<Play, 'tuner'>, readonly [number, number]][] = [
  [
    'a far link where nobody is in anybody’s way',
    () => ({ link: farLink(60, 50 * MBIT), size: between(1000, 20_000, drawn(1)) }),
    [120, 128],
  ],
  [
    'a link around the world',
    () => ({ link: farLink(250, 50 * MBIT), size: between(1000, 20_000, drawn(2)) }),
    [120, 128],
  ],
  [
    'a home line with small files',
    () => ({ link: sharedLine(30, 20 * MBIT), size: between(1000, 20_000, drawn(3)) }),
    [4, 16],
  ],
  ['a home line with photos', () => ({ link: sharedLine(30, 100 * MBIT), size: between(1e6, 9e6, drawn(4)) }), [1, 16]],
  [
    'a far and fat line for all together',
    () => ({ link: sharedLine(60, 1000 * MBIT), size: between(10_000, 1_000_000, drawn(5)) }),
    [13, 32],
  ],
  ['a far link with files of all sizes', () => ({ link: farLink(60, 50 * MBIT), size: mixed(drawn(6)) }), [80, 128]],
  [
    'a server next door and a fast processor',
    () => ({ link: busyProcessor(2, 1, drawn(7)), size: between(1000, 20_000, drawn(8)) }),
    [4, 16],
  ],
  [
    'a server next door and a slow processor',
    () => ({ link: busyProcessor(3, 4, drawn(9)), size: between(1000, 20_000, drawn(10)) }),
    [4, 16],
  ],
  [
    'a server in the same country and a fast processor',
    () => ({ link: busyProcessor(20, 1, drawn(11)), size: between(1000, 20_000, drawn(12)) }),
    [13, 32],
  ],
]

describe('Tuner', () => {
  it.each(worlds)('sends about as much as the best fixed number on %s, and stays there', (_, make, [least, most]) => {
    const tuned = play({ ...make(), tuner: new Tuner(SMALL) }, 30_000)
    expect(tuned.bytes).toBeGreaterThan(0.9 * bestFixed(make, SMALL, 30_000))
    // Tries of a round aside: from one rest to the next.
    const rested = tuned.limits
      .map(({ since, limit }, i) => ({ since, limit, lasted: (tuned.limits[i + 1]?.since ?? 30_000) - since }))
      .filter(({ since, lasted }) => since + lasted > 15_000 && lasted > 2000)
    for (const { limit } of rested) expect([limit >= least, limit <= most, limit]).toEqual([true, true, limit])
    expect(rested.length).toBeGreaterThan(0)
  })

  it('begins with what everybody bears, and finds the large number on a far link within two seconds', () => {
    const { link, size } = { link: farLink(60, 50 * MBIT), size: between(1000, 20_000, drawn(1)) }
    const { limits } = play({ link, size, tuner: new Tuner(SMALL) }, 5000)
    expect(limits.map(({ limit }) => limit)).toEqual([8, 16, 32, 64, 128])
    expect(limits.at(-1)?.since).toBeLessThan(2000)
  })

  it('is not kept from that by a moment in which the machine does something else', () => {
    const far = farLink(60, 50 * MBIT)
    // All that is under way when the limit is 32 for the first time waits for a quarter of a second.
    const link: LinkModel = (now, bytes, inUse) => Math.max(far(now, bytes, inUse), now > 750 && now < 1000 ? 1000 : 0)
    const { limitAt } = play({ link, size: between(1000, 20_000, drawn(1)), tuner: new Tuner(SMALL) }, 5000)
    expect([limitAt(900), limitAt(3000)]).toEqual([32, 128])
  })

  it.each<[string, () => LinkModel]>([
    ['each connection has its own speed', () => farLink(60, 50 * MBIT)],
    ['all share one line', () => sharedLine(60, 400 * MBIT)],
  ])('finds out from the bytes of parts, whose ends are rare, where %s', (_, link) => {
    const make = () => ({ link: link(), size: () => 100e6 })
    const tuned = play({ ...make(), tuner: new Tuner(PARTS) }, 120_000)
    expect(tuned.bytes).toBeGreaterThan(0.85 * bestFixed(make, PARTS, 120_000))
  })

  it('learns nothing where there was not enough to do', () => {
    let given = 0
    const size = (now: number): number | null => (given * 100 < now ? (given += 1) && 10_000 : null)
    const { limits } = play({ link: farLink(60, 50 * MBIT), size, tuner: new Tuner(SMALL) }, 60_000)
    expect(limits.map(({ limit }) => limit)).toEqual([8])
  })

  it('steps back once for all that are turned away together, and comes back', () => {
    const tuner = new Tuner(SMALL)
    const what = (): void => {
      for (let i = 0; i < 128; i += 1) tuner.refused(10_000, 1000)
    }
    const link = farLink(60, 50 * MBIT)
    const { limitAt } = play(
      { link, size: between(1000, 20_000, drawn(1)), tuner, happens: { at: 10_000, what } },
      40_000,
    )
    expect([limitAt(9999), limitAt(10_100)]).toEqual([128, 89])
    expect(limitAt(40_000)).toBe(128)
  })

  it('does not take a single busy storage pod for a reason', () => {
    const tuner = new Tuner(SMALL)
    const happens = { at: 10_000, what: () => tuner.refused(10_000, 0) }
    const link = farLink(60, 50 * MBIT)
    const { limitAt } = play({ link, size: between(1000, 20_000, drawn(1)), tuner, happens }, 11_000)
    expect(limitAt(11_000)).toBe(128)
  })

  it('goes down to one when B2 turns away what it can, and never below', () => {
    const tuner = new Tuner(SMALL)
    for (let at = 0; at < 60_000; at += 500) for (let i = 0; i < 5; i += 1) tuner.refused(at, 0)
    expect(tuner.limit).toBe(1)
  })

  it('steps back while memory is short, but not to a standstill, and climbs again after that', () => {
    let isShort = false
    const tuner = new Tuner({ ...SMALL, isMemoryShort: () => isShort })
    const size = (now: number): number => {
      isShort = now > 10_000 && now < 20_000
      return 10_000
    }
    const { limitAt } = play({ link: farLink(60, 50 * MBIT), size, tuner }, 60_000)
    expect([limitAt(9999), limitAt(19_999), limitAt(60_000)]).toEqual([128, 4, 128])
  })

  it('follows when the link becomes another one', () => {
    const far = farLink(60, 50 * MBIT)
    const shared = sharedLine(10, 20 * MBIT)
    const link: LinkModel = (now, bytes, inUse) => (now < 15_000 ? far : shared)(now, bytes, inUse)
    const { limitAt } = play({ link, size: between(1000, 20_000, drawn(13)), tuner: new Tuner(SMALL) }, 120_000)
    expect(limitAt(14_999)).toBe(128)
    expect(limitAt(120_000)).toBeLessThan(64 / 2)
  })

  it('goes no higher than a person allows, at once, and on from there when more is allowed', () => {
    const tuner = new Tuner(SMALL)
    tuner.allow(3)
    expect(tuner.limit).toBe(3)
    const link = farLink(60, 50 * MBIT)
    const size = between(1000, 20_000, drawn(1))
    const happens = { at: 10_000, what: () => tuner.allow(null) }
    const { limitAt } = play({ link, size, tuner, happens }, 20_000)
    expect([limitAt(9999), limitAt(10_100), limitAt(20_000)]).toEqual([3, 8, 128])
    tuner.allow(20)
    expect(tuner.limit).toBe(20)
  })
})
