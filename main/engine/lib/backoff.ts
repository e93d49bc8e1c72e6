/** A number in [0, 1), as `Math.random` gives it. */
export type Random = () => number

export type Backoff = {
  /** Upper bound of the first wait, milliseconds. */
  readonly firstMs: number
  /** Upper bound of every wait, milliseconds. */
  readonly ceilingMs: number
}

/** B2's integration checklist: 1, 2, 4 ... 64 seconds. https://www.backblaze.com/docs/cloud-storage-integration-checklist */
const B2_BACKOFF: Backoff = { firstMs: 1_000, ceilingMs: 64_000 }

/**
 * How long to wait after the given failure (0 for the first one), in milliseconds.
 *
 * The bound doubles with each failure up to the ceiling, and the wait is anywhere below it ("full jitter"), so that
 * many callers that failed together do not come back together.
 */
export function backoffMs(failures: number, random: Random, { firstMs, ceilingMs }: Backoff = B2_BACKOFF): number {
  return Math.round(random() * Math.min(ceilingMs, firstMs * 2 ** failures))
}
