/** Time limits for what a person waits for. */
import { EngineError } from '../../../shared/errors.ts'

/** A bucket list or a link is asked for by a person who waits; a connection that hangs must not hang them. */
export const CALL_LIMIT_MS = 30_000

/** Runs what a person waits for; after the limit, milliseconds, it is broken off with `timeout`. */
export async function within<T>(limitMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(limitMs)
  try {
    return await work(signal)
  } catch (error) {
    if (signal.aborted) throw new EngineError('timeout', 'No answer within the limit', {}, { cause: error })
    throw error
  }
}
