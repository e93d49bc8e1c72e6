/** How much of the line transfers may use: at all times, and at some times of the week. */
import { z } from 'zod'
import { UnixMs } from '../ids.ts'

/** Bytes a second; with fewer than 10 kB nothing gets anywhere. */
export const BytesPerSecond = z.number().int().min(10_000).max(1_000_000_000_000)

/** For all files on their way together; null for no limit. */
export const BandwidthLimits = z.object({
  up: BytesPerSecond.nullable(),
  down: BytesPerSecond.nullable(),
})
export type BandwidthLimits = z.infer<typeof BandwidthLimits>

export const Weekday = z.enum(['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'])
export type Weekday = z.infer<typeof Weekday>

/** `hh:mm` as the clock on the wall shows it. */
const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)

/**
 * Other limits from a time of day until another, on some days. A rule that ends before it begins, or at the same time,
 * goes on past midnight and belongs to the day on which it began.
 */
export const BandwidthRule = BandwidthLimits.extend({
  days: z.array(Weekday).min(1).max(7),
  from: TimeOfDay,
  to: TimeOfDay,
})
export type BandwidthRule = z.infer<typeof BandwidthRule>

/** The limits while no rule holds, and the rules; where several hold, the first one counts. */
export const Bandwidth = BandwidthLimits.extend({ rules: z.array(BandwidthRule).max(50) })
export type Bandwidth = z.infer<typeof Bandwidth>

/** The limits at this moment. */
export const BandwidthNow = BandwidthLimits.extend({
  /** When there will be others; null when they do not depend on the time. */
  until: UnixMs.nullable(),
})
export type BandwidthNow = z.infer<typeof BandwidthNow>

export const UNLIMITED: Bandwidth = { up: null, down: null, rules: [] }
