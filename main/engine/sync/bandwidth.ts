/** Keeps the limits of the line in force: the setting, its weekly schedule, and what was said for this run only. */
import type { Bandwidth, BandwidthLimits, BandwidthNow } from '../../../shared/model/bandwidth.ts'
import { BandwidthLimit, type Throttle } from '../lib/bandwidth-limit.ts'
import type { Clock } from '../lib/clock.ts'
import { Wake } from '../lib/wake.ts'
import { bandwidthAt } from '../plan/bandwidth-schedule.ts'
import type { LocalOffset } from '../plan/week-times.ts'
import type { Settings } from '../state/settings.ts'

/** A clock that is set, or a machine that has slept, is noticed within this time. */
const LOOK_AGAIN_MS = 60_000

export type BandwidthOptions = {
  readonly settings: Pick<Settings, 'bandwidth' | 'setBandwidth'>
  /** Runs one all-or-nothing step of the state. */
  readonly transaction: (step: () => void) => void
  readonly clock: Clock
  /**
   * Counts for this run instead of the setting. A direction that is absent follows the setting and its schedule; rules
   * take the schedule's place.
   */
  readonly thisRun: Partial<Bandwidth>
  readonly localOffset: LocalOffset
  /** Other limits hold. */
  readonly onChange: () => void
}

export class BandwidthKeeper {
  /** What all transfers go through. */
  readonly throttle: Throttle
  readonly #options: BandwidthOptions
  readonly #wake: Wake
  readonly #stop = new AbortController()
  #setting: Bandwidth
  #now: BandwidthNow
  #running: Promise<void> | null = null

  constructor(options: BandwidthOptions) {
    const { settings, clock } = options
    this.#options = options
    this.#wake = new Wake(clock)
    this.#setting = settings.bandwidth()
    this.#now = this.#read()
    this.throttle = {
      up: new BandwidthLimit(clock, this.#now.up),
      down: new BandwidthLimit(clock, this.#now.down),
    }
  }

  get setting(): Bandwidth {
    return this.#setting
  }

  /** What holds at this moment. */
  get now(): BandwidthNow {
    return this.#now
  }

  start(): void {
    this.#running ??= this.#run()
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  /** Holds at once, also for what is on its way. */
  set(setting: Bandwidth): void {
    const { settings, transaction } = this.#options
    transaction(() => settings.setBandwidth(setting))
    this.#setting = setting
    this.lookAgain()
  }

  /** The time may be another one: a machine that slept. */
  lookAgain(): void {
    this.#apply()
    this.#wake.ring()
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      this.#apply()
      await this.#wake.sleep(this.#msUntilNext(), this.#stop.signal)
    }
  }

  #apply(): void {
    const before = this.#now
    this.#now = this.#read()
    this.throttle.up.set(this.#now.up)
    this.throttle.down.set(this.#now.down)
    const { up, down, until } = this.#now
    if (up !== before.up || down !== before.down || until !== before.until) this.#options.onChange()
  }

  #read(): BandwidthNow {
    const { clock, localOffset } = this.#options
    return bandwidthAt(this.#inForce(), clock.now(), localOffset)
  }

  /** The setting and what was said for this run, together. */
  #inForce(): Bandwidth {
    const { thisRun } = this.#options
    // Both said for this run: then the schedule changes nothing, and nothing ends.
    const override = (limits: BandwidthLimits): BandwidthLimits => ({
      up: thisRun.up === undefined ? limits.up : thisRun.up,
      down: thisRun.down === undefined ? limits.down : thisRun.down,
    })
    const rules = thisRun.rules ?? this.#setting.rules.map((rule) => ({ ...rule, ...override(rule) }))
    return { ...override(this.#setting), rules }
  }

  /** Null where no time changes anything. */
  #msUntilNext(): number | null {
    if (this.#inForce().rules.length === 0) return null
    const { until } = this.#now
    return Math.min(LOOK_AGAIN_MS, until === null ? LOOK_AGAIN_MS : until - this.#options.clock.now())
  }
}

/** By the time zone of this machine. */
export const machineOffset: LocalOffset = (at) => -new Date(at).getTimezoneOffset() * 60_000
