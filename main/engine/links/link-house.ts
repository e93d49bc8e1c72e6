/** Keeps the register in order: ends what has expired, reminds, removes what is not needed any more, looks for names in the way. */
import { isAbortError, isEngineError, type ErrorCode } from '../../../shared/errors.ts'
import type { LinkId } from '../../../shared/model/link.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/logger.ts'
import type { StoredLink } from '../model/link.ts'
import type { State } from '../state/state.ts'
import { removeVersion } from './link-versions.ts'
import type { LinkWork } from './link-work.ts'
import type { NewsList } from './register-view.ts'
import { ASK_EVERY_MS, MOST_ASKED, newsInRecords, noteFromBucket } from './link-watch.ts'

/** What could not be removed is tried again after this, ms. */
const AGAIN_MS = 300_000

/** What needs B2 is looked at again after this while everything is paused or held, ms. */
const CLOSED_MS = 30_000

/** After a failure that concerns all of it, ms. */
const AFTER_FAULT_MS = 60_000

const DAY_MS = 86_400_000

/** The bucket is gone, with all that was in it. */
const GONE: readonly ErrorCode[] = ['bucket_missing', 'not_found']

export type LinkHouseOptions = {
  readonly state: State
  readonly clock: Clock
  readonly logger: Logger
  readonly news: NewsList
  /** Throws what the client throws, and when this is stopped. */
  readonly work: () => Promise<LinkWork>
  readonly isOpen: () => boolean
  /** Something is being made for the link. */
  readonly isAtWork: (linkId: LinkId) => boolean
  readonly onChange: () => void
  /** What was due is done: there may be more. */
  readonly onDone: () => void
}

export class LinkHouse {
  readonly #options: LinkHouseOptions
  #removesAgainAt = 0
  /** What could only be hidden is tried once a day, and with every new key. */
  #hiddenTriedAt = 0
  #removing: Promise<void> | null = null
  #busy: Promise<void> | null = null
  #faultUntil = 0
  /** The names in the records about which the bucket was asked last; those may be gone from it by then. */
  readonly #askedAbout = new Map<LinkId, string>()
  /** When the present stretch of asking without a reason began, and how often that was done in it. */
  #asking = { since: 0, times: 0 }
  #prunedAt = 0

  constructor(options: LinkHouseOptions) {
    this.#options = options
  }

  /** Does what is due, and begins what needs B2; Unix milliseconds of what is due next. */
  keep(): number {
    const { clock, logger, onDone } = this.#options
    this.#expire()
    this.#remind()
    if (this.#busy !== null) return Infinity
    const now = clock.now()
    const next = Math.max(notLonger(this.#faultUntil, AFTER_FAULT_MS, now), this.#nextAt())
    if (next > now) return next
    this.#busy = this.#doWhatIsDue()
      .catch((error: unknown) => {
        // What another key took the place of, and what is stopped, is broken off.
        if (!isEngineError(error) && !isAbortError(error)) throw error
        logger.warn({ err: error }, 'links could not be looked after')
        this.#faultUntil = clock.now() + AFTER_FAULT_MS
      })
      .finally(() => {
        this.#busy = null
        onDone()
      })
    return Infinity
  }

  /** Ends what has expired, and removes what is not needed any more. Throws what the client throws. */
  async tidy(): Promise<void> {
    this.#expire()
    this.#removing ??= this.#removeAll().finally(() => {
      this.#removing = null
    })
    await this.#removing
  }

  /** Another key may be able to do more. */
  accountConnected(): void {
    this.#hiddenTriedAt = 0
    this.#removesAgainAt = 0
    this.#faultUntil = 0
  }

  /** What is under way has ended; to be stopped by what `work` gives. */
  async ended(): Promise<void> {
    await Promise.all([this.#busy, this.#removing?.catch(() => undefined)])
  }

  async #doWhatIsDue(): Promise<void> {
    await this.tidy()
    await this.#askBucket()
  }

  #expire(): void {
    const { state, clock, onChange } = this.#options
    const now = clock.now()
    const over = state.links.listExpired(now)
    if (over.length > 0) {
      state.transaction(() => {
        for (const { linkId } of over) {
          state.links.setState(linkId, 'expired', null, null)
          state.links.unwantAll(linkId)
        }
      })
      onChange()
    }
    if (Math.abs(now - this.#prunedAt) < DAY_MS) return
    this.#prunedAt = now
    state.transaction(() => state.links.prune(now))
  }

  /** Once for each link that lives longer than the reminder comes before its end. */
  #remind(): void {
    const { state, clock, news, onChange } = this.#options
    for (const link of state.links.listToRemind(clock.now())) {
      state.transaction(() => state.links.setReminded(link.linkId))
      news.add(link, 'expires-soon', null)
      onChange()
    }
  }

  async #removeAll(): Promise<void> {
    const { state, clock, logger, isOpen, isAtWork } = this.#options
    const withHidden = Math.abs(clock.now() - this.#hiddenTriedAt) >= DAY_MS
    const versions = state.links.listUnwanted(withHidden)
    if (versions.length === 0) {
      if (withHidden) this.#hiddenTriedAt = clock.now()
      return
    }
    if (!isOpen()) {
      this.#removesAgainAt = clock.now() + CLOSED_MS
      return
    }
    const work = await this.#options.work()
    if (withHidden) this.#hiddenTriedAt = clock.now()
    let left = 0
    for (const version of versions) {
      try {
        // What is on its way is not there to be found yet, and comes all the same.
        if (isAtWork(version.linkId) || (await removeVersion(work, version)) === 'not-yet') left += 1
      } catch (error) {
        if (!isEngineError(error)) throw error
        if (isEngineError(error, ...GONE)) {
          state.transaction(() => state.links.forgetVersion(version.versionId))
          continue
        }
        left += 1
        // Not its name: of a public bucket that is all it takes to open it.
        logger.warn({ err: error, linkId: version.linkId }, 'what was made for a link could not be removed')
      }
    }
    this.#removesAgainAt = left === 0 ? 0 : clock.now() + AGAIN_MS
  }

  async #askBucket(): Promise<void> {
    const { state, clock, onChange, logger, isOpen } = this.#options
    if (!isOpen()) return
    const news = this.#withNews()
    const isNews = new Set(news.map(({ linkId }) => linkId))
    const due = state.links.listToAskAbout(clock.now(), this.#asksLeft()).filter(({ linkId }) => !isNews.has(linkId))
    if (news.length + due.length === 0) return
    const work = await this.#options.work()
    this.#asking = { ...this.#asking, times: this.#asking.times + due.length }
    for (const link of [...news, ...due]) {
      this.#askedAbout.set(link.linkId, newsInRecords(state, link))
      try {
        if (await noteFromBucket(state, link, work)) onChange()
      } catch (error) {
        if (!isEngineError(error)) throw error
        logger.warn({ err: error, linkId: link.linkId }, 'names beside a link could not be looked for')
        const { linkId, opensToo, opensTooSince } = link
        // As if it had been asked: not again at once.
        state.transaction(() => state.links.setOpensToo(linkId, opensToo, opensTooSince, clock.now()))
      }
    }
  }

  /** Links of which the records know something that the bucket was not asked about. */
  #withNews(): readonly StoredLink[] {
    const { state } = this.#options
    const links = [...state.links.listWithLongerNames(), ...state.links.listContradicted()]
    return [...new Map(links.map((link) => [link.linkId, link])).values()].filter((link) => {
      const known = newsInRecords(state, link)
      return known !== '' && known !== this.#askedAbout.get(link.linkId)
    })
  }

  /** How many links may be asked about without a reason now. */
  #asksLeft(): number {
    const now = this.#options.clock.now()
    if (Math.abs(now - this.#asking.since) >= ASK_EVERY_MS) this.#asking = { since: now, times: 0 }
    return MOST_ASKED - this.#asking.times
  }

  #askDueAt(): number {
    const { state, clock, isOpen } = this.#options
    if (!isOpen()) return clock.now() + CLOSED_MS
    if (this.#withNews().length > 0) return 0
    const due = state.links.nextToAskAbout() ?? Infinity
    return this.#asksLeft() > 0 ? due : Math.max(due, this.#asking.since + ASK_EVERY_MS)
  }

  #nextAt(): number {
    const { state, clock } = this.#options
    const again = notLonger(this.#removesAgainAt, AGAIN_MS, clock.now())
    const removal = state.links.listUnwanted(false).length > 0 ? again : Infinity
    const hidden = state.links.listUnwanted(true).length > 0 ? Math.max(again, this.#hiddenTriedAt + DAY_MS) : Infinity
    return Math.min(removal, hidden, this.#askDueAt(), state.links.nextTime() ?? Infinity)
  }
}

/** What a wait of at most `mostMs` ends at; at once where the clock was set back since it began. Unix milliseconds. */
function notLonger(at: number, mostMs: number, now: number): number {
  return at - now > mostMs ? 0 : at
}
