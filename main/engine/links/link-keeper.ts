/**
 * The room's door: makes links, keeps the register, and sees to everything that follows by itself: what was promised, what
 * expires, what has to be removed, and which names have come that a link opens too.
 */
import { EngineError, isAbortError, isEngineError, type ErrorCode } from '../../../shared/errors.ts'
import type { FolderId, RelativePath } from '../../../shared/ids.ts'
import {
  EXPIRES_SOON_MS,
  type Link,
  type LinkAnswer,
  type LinkCounts,
  type LinkId,
  type LinkQuery,
  type LinkRequest,
  type LinkTarget,
} from '../../../shared/model/link.ts'
import type { CallOptions } from '../b2/call.ts'
import type { B2Client } from '../b2/client.ts'
import { BRIEF, INTERACTIVE } from '../b2/retry.ts'
import type { Clock } from '../lib/clock.ts'
import { InTurn } from '../lib/in-turn.ts'
import { joinSignals } from '../lib/joined-signal.ts'
import type { Logger } from '../lib/logger.ts'
import { Slots } from '../lib/slots.ts'
import { Wake } from '../lib/wake.ts'
import type { StoredLink } from '../model/link.ts'
import type { State } from '../state/state.ts'
import { LinkHouse } from './link-house.ts'
import { makeLink, renewed } from './link-maker.ts'
import { LinkPromises } from './link-promises.ts'
import type { TargetSources } from './link-targets.ts'
import { remakePage, type LinkWork } from './link-work.ts'
import { asLink, NewsList } from './register-view.ts'
import { lookAtName } from './siblings.ts'
import { canOpenMore } from './link-watch.ts'

/** Each link is two calls, and B2 answers many at once. */
const AT_ONCE = 16

/** A person waits so long for what has to be made first; what takes longer is promised, ms. */
const WAIT_MS = 4000

/** The records are looked at no more often: a folder that is first synced has hundreds of files a second, ms. */
const REST_MS = 200

/** With many links a look takes longer, and the rest after it so many times as long. */
const RESTS = 20

/** While it is paused or held, what waits for that is looked at again after this, ms. */
const CLOSED_MS = 30_000

/** After a failure that concerns all links, ms. */
const AFTER_FAULT_MS = 60_000

/** Codes that concern every link that is asked for. */
const OF_ALL: readonly ErrorCode[] = [
  'account_not_connected',
  'key_rejected',
  'key_unsupported',
  'account_blocked',
  'keychain_unavailable',
  'network_unreachable',
  'not_a_b2_service',
  'proxy_refused',
  'transaction_cap_exceeded',
]

export type LinkKeeperOptions = Omit<TargetSources, 'state'> & {
  readonly state: State
  readonly clock: Clock
  readonly logger: Logger
  readonly client: (signal: AbortSignal) => Promise<B2Client>
  /** False while nothing may be written to B2: it is paused, or held. */
  readonly isOpen: () => boolean
  /** Lets the transfers of these go before all others, and has looked at what is not planned yet. */
  readonly hurry: (folderId: FolderId, paths: readonly RelativePath[]) => void
  readonly onChange: () => void
}

export class LinkKeeper {
  readonly #options: LinkKeeperOptions
  readonly #news: NewsList
  readonly #promises: LinkPromises
  readonly #house: LinkHouse
  readonly #slots = new Slots(AT_ONCE)
  /** What is done to one link is done one after the other. */
  readonly #turns = new InTurn()
  readonly #wake: Wake
  readonly #stop = new AbortController()
  #revision: number
  /** There was nothing to look after. */
  #isIdle = false
  #loop: Promise<void> | null = null

  constructor(options: LinkKeeperOptions) {
    const { state, clock, logger } = options
    this.#options = options
    this.#news = new NewsList(clock)
    this.#wake = new Wake(clock)
    this.#revision = clock.now()
    const onChange = (): void => this.#changed()
    const ring = (): void => this.#wake.ring()
    const work = (signal: AbortSignal): Promise<LinkWork> => this.#work({ signal, patience: BRIEF })
    const { isOpen, hurry } = options
    const shared = { state, clock, logger, news: this.#news, isOpen, onChange }
    this.#promises = new LinkPromises({ ...shared, turns: this.#turns, work, hurry, onDue: ring })
    this.#house = new LinkHouse({
      ...shared,
      work: () => work(this.#stop.signal),
      isAtWork: (linkId) => this.#promises.isAtWork(linkId),
      onDone: ring,
    })
  }

  get counts(): LinkCounts {
    const { state, clock } = this.#options
    const now = clock.now()
    const counts = state.links.count(now, now + EXPIRES_SOON_MS)
    return { ...counts, revision: this.#revision, news: [...this.#news.all] }
  }

  start(): void {
    this.#loop ??= this.#run()
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    this.#wake.ring()
    await this.#loop
    await Promise.all([this.#promises.stop(), this.#house.ended()])
  }

  /** Something was planned, has arrived, or was listed: a promise may be true now, or a name be in the way. */
  poke(): void {
    if (!this.#isIdle) this.#wake.ring()
  }

  /** Another key may be able to do more. */
  accountConnected(): void {
    this.#house.accountConnected()
    this.#wake.ring()
  }

  /** Waits for what is being made, and removes what is not needed any more: for a program that does not stay. */
  async settle(): Promise<void> {
    await this.#promises.settled()
    await this.#house.tidy()
  }

  /** In the order of the targets. Throws what concerns all of them. */
  async create(request: LinkRequest, signal: AbortSignal): Promise<LinkAnswer[]> {
    const work = await this.#work({ signal, patience: INTERACTIVE })
    return Promise.all(request.targets.map((target) => this.#createOne(target, request, work, signal)))
  }

  list(query: LinkQuery): Link[] {
    const now = this.#options.clock.now()
    return this.#options.state.links.list(query, now).map((link) => asLink(link, now))
  }

  async renew(linkId: LinkId, validSeconds: number | undefined, signal: AbortSignal): Promise<Link> {
    const { clock } = this.#options
    const work = await this.#work({ signal, patience: INTERACTIVE })
    await this.#turns.run(
      String(linkId),
      async () => {
        // Its time may run out meanwhile, and then what it opens is removed.
        while ((await this.#renewAsItIs(linkId, validSeconds, work)) === 'expired-meanwhile');
      },
      signal,
    )
    await this.#waitFor(linkId, signal)
    this.#changed()
    this.#wake.ring()
    return asLink(this.#find(linkId), clock.now())
  }

  async #renewAsItIs(
    linkId: LinkId,
    validSeconds: number | undefined,
    work: LinkWork,
  ): Promise<'renewed' | 'ended-meanwhile' | 'expired-meanwhile'> {
    const { state } = this.#options
    const link = this.#find(linkId)
    if (link.isPublic) throw new EngineError('bad_request', 'A link to a public bucket does not end')
    if (link.behind === 'original' && link.state !== 'promised') {
      const { shown } = await lookAtName(work.b2, link.bucketId, link.name, work.call)
      if (shown === null) throw new EngineError('not_found', 'The bucket does not hold this file')
    }
    const to = await renewed(link, validSeconds ?? link.validSeconds, work)
    // The addresses on a page end too.
    if (link.behind === 'index' && to.name === link.name) await remakePage({ ...link, ...to }, work)
    return state.transaction(() => {
      const now = this.#find(linkId).state
      if (now === link.state) {
        state.links.renew(linkId, { ...to, isPromised: false })
        return 'renewed'
      }
      // A page that was made meanwhile goes with the rest.
      state.links.unwantAll(linkId)
      return now === 'expired' ? 'expired-meanwhile' : 'ended-meanwhile'
    })
  }

  async end(linkId: LinkId, signal: AbortSignal): Promise<Link> {
    const { state, clock } = this.#options
    const { state: before } = this.#find(linkId)
    if (before === 'promised' || before === 'ready') {
      state.transaction(() => {
        state.links.setState(linkId, 'ended', null, clock.now())
        state.links.unwantAll(linkId)
      })
    }
    this.#changed()
    // Who ends a link wants to see it gone; without a network it goes later.
    await this.#atMost(this.#removeAllOf(linkId), signal)
    this.#wake.ring()
    return asLink(this.#find(linkId), clock.now())
  }

  /** What is being made for it is broken off first. */
  async #removeAllOf(linkId: LinkId): Promise<void> {
    await this.#promises.breakOff(linkId)
    try {
      await this.#house.tidy()
    } catch (error) {
      if (!isEngineError(error) && !isAbortError(error)) throw error
    }
  }

  async accept(linkId: LinkId, signal: AbortSignal): Promise<void> {
    const { state } = this.#options
    const link = this.#find(linkId)
    if (!canOpenMore(link)) return
    const { b2, call } = await this.#work({ signal, patience: INTERACTIVE })
    const { longer } = await lookAtName(b2, link.bucketId, link.name, call)
    state.transaction(() => {
      state.links.accept(linkId, [...new Set([...(link.accepted ?? []), ...longer.keys()])])
      state.links.setOpensToo(linkId, link.opensToo, null, 0)
    })
    this.#changed()
  }

  async #createOne(target: LinkTarget, request: LinkRequest, work: LinkWork, signal: AbortSignal): Promise<LinkAnswer> {
    const release = await this.#slots.take(signal)
    try {
      const made = await makeLink(target, request, work)
      if (made.kind !== 'made') return made
      const { linkId } = made.link
      await this.#waitFor(linkId, signal)
      this.#changed()
      const link = this.#find(linkId)
      if (link.state === 'failed') return { kind: 'refused', code: link.code ?? 'bug', details: {} }
      const kind = link.state === 'promised' ? 'promised' : 'ready'
      return { kind, link: asLink(link, this.#options.clock.now()) }
    } catch (error) {
      if (!isEngineError(error) || OF_ALL.includes(error.code)) throw error
      return { kind: 'refused', code: error.code, details: { ...error.details } }
    } finally {
      release()
      // Not only when all are answered: one of them may throw what concerns all.
      this.#wake.ring()
    }
  }

  /** What a link needs is begun at once; what takes longer goes on, and is told when it is done. */
  async #waitFor(linkId: LinkId, signal: AbortSignal): Promise<void> {
    const { state } = this.#options
    if (this.#find(linkId).state !== 'promised') return
    await this.#atMost(this.#promises.attempt(linkId), signal)
    if (this.#find(linkId).state === 'promised') state.transaction(() => state.links.setPromised(linkId))
  }

  /** Waits for what goes on whether it is waited for or not. */
  async #atMost(work: Promise<void>, signal: AbortSignal): Promise<void> {
    const over = new AbortController()
    const { signal: either, release } = joinSignals(signal, over.signal)
    try {
      await Promise.race([work, this.#options.clock.sleep(WAIT_MS, either).catch(() => undefined)])
    } finally {
      over.abort()
      release()
    }
  }

  #find(linkId: LinkId): StoredLink {
    const link = this.#options.state.links.find(linkId)
    if (link === undefined) throw new EngineError('not_found', `No link ${linkId}`)
    return link
  }

  async #work(call: CallOptions & { readonly signal: AbortSignal }): Promise<LinkWork> {
    const { state, clock, client } = this.#options
    return { state, clock, b2: await client(call.signal), call, sources: this.#options }
  }

  async #run(): Promise<void> {
    const { clock } = this.#options
    const { signal } = this.#stop
    while (!signal.aborted) {
      const beganAt = clock.uptime()
      const next = this.#look()
      const restMs = Math.max(REST_MS, RESTS * (clock.uptime() - beganAt))
      const { promised } = this.counts
      this.#isIdle = promised === 0 && next === Infinity
      const times = [next, this.#promises.nextAt]
      if (!this.#options.isOpen() && promised > 0) times.push(clock.now() + CLOSED_MS)
      await clock.sleep(restMs, signal).catch(() => undefined)
      await this.#wake.sleep(Math.min(...times) - clock.now(), signal)
    }
  }

  /** Unix milliseconds of what is due next. */
  #look(): number {
    const { clock, logger } = this.#options
    try {
      this.#promises.keepAll()
      return this.#house.keep()
    } catch (error) {
      // A disk that is full, such as; whoever holds everything for that says so.
      if (!isEngineError(error)) throw error
      logger.warn({ err: error }, 'links could not be looked after')
      return clock.now() + AFTER_FAULT_MS
    }
  }

  #changed(): void {
    this.#revision += 1
    this.#options.onChange()
  }
}
