/** A fast clock for stories that count on a delay: a busy machine does not let it pass before the engine had its turns. */
import { setTimeout as wait } from 'node:timers/promises'
import type { UnixMs } from '../../shared/ids.ts'
import type { Clock } from '../../main/engine/lib/clock.ts'
import { workedMs } from './worked-time.ts'

/** Timers end up to a millisecond early. */
const TIMER_MS = 1

/**
 * Starts at the present time. Its time passes only while this process gets to work: on a machine that has no time for it, a
 * delay that a story counts on must not be over before the engine could see what the story did meanwhile. Files look older
 * to it than they are, as to `createFastClock`, which is for engines that follow one another in processes of their own.
 *
 * It stands still for a loop that leaves the event loop no turn.
 */
export function createWorkedClock(speed: number): Clock {
  const bornAt = Date.now()
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
