/**
 * How much goes on at once in each lane: small files, large ones, and what B2 does by itself. Each has room of its own, so
 * that none waits for another, and finds out by itself how much room is worth it.
 */
import type { Clock } from '../lib/clock.ts'
import { isSoonDone, LANES, type Job, type Lane } from '../model/job.ts'
import { Slots } from '../lib/slots.ts'
import { TunedSlots } from './tuned-slots.ts'

/** Beyond that a file more at once is only one more that is not done. */
const MOST_TRANSFERS = 128

/** Each is a stream that reads a disk. */
const MOST_PARTS = 32

/** Urgent jobs under way beside a lane that slow ones fill: the end of those may be many minutes away. */
const MOST_URGENT = 4

/** Parts that B2 copies at once: it works on each for seconds, and no byte of ours is on its way. */
const MOST_PART_COPIES = 32

/** Large files begun at once: while one is finished the next is under way; the parts of all share their own slots. */
const LARGE_FILES = 4

/** What a small file costs beside its bytes: so many go over a fast line while B2 stores one. */
const SMALL_FILE_BYTES = 256 * 1024

/** Resident memory, bytes, above which fewer are sent at once. */
const MEMORY_BYTES = 400_000_000

export type LanesOptions = {
  readonly clock: Clock
  /** Resident memory of this process, bytes. */
  readonly memory: () => number
}

export class Lanes {
  /** For each part of a large file on its way: taken before its first byte is read, given back after B2's answer. */
  readonly parts: TunedSlots
  /** For each part of a large file that B2 copies by itself. */
  readonly partCopies = new Slots(MOST_PART_COPIES)
  readonly #slots: { readonly small: TunedSlots; readonly large: Slots; readonly server: TunedSlots }
  /** How many of those that have a slot are soon done. */
  readonly #brief = { small: 0, large: 0, server: 0 }
  /** Those that have none. */
  readonly #urgent = { small: 0, large: 0, server: 0 }
  #most: number | null = null

  constructor({ clock, memory }: LanesOptions) {
    const isMemoryShort = (): boolean => memory() > MEMORY_BYTES
    const small = { most: MOST_TRANSFERS, endBytes: SMALL_FILE_BYTES, roundMs: 500, isMemoryShort }
    // Ends are rare here, and the first bytes only fill buffers.
    this.parts = new TunedSlots(clock, { most: MOST_PARTS, endBytes: 0, roundMs: 2000, isMemoryShort })
    this.#slots = {
      small: new TunedSlots(clock, small),
      large: new Slots(LARGE_FILES),
      server: new TunedSlots(clock, small),
    }
  }

  /** The most of each kind that a person allows; null for what works best. */
  get most(): number | null {
    return this.#most
  }

  /** In force at once; what is under way above it ends by itself. */
  allow(most: number | null): void {
    this.#most = most
    this.parts.allow(most)
    this.#slots.small.allow(most)
    this.#slots.server.allow(most)
    this.#slots.large.limit = Math.min(most ?? LARGE_FILES, LARGE_FILES)
    this.partCopies.limit = Math.min(most ?? MOST_PART_COPIES, MOST_PART_COPIES)
  }

  /** How many jobs more may begin in a lane; below 1 for none. */
  room(lane: Lane): number {
    return this.#slots[lane].limit - this.#slots[lane].inUse
  }

  /** The lanes in which a job more may begin. */
  withRoom(): readonly Lane[] {
    return LANES.filter((lane) => this.room(lane) > 0)
  }

  /** A job begins; returns what is called when it has ended, once or more often. */
  enter({ lane, sizeBytes }: Pick<Job, 'lane' | 'sizeBytes'>): () => void {
    const giveBack = this.#slots[lane].takeNow()
    // What B2 copies has no size here.
    const leave = lane === 'small' && isSoonDone(sizeBytes) ? countIn(this.#brief, lane) : null
    return () => {
      leave?.()
      giveBack()
    }
  }

  /**
   * Whether an urgent job may begin although there is no room: where jobs fill the lane of which none is soon done. Nothing
   * is above what a person allows.
   */
  hasUrgentRoom(lane: Lane): boolean {
    const { limit, inUse } = this.#slots[lane]
    return this.#most === null && inUse - this.#brief[lane] >= limit && this.#urgent[lane] < MOST_URGENT
  }

  /** The same as `enter`, for a job that needs no room. */
  enterUrgent(lane: Lane): () => void {
    return countIn(this.#urgent, lane)
  }

  /** Bytes were sent by a job of a lane. */
  moved(lane: Lane, bytes: number): void {
    if (lane === 'large') this.parts.moved(bytes)
    else this.#slots[lane].moved(bytes)
  }

  /** B2 has turned a request away because it is too much, for `pauseMs` where it said for how long. */
  refused(pauseMs: number): void {
    this.parts.refused(pauseMs)
    this.#slots.small.refused(pauseMs)
    this.#slots.server.refused(pauseMs)
  }
}

/** Counts one more; returns what counts it no more, once. */
function countIn(counts: Record<Lane, number>, lane: Lane): () => void {
  counts[lane] += 1
  let isCounted = true
  return () => {
    if (isCounted) counts[lane] -= 1
    isCounted = false
  }
}
