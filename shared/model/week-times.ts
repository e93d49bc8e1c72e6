/** Times of the week, as the clock on the wall shows them. */
import { z } from 'zod'

export const Weekday = z.enum(['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'])
export type Weekday = z.infer<typeof Weekday>

/** `hh:mm` as the clock on the wall shows it. */
const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)

/**
 * From a time of day until another, on some days. What ends before it begins, or at the same time, goes on past midnight and
 * belongs to the day on which it began.
 */
export const WeekTimes = z.object({
  days: z.array(Weekday).min(1).max(7),
  from: TimeOfDay,
  to: TimeOfDay,
})
export type WeekTimes = z.infer<typeof WeekTimes>

/** More different times than anybody thinks of. */
export const MAX_WEEK_TIMES = 50
