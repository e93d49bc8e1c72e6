/** Days for people, in local time. */
import { currentFormat } from '../../shared/format/formats.ts'
import { daysBetween } from '../../shared/format/moment.ts'
import { t } from '../i18n/texts.ts'

/** `Today`, `Yesterday`, `Sunday 22 November`, and the year when it is another one. */
export function formatDay(date: Date, now: Date): string {
  const days = daysBetween(date, now)
  if (days === 0) return t.days.today
  if (days === 1) return t.days.yesterday
  const { dates } = currentFormat()
  const weekday = date.toLocaleDateString(dates, { weekday: 'long' })
  const words = t.days.date(weekday, date.toLocaleDateString(dates, { day: 'numeric', month: 'long' }))
  return date.getFullYear() === now.getFullYear() ? words : `${words} ${date.getFullYear()}`
}

/** `September 2026`, of a month written `2026-09`. */
export function formatMonth(month: string): string {
  const [year, number] = month.split('-').map(Number)
  const date = new Date(year ?? 0, (number ?? 1) - 1)
  return date.toLocaleDateString(currentFormat().dates, { month: 'long', year: 'numeric' })
}

/** `2026-11-22`: the local day, as a key. */
export function dayKey(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}
