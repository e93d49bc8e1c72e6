/**
 * One JSON call of B2: permission is checked first, an old token is replaced once, the answer is checked by its schema.
 *
 * Calls are POSTs with a JSON body, which B2 takes for every operation.
 */
import type { z } from 'zod'
import { isEngineError } from '../../../shared/errors.ts'
import type { Random } from '../lib/backoff.ts'
import type { Clock } from '../lib/clock.ts'
import { interpretB2Error, interpretErrorAnswer, isOutcomeUnknown, retryAfterMs, type CallContext } from './errors.ts'
import type { Http, HttpAnswer } from './http.ts'
import type { Pacer } from './pacer.ts'
import { assertPermitted, type Intent } from './permissions.ts'
import type { Restraint } from './restraint.ts'
import { PATIENT, retry, type Patience } from './retry.ts'
import { parseJson, type Authorization, type Session } from './session.ts'
import type { Account } from './types.ts'

/** What callers of the client may say about any call. */
export type CallOptions = {
  readonly signal?: AbortSignal | undefined
  /** How hard to try; patient when absent. */
  readonly patience?: Patience | undefined
}

/** What every call is made with. */
export type Api = {
  readonly session: Session
  readonly http: Http
  readonly restraint: Restraint
  readonly pacer: Pacer
  /** B2 has turned a call away because it is too much for it; for how long, milliseconds, 0 where it did not say. */
  readonly onRefused: (pauseMs: number) => void
  readonly clock: Clock
  readonly random: Random
}

/** One call: what it is about, what is sent, what comes back. */
export type B2Call<T> = Intent & {
  readonly body: (account: Account) => object
  readonly answer: z.ZodType<T>
  /** B2 may work on it for minutes before it answers. */
  readonly worksLong?: true
}

/** Makes a call and tries again while that may help. */
export function callB2<T>(api: Api, call: B2Call<T>, options: CallOptions = {}): Promise<T> {
  return withRetries(api, () => callB2Once(api, call, options.signal), options)
}

/**
 * Makes a call that must not be carried out twice: when it may have been, but its answer was lost, `look` is asked for
 * what it has made before it is made again. `look` runs inside the tries: it may throw like a call that is tried once.
 */
export function callB2OnlyOnce<T>(
  api: Api,
  call: B2Call<T>,
  look: () => Promise<T | undefined>,
  options: CallOptions = {},
): Promise<T> {
  let mayBeDone = false
  return withRetries(
    api,
    async () => {
      const done = mayBeDone ? await look() : undefined
      if (done !== undefined) return done
      try {
        return await callB2Once(api, call, options.signal)
      } catch (error) {
        mayBeDone ||= isOutcomeUnknown(error)
        throw error
      }
    },
    options,
  )
}

/** Runs an attempt until it succeeds, its failure is final, or the caller's patience ends. */
export function withRetries<T>(
  { clock, random }: Api,
  attempt: () => Promise<T>,
  { signal, patience = PATIENT }: CallOptions,
): Promise<T> {
  return retry(attempt, { clock, random, patience, signal })
}

/** Makes a call without trying again, for use inside another loop; a token that ran out is still replaced. */
export function callB2Once<T>(api: Api, call: B2Call<T>, signal?: AbortSignal): Promise<T> {
  return authorized(api, call, signal, (authorization) => post(api, call, authorization, signal))
}

/**
 * Runs one request with an account token: checks first what the key may do and what B2 has asked to leave alone, and
 * replaces a token that ran out once. The request throws what B2 said.
 */
export async function authorized<T>(
  api: Api,
  intent: Intent,
  signal: AbortSignal | undefined,
  request: (authorization: Authorization) => Promise<T>,
): Promise<T> {
  const authorization = await api.session.authorization(signal)
  assertPermitted(authorization.account, intent)
  try {
    return await restrained(api, intent.operation, signal, () => request(authorization))
  } catch (error) {
    if (!isEngineError(error, 'token_expired')) throw error
    const renewed = await api.session.replace(authorization, signal)
    return await restrained(api, intent.operation, signal, () => request(renewed))
  }
}

/** Runs one request in its turn, unless B2 has asked to leave its kind alone, and notes how it went. */
export async function restrained<T>(
  api: Api,
  operation: string,
  signal: AbortSignal | undefined,
  request: () => Promise<T>,
): Promise<T> {
  const { restraint, pacer } = api
  await pacer.turn(signal)
  restraint.before(operation)
  try {
    const result = await request()
    restraint.succeeded(operation)
    pacer.letThrough()
    return result
  } catch (error) {
    restraint.failed(operation, error)
    noteAnswer(api, operation, error)
    throw error
  }
}

/** What an answer that is no success says of how much B2 bears. */
function noteAnswer({ pacer, onRefused }: Api, operation: string, error: unknown): void {
  // A call that was needed for this one has noted it already.
  if (!isEngineError(error) || error.details['operation'] !== operation) return
  const { status } = error.details
  if (status === 429) pacer.turnedAway()
  else if (status !== undefined) pacer.letThrough()
  if (status === 429 || status === 503) onRefused(retryAfterMs(error) ?? 0)
}

/** The account as last authorized; authorizes first when needed. */
export async function accountOf(api: Api, options: CallOptions): Promise<Account> {
  return (await withRetries(api, () => api.session.authorization(options.signal), options)).account
}

async function post<T>(
  { http, clock }: Api,
  call: B2Call<T>,
  { account, token }: Authorization,
  signal: AbortSignal | undefined,
): Promise<T> {
  const { operation, bucketId, worksLong } = call
  const answer = await http.send({
    operation,
    method: 'POST',
    url: `${account.apiUrl}/b2api/v4/${operation}`,
    headers: { Authorization: token, 'Content-Type': 'application/json' },
    body: JSON.stringify(call.body(account)),
    worksLong,
    signal,
  })
  return readAnswer(answer, call.answer, { operation, bucketId, nowMs: clock.now() })
}

/** The checked body of a success; throws the error for anything else. */
export function readAnswer<T>(answer: HttpAnswer, schema: z.ZodType<T>, context: CallContext): T {
  if (answer.status !== 200) throw interpretErrorAnswer(answer, context)
  const parsed = schema.safeParse(parseJson(answer.text))
  if (parsed.success) return parsed.data
  throw interpretB2Error(answer.status, undefined, 'the answer cannot be read', answer.headers, context)
}
