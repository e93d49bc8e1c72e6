/** Time from outside, so that a test can move it. */
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
  // By hand: what Node brings for it makes two errors, with their stacks, for every sleep that is ended early.
  sleep: (waitMs, signal) =>
    new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer)
        reject(signal?.reason as Error)
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', end)
        resolve()
      }, waitMs)
      if (signal?.aborted === true) end()
      else signal?.addEventListener('abort', end, { once: true })
    }),
}
