/** Times and days for people, in local time: 24 hours, day before month. */
import { currentFormat } from './formats.ts'

/** `14:02`. */
export function formatClock(date: Date): string {
  return date.toLocaleTimeString(currentFormat().dates, { hour: '2-digit', minute: '2-digit' })
}

/** `Mon 29 Nov, 14:00`. */
export function formatMoment(date: Date): string {
  const { dates, moment } = currentFormat()
  const weekday = date.toLocaleDateString(dates, { weekday: 'short' })
  const day = date.toLocaleDateString(dates, { day: 'numeric', month: 'short' })
  return moment(weekday, day, formatClock(date))
}

/** `14:30` today, `tomorrow, 08:00`, and `Mon 30 Nov, 08:00` on any other day; both in Unix milliseconds. */
export function formatUntil(at: number, now: number): string {
  const date = new Date(at)
  const days = daysBetween(new Date(now), date)
  if (days === 0) return formatClock(date)
  return days === 1 ? currentFormat().tomorrow(formatClock(date)) : formatMoment(date)
}

/** Local midnights between two moments; negative when `to` is on an earlier day. */
export function daysBetween(from: Date, to: Date): number {
  // Rounded: where the clocks change, a day is an hour shorter or longer.
  return Math.round((startOfDay(to) - startOfDay(from)) / 86_400_000)
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
}
