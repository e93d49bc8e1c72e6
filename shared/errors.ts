/**
 * The one error class of the engine and its closed set of codes.
 *
 * An `EngineError` is a failure that was expected to be possible; anything else that is thrown is a bug.
 * The message is for the log, in English and without secrets; text for people is found by code in `text/problem-text.ts`.
 */
import { z } from 'zod'

export const ErrorCode = z.enum([
  // transient: the same request may succeed later
  'network_unreachable',
  'timeout',
  'connection_reset',
  'b2_service_error',
  'checksum_mismatch',
  'too_many_requests',
  // an upload URL that must be thrown away
  'upload_url_rejected',
  // the account token is too old; a fresh authorize mends it
  'token_expired',
  // account and configuration: a person has to act
  'account_not_connected',
  'key_rejected',
  'key_unsupported',
  'account_blocked',
  'realm_not_allowed',
  'not_a_b2_service',
  'proxy_refused',
  'proxy_unreachable',
  'network_settings_unusable',
  'capability_missing',
  'bucket_not_allowed',
  'bucket_missing',
  'bucket_name_taken',
  'bucket_changed',
  'lifecycle_rule_conflict',
  'master_key_gone',
  'storage_cap_exceeded',
  'transaction_cap_exceeded',
  'download_cap_exceeded',
  // stale: what was planned is no longer true
  'file_changed_while_reading',
  'file_vanished',
  // one file
  'file_unreadable',
  'name_not_allowed',
  'file_too_large',
  'file_busy',
  'file_emptied',
  'would_overwrite',
  'b2_refused',
  // something that was dropped on the window
  'dropped_file_changed',
  'dropped_file_gone',
  'place_is_synced',
  // one folder
  'root_missing',
  'root_unreadable',
  'root_replaced',
  'root_emptied',
  'mass_deletion',
  'mass_emptied',
  'drive_missing',
  'directory_unreadable',
  'ignore_rules_unreadable',
  'folder_overlaps',
  'prefix_not_allowed',
  'watch_limit_reached',
  // this machine
  'disk_full',
  'database_unusable',
  'data_folder_unusable',
  'data_folder_in_use',
  'keychain_unavailable',
  // the engine's process ended while a call was under way
  'engine_stopped',
  // share links
  'link_too_wide',
  'link_too_many_files',
  'link_no_place',
  'link_outside',
  'link_opens_more',
  // a caller's mistake
  'bad_request',
  'not_found',
  'list_changed',
  'confirmation_wrong',
  // everything that should not happen
  'bug',
])
export type ErrorCode = z.infer<typeof ErrorCode>

/** Facts that belong to the error: never secrets, only what a sentence or the log needs. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean>>

/** A failure the engine expected to be possible. Bugs are plain Errors and stop the process. */
export class EngineError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetails

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(message, options)
    this.name = 'EngineError'
    this.code = code
    this.details = details
  }
}

/** True for an `EngineError` with one of these codes; without codes, for every `EngineError`. */
export function isEngineError(error: unknown, ...codes: readonly ErrorCode[]): error is EngineError {
  return error instanceof EngineError && (codes.length === 0 || codes.includes(error.code))
}

/** True for what an aborted operation throws: the caller asked to stop, nothing failed. */
export function isAbortError(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'RequestAbortedError')
}
