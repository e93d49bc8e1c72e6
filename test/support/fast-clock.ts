/** A clock that runs faster than the wall: the engine's own waits take less time, nothing else is different. */
import { setTimeout as wait } from 'node:timers/promises'
import type { UnixMs } from '../../shared/ids.ts'
import type { Clock } from '../../main/engine/lib/clock.ts'

/**
 * Starts at the present time. Files look older to it than they are, so they are found at rest at once: tests about
 * files that are still being written need the system's clock.
 */
export function createFastClock(speed: number): Clock {
  const start = Date.now()
  return {
    now: () => Math.round(start + (Date.now() - start) * speed) as UnixMs,
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
