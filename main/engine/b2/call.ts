/**
 * One JSON call of B2: permission is checked first, an old token is replaced once, the answer is checked by its schema.
 *
 * Calls are POSTs with a JSON body, which B2 takes for every operation.
 */
import type { z } from 'zod'
import type { EngineError } from '../../../shared/errors.ts'
import { isEngineError } from '../../../shared/errors.ts'
import type { Random } from '../lib/backoff.ts'
import type { Clock } from '../lib/clock.ts'
import { interpretB2Error, interpretErrorAnswer, type CallContext } from './errors.ts'
import type { Http } from './http.ts'
import { assertPermitted, type Intent } from './permissions.ts'
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
  readonly clock: Clock
  readonly random: Random
}

/** One call: what it is about, what is sent, what comes back. */
export type B2Call<T> = Intent & {
  readonly body: (account: Account) => object
  readonly answer: z.ZodType<T>
}

/** Makes a call and tries again while that may help. */
export function callB2<T>(api: Api, call: B2Call<T>, { signal, patience = PATIENT }: CallOptions = {}): Promise<T> {
  const { clock, random } = api
  return retry(() => callB2Once(api, call, signal), { clock, random, patience, signal })
}

/** Makes a call without trying again, for use inside another loop; a token that ran out is still replaced. */
export async function callB2Once<T>(api: Api, call: B2Call<T>, signal?: AbortSignal): Promise<T> {
  const authorization = await api.session.authorization(signal)
  assertPermitted(authorization.account, call)
  try {
    return await post(api, call, authorization, signal)
  } catch (error) {
    if (!isEngineError(error, 'token_expired')) throw error
    return post(api, call, await api.session.replace(authorization, signal), signal)
  }
}

async function post<T>(
  { http, clock }: Api,
  call: B2Call<T>,
  { account, token }: Authorization,
  signal: AbortSignal | undefined,
): Promise<T> {
  const { operation, needs, bucketId } = call
  const answer = await http.send({
    operation,
    method: 'POST',
    url: `${account.apiUrl}/b2api/v4/${operation}`,
    headers: { Authorization: token, 'Content-Type': 'application/json' },
    body: JSON.stringify(call.body(account)),
    signal,
  })
  return readAnswer(answer, call.answer, { operation, needs, bucketId, nowMs: clock.now() })
}

/** The checked body of a success; throws the error for anything else. */
export function readAnswer<T>(
  answer: Parameters<typeof interpretErrorAnswer>[0],
  schema: z.ZodType<T>,
  context: CallContext,
): T {
  if (answer.status !== 200) throw interpretErrorAnswer(answer, context)
  const parsed = schema.safeParse(parseJson(answer.text))
  if (!parsed.success) throw unreadable(answer, context)
  return parsed.data
}

function unreadable(
  { status, headers }: Parameters<typeof interpretErrorAnswer>[0],
  context: CallContext,
): EngineError {
  return interpretB2Error(status, undefined, 'the answer cannot be read', headers, context)
}
