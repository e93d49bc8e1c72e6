/** The one table from what went wrong to what happens next with the job, its folder, or everything. */
import type { ErrorCode } from '../../../shared/errors.ts'

export type RetryDecision =
  /** Try this job again later. */
  | { readonly kind: 'again'; readonly waitMs: number }
  /** What was planned is no longer true: forget the job and look at the path. */
  | { readonly kind: 'look-again' }
  /** Nothing of this folder can work for now. */
  | { readonly kind: 'hold-folder'; readonly waitMs: number }
  /** Nothing at all can work for now. */
  | { readonly kind: 'hold-all'; readonly waitMs: number }

const SECOND = 1000
const MINUTE = 60 * SECOND

/** First wait after a fault of the network or of B2 that its own quick retries did not mend. */
const TRANSIENT_FIRST = 5 * SECOND
const TRANSIENT_CEILING = 10 * MINUTE

/** A file that needs a person is looked at again without being asked, but rarely. */
const PERSON_FIRST = 1 * MINUTE
const PERSON_CEILING = 60 * MINUTE

/** No wait in the table is longer: a time further ahead was noted by a clock that has been set back since. */
export const LONGEST_WAIT_MS = PERSON_CEILING

/** `failures`: how often this has gone wrong in a row before, 0 for the first time. */
export function decideRetry(code: ErrorCode, failures: number): RetryDecision {
  switch (code) {
    case 'timeout':
    case 'connection_reset':
    case 'b2_service_error':
    case 'checksum_mismatch':
    case 'too_many_requests':
    case 'upload_url_rejected':
    case 'token_expired':
    case 'bucket_changed':
    case 'engine_stopped':
    case 'file_busy':
      return { kind: 'again', waitMs: doubled(TRANSIENT_FIRST, failures, TRANSIENT_CEILING) }
    // Both mean that the plan is old: a look finds out what is there now, and waits until it is at rest.
    case 'file_changed_while_reading':
    case 'file_vanished':
      return { kind: 'look-again' }
    case 'dropped_file_changed':
    case 'dropped_file_gone':
    case 'place_is_synced':
    case 'file_unreadable':
    case 'directory_unreadable':
    case 'name_not_allowed':
    case 'file_too_large':
    case 'file_emptied':
    case 'would_overwrite':
    case 'drive_missing':
    case 'b2_refused':
    case 'bad_request':
    case 'not_found':
    case 'list_changed':
    case 'confirmation_wrong':
    case 'lifecycle_rule_conflict':
    case 'master_key_gone':
    case 'link_too_wide':
    case 'link_too_many_files':
    case 'link_no_place':
    case 'link_outside':
    case 'link_opens_more':
    case 'bug':
      return { kind: 'again', waitMs: doubled(PERSON_FIRST, failures, PERSON_CEILING) }
    case 'capability_missing':
    case 'bucket_not_allowed':
    case 'bucket_missing':
    case 'bucket_name_taken':
    case 'folder_overlaps':
    case 'prefix_not_allowed':
      return { kind: 'hold-folder', waitMs: 5 * MINUTE }
    case 'root_missing':
    case 'root_unreadable':
    case 'root_replaced':
    case 'root_emptied':
    case 'mass_deletion':
    case 'mass_emptied':
    case 'ignore_rules_unreadable':
    case 'watch_limit_reached':
      return { kind: 'hold-folder', waitMs: 5 * SECOND }
    case 'network_unreachable':
      return { kind: 'hold-all', waitMs: doubled(2 * SECOND, failures, MINUTE) }
    case 'not_a_b2_service':
    case 'proxy_refused':
    case 'proxy_unreachable':
    case 'keychain_unavailable':
    case 'disk_full':
      return { kind: 'hold-all', waitMs: doubled(5 * SECOND, failures, MINUTE) }
    case 'key_rejected':
    case 'key_unsupported':
    case 'account_blocked':
    case 'account_not_connected':
    case 'realm_not_allowed':
    case 'network_settings_unusable':
    case 'database_unusable':
    case 'data_folder_unusable':
    case 'data_folder_in_use':
      return { kind: 'hold-all', waitMs: 5 * MINUTE }
    // B2 wants caps left alone: ask rarely. https://www.backblaze.com/docs/cloud-storage-integration-checklist
    case 'storage_cap_exceeded':
    case 'transaction_cap_exceeded':
    case 'download_cap_exceeded':
      return { kind: 'hold-all', waitMs: 15 * MINUTE }
  }
}

/** Codes that time alone does not mend: a person has to do something. */
const needsPerson: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'dropped_file_changed',
  'dropped_file_gone',
  'place_is_synced',
  'file_unreadable',
  'directory_unreadable',
  'name_not_allowed',
  'file_too_large',
  'file_emptied',
  'would_overwrite',
  'drive_missing',
  'ignore_rules_unreadable',
  'b2_refused',
  'bad_request',
  'not_found',
  'link_too_wide',
  'link_too_many_files',
  'link_no_place',
  'link_outside',
  'link_opens_more',
  'bug',
  'capability_missing',
  'bucket_not_allowed',
  'bucket_missing',
  'folder_overlaps',
  'prefix_not_allowed',
  'key_rejected',
  'key_unsupported',
  'account_blocked',
  'realm_not_allowed',
  'proxy_refused',
  'proxy_unreachable',
  'network_settings_unusable',
  'database_unusable',
  'data_folder_unusable',
  'data_folder_in_use',
  'storage_cap_exceeded',
  'transaction_cap_exceeded',
  'download_cap_exceeded',
  'disk_full',
])

export function isForPerson(code: ErrorCode): boolean {
  return needsPerson.has(code)
}

function doubled(firstMs: number, failures: number, ceilingMs: number): number {
  return Math.min(ceilingMs, firstMs * 2 ** Math.min(failures, 20))
}
