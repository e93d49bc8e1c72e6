/** What tells the root of a sync folder from every other directory. */

export type RootIdentity = {
  /** May change when the machine or the drive is started anew. */
  readonly dev: number
  readonly ino: number
  /** The id in the root's marker file; null where none could be written. */
  readonly markerId: string | null
}

/** The file info of a version that tells from which root it came: the id in its marker. */
export const ROOT_INFO = 'pail_root'
