/** A clock that runs faster than the wall: the engine's own waits take less time, nothing else is different. */
import { setTimeout as wait } from 'node:timers/promises'
import type { UnixMs } from '../../shared/ids.ts'
import type { Clock } from '../../main/engine/lib/clock.ts'
import { workedMs } from './worked-time.ts'

/** Timers end up to a millisecond early. */
const TIMER_MS = 1

/**
 * Starts at the present time, or goes on as one that started at `startedAt` (Unix milliseconds): an engine after a crash
 * must not find times of its own ahead. Files look older to it than they are, so they are found at rest at once: tests about
 * files that are still being written need the system's clock.
 *
 * Its time passes only while this process gets to work: on a machine that has no time for it, a delay that a story counts
 * on must not be over before the engine could see what the story did meanwhile.
 */
export function createFastClock(speed: number, startedAt = Date.now()): Clock {
  const bornAt = startedAt + (Date.now() - startedAt) * speed
  const workedAtBirth = workedMs()
  return {
    now: () => Math.round(bornAt + (workedMs() - workedAtBirth) * speed) as UnixMs,
    uptime: () => workedMs() * speed,
    async sleep(waitMs, signal) {
      const end = workedMs() + waitMs / speed
      try {
        do await wait(Math.max(0, end - workedMs()), undefined, signal === undefined ? {} : { signal })
        while (workedMs() < end - TIMER_MS)
      } catch (error) {
        signal?.throwIfAborted()
        throw error
      }
    },
  }
}
