/**
 * Where in a bucket the things lie that are made for share links alone: copies under names that nobody can guess, and the
 * lists of shared folders.
 *
 * They have to lie where the key may write, which may be inside of the place of a sync folder. So whatever has this folder
 * in its name belongs to no sync folder, wherever that is: listings pass it over, and such a directory on disk is not sent.
 */

/** The folder's name. Nothing else may be called so. */
export const SHARE_FOLDER = '.pail-shares'

const WITHIN = `${SHARE_FOLDER}/`

/** The start of all names that are made for links, for a key whose names start with `namePrefix`. */
export function sharePlace(namePrefix: string): string {
  // A key may be for the start of a name; the folder has its whole name all the same.
  return namePrefix === '' || namePrefix.endsWith('/') ? `${namePrefix}${WITHIN}` : `${namePrefix}/${WITHIN}`
}

/** Whether a name in a bucket, or a path, lies in such a folder. */
export function isInSharePlace(name: string): boolean {
  if (!name.includes(WITHIN)) return false
  return name.startsWith(WITHIN) || name.includes(`/${WITHIN}`)
}

/** Why nobody else may put anything to a place in a bucket, in a few words, or null. */
export function checkNoSharePlace(prefix: string): string | null {
  return isInSharePlace(prefix) ? `one of its parts is "${SHARE_FOLDER}"` : null
}
