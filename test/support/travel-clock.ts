/** A fast clock that can be set ahead: who sleeps until then wakes, as after a machine was asleep. */
import type { UnixMs } from '../../shared/ids.ts'
import type { Clock } from '../../main/engine/lib/clock.ts'
import { createWorkedClock } from './worked-clock.ts'

export type TravelClock = Clock & { readonly travel: (byMs: number) => void }

/** A clock on which everything takes one `speed`th of its time. */
export function createTravelClock(speed: number): TravelClock {
  const fast = createWorkedClock(speed)
  const sleepers = new Set<() => void>()
  let aheadMs = 0
  /** Of that, what was slept through: a clock that is set back makes no timer longer. */
  let skippedMs = 0
  const passed = (): number => fast.now() + skippedMs
  const now = (): UnixMs => (fast.now() + aheadMs) as UnixMs
  return {
    ...fast,
    now,
    async sleep(waitMs, signal) {
      const end = passed() + waitMs
      while (passed() < end) {
        const travelled = new AbortController()
        const wake = (): void => travelled.abort()
        sleepers.add(wake)
        const either = signal === undefined ? travelled.signal : AbortSignal.any([signal, travelled.signal])
        try {
          await fast.sleep(end - passed(), either)
          return
        } catch (error) {
          signal?.throwIfAborted()
          if (!travelled.signal.aborted) throw error
        } finally {
          sleepers.delete(wake)
        }
      }
      signal?.throwIfAborted()
    },
    travel: (byMs) => {
      aheadMs += byMs
      skippedMs += Math.max(0, byMs)
      for (const wake of [...sleepers]) wake()
    },
  }
}
