/** The answer to "what will happen?" in numbers. */
import { formatDuration } from '../../../shared/format/duration.ts'
import { formatUsd } from '../../../shared/format/money.ts'
import { prices } from '../../../shared/prices.ts'
import { formatMonth } from '../../format/moment.ts'
import { t } from '../../i18n/texts.ts'
import type { Estimate, LineSpeed } from './estimate.ts'

export type Amount = { readonly text: string; readonly basis: string }

/** What is sent, how long that takes and what it costs, and what the numbers are made of; null while there are none. */
export function amountText(estimate: Estimate | null, line: LineSpeed): Amount | null {
  if (estimate === null) return null
  const { files, bytes, isComplete, seconds, usdPerMonth } = estimate
  const words = t.setup.amount
  const cost = usdPerMonth === 0 ? words.free : words.perMonth(formatUsd(usdPerMonth))
  const price = words.price(formatUsd(prices.storageUsdPerTbMonth), prices.freeBytes, formatMonth(prices.asOf))
  return {
    text: words.all(files, bytes, isComplete, formatDuration(seconds), cost),
    basis: `${words.speed[line.source](line.bytesPerSecond)} ${price}`,
  }
}
