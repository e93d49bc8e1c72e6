/** Why a waiting row waits, in words. */
import { formatDuration } from '../../../shared/format/duration.ts'
import type { TransferRow } from '../../../shared/model/transfer.ts'
import { problemText } from '../../../shared/text/problem-text.ts'
import { t } from '../../i18n/en.ts'

/** `No connection to B2, next try in 20 s`; without a failure so far `Starts soon`. */
export function waitingReason(row: Pick<TransferRow, 'code' | 'nextAttemptAt'>, now: number): string {
  if (row.code === null) return t.transfers.startsSoon
  const { title } = problemText(row.code)
  if (row.nextAttemptAt === null) return title
  if (row.nextAttemptAt <= now) return `${title}, ${t.transfers.nextTryNow}`
  return `${title}, ${t.transfers.nextTry(formatDuration((row.nextAttemptAt - now) / 1000))}`
}

/** The advice behind the reason, for the tooltip; empty when nothing failed. */
export function waitingAdvice(row: Pick<TransferRow, 'code'>): string {
  return row.code === null ? '' : problemText(row.code).advice
}
