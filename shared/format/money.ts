/** Amounts of money for people. */
import { currentFormat } from './formats.ts'

/** `$0.02`, `$1,204.50`: rounded up to a cent, so that nothing costs more than it says. */
export function formatUsd(usd: number): string {
  // What is a whole number of cents may come out of a calculation a hair above it.
  const cents = Math.max(0, Math.ceil(usd * 100 - 1e-6))
  return (cents / 100).toLocaleString(currentFormat().numbers, { style: 'currency', currency: 'USD' })
}
