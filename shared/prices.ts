/**
 * What Backblaze asks for B2 storage, as of the date below: the one place to change when prices do. Uploads, and the calls
 * that Pail makes, cost nothing.
 */
export const prices = {
  /** Year and month in which the price list was read; in force since May 2026. */
  asOf: '2026-09',
  /** US dollars for 10^12 bytes over 30 days, billed by the hour. */
  storageUsdPerTbMonth: 6.95,
  /** Bytes of each account that cost nothing. */
  freeBytes: 10_000_000_000,
} as const

/** What so many stored bytes cost in 30 days, US dollars, when nothing else is in the account. */
export function monthlyStorageUsd(bytes: number): number {
  return (Math.max(0, bytes - prices.freeBytes) / 1e12) * prices.storageUsdPerTbMonth
}
