/** Days and times for people, in local time: 24 hours, day before month. */

const locale = 'en-GB'

/** `14:02`. */
export function formatClock(date: Date): string {
  return date.toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' })
}

/** `Mon 29 Nov, 14:00`. */
export function formatMoment(date: Date): string {
  const weekday = date.toLocaleDateString(locale, { weekday: 'short' })
  const day = date.toLocaleDateString(locale, { day: 'numeric', month: 'short' })
  return `${weekday} ${day}, ${formatClock(date)}`
}

/** `Today`, `Yesterday`, `Sunday 22 November`, and the year when it is another one. */
export function formatDay(date: Date, now: Date): string {
  const days = Math.round((startOfDay(now) - startOfDay(date)) / 86_400_000)
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

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
}
