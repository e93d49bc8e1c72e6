/** When the engine is started again after it ended on its own. */

/** The first wait; each failure in a row doubles it. */
const firstWaitMs = 1_000
/** No wait is longer: a machine that mended itself should not stay unsynced for more than a minute. */
const longestWaitMs = 60_000
/** An engine that served this long was healthy: its end does not count as one more failure in a row. */
export const healthyAfterMs = 60_000

/** How many failures in a row there are now; `servedMs` is how long the engine had been ready, 0 when it never was. */
export function countFailure(failuresBefore: number, servedMs: number): number {
  return servedMs >= healthyAfterMs ? 1 : failuresBefore + 1
}

/** Milliseconds to wait before the next start; `failures` counts from 1. */
export function restartWaitMs(failures: number): number {
  return Math.min(longestWaitMs, firstWaitMs * 2 ** (failures - 1))
}
