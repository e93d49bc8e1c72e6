/** One signal for several, let go when it is no longer needed. */

export type JoinedSignal = {
  /** Aborted with the first of the others, and with its reason. */
  readonly signal: AbortSignal
  /** Follows them no longer. */
  readonly release: () => void
}

/**
 * Like `AbortSignal.any`, for signals that outlive what they are joined for. Those keep what was joined by weak
 * references, which V8 clears in full collections only: with a few for each request, and all that hangs on them, an
 * engine that sends 100,000 files grew to three times of what it needs.
 */
export function joinSignals(...signals: readonly AbortSignal[]): JoinedSignal {
  const joined = new AbortController()
  const release = (): void => {
    for (const each of signals) each.removeEventListener('abort', abort)
  }
  function abort(this: AbortSignal): void {
    release()
    joined.abort(this.reason)
  }
  for (const each of signals) {
    if (each.aborted) {
      abort.call(each)
      break
    }
    each.addEventListener('abort', abort)
  }
  return { signal: joined.signal, release }
}
