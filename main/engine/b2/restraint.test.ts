import { beforeEach, describe, expect, it } from 'vitest'
import { EngineError, type ErrorCode } from '../../../shared/errors.ts'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import { Restraint } from './restraint.ts'

const MINUTE = 60_000

let clock: FakeClock
let restraint: Restraint
beforeEach(() => {
  clock = new FakeClock()
  restraint = new Restraint(clock)
})

const fail = (operation: string, code: ErrorCode, details = {}): void =>
  restraint.failed(operation, new EngineError(code, 'what B2 said', { operation, ...details }))

/** Those of the calls that may be made now, without their `b2_`. */
const allowed = (...operations: string[]): string[] =>
  operations.filter((operation) => {
    try {
      restraint.before(`b2_${operation}`)
      return true
    } catch {
      return false
    }
  })

describe('a pause', () => {
  it.each([
    [60_000, 5_000],
    [5_000, 60_000],
  ])('is the longer one of two (%i and %i ms), told to everybody as theirs', (first, second) => {
    fail('b2_hide_file', 'too_many_requests', { retryAfterMs: first })
    clock.advance(1_000)
    fail('b2_list_buckets', 'too_many_requests', { retryAfterMs: second })
    const left = first === 60_000 ? 59_000 : 60_000
    const told = { code: 'too_many_requests', details: { operation: 'b2_list_keys', retryAfterMs: left } }
    expect(() => restraint.before('b2_list_keys')).toThrow(expect.objectContaining(told))
    clock.advance(left)
    expect(allowed('list_keys')).toEqual(['list_keys'])
  })
})

describe('a cap', () => {
  it.each(['b2_upload_file', 'b2_start_large_file', 'b2_upload_part', 'b2_copy_file', 'b2_copy_part'])(
    'on storage that %s meets stops everything that stores',
    (operation) => {
      fail(operation, 'storage_cap_exceeded')
      expect(allowed('upload_file', 'start_large_file', 'upload_part', 'copy_file', 'copy_part')).toEqual([])
      expect(allowed('finish_large_file', 'list_parts', 'get_file_info')).toHaveLength(3)
    },
  )

  it('on transactions stops those of its class', () => {
    fail('b2_get_file_info', 'transaction_cap_exceeded')
    expect(allowed('get_file_info', 'download_file_by_id', 'list_file_names', 'copy_file')).toEqual([
      'list_file_names',
      'copy_file',
    ])
  })

  it('is left alone for a quarter of an hour, and then asked about by one caller a minute', () => {
    fail('b2_upload_file', 'storage_cap_exceeded')
    clock.advance(15 * MINUTE - 1)
    expect(allowed('upload_file')).toEqual([])
    clock.advance(1)
    // The first one is never heard of again: it was aborted.
    expect(allowed('upload_part', 'upload_file')).toEqual(['upload_part'])
    clock.advance(MINUTE - 1)
    expect(allowed('upload_file')).toEqual([])
    clock.advance(1)
    expect(allowed('upload_file', 'upload_part')).toEqual(['upload_file'])
  })
})
