/** Does what needs B2 outside of jobs, again and again until it is done; what fails is told. */
import { EngineError, isAbortError, isEngineError, type ErrorCode, type ErrorDetails } from '../../../shared/errors.ts'
import type { FolderId } from '../../../shared/ids.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/logger.ts'
import { Wake } from '../lib/wake.ts'
import { decideRetry } from '../plan/retry-policy.ts'

export type ReachOptions = {
  readonly clock: Clock
  readonly logger: Logger
  readonly isKnown: (folderId: FolderId) => boolean
  readonly holdAll: (code: ErrorCode, details: ErrorDetails) => void
  readonly holdFolder: (folderId: FolderId, code: ErrorCode, details: ErrorDetails) => void
}

export class Reach {
  readonly #options: ReachOptions
  readonly #underWay = new Map<FolderId | null, Wake>()
  /** What was asked for while it was under way, perhaps too late for what it has asked B2 already. */
  readonly #again = new Set<FolderId | null>()
  readonly #stop = new AbortController()

  constructor(options: ReachOptions) {
    this.#options = options
  }

  /** Does something for a folder, or for none; once more afterwards where that is under way already. */
  start(folderId: FolderId | null, work: (signal: AbortSignal) => Promise<unknown>): void {
    if (this.#underWay.has(folderId)) {
      this.#again.add(folderId)
      return
    }
    const wake = new Wake(this.#options.clock)
    this.#underWay.set(folderId, wake)
    void this.#keepTrying(folderId, work, wake).finally(() => {
      this.#underWay.delete(folderId)
      if (this.#again.delete(folderId) && !this.#stop.signal.aborted) this.start(folderId, work)
    })
  }

  /** Whatever waits for its next try is tried now. */
  hurry(): void {
    for (const wake of this.#underWay.values()) wake.ring()
  }

  stop(): void {
    this.#stop.abort()
  }

  /** Tries until it is done; what fails holds the folder, or everything: then the probe that ends the hold begins anew. */
  async #keepTrying(folderId: FolderId | null, work: (signal: AbortSignal) => Promise<unknown>, wake: Wake) {
    const { signal } = this.#stop
    const { logger, isKnown, holdAll, holdFolder } = this.#options
    for (let failures = 0; !signal.aborted; failures += 1) {
      if (folderId !== null && !isKnown(folderId)) return
      try {
        await work(signal)
        return
      } catch (error) {
        // An account that was connected meanwhile has replaced the client: the new one is asked.
        if (this.#stop.signal.aborted || isAbortError(error)) continue
        const { code, details } = isEngineError(error) ? error : new EngineError('bug', String(error))
        logger.warn({ code, folderId, err: code === 'bug' ? error : undefined }, 'B2 could not be asked')
        const decision = decideRetry(code, failures)
        if (decision.kind === 'hold-all' || decision.kind === 'look-again') {
          holdAll(code, details)
          return
        }
        if (decision.kind === 'hold-folder' && folderId !== null) holdFolder(folderId, code, details)
        await wake.sleep(decision.waitMs, signal)
      }
    }
  }
}
