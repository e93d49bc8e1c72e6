/** The clock of a scenario: fast, behind the wall, and movable. */
import type { UnixMs } from '../../shared/ids.ts'
import type { Clock } from '../../main/engine/lib/clock.ts'
import { createWorkedClock } from './worked-clock.ts'

/**
 * So far behind the wall that it does not catch up during a test: every file looks as if it was written in the future,
 * and comes to rest only when two looks agree. A clock ahead would take files that are being written for old ones.
 */
const BEHIND_MS = 24 * 3_600_000

export type ScenarioClock = Clock & {
  /** Sets the time of day ahead, or back; nothing that waits notices. */
  readonly jump: (byMs: number) => void
}

/** A clock on which everything takes one `speed`th of its time. */
export function createScenarioClock(speed: number): ScenarioClock {
  const fast = createWorkedClock(speed)
  let offsetMs = -BEHIND_MS
  return {
    ...fast,
    now: () => (fast.now() + offsetMs) as UnixMs,
    jump: (byMs) => {
      offsetMs += byMs
    },
  }
}
