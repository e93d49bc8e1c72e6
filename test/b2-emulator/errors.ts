/**
 * An answer B2 gives instead of a result: HTTP status, code and message of its JSON error body.
 *
 * Codes and messages are those of B2's documentation and of recorded traffic; where none is recorded, the code is
 * documented and the message is ours.
 */
export class B2Error extends Error {
  override readonly name = 'B2Error'
  readonly status: number
  readonly code: string
  /** Extra response headers, such as `Retry-After`. */
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.code = code
    this.headers = headers
  }
}

/** The connection is cut without an answer: the client went away, or a fault was asked for. */
export class ConnectionCut extends Error {
  override readonly name = 'ConnectionCut'
}

/** An answer that is not B2's but that of something in between, such as a proxy: a page of HTML. */
export class ForeignAnswer extends Error {
  override readonly name = 'ForeignAnswer'
  readonly status: number
  /** Extra response headers, such as `Retry-After`. */
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, headers: Readonly<Record<string, string>> = {}) {
    super('<!DOCTYPE html>\n<title>Please log in</title>\n<p>This network wants you to log in first.</p>\n')
    this.status = status
    this.headers = headers
  }
}

/** 400 `bad_request`: something in the request is malformed. */
export function badRequest(message: string): B2Error {
  return new B2Error(400, 'bad_request', message)
}

/** 400 `bad_bucket_id`: no bucket has this id (any more). */
export function badBucketId(bucketId: string): B2Error {
  return new B2Error(400, 'bad_bucket_id', `Bucket ${bucketId} does not exist`)
}

/** 401 `unauthorized`: the token is fine, but the key may not do this. */
export function unauthorized(): B2Error {
  return new B2Error(401, 'unauthorized', 'unauthorized')
}

/** 401 `bad_auth_token`: the token was never issued, its key is gone, or its upload URL has been rejected before. */
export function badAuthToken(): B2Error {
  return new B2Error(401, 'bad_auth_token', '')
}

/** 401 `expired_auth_token`: the token was good once. */
export function expiredAuthToken(): B2Error {
  return new B2Error(401, 'expired_auth_token', 'Authorization token has expired')
}

/** 404 `not_found`. */
export function notFound(message: string): B2Error {
  return new B2Error(404, 'not_found', message)
}

/** The code B2 most often sends with a status; used when a scripted fault names a status only. */
export function usualCode(status: number): string {
  return USUAL_CODES[status] ?? (status >= 500 ? 'internal_error' : 'bad_request')
}

const USUAL_CODES: Readonly<Record<number, string>> = {
  401: 'expired_auth_token',
  403: 'storage_cap_exceeded',
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'request_timeout',
  409: 'conflict',
  416: 'range_not_satisfiable',
  429: 'too_many_requests',
  503: 'service_unavailable',
}
