/** B2's limits by name. Sizes are bytes; B2 counts in decimal units. */

/** A file name in UTF-8. https://www.backblaze.com/docs/cloud-storage-files */
export const MAX_NAME_BYTES = 1_024

/** One segment of a file name between slashes; B2's rule until 2020, which other clients still enforce. */
export const MAX_NAME_SEGMENT_BYTES = 250

/** One `b2_upload_file`. Newer documentation says 5 GiB; the older, smaller number is safe under both. */
export const MAX_UPLOAD_BYTES = 5_000_000_000

/** The most rows `b2_list_file_names` and `b2_list_file_versions` give at once. */
export const MAX_LIST_PAGE = 10_000

/** Rows asked for at once: each started thousand counts as one transaction. */
export const DEFAULT_LIST_PAGE = 1_000

/** An account token and an upload URL live for at most 24 hours; both are replaced before that. */
export const TOKEN_REFRESH_MS = 23 * 60 * 60 * 1_000

/** Upload URLs to try at once before backing off, from B2's integration checklist. */
export const UPLOAD_URLS_AT_ONCE = 5

/** The longest life of a download authorization: seven days. */
export const MAX_DOWNLOAD_AUTHORIZATION_SECONDS = 604_800

/** `recommendedPartSize` where the answer does not name one; what B2 has always returned. */
export const USUAL_PART_SIZE = 100_000_000

/** `absoluteMinimumPartSize` where the answer does not name one; what B2 has always returned. */
export const USUAL_MINIMUM_PART_SIZE = 5_000_000
