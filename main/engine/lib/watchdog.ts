/** Runs in real time, not by a `Clock`: it watches things outside the process that no test can hold still. */

/** Aborts its signal when it has been running for too long without a restart. */
export type Watchdog = {
  readonly signal: AbortSignal
  /** Begins to count to this many milliseconds, or begins again. */
  start(limitMs: number): void
  /** Stops counting until the next start. */
  stop(): void
  /** Stops counting for good. */
  end(): void
}

/** A watchdog at rest; its signal will be aborted with what `reason` gives. */
export function createWatchdog(reason: () => Error): Watchdog {
  const controller = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let hasEnded = false
  const stop = (): void => clearTimeout(timer)
  return {
    signal: controller.signal,
    start(limitMs) {
      stop()
      if (!hasEnded) timer = setTimeout(() => controller.abort(reason()), limitMs)
    },
    stop,
    end() {
      hasEnded = true
      stop()
    },
  }
}
