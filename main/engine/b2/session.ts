/**
 * One application key and the account token made from it.
 *
 * The token is fetched when first needed, shared by all callers, replaced before its day is over, and replaced once for
 * everybody when B2 no longer takes it. The key stays in this object: it is private, printed nowhere, and part of no
 * error. Nothing is tried again here.
 */
import type { EngineError } from '../../../shared/errors.ts'
import { isEngineError } from '../../../shared/errors.ts'
import type { UnixMs } from '../../../shared/ids.ts'
import type { Clock } from '../lib/clock.ts'
import { interpretB2Error, interpretErrorAnswer } from './errors.ts'
import type { Http } from './http.ts'
import { TOKEN_REFRESH_MS } from './limits.ts'
import { assertRealmAllowed } from './realm.ts'
import type { Restraint } from './restraint.ts'
import { AuthorizeAnswer, type Account } from './types.ts'

const OPERATION = 'b2_authorize_account'

export type SessionOptions = {
  readonly realm: string
  readonly applicationKeyId: string
  readonly applicationKey: string
  readonly http: Http
  readonly clock: Clock
  readonly restraint: Restraint
}

/** A token and what may be done with it. */
export type Authorization = {
  readonly account: Account
  readonly token: string
  readonly since: UnixMs
}

export class Session {
  readonly realm: string
  readonly applicationKeyId: string
  readonly #applicationKey: string
  readonly #http: Http
  readonly #clock: Clock
  readonly #restraint: Restraint
  #current: Authorization | undefined
  #renewing: Promise<Authorization> | undefined
  #rejection: EngineError | undefined

  /** Throws `realm_not_allowed` for an address that is not safe to send a key to. */
  constructor({ realm, applicationKeyId, applicationKey, http, clock, restraint }: SessionOptions) {
    assertRealmAllowed(realm)
    this.realm = realm.replace(/\/+$/, '')
    this.applicationKeyId = applicationKeyId
    this.#applicationKey = applicationKey
    this.#http = http
    this.#clock = clock
    this.#restraint = restraint
  }

  /**
   * The token to use. Once B2 has rejected the key, every call throws that rejection without asking again, until
   * `authorize` succeeds.
   */
  async authorization(signal?: AbortSignal): Promise<Authorization> {
    const current = this.#current
    if (current !== undefined && this.#clock.now() - current.since < TOKEN_REFRESH_MS) return current
    if (this.#rejection !== undefined) throw this.#rejection
    return this.authorize(signal)
  }

  /** Another token than the one B2 did not take; asks B2 only if nobody else has done so since. */
  async replace(refused: Authorization, signal?: AbortSignal): Promise<Authorization> {
    if (this.#current === refused) this.#current = undefined
    return this.authorization(signal)
  }

  /** Asks B2 for a token, together with everybody who asks meanwhile. */
  async authorize(signal?: AbortSignal): Promise<Authorization> {
    signal?.throwIfAborted()
    this.#renewing ??= this.#authorizeOnce().finally(() => {
      this.#renewing = undefined
    })
    return untilAborted(this.#renewing, signal)
  }

  async #authorizeOnce(): Promise<Authorization> {
    this.#restraint.before(OPERATION)
    try {
      const { account, authorizationToken } = await this.#ask()
      this.#current = { account, token: authorizationToken, since: this.#clock.now() }
      this.#rejection = undefined
      this.#restraint.succeeded(OPERATION)
      return this.#current
    } catch (error) {
      this.#restraint.failed(OPERATION, error)
      if (isEngineError(error, 'key_rejected', 'key_unsupported', 'account_blocked')) {
        this.#current = undefined
        this.#rejection = error
      }
      throw error
    }
  }

  async #ask(): Promise<AuthorizeAnswer> {
    const credentials = Buffer.from(`${this.applicationKeyId}:${this.#applicationKey}`).toString('base64')
    const answer = await this.#http.send({
      operation: OPERATION,
      method: 'GET',
      url: `${this.realm}/b2api/v4/${OPERATION}`,
      headers: { Authorization: `Basic ${credentials}` },
    })
    const context = { operation: OPERATION, nowMs: this.#clock.now() }
    if (answer.status !== 200) throw interpretErrorAnswer(answer, context)
    const parsed = AuthorizeAnswer.safeParse(parseJson(answer.text))
    if (!parsed.success) throw interpretB2Error(answer.status, undefined, '', answer.headers, context)
    // The token must not go where the key may not go.
    assertRealmAllowed(parsed.data.account.apiUrl)
    assertRealmAllowed(parsed.data.account.downloadUrl)
    return parsed.data
  }
}

/** The value of a JSON text, or undefined for anything else. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Waits for shared work that goes on for the others when this caller gives up. */
async function untilAborted<T>(shared: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return shared
  const aborted = Promise.withResolvers<never>()
  const onAbort = (): void => aborted.reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([shared, aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
