import { describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../shared/errors.ts'
import { decideRetry, isForPerson } from './retry-policy.ts'

const codes = ErrorCode.options
const SECOND = 1000
const MINUTE = 60 * SECOND
const waitMs = (code: ErrorCode, failures: number): number => {
  const decision = decideRetry(code, failures)
  return 'waitMs' in decision ? decision.waitMs : 0
}
const codesWith = (kind: string) => codes.filter((code) => decideRetry(code, 0).kind === kind)

describe('decideRetry', () => {
  it.each(codes)('comes back to %s, after a second at the soonest and an hour at the latest', (code) => {
    for (const failures of [0, 1, 5, 100, 100_000]) {
      const decision = decideRetry(code, failures)
      if (decision.kind === 'look-again') continue
      expect(decision.waitMs).toBeGreaterThanOrEqual(SECOND)
      expect(decision.waitMs).toBeLessThanOrEqual(60 * MINUTE)
    }
  })

  it.each(codesWith('again'))('waits longer for %s the more often it fails', (code) => {
    const waits = [0, 1, 2, 3, 50].map((failures) => waitMs(code, failures))
    expect(waits).toEqual(waits.toSorted((a, b) => a - b))
    expect(waits[3]).toBeGreaterThan(waits[0] ?? 0)
  })

  it('looks again where only the plan is old', () => {
    expect(codesWith('look-again')).toEqual(['file_changed_while_reading', 'file_vanished'])
  })

  it('stops everything for what concerns everything, and one folder for what concerns it', () => {
    expect([...codesWith('hold-all')].sort()).toEqual([
      'account_blocked',
      'account_not_connected',
      'data_folder_in_use',
      'data_folder_unusable',
      'database_unusable',
      'disk_full',
      'download_cap_exceeded',
      'key_rejected',
      'key_unsupported',
      'keychain_unavailable',
      'network_settings_unusable',
      'network_unreachable',
      'not_a_b2_service',
      'proxy_refused',
      'proxy_unreachable',
      'realm_not_allowed',
      'storage_cap_exceeded',
      'transaction_cap_exceeded',
    ])
    expect([...codesWith('hold-folder')].sort()).toEqual([
      'bucket_missing',
      'bucket_name_taken',
      'bucket_not_allowed',
      'capability_missing',
      'folder_overlaps',
      'ignore_rules_unreadable',
      'mass_deletion',
      'mass_emptied',
      'prefix_not_allowed',
      'root_emptied',
      'root_missing',
      'root_replaced',
      'root_unreadable',
      'watch_limit_reached',
    ])
  })

  it('tries a missing network within a minute, and leaves caps alone for a quarter of an hour', () => {
    expect(waitMs('network_unreachable', 50)).toBeLessThanOrEqual(MINUTE)
    expect(waitMs('storage_cap_exceeded', 0)).toBe(15 * MINUTE)
  })
})

describe('isForPerson', () => {
  it('is false for what passes by itself', () => {
    const passing = codes.filter((code) => !isForPerson(code))
    expect([...passing].sort()).toEqual([
      'account_not_connected',
      'b2_service_error',
      'bucket_changed',
      'bucket_name_taken',
      'checksum_mismatch',
      'confirmation_wrong',
      'connection_reset',
      'engine_stopped',
      'file_busy',
      'file_changed_while_reading',
      'file_vanished',
      'keychain_unavailable',
      'lifecycle_rule_conflict',
      'list_changed',
      'mass_deletion',
      'mass_emptied',
      'master_key_gone',
      'network_unreachable',
      'not_a_b2_service',
      'root_emptied',
      'root_missing',
      'root_replaced',
      'root_unreadable',
      'timeout',
      'token_expired',
      'too_many_requests',
      'upload_url_rejected',
      'watch_limit_reached',
    ])
  })
})
