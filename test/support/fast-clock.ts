/** A clock that runs faster than the wall: the engine's own waits take less time, nothing else is different. */
import { setTimeout as wait } from 'node:timers/promises'
import type { UnixMs } from '../../shared/ids.ts'
import type { Clock } from '../../main/engine/lib/clock.ts'

/**
 * Starts at the present time, or goes on as one that started at `startedAt` (Unix milliseconds): an engine after a crash
 * must not find times of its own ahead. Files look older to it than they are, so they are found at rest at once: tests about
 * files that are still being written need the system's clock.
 */
export function createFastClock(speed: number, startedAt = Date.now()): Clock {
  return {
    now: () => Math.round(startedAt + (Date.now() - startedAt) * speed) as UnixMs,
    uptime: () => performance.now() * speed,
    async sleep(waitMs, signal) {
      try {
        await wait(waitMs / speed, undefined, signal === undefined ? {} : { signal })
      } catch (error) {
        signal?.throwIfAborted()
        throw error
      }
    },
  }
}
