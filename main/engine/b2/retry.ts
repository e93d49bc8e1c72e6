/**
 * The one loop that tries again within seconds. What fails for longer is thrown, and the job that needed it is put off
 * by whoever keeps jobs.
 */
import { isEngineError } from '../../../shared/errors.ts'
import { backoffMs, type Random } from '../lib/backoff.ts'
import type { Clock } from '../lib/clock.ts'
import { retryAfterMs, retryRequest } from './errors.ts'

/** How hard to try before the failure is the caller's. */
export type Patience = {
  /** Tries in all, the first one included. */
  readonly attempts: number
  /** A wait longer than this, milliseconds, ends it: the server asked for more than the caller has. */
  readonly longestWaitMs: number
  /** True for callers that notice a missing network themselves: `network_unreachable` then ends it at once. */
  readonly endsWhenUnreachable?: boolean
}

/** For work nobody watches. b2sdk tries 5 times, the Java SDK 8; together with the waits this is about a minute. */
export const PATIENT: Patience = { attempts: 8, longestWaitMs: 120_000 }

/** For a person who waits: two tries and at most five seconds between them. */
export const INTERACTIVE: Patience = { attempts: 2, longestWaitMs: 5_000 }

/** For the engine's jobs, which are rescheduled by their own table when a few tries in a row have failed. */
export const BRIEF: Patience = { attempts: 6, longestWaitMs: 20_000, endsWhenUnreachable: true }

export type RetryOptions = {
  readonly clock: Clock
  readonly random: Random
  readonly patience: Patience
  readonly signal?: AbortSignal | undefined
  /** Milliseconds to wait after this failure, or undefined to give up; `failures` counts from 1. */
  readonly waitAfter?: (error: unknown, failures: number) => number | undefined
}

/**
 * Runs `attempt` until it succeeds, its failure is final, or the patience is used up; then the last failure is thrown
 * as it is. An aborted signal ends it with the signal's reason, also in the middle of a wait.
 */
export async function retry<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { clock, random, patience, signal } = options
  const waitAfter = options.waitAfter ?? ((error, failures) => waitBeforeRequest(error, failures, random))
  for (let failures = 1; ; failures++) {
    signal?.throwIfAborted()
    try {
      return await attempt()
    } catch (error) {
      signal?.throwIfAborted()
      if (patience.endsWhenUnreachable && isEngineError(error, 'network_unreachable')) throw error
      const waitMs = failures < patience.attempts ? waitAfter(error, failures) : undefined
      if (waitMs === undefined || waitMs > patience.longestWaitMs) throw error
      if (waitMs > 0) await clock.sleep(waitMs, signal)
    }
  }
}

/** The wait before the same request again: what the server asked for, else back-off; undefined when it would not help. */
export function waitBeforeRequest(error: unknown, failures: number, random: Random): number | undefined {
  return retryRequest(error) ? waitFor(error, failures, random) : undefined
}

/** What the server asked for, else back-off after this many failures. */
export function waitFor(error: unknown, failures: number, random: Random): number {
  const asked = retryAfterMs(error)
  if (asked === undefined) return backoffMs(failures - 1, random)
  // A quarter more at random, so that all who were told the same moment do not come back in it.
  return Math.round(asked * (1 + random() / 4))
}
