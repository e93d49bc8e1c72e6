/** Keeps the register in order: ends what has expired, reminds, removes what is not needed any more, looks for names in the way. */
import { isAbortError, isEngineError, type ErrorCode } from '../../../shared/errors.ts'
import { EXPIRES_SOON_MS, type LinkId } from '../../../shared/model/link.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/logger.ts'
import type { StoredLink } from '../model/link.ts'
import type { State } from '../state/state.ts'
import { removeVersion } from './link-versions.ts'
import type { LinkWork } from './link-work.ts'
import type { NewsList } from './register-view.ts'
import { canOpenMore, newNamesInRecords, noteFromBucket, siblingsDueAt } from './sibling-watch.ts'

/** What could not be removed is tried again after this, ms. */
const AGAIN_MS = 300_000

/** The same while everything is paused or held, ms. */
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
    const next = Math.max(this.#faultUntil, this.#nextAt())
    if (next > clock.now()) return next
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
    await this.#askForNames()
  }

  #expire(): void {
    const { state, clock, onChange } = this.#options
    const now = clock.now()
    const over = state.links.listActive().filter(({ expiresAt }) => expiresAt !== null && expiresAt <= now)
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
    for (const link of state.links.listActive()) {
      const at = remindAt(link)
      if (at === null || link.isReminded || at > clock.now()) continue
      state.transaction(() => state.links.setReminded(link.linkId))
      news.add(link, 'expires-soon', null)
      onChange()
    }
  }

  async #removeAll(): Promise<void> {
    const { state, clock, logger, isOpen } = this.#options
    const withHidden = Math.abs(clock.now() - this.#hiddenTriedAt) >= DAY_MS
    const versions = state.links.listUnwanted(withHidden)
    if (withHidden) this.#hiddenTriedAt = clock.now()
    if (versions.length === 0) return
    if (!isOpen()) {
      this.#removesAgainAt = clock.now() + CLOSED_MS
      return
    }
    const work = await this.#options.work()
    let left = 0
    for (const version of versions) {
      try {
        if ((await removeVersion(work, version)) === 'not-yet') left += 1
      } catch (error) {
        if (!isEngineError(error)) throw error
        if (isEngineError(error, ...GONE)) {
          state.transaction(() => state.links.forgetVersion(version.versionId))
          continue
        }
        left += 1
        logger.warn({ err: error, name: version.name }, 'what was made for a link could not be removed')
      }
    }
    this.#removesAgainAt = left === 0 ? 0 : clock.now() + AGAIN_MS
  }

  async #askForNames(): Promise<void> {
    const { state, clock, onChange, logger } = this.#options
    const due = state.links.listActive().filter((link) => this.#namesDueAt(link) <= clock.now())
    if (due.length === 0) return
    const work = await this.#options.work()
    for (const link of due) {
      this.#askedAbout.set(link.linkId, newNamesInRecords(state, link))
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

  /** When the bucket is asked for names beside a link: 0 for at once, as the records know of one that is new. */
  #namesDueAt(link: StoredLink): number {
    if (!canOpenMore(link)) return Infinity
    const known = newNamesInRecords(this.#options.state, link)
    const isNews = known !== '' && known !== this.#askedAbout.get(link.linkId)
    return isNews ? 0 : siblingsDueAt(link)
  }

  #nextAt(): number {
    const { state } = this.#options
    const times = state.links.listActive().flatMap((link) => {
      const remind = link.isReminded ? null : remindAt(link)
      return [link.expiresAt, remind, this.#namesDueAt(link)].filter((at) => at !== null)
    })
    const removal = state.links.listUnwanted(false).length > 0 ? this.#removesAgainAt : Infinity
    const hidden = state.links.listUnwanted(true).length > 0 ? this.#hiddenTriedAt + DAY_MS : Infinity
    return Math.min(removal, hidden, ...times)
  }
}

function remindAt({ expiresAt, validSeconds }: StoredLink): number | null {
  if (expiresAt === null || validSeconds * 1000 <= EXPIRES_SOON_MS) return null
  return expiresAt - EXPIRES_SOON_MS
}
