import { describe, expect, it } from 'vitest'
import { EngineError, type ErrorCode } from '../../../shared/errors.ts'
import {
  interpretB2Error,
  interpretErrorAnswer,
  interpretNetworkError,
  isOutcomeUnknown,
  parseRetryAfter,
  remedyOf,
} from './errors.ts'

type Row = readonly [
  operation: string,
  status: number,
  b2Code: string | undefined,
  message: string,
  expected: ErrorCode,
]

const authorize = 'b2_authorize_account'
const upload = 'b2_upload_file'
const list = 'b2_list_file_names'

const table: readonly Row[] = [
  [authorize, 401, 'unauthorized', '', 'key_rejected'],
  [authorize, 401, 'bad_auth_token', '', 'key_rejected'],
  [authorize, 400, 'bad_request', 'bad Authorization', 'key_rejected'],
  [authorize, 401, 'unsupported', '', 'key_unsupported'],
  [authorize, 401, 'email_not_verified', '', 'account_blocked'],
  [authorize, 401, 'no_payment_history', '', 'account_blocked'],
  [authorize, 403, 'transaction_cap_exceeded', '', 'transaction_cap_exceeded'],
  [authorize, 403, undefined, '', 'not_a_b2_service'],
  [authorize, 403, 'access_denied', '', 'account_blocked'],
  [authorize, 404, 'NoSuchKey', '', 'not_a_b2_service'],
  [authorize, 200, undefined, '', 'not_a_b2_service'],
  [authorize, 302, undefined, '', 'not_a_b2_service'],
  [authorize, 502, undefined, '', 'b2_service_error'],
  [list, 400, 'bad_request', 'anything', 'b2_refused'],
  [list, 400, 'never_heard_of', '', 'b2_refused'],
  [list, 400, 'out_of_range', '', 'b2_refused'],
  [list, 400, 'bad_bucket_id', 'Bucket 1 does not exist', 'bucket_missing'],
  [list, 400, 'invalid_bucket_id', '', 'bucket_missing'],
  [list, 400, 'bad_request', 'Invalid bucket id: 1', 'bucket_missing'],
  [list, 400, 'bad_request', 'Invalid bucketId: 1', 'bucket_missing'],
  [list, 400, 'bad_request', 'Bucket 4a48fe does not exist', 'bucket_missing'],
  [list, 401, 'expired_auth_token', '', 'token_expired'],
  [list, 401, 'bad_auth_token', '', 'token_expired'],
  [list, 401, undefined, '', 'token_expired'],
  [list, 401, 'unauthorized', '', 'bucket_not_allowed'],
  [list, 401, 'unsupported', '', 'key_unsupported'],
  [list, 401, 'access_denied', '', 'b2_refused'],
  [list, 403, 'unauthorized', '', 'bucket_not_allowed'],
  [list, 403, 'transaction_cap_exceeded', '', 'transaction_cap_exceeded'],
  [list, 403, 'access_denied', '', 'b2_refused'],
  [list, 404, 'not_found', '', 'bucket_missing'],
  [list, 404, undefined, '', 'b2_refused'],
  [list, 408, 'request_timeout', '', 'timeout'],
  [list, 418, undefined, '', 'b2_refused'],
  [list, 451, undefined, '', 'b2_refused'],
  [list, 429, 'too_many_requests', '', 'too_many_requests'],
  [list, 429, undefined, '', 'too_many_requests'],
  [list, 500, 'internal_error', '', 'b2_service_error'],
  [list, 503, 'bad_request', 'Timed out while iterating and skipping files', 'b2_service_error'],
  [list, 200, undefined, '', 'b2_service_error'],
  ['b2_create_bucket', 400, 'duplicate_bucket_name', '', 'bucket_name_taken'],
  ['b2_delete_file_version', 400, 'file_not_present', '', 'not_found'],
  ['b2_hide_file', 400, 'no_such_file', '', 'not_found'],
  [upload, 400, 'auth_token_limit', '', 'upload_url_rejected'],
  [upload, 400, 'bad_request', 'more than one upload using auth token 4_x', 'upload_url_rejected'],
  [upload, 400, 'bad_request', 'Sha1 did not match data received', 'checksum_mismatch'],
  [upload, 400, 'bad_request', 'Checksum did not match data received', 'checksum_mismatch'],
  [upload, 400, 'bad_request', 'Not a valid hex SHA1: abc', 'checksum_mismatch'],
  [upload, 400, 'bad_request', 'File names must contain at least one character', 'name_not_allowed'],
  [upload, 400, 'bad_request', 'File name must not be empty', 'name_not_allowed'],
  [upload, 400, 'cap_exceeded', '', 'storage_cap_exceeded'],
  [upload, 403, 'cap_exceeded', '', 'storage_cap_exceeded'],
  [upload, 401, 'expired_auth_token', '', 'upload_url_rejected'],
  [upload, 401, 'bad_auth_token', '', 'upload_url_rejected'],
  [upload, 401, 'unauthorized', '', 'bucket_not_allowed'],
  [upload, 403, 'storage_cap_exceeded', '', 'storage_cap_exceeded'],
  [upload, 404, undefined, '', 'upload_url_rejected'],
  [upload, 408, undefined, '', 'timeout'],
  [upload, 503, 'service_unavailable', 'no tomes available', 'b2_service_error'],
  ['b2_upload_part', 401, 'bad_auth_token', '', 'upload_url_rejected'],
  ['b2_upload_part', 404, 'not_found', '', 'upload_url_rejected'],
  ['b2_finish_large_file', 400, 'missing_part', '', 'checksum_mismatch'],
  ['b2_finish_large_file', 400, 'part_sha1_mismatch', '', 'checksum_mismatch'],
  ['b2_copy_file', 400, 'source_too_large', 'Copy source too big: 6000000000', 'file_too_large'],
  ['b2_copy_file', 404, 'not_found', '', 'not_found'],
  ['b2_copy_part', 416, 'range_not_satisfiable', '', 'b2_refused'],
  ['b2_update_bucket', 409, 'conflict', 'simultaneous updates to bucket', 'bucket_changed'],
  ['b2_download_file_by_name', 404, undefined, '', 'b2_refused'],
  ['b2_download_file_by_name', 404, 'not_found', '', 'not_found'],
  ['b2_download_file_by_id', 403, 'download_cap_exceeded', '', 'download_cap_exceeded'],
  ['b2_download_file_by_id', 401, undefined, '', 'token_expired'],
]

describe('interpretB2Error', () => {
  it.each(table)('%s answered %i %s %j is %s', (operation, status, b2Code, message, expected) => {
    expect(interpretB2Error(status, b2Code, message, {}, { operation, bucketId: 'b' }).code).toBe(expected)
  })

  it('reads no more of a message than B2 would write, however long it is', () => {
    const long = `${'x'.repeat(10_000_000)} ${'_acct_'.repeat(100_000)}`
    const error = interpretB2Error(400, 'bad_request', long, {}, { operation: list })
    expect(error.message.length).toBeLessThan(1_000)
  })

  it('takes unauthorized for a matter of where, also for a call that names no bucket', () => {
    const error = interpretB2Error(401, 'unauthorized', '', {}, { operation: 'b2_get_file_info' })
    expect(error.code).toBe('bucket_not_allowed')
  })

  it('calls a file that is not there not_found', () => {
    expect(interpretB2Error(404, 'not_found', '', {}, { operation: 'b2_get_file_info' }).code).toBe('not_found')
  })

  it.each([
    'more than one upload using auth token 4_0022623512fc8f80000000001_0186e431_d18d02_upld_tH7VW03boebOXayIc43-sxptpfA=',
    'Invalid auth token 4_0022623512fc8f80000000001_of_another_kind',
    'not good: 4_0022623512fc8f80000000001_0186e431_d18d02_acct_tH7VW03boebOXayIc43-sxptpfA=',
  ])('repeats no token that B2 quotes (%s)', (message) => {
    const error = interpretB2Error(400, 'bad_request', message, {}, { operation: upload })
    expect(`${error.message} ${JSON.stringify(error.details)}`).not.toContain('4_0022623512fc8f8')
  })

  it('gives what B2 says against a name as the reason', () => {
    const error = interpretB2Error(400, 'bad_request', 'File names must not end with /', {}, { operation: upload })
    expect(error.details).toMatchObject({ reason: 'File names must not end with /' })
  })
})

describe('interpretErrorAnswer', () => {
  it('reads the code and message of a JSON body', () => {
    const text = '{"code":"duplicate_bucket_name","message":"Bucket name is already in use.","status":400,"more":1}'
    const error = interpretErrorAnswer({ status: 400, headers: {}, text }, { operation: 'b2_create_bucket' })
    expect(error).toMatchObject({
      code: 'bucket_name_taken',
      details: { b2Code: 'duplicate_bucket_name', status: 400, message: 'Bucket name is already in use.' },
    })
  })

  it.each(['', '<html>', '[]', '{"error":"x"}', 'null'])('goes by the status when the body is %j', (text) => {
    const context = { operation: list }
    expect(interpretErrorAnswer({ status: 502, headers: {}, text }, context).code).toBe('b2_service_error')
    expect(interpretErrorAnswer({ status: 400, headers: {}, text }, context).code).toBe('b2_refused')
    expect(interpretErrorAnswer({ status: 400, headers: {}, text }, { operation: authorize }).code).toBe(
      'not_a_b2_service',
    )
  })
})

describe('parseRetryAfter', () => {
  it.each([
    [{ 'retry-after': '3' }, 3_000],
    [{ 'retry-after': ' 1.5 ' }, 1_500],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '1000000000' }, 3_600_000],
    [{ 'retry-after': '9'.repeat(400) }, 3_600_000],
    [{ 'retry-after': 'Thu, 01 Jan 2099 00:00:30 GMT' }, 3_600_000],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:30 GMT', date: 'Thu, 01 Jan 2026 00:00:10 GMT' }, 20_000],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Thu, 01 Jan 2015 00:00:30 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('reads %j as %s ms', (headers, expected) => {
    expect(parseRetryAfter(headers, Date.UTC(2026, 0, 1))).toBe(expected)
  })
})

describe('interpretNetworkError', () => {
  it.each([
    ['ECONNREFUSED', 'network_unreachable'],
    ['ENOTFOUND', 'network_unreachable'],
    ['EHOSTUNREACH', 'network_unreachable'],
    ['UND_ERR_CONNECT_TIMEOUT', 'network_unreachable'],
    ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
    ['ECONNRESET', 'connection_reset'],
    ['EPIPE', 'connection_reset'],
    ['UND_ERR_SOCKET', 'connection_reset'],
    ['HPE_INVALID_CONSTANT', 'not_a_b2_service'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'not_a_b2_service'],
    ['HOSTNAME_MISMATCH', 'not_a_b2_service'],
    ['CRL_HAS_EXPIRED', 'not_a_b2_service'],
    ['EACCES', 'network_unreachable'],
    ['EMFILE', 'network_unreachable'],
  ])('calls %s %s', (nodeCode, expected) => {
    const cause = Object.assign(new Error('inner'), { code: nodeCode })
    expect(interpretNetworkError(new TypeError('failed', { cause }), list)).toMatchObject({ code: expected, cause: {} })
  })

  it.each([
    [407, 'proxy_refused'],
    [499, 'proxy_refused'],
    [500, 'network_unreachable'],
  ])('calls a proxy that answers %i %s', (status, expected) => {
    const error = new Error(`Proxy response (${status}) !== 200 when HTTP Tunneling`)
    expect(interpretNetworkError(error, list)).toMatchObject({ code: expected, details: { status } })
  })

  it('knows nothing of bugs', () => {
    expect(interpretNetworkError(new TypeError('x is not a function'), list)).toBeUndefined()
  })
})

describe('remedyOf', () => {
  const remedy = (code: ErrorCode, operation: string) => remedyOf(new EngineError(code, '', { operation }))

  it('sends an upload to another URL, but backs off when no URL can be had', () => {
    expect(remedy('b2_service_error', upload)).toBe('new_upload_url')
    expect(remedy('checksum_mismatch', 'b2_upload_part')).toBe('new_upload_url')
    expect(remedy('b2_service_error', 'b2_get_upload_url')).toBe('retry')
    expect(remedy('checksum_mismatch', 'b2_download_file_by_id')).toBe('give_up')
  })

  it('stops asking at a cap, and takes another token for an old one', () => {
    expect(remedy('storage_cap_exceeded', upload)).toBe('stop_class')
    expect(remedy('transaction_cap_exceeded', list)).toBe('stop_class')
    expect(remedy('token_expired', list)).toBe('reauthorize')
  })

  it.each(['key_rejected', 'bucket_missing', 'b2_refused', 'name_not_allowed'] as const)('gives up on %s', (code) => {
    expect([remedy(code, upload), remedy(code, list)]).toEqual(['give_up', 'give_up'])
  })

  it('knows nothing of bugs', () => {
    expect(remedyOf(new TypeError('x is not a function'))).toBe('give_up')
  })
})

describe('isOutcomeUnknown', () => {
  it('is true when B2 may have done it without saying so', () => {
    const answer = (status: number, text: string) =>
      interpretErrorAnswer({ status, headers: {}, text }, { operation: list })
    const reset = Object.assign(new Error('reset'), { code: 'ECONNRESET' })
    expect(isOutcomeUnknown(interpretNetworkError(reset, list))).toBe(true)
    const silent = Object.assign(new Error('silent'), { code: 'UND_ERR_HEADERS_TIMEOUT' })
    expect(isOutcomeUnknown(interpretNetworkError(silent, list))).toBe(true)
    expect(isOutcomeUnknown(answer(502, '<html>'))).toBe(true)
    expect(isOutcomeUnknown(answer(200, '{"cut off'))).toBe(true)
    expect(isOutcomeUnknown(answer(503, '{"code":"service_unavailable","status":503}'))).toBe(false)
    expect(isOutcomeUnknown(answer(400, ''))).toBe(false)
    const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
    expect(isOutcomeUnknown(interpretNetworkError(refused, list))).toBe(false)
  })
})
