/** Time from outside, so that a test can move it. */
import { setTimeout as wait } from 'node:timers/promises'
import type { UnixMs } from '../../../shared/ids.ts'

export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): UnixMs
  /** Milliseconds since some moment of this run. Unlike `now` nobody can set it, back or ahead. */
  uptime(): number
  /** Resolves after `waitMs` milliseconds; rejects with the signal's reason as soon as it is aborted. */
  sleep(waitMs: number, signal?: AbortSignal): Promise<void>
}

/** The time of this machine. */
export const systemClock: Clock = {
  now: () => Date.now() as UnixMs,
  uptime: () => performance.now(),
  async sleep(waitMs, signal) {
    try {
      await wait(waitMs, undefined, signal === undefined ? {} : { signal })
    } catch (error) {
      signal?.throwIfAborted()
      throw error
    }
  },
}
