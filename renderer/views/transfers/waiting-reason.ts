/** Why a waiting row waits, in words. */
import { formatDuration } from '../../../shared/format/duration.ts'
import type { StatusKind } from '../../../shared/model/status.ts'
import type { TransferRow } from '../../../shared/model/transfer.ts'
import { problemText } from '../../../shared/text/problem-text.ts'
import { t } from '../../i18n/texts.ts'

/**
 * `No connection to B2, next try in 20 s`; without a failure of its own, and when no person left it for later, what its folder waits for, and `Starts soon`
 * only where nothing is in the way.
 */
export function waitingReason(
  row: Pick<TransferRow, 'code' | 'isPutOff' | 'nextAttemptAt'>,
  folder: StatusKind | undefined,
  now: number,
): string {
  if (row.code === null && !row.isPutOff) {
    const isOnItsWay = folder === 'sending' || folder === 'checking' || folder === 'up-to-date'
    return isOnItsWay || folder === undefined ? t.transfers.startsSoon : t.transfers.waitsAs[folder]
  }
  const title = row.code === null ? t.transfers.leftForLater : problemText(row.code).title
  if (row.nextAttemptAt === null) return title
  if (row.nextAttemptAt <= now) return `${title}, ${t.transfers.nextTryNow}`
  return `${title}, ${t.transfers.nextTry(formatDuration((row.nextAttemptAt - now) / 1000))}`
}

/** The advice behind the reason, for the tooltip; empty when nothing failed. */
export function waitingAdvice(row: Pick<TransferRow, 'code'>): string {
  return row.code === null ? '' : problemText(row.code).advice
}
