/** Sizes and rates for people: decimal units as B2 bills them (1 kB = 1,000 B), at most one decimal. */
import { formatNumber } from './count.ts'

const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const

/** `0 B`, `999 B`, `1.5 kB`, `3 GB`. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes)
  let unit = 0
  // 999.5 would be shown as "1,000": step up before the rounding does.
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${formatNumber(value, unit > 0 && value < 100 ? 1 : 0)} ${units[unit] ?? 'PB'}`
}

/** `18 MB/s`. */
export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`
}
