/** Folds many calls into one at most every so often; the last one is never lost. */
import type { Clock } from './clock.ts'

export type Throttled = { readonly call: () => void; readonly stop: () => void }

/** Runs `action` soon after a call, at most once every `everyMs` milliseconds, until `stop`. */
export function throttle(clock: Clock, everyMs: number, action: () => void): Throttled {
  const stopped = new AbortController()
  let isWaiting = false
  let lastAt = 0
  const run = async (): Promise<void> => {
    await clock.sleep(Math.min(everyMs, Math.max(0, lastAt + everyMs - clock.now())), stopped.signal)
    isWaiting = false
    lastAt = clock.now()
    action()
  }
  return {
    call: () => {
      if (isWaiting || stopped.signal.aborted) return
      isWaiting = true
      run().catch((error: unknown) => {
        if (!stopped.signal.aborted) throw error
      })
    },
    stop: () => {
      stopped.abort()
    },
  }
}
