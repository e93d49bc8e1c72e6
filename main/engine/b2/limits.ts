/** B2's limits by name, each with its source. Sizes are bytes; B2 counts in decimal units. */

/** A file name in UTF-8. https://www.backblaze.com/docs/cloud-storage-files */
export const MAX_NAME_BYTES = 1_024

/** One segment of a file name between slashes; B2's rule until 2020, which other clients (b2sdk) still enforce. */
export const MAX_NAME_SEGMENT_BYTES = 250

/** The name and all info headers of one file, percent-encoded, as header lines. https://www.backblaze.com/docs/cloud-storage-files */
export const MAX_NAME_AND_INFO_BYTES = 7_000

/** Info headers of one file: the older documentation's number; newer pages give only the bytes of all together. */
export const MAX_INFO_ENTRIES = 10

/** The name of one info entry. https://www.backblaze.com/docs/cloud-storage-files */
export const MAX_INFO_NAME_BYTES = 50

/** One `b2_upload_file`, and one `b2_copy_file`. Newer documentation says 5 GiB; the older, smaller number is safe under both. */
export const MAX_UPLOAD_BYTES = 5_000_000_000

/** Parts of one large file, numbered from 1. https://www.backblaze.com/docs/cloud-storage-large-files */
export const MAX_PARTS = 10_000

/** A large file: 10 TB. https://www.backblaze.com/docs/cloud-storage-large-files */
export const MAX_LARGE_FILE_BYTES = 10_000_000_000_000

/** The most rows `b2_list_file_names` and `b2_list_file_versions` give at once. https://www.backblaze.com/apidocs/b2-list-file-names */
export const MAX_LIST_PAGE = 10_000

/** Rows asked for at once: each started thousand counts as one transaction. */
export const DEFAULT_LIST_PAGE = 1_000

/** The most rows `b2_list_unfinished_large_files` gives at once. https://www.backblaze.com/apidocs/b2-list-unfinished-large-files */
export const MAX_UNFINISHED_PAGE = 100

/** The most rows `b2_list_parts` gives at once. https://www.backblaze.com/apidocs/b2-list-parts */
export const MAX_PARTS_PAGE = 1_000

/** Rows asked for at once of `b2_list_keys`: each started thousand counts as one transaction. */
export const KEYS_PAGE = 1_000

/** An account token and an upload URL live for at most 24 hours; both are replaced before that. https://www.backblaze.com/apidocs/b2-authorize-account */
export const TOKEN_REFRESH_MS = 23 * 60 * 60 * 1_000

/** Upload URLs to try at once before backing off. https://www.backblaze.com/docs/cloud-storage-integration-checklist */
export const UPLOAD_URLS_AT_ONCE = 5

/**
 * How long a cap is left alone before one call finds out whether it still holds: caps are raised by people, or end at
 * midnight UTC, and B2's integration checklist asks not to hammer them.
 */
export const CAP_REST_MS = 15 * 60 * 1_000

/** `recommendedPartSize` where the answer does not name one; what B2 has always returned. */
export const USUAL_PART_SIZE = 100_000_000

/** `absoluteMinimumPartSize` where the answer does not name one; what B2 has always returned. */
export const USUAL_MINIMUM_PART_SIZE = 5_000_000

/** Calls that a storage cap stops. Getting an upload URL is part of the upload it is for. */
export const USES_STORAGE: ReadonlySet<string> = new Set([
  'b2_upload_file',
  'b2_start_large_file',
  'b2_upload_part',
  'b2_copy_file',
  'b2_copy_part',
])

/** Calls that the daily cap of class B counts. https://www.backblaze.com/cloud-storage/transaction-pricing */
export const TRANSACTION_CLASS_B: ReadonlySet<string> = new Set([
  'b2_download_file_by_id',
  'b2_download_file_by_name',
  'b2_get_file_info',
])

/** Calls that the daily cap of class C counts. https://www.backblaze.com/cloud-storage/transaction-pricing */
export const TRANSACTION_CLASS_C: ReadonlySet<string> = new Set([
  'b2_authorize_account',
  'b2_copy_file',
  'b2_copy_part',
  'b2_create_bucket',
  'b2_create_key',
  'b2_get_download_authorization',
  'b2_list_buckets',
  'b2_list_file_names',
  'b2_list_file_versions',
  'b2_list_keys',
  'b2_list_parts',
  'b2_list_unfinished_large_files',
  'b2_update_bucket',
])
