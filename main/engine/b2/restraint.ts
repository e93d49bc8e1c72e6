/**
 * What B2 has asked this client to leave alone for a while, known to all its callers: a pause (429 with `Retry-After`)
 * holds for every call, a cap (403) for calls of its kind. So a hundred callers that run into it ask once, not a
 * hundred times, and not again and again.
 */
import { EngineError, isEngineError, type ErrorCode } from '../../../shared/errors.ts'
import type { Clock } from '../lib/clock.ts'
import { remedyOf, retryAfterMs } from './errors.ts'
import { CAP_REST_MS, TRANSACTION_CLASS_B, TRANSACTION_CLASS_C, USES_STORAGE } from './limits.ts'

/** How long one caller has to find out whether a cap still holds, before another one tries: longer than most calls take. */
const PROBE_MS = 60_000

/** Unix milliseconds. A clock that is set back to before `since` ends it. */
type Span = { since: number; until: number }
type Cap = Span & { readonly error: EngineError }

export class Restraint {
  readonly #clock: Clock
  readonly #onSuccess: () => void
  /** By the kind of call it stops, see `kindsOf`. */
  readonly #caps = new Map<string, Cap>()
  #pause: (Span & { readonly error: EngineError }) | undefined

  /** `onSuccess` is told of every call that succeeds. */
  constructor(clock: Clock, onSuccess: () => void = () => undefined) {
    this.#clock = clock
    this.#onSuccess = onSuccess
  }

  /**
   * Called before anything is sent. Throws what B2 said when it asked for the pause (with what is left of it) or
   * reached the cap. When a cap has rested for a quarter of an hour, one caller is let through to find out.
   */
  before(operation: string): void {
    const now = this.#clock.now()
    if (this.#pause !== undefined && isWithin(this.#pause, now)) {
      const { error, until } = this.#pause
      throw new EngineError(error.code, error.message, { ...error.details, operation, retryAfterMs: until - now })
    }
    for (const kind of kindsOf(operation)) {
      const cap = this.#caps.get(kind)
      if (cap === undefined) continue
      if (isWithin(cap, now)) throw cap.error
      cap.since = now
      cap.until = now + PROBE_MS
    }
  }

  /** Called with every failure of a call. */
  failed(operation: string, error: unknown): void {
    if (!isEngineError(error)) return
    const now = this.#clock.now()
    if (remedyOf(error) === 'stop_class') {
      this.#caps.set(capKind(error.code, operation), { error, since: now, until: now + CAP_REST_MS })
    }
    const asked = error.code === 'too_many_requests' ? retryAfterMs(error) : undefined
    if (asked === undefined) return
    const isLonger = this.#pause === undefined || !isWithin(this.#pause, now) || this.#pause.until < now + asked
    if (isLonger) this.#pause = { error, since: now, until: now + asked }
  }

  /** Called with every success of a call: what went through is not capped. */
  succeeded(operation: string): void {
    this.#onSuccess()
    if (this.#caps.size === 0) return
    for (const kind of kindsOf(operation)) this.#caps.delete(kind)
  }

  /** For a person who asks now: everything may be asked about at once. */
  forget(): void {
    this.#caps.clear()
    this.#pause = undefined
  }
}

function isWithin({ since, until }: Span, now: number): boolean {
  return now >= since && now < until
}

/** The kind of call that a cap stops. */
function capKind(code: ErrorCode, operation: string): string {
  if (code === 'storage_cap_exceeded') return 'storage'
  if (code === 'download_cap_exceeded') return 'download'
  return TRANSACTION_CLASS_B.has(operation) ? 'class B' : 'class C'
}

function kindsOf(operation: string): readonly string[] {
  const kinds: string[] = []
  if (USES_STORAGE.has(operation)) kinds.push('storage')
  if (operation.startsWith('b2_download_')) kinds.push('download')
  if (TRANSACTION_CLASS_B.has(operation)) kinds.push('class B')
  if (TRANSACTION_CLASS_C.has(operation)) kinds.push('class C')
  return kinds
}
