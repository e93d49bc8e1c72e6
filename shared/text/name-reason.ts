/** The reasons for which B2 takes no such name, as the engine gives them. */

/**
 * What files have in common that B2 refuses for the same reason: without the place in the name, and how long it is. A
 * reason that has neither is given back as it is.
 */
export function commonReason(reason: string): string {
  return reason
    .replace(/ at place \d+ of (?:the file's|a folder's) name$/, '')
    .replace(/ has [\d,]+ bytes in UTF-8, more than ([\d,]+)$/, ' has more than $1 bytes in UTF-8')
}
