/**
 * Whether B2 can be reached. Every call that succeeds proves it; where none was made for a while, or the machine is in another
 * network, a free one is made.
 *
 * What is wrong goes the way of all that is asked outside of jobs (`reach.ts`): it is tried again, and a network that is away
 * holds everything until a probe succeeds. While something holds everything, that probe asks, and nothing is asked here.
 */
import { isEngineError, type ErrorCode } from '../../../shared/errors.ts'
import type { UnixMs } from '../../../shared/ids.ts'
import type { Health } from '../../../shared/model/health.ts'
import type { B2Client } from '../b2/client.ts'
import { BRIEF } from '../b2/retry.ts'
import type { Clock } from '../lib/clock.ts'

/** How often the machine's network is looked at: a moment without a call or a file. */
const LOOK_MS = 10_000

/** An answer is proof for so long. */
const PROOF_MS = 300_000

/** B2 was not there, or was not itself. Anything else that it says, it says because it is there. */
const UNREACHABLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'network_unreachable',
  'timeout',
  'connection_reset',
  'b2_service_error',
  'not_a_b2_service',
  'proxy_refused',
  'proxy_unreachable',
  'network_settings_unusable',
])

/** What only says that nothing can be sent to this bucket now: told by whoever wants to. */
const ABOUT_BUCKET = ['bucket_missing', 'bucket_not_allowed', 'capability_missing', 'storage_cap_exceeded'] as const

type Fault = { readonly code: ErrorCode; readonly since: UnixMs }

export type HealthOptions = {
  readonly clock: Clock
  /** The machine's network as text; another text, another network. */
  readonly readNetwork: () => string
  /** What keeps everything from being sent. */
  readonly hold: () => Fault | null
  /** The bucket to ask about; null while there is nothing to ask for, or it should be quiet. */
  readonly bucket: () => string | null
  /** Has `check` called, again and again until it does not throw. */
  readonly ask: () => void
  /** What waits for B2 is tried now. */
  readonly hurry: () => void
  readonly onChange: () => void
}

export class HealthWatch {
  readonly #options: HealthOptions
  readonly #stop = new AbortController()
  #network: string
  #answeredAt: UnixMs | null = null
  /** What the last check found wrong; null once anything has succeeded. */
  #fault: Fault | null = null
  /** The proof is from another network. */
  #isDoubted = false
  #loop: Promise<void> | null = null

  constructor(options: HealthOptions) {
    this.#options = options
    this.#network = options.readNetwork()
  }

  get state(): Health {
    const fault = this.#faultNow()
    if (fault !== null) return { kind: 'unreachable', code: fault.code, since: fault.since }
    return this.#answeredAt === null ? { kind: 'unknown' } : { kind: 'online', checkedAt: this.#answeredAt }
  }

  start(): void {
    this.#loop ??= this.#run()
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#loop
  }

  /** The way to B2 is another one: what has answered before proves nothing. */
  doubt(): void {
    this.#isDoubted = true
    if (this.#options.bucket() !== null) this.#options.ask()
  }

  /** A call to B2 has succeeded. */
  answered(): void {
    const wasKnown = this.#answeredAt !== null && this.#fault === null && !this.#isDue()
    this.#answeredAt = this.#options.clock.now()
    this.#fault = null
    this.#isDoubted = false
    if (!wasKnown) this.#options.onChange()
  }

  /** Asks B2 unless it has answered meanwhile. Throws what the client throws where that concerns more than one bucket. */
  async check(b2: Pick<B2Client, 'ping'>, signal: AbortSignal): Promise<void> {
    const bucketId = this.#options.bucket()
    if (bucketId === null || !this.#isDue()) return
    try {
      await b2.ping(bucketId, { signal, patience: BRIEF })
    } catch (error) {
      if (!isEngineError(error)) throw error
      if (UNREACHABLE.has(error.code)) this.#failed(error.code)
      // A refusal is an answer too; one without a status is our own.
      else if (error.details['status'] !== undefined) this.answered()
      if (!isEngineError(error, ...ABOUT_BUCKET)) throw error
    }
  }

  async #run(): Promise<void> {
    const { clock } = this.#options
    const { signal } = this.#stop
    for (;;) {
      const isOver = await clock.sleep(LOOK_MS, signal).then(
        () => false,
        () => true,
      )
      if (isOver) return
      this.#look()
    }
  }

  #look(): void {
    const { readNetwork, hurry, bucket, ask } = this.#options
    const network = readNetwork()
    if (network !== this.#network) {
      this.#network = network
      this.#isDoubted = true
      if (this.#faultNow() !== null) hurry()
    }
    if (bucket() !== null && this.#isDue()) ask()
  }

  /** Also where the clock has been set back since. */
  #isDue(): boolean {
    const { clock } = this.#options
    return this.#isDoubted || this.#answeredAt === null || Math.abs(clock.now() - this.#answeredAt) >= PROOF_MS
  }

  #failed(code: ErrorCode): void {
    this.#fault = { code, since: this.#fault?.since ?? this.#options.clock.now() }
    this.#options.onChange()
  }

  #faultNow(): Fault | null {
    const hold = this.#options.hold()
    const held = hold !== null && UNREACHABLE.has(hold.code) ? hold : null
    // The two may be about one trouble, which began when the first of them saw it.
    if (held !== null && this.#fault !== null && this.#fault.since < held.since) {
      return { code: held.code, since: this.#fault.since }
    }
    return held ?? this.#fault
  }
}
