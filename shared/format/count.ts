import { currentFormat } from './formats.ts'

/** `12,431`, `0.5`: at most `fractionDigits` digits behind the point. */
export function formatNumber(value: number, fractionDigits = 0): string {
  return value.toLocaleString(currentFormat().numbers, { maximumFractionDigits: fractionDigits })
}

/** `1 file`, `12,431 files`. */
export function formatFiles(count: number): string {
  return currentFormat().files(formatNumber(count), count === 1)
}
