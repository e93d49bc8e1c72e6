/** Sees to it that what links promise becomes true: one attempt at a time for each, again where what failed passes. */
import { isAbortError, isEngineError, type ErrorCode } from '../../../shared/errors.ts'
import type { FolderId, RelativePath } from '../../../shared/ids.ts'
import type { LinkId } from '../../../shared/model/link.ts'
import type { Clock } from '../lib/clock.ts'
import type { InTurn } from '../lib/in-turn.ts'
import { joinSignals } from '../lib/joined-signal.ts'
import type { Logger } from '../lib/logger.ts'
import { decideRetry, isForPerson, LONGEST_WAIT_MS } from '../plan/retry-policy.ts'
import type { State } from '../state/state.ts'
import { pathsToHurry, workOn, type LinkWork } from './link-work.ts'
import type { NewsList } from './register-view.ts'

export type LinkPromisesOptions = {
  readonly state: State
  readonly clock: Clock
  readonly logger: Logger
  readonly news: NewsList
  /** What is done to one link is done one after the other. */
  readonly turns: InTurn
  /** Throws what the client throws. */
  readonly work: (signal: AbortSignal) => Promise<LinkWork>
  readonly isOpen: () => boolean
  readonly hurry: (folderId: FolderId, paths: readonly RelativePath[]) => void
  readonly onChange: () => void
  /** Something is due sooner than it was. */
  readonly onDue: () => void
}

export class LinkPromises {
  readonly #options: LinkPromisesOptions
  readonly #stop = new AbortController()
  /** Those that failed for a reason that passes: how often, and when they are tried again; null while nothing waits for that. */
  readonly #retries = new Map<LinkId, { readonly failures: number; readonly at: number | null }>()
  readonly #working = new Map<LinkId, { readonly done: Promise<void>; readonly stop: AbortController }>()

  constructor(options: LinkPromisesOptions) {
    this.#options = options
  }

  /** Unix milliseconds of the next attempt that waits for its time. */
  get nextAt(): number {
    return Math.min(...[...this.#retries.values()].map(({ at }) => at ?? Infinity))
  }

  isAtWork(linkId: LinkId): boolean {
    return this.#working.has(linkId)
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.settled()
  }

  /** All that is under way has ended. */
  async settled(): Promise<void> {
    await Promise.all([...this.#working.values()].map(({ done }) => done))
  }

  /** Breaks off what is being made for a link. */
  async breakOff(linkId: LinkId): Promise<void> {
    const work = this.#working.get(linkId)
    work?.stop.abort()
    await work?.done
  }

  /** Tries what was promised and may be true by now. */
  keepAll(): void {
    const { state, clock, hurry } = this.#options
    const promised = state.links.listPromised()
    this.#leave(new Set(promised.map(({ linkId }) => linkId)))
    for (const link of promised) {
      const { linkId, folderId } = link
      const paths = link.isHurried || folderId === null ? [] : pathsToHurry(link, state)
      if (folderId !== null && paths.length > 0) {
        hurry(folderId, paths)
        if (paths.every((path) => state.jobs.findForPath(folderId, path) !== undefined)) {
          state.transaction(() => state.links.setHurried(linkId))
        }
      }
      const wait = (this.#retries.get(linkId)?.at ?? 0) - clock.now()
      // No wait is that long: the clock was set back since it began.
      if (wait <= 0 || wait > LONGEST_WAIT_MS) void this.attempt(linkId)
    }
  }

  /** What has ended or expired is not worked on any more, nor waited for. */
  #leave(promised: ReadonlySet<LinkId>): void {
    for (const [linkId, { stop }] of this.#working) if (!promised.has(linkId)) stop.abort()
    for (const linkId of this.#retries.keys()) if (!promised.has(linkId)) this.#retries.delete(linkId)
  }

  /** One attempt at a time; never throws. */
  attempt(linkId: LinkId): Promise<void> {
    const running = this.#working.get(linkId)
    if (running !== undefined) return running.done
    const stop = new AbortController()
    const { signal, release } = joinSignals(this.#stop.signal, stop.signal)
    const done = this.#options.turns
      .run(String(linkId), () => this.#tryToKeep(linkId, signal), signal)
      .catch((error: unknown) => {
        if (!signal.aborted) this.#options.logger.error({ err: error, linkId }, 'a link failed')
      })
      .finally(() => {
        release()
        this.#working.delete(linkId)
      })
    this.#working.set(linkId, { done, stop })
    return done
  }

  async #tryToKeep(linkId: LinkId, signal: AbortSignal): Promise<void> {
    const { state, isOpen } = this.#options
    const link = state.links.find(linkId)
    if (link?.state !== 'promised') return
    const retry = this.#retries.get(linkId)
    // Where it only waits now, no time is waited for.
    if (retry !== undefined) this.#retries.set(linkId, { ...retry, at: null })
    // What has to be written waits as everything does.
    if (link.behind !== 'original' && !isOpen()) return
    try {
      const work = await this.#options.work(signal)
      if ((await workOn(link, work)) === 'waiting') return
      this.#retries.delete(linkId)
      this.#settleAs(linkId, 'ready', null)
    } catch (error) {
      if (this.#stop.signal.aborted || !(isEngineError(error) || isAbortError(error))) throw error
      // Ended or expired meanwhile, which broke it off.
      if (state.links.find(linkId)?.state !== 'promised') return
      this.#failed(linkId, isEngineError(error) ? error.code : 'connection_reset')
    }
  }

  /** What passes is tried again; what does not ends the promise. */
  #failed(linkId: LinkId, code: ErrorCode): void {
    const failures = this.#retries.get(linkId)?.failures ?? 0
    const decision = decideRetry(code, failures)
    if (isForPerson(code) && decision.kind !== 'hold-all') {
      this.#retries.delete(linkId)
      this.#settleAs(linkId, 'failed', code)
      return
    }
    const waitMs = 'waitMs' in decision ? decision.waitMs : 5000
    this.#retries.set(linkId, { failures: failures + 1, at: this.#options.clock.now() + waitMs })
    this.#options.onDue()
  }

  #settleAs(linkId: LinkId, to: 'ready' | 'failed', code: ErrorCode | null): void {
    const { state } = this.#options
    const link = state.links.find(linkId)
    // Ended meanwhile: what was made is removed by what ended it.
    if (link?.state !== 'promised') {
      state.transaction(() => state.links.unwantAll(linkId))
      this.#options.onDue()
      return
    }
    state.transaction(() => {
      state.links.setState(linkId, to, code, null)
      if (to === 'failed') state.links.unwantAll(linkId)
    })
    // What was made for it is to be removed.
    if (to === 'failed') this.#options.onDue()
    if (link.isPromised) this.#options.news.add(link, to, code)
    this.#options.onChange()
  }
}
