import { currentFormat } from './formats.ts'

/** `20 s`, `3 min`, `2 h`, `4 days`: one unit, rounded so that it does not promise too little. */
export function formatDuration(seconds: number): string {
  const format = currentFormat()
  const whole = Math.max(0, Math.ceil(seconds))
  if (whole < 60) return format.seconds(whole)
  const minutes = Math.ceil(whole / 60)
  if (minutes < 60) return format.minutes(minutes)
  const hours = Math.ceil(whole / 3600)
  return hours < 24 ? format.hours(hours) : format.days(Math.ceil(whole / 86_400))
}

/** `just now`, `20 s ago`, `2 min ago`: how long before `now` something was; both in Unix milliseconds. */
export function formatAgo(at: number, now: number): string {
  const format = currentFormat()
  const seconds = Math.floor((now - at) / 1000)
  if (seconds < 10) return format.justNow
  if (seconds < 60) return format.secondsAgo(seconds)
  if (seconds < 3600) return format.minutesAgo(Math.floor(seconds / 60))
  if (seconds < 86_400) return format.hoursAgo(Math.floor(seconds / 3600))
  return format.daysAgo(Math.floor(seconds / 86_400))
}
