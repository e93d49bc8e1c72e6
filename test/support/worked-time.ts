/**
 * The time in which this process got to work: the wall's, without the moments in which its event loop stood still because
 * the machine, or a long step, left it no turn.
 */

/** The event loop is asked for a sign this often, ms. */
const PULSE_MS = 5

/** A pulse that comes later than this stood still for the rest, ms. */
const LATE_MS = 20

type Standstill = { readonly at: number; readonly ms: number }

const standstills: Standstill[] = []
let stoodMs = 0
let pulsedAt = performance.now()

function pulse(): void {
  const now = performance.now()
  const lateMs = now - pulsedAt - LATE_MS
  if (lateMs > 0) {
    stoodMs += lateMs
    standstills.push({ at: Date.now(), ms: lateMs })
  }
  pulsedAt = now
}

setInterval(pulse, PULSE_MS).unref()

/** Milliseconds since the process began, as far as it got to work. */
export function workedMs(): number {
  return Math.min(performance.now(), pulsedAt + LATE_MS) - stoodMs
}

/** The moment of the wall (Unix ms) before which so many milliseconds of work lie until `at`. */
export function workedBefore(at: number, ms: number): number {
  let from = at - ms
  for (const standstill of standstills.toReversed()) {
    if (standstill.at <= from) break
    if (standstill.at - standstill.ms < at) from -= standstill.ms
  }
  return from
}
