/** Days for people, in local time. */
import { daysBetween } from '../../shared/format/moment.ts'

const locale = 'en-GB'

/** `Today`, `Yesterday`, `Sunday 22 November`, and the year when it is another one. */
export function formatDay(date: Date, now: Date): string {
  const days = daysBetween(date, now)
  if (days === 0) return 'Today'
  if (days === 1) return 'Yesterday'
  const weekday = date.toLocaleDateString(locale, { weekday: 'long' })
  const day = date.toLocaleDateString(locale, { day: 'numeric', month: 'long' })
  return date.getFullYear() === now.getFullYear() ? `${weekday} ${day}` : `${weekday} ${day} ${date.getFullYear()}`
}

/** `2026-11-22`: the local day, as a key. */
export function dayKey(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}
