/**
 * The one loop that tries again within seconds or minutes. What fails for longer is thrown, and the job that needed it
 * is put off by whoever keeps jobs.
 */
import { isEngineError } from '../../../shared/errors.ts'
import { backoffMs, type Random } from '../lib/backoff.ts'
import type { Clock } from '../lib/clock.ts'
import { remedyOf, retryAfterMs } from './errors.ts'

/** How hard to try before the failure is the caller's. */
export type Patience = {
  /** Tries in all, the first one included; those that found no network are not counted. */
  readonly attempts: number
  /** A wait longer than this, milliseconds, ends it: the server asked for more than the caller has. */
  readonly longestWaitMs: number
  /** How long a network that is not there is waited for, milliseconds; 0 for callers that notice by themselves. */
  readonly outageMs: number
}

/**
 * For work nobody watches. b2sdk tries 5 times, the Java SDK 8; with the waits between them that is about a minute. A
 * network that is away costs nothing but time: a router that starts again takes two or three minutes.
 */
export const PATIENT: Patience = { attempts: 8, longestWaitMs: 120_000, outageMs: 600_000 }

/** For a person who waits: two tries and at most five seconds between them. */
export const INTERACTIVE: Patience = { attempts: 2, longestWaitMs: 5_000, outageMs: 1_000 }

/** For the engine's jobs, which are rescheduled by their own table when a few tries in a row have failed. */
export const BRIEF: Patience = { attempts: 6, longestWaitMs: 20_000, outageMs: 0 }

/** For a call inside of something that is tried again as a whole. */
export const ONCE: Patience = { attempts: 1, longestWaitMs: 0, outageMs: 0 }

/** Calls with token after token that B2 does not take; each of them uses up two. */
const MAX_TOKENS = 3

/** While there is no network a try costs little, and it should be noticed soon when it is back. */
const LONGEST_OUTAGE_WAIT_MS = 10_000

export type RetryOptions = {
  readonly clock: Clock
  readonly random: Random
  readonly patience: Patience
  readonly signal?: AbortSignal | undefined
  /** Milliseconds to wait after this failure, or undefined to give up; `failures` in a row counts from 1. */
  readonly waitAfter?: (error: unknown, failures: number) => number | undefined
}

/**
 * Runs `attempt` until it succeeds, its failure is final, or the patience is used up; then the last failure is thrown
 * as it is. An aborted signal ends it with the signal's reason, also in the middle of a wait.
 */
export async function retry<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { clock, random, patience, signal } = options
  const waitAfter = options.waitAfter ?? ((error, failures) => waitBeforeRequest(error, failures, random))
  let failures = 0
  let refusedTokens = 0
  let outage = { since: clock.now(), failures: 0 }
  for (;;) {
    signal?.throwIfAborted()
    try {
      return await attempt()
    } catch (error) {
      signal?.throwIfAborted()
      // A storage pod that cannot be reached is no outage: another upload URL leads to another one.
      const isOutage = isEngineError(error, 'network_unreachable') && remedyOf(error) !== 'new_upload_url'
      if (isOutage) {
        // A clock that was set back must not make an outage longer.
        if (outage.failures === 0 || clock.now() < outage.since) outage = { ...outage, since: clock.now() }
        outage.failures++
      } else {
        outage.failures = 0
        failures++
      }
      // Each has been tried with a fresh token already. Somebody else's may have run out in between; more is no chance.
      if (remedyOf(error) === 'reauthorize') refusedTokens++
      if (failures >= patience.attempts || refusedTokens >= MAX_TOKENS) throw error
      const asked = waitAfter(error, isOutage ? outage.failures : failures)
      if (asked === undefined || asked > patience.longestWaitMs) throw error
      const waitMs = isOutage ? Math.min(asked, LONGEST_OUTAGE_WAIT_MS) : asked
      if (isOutage && clock.now() + waitMs - outage.since >= patience.outageMs) throw error
      if (waitMs > 0) await clock.sleep(waitMs, signal)
    }
  }
}

/** The wait before the same request again: what the server asked for, else back-off; undefined when it would not help. */
export function waitBeforeRequest(error: unknown, failures: number, random: Random): number | undefined {
  switch (remedyOf(error)) {
    case 'retry':
    case 'new_upload_url':
    case 'reauthorize':
      return waitFor(error, failures, random)
    case 'stop_class':
    case 'give_up':
      return undefined
  }
}

/** What the server asked for, else back-off after this many failures. */
export function waitFor(error: unknown, failures: number, random: Random): number {
  const asked = retryAfterMs(error)
  if (asked === undefined) return backoffMs(failures - 1, random)
  // A quarter more at random, so that all who were told the same moment do not come back in it.
  return Math.round(asked * (1 + random() / 4))
}
