/**
 * Brings one body to an upload URL: a whole file or a part of a large one.
 *
 * An upload that fails takes a new upload URL at once, five in all, and then backs off: a URL points to one storage pod,
 * and pods refuse uploads as a matter of course. When the connection dies after the last byte was sent, B2 may hold the
 * bytes already, or be about to; then it is asked a moment later, before anything is sent again.
 */
import type { z } from 'zod'
import { EngineError, isEngineError } from '../../../shared/errors.ts'
import type { Sha1Hex } from '../../../shared/ids.ts'
import { readAnswer, restrained, type Api, type CallOptions } from './call.ts'
import { isOutcomeUnknown, remedyOf, retryAfterMs } from './errors.ts'
import { UPLOAD_URLS_AT_ONCE } from './limits.ts'
import { assertPermitted, type Intent } from './permissions.ts'
import { PATIENT, retry, waitBeforeRequest, waitFor } from './retry.ts'
import { createUploadBody, lengthOf, type UploadSource } from './upload-body.ts'
import type { UploadTarget, UploadUrl, UploadUrls } from './upload-urls.ts'

/** How long to wait at least before B2 is asked whether it holds an upload whose answer was lost. */
export const BEFORE_LOOK_MS = 500

/** What B2 tells of stored bytes. */
type Stored = { readonly contentSha1?: string | null | undefined }

export type UploadTask<T extends Stored> = CallOptions & {
  readonly intent: Intent
  readonly target: UploadTarget
  readonly source: UploadSource
  /** What B2 wants to know besides token, length and SHA-1. */
  readonly headers: Readonly<Record<string, string>>
  readonly answer: z.ZodType<T>
  /** Whether the answer is about what was asked for; its SHA-1 is compared anyway. */
  readonly isRight: (stored: T) => boolean
  /** What B2 holds in this place already; undefined for nothing, or when the key may not look. */
  readonly look: () => Promise<T | undefined>
}

/** Bytes that B2 holds, under the SHA-1 of what was sent. */
export type Confirmed<T extends Stored> = T & { readonly contentSha1: Sha1Hex }

/**
 * Throws `file_changed_while_reading`, what `makeBody` or `beforeTrailer` threw (unchanged, never tried again), the
 * signal's reason, or what B2 answered in the end. Nothing was stored then, unless the error's details say `mayBeStored`
 * (an answer was lost, and B2 could not be asked), or the signal came after the last byte.
 */
export async function sendUpload<T extends Stored>(
  api: Api,
  urls: UploadUrls,
  task: UploadTask<T>,
): Promise<Confirmed<T>> {
  const { intent, target, signal, patience = PATIENT } = task
  const { operation } = intent
  let urlsTried = 0
  let wasUnauthorized = false
  let unconfirmed: Sha1Hex | undefined

  const attempt = async (): Promise<Confirmed<T>> => {
    if (unconfirmed !== undefined) {
      const stored = await task.look()
      if (stored !== undefined && isWhatWasSent(task, stored, unconfirmed)) return stored
      unconfirmed = undefined
    }
    const { account } = await api.session.authorization(signal)
    assertPermitted(account, intent)
    return restrained(api, operation, signal, async () => {
      const url = await (urlsTried === 0 ? urls.lease(target, signal) : urls.fetch(target, signal))
      urlsTried++
      const sent = await sendTo(api, url, task)
      if (sent.kind === 'failed') {
        unconfirmed = sent.mayBeStored
        throw sent.error
      }
      urls.return(url)
      return sent.stored
    })
  }

  const waitAfter = (error: unknown, failures: number): number | undefined => {
    // A key that was good a moment ago: B2's advice is one more URL before believing it.
    if (isEngineError(error, 'bucket_not_allowed') && error.details['status'] !== undefined) {
      if (error.details['operation'] !== operation || wasUnauthorized) return undefined
      wasUnauthorized = true
      return 0
    }
    if (remedyOf(error) !== 'new_upload_url') return waitBeforeRequest(error, failures, api.random)
    // What was on its way when the connection broke may need a moment to be stored.
    const leastMs = unconfirmed === undefined ? 0 : Math.round(BEFORE_LOOK_MS * (1 + api.random()))
    if (urlsTried < UPLOAD_URLS_AT_ONCE && retryAfterMs(error) === undefined) return leastMs
    return Math.max(leastMs, waitFor(error, Math.max(1, failures - UPLOAD_URLS_AT_ONCE + 1), api.random))
  }

  try {
    return await retry(attempt, { clock: api.clock, random: api.random, patience, signal, waitAfter })
  } catch (error) {
    if (unconfirmed === undefined || !isEngineError(error)) throw error
    throw new EngineError(error.code, error.message, { ...error.details, mayBeStored: true }, { cause: error })
  }
}

type Sent<T extends Stored> =
  | { readonly kind: 'stored'; readonly stored: Confirmed<T> }
  /** `mayBeStored`: the SHA-1 of what B2 may have all the same; undefined when it cannot have it. */
  | { readonly kind: 'failed'; readonly error: unknown; readonly mayBeStored: Sha1Hex | undefined }

async function sendTo<T extends Stored>(
  { http, clock }: Api,
  { uploadUrl, authorizationToken }: UploadUrl,
  task: UploadTask<T>,
): Promise<Sent<T>> {
  const { operation, bucketId } = task.intent
  const { body, sha1Header, sentSha1 } = createUploadBody(task.source)
  try {
    const answer = await http.send({
      operation,
      method: 'POST',
      url: uploadUrl,
      headers: { ...task.headers, Authorization: authorizationToken, 'X-Bz-Content-Sha1': sha1Header },
      body,
      signal: task.signal,
    })
    const stored = readAnswer(answer, task.answer, { operation, bucketId, nowMs: clock.now() })
    const sha1 = sentSha1()
    if (sha1 === undefined || !isWhatWasSent(task, stored, sha1)) {
      // Sent again it would only be stored once more.
      throw new EngineError('b2_refused', `${operation}: B2 has stored something else`, { operation })
    }
    task.source.onProgress?.(lengthOf(task.source))
    return { kind: 'stored', stored }
  } catch (error) {
    return { kind: 'failed', error, mayBeStored: isOutcomeUnknown(error) ? sentSha1() : undefined }
  }
}

function isWhatWasSent<T extends Stored>(task: UploadTask<T>, stored: T, sha1: Sha1Hex): stored is Confirmed<T> {
  return stored.contentSha1 === sha1 && task.isRight(stored)
}
