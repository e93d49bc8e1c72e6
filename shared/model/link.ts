/** Share links. */

/** How long a link works unless a person says otherwise, in seconds: a week, the longest that B2 allows. */
export const LINK_VALID_SECONDS = 604_800
