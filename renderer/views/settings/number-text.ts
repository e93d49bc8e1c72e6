/** Numbers as they are typed into a field. */
import { currentFormat } from '../../../shared/format/formats.ts'
import { BytesPerSecond } from '../../../shared/model/bandwidth.ts'

/** A whole number between two others; null for anything else. */
export function parseWhole(text: string, least: number, most: number): number | null {
  if (!/^\d{1,9}$/.test(text)) return null
  const value = Number(text)
  return value >= least && value <= most ? value : null
}

/** Bytes a second as MB/s, as one types it: `2.5`, `0,01`; empty for no limit. */
export function rateToText(bytesPerSecond: number | null): string {
  if (bytesPerSecond === null) return ''
  const options = { maximumFractionDigits: 6, useGrouping: false }
  return (bytesPerSecond / 1_000_000).toLocaleString(currentFormat().numbers, options)
}

export type TypedRate = { readonly isGood: true; readonly bytesPerSecond: number | null } | { readonly isGood: false }

/** MB/s with a point or a comma, whatever the language; empty is no limit. */
export function parseRate(text: string): TypedRate {
  const typed = text.trim()
  if (typed === '') return { isGood: true, bytesPerSecond: null }
  if (!/^\d{1,7}([.,]\d{1,6})?$/.test(typed)) return { isGood: false }
  const rate = BytesPerSecond.safeParse(Math.round(Number(typed.replace(',', '.')) * 1_000_000))
  return rate.success ? { isGood: true, bytesPerSecond: rate.data } : { isGood: false }
}
