/** How much of the line transfers may use: at all times, and at some times of the week. */
import { z } from 'zod'
import { UnixMs } from '../ids.ts'
import { MAX_WEEK_TIMES, WeekTimes } from './week-times.ts'

/** Bytes a second; with fewer than 10 kB nothing gets anywhere. */
export const BytesPerSecond = z.number().int().min(10_000).max(1_000_000_000_000)

/** For all files on their way together; null for no limit. */
export const BandwidthLimits = z.object({
  up: BytesPerSecond.nullable(),
  down: BytesPerSecond.nullable(),
})
export type BandwidthLimits = z.infer<typeof BandwidthLimits>

/** Other limits at some times of the week. */
export const BandwidthRule = BandwidthLimits.extend(WeekTimes.shape)
export type BandwidthRule = z.infer<typeof BandwidthRule>

/** The limits while no rule holds, and the rules; where several hold, the first one counts. */
export const Bandwidth = BandwidthLimits.extend({ rules: z.array(BandwidthRule).max(MAX_WEEK_TIMES) })
export type Bandwidth = z.infer<typeof Bandwidth>

/** The limits at this moment. */
export const BandwidthNow = BandwidthLimits.extend({
  /** When there will be others; null when they do not depend on the time. */
  until: UnixMs.nullable(),
})
export type BandwidthNow = z.infer<typeof BandwidthNow>

export const UNLIMITED: Bandwidth = { up: null, down: null, rules: [] }
