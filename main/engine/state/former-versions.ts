/**
 * Table former_versions: versions that a name of a folder showed before it got another content, the newest of them.
 * Written by a trigger of base_entries.
 *
 * When files exchange their names, the first that arrives takes away what is known of the other; that one is copied from
 * here. B2 keeps old versions for as long as a person likes, so each of them may be gone.
 */
import type { Sha1Hex } from '../../../shared/ids.ts'
import type { Db } from './database.ts'

/** More versions of one content are not told apart any further. */
const MANY = 3

export function createFormerVersions(db: Db) {
  const byContent = db.prepare<[number, string], { file_id: string }>(
    `SELECT file_id FROM former_versions WHERE size_bytes = ? AND sha1 = ? ORDER BY former_id DESC LIMIT ${MANY}`,
  )
  const bySize = db.prepare<[number], { found: 1 }>(
    'SELECT 1 AS found FROM former_versions WHERE size_bytes = ? LIMIT 1',
  )
  return {
    /** The `fileId`s of versions with this content, the newest first. */
    listSameContent(sizeBytes: number, sha1: Sha1Hex): readonly string[] {
      // Asked for every small file, of which hardly any has been here: this costs a tenth.
      if (bySize.get(sizeBytes) === undefined) return []
      return byContent.all(sizeBytes, sha1).map((row) => row.file_id)
    },
    /** Whether any of them has this size. */
    hasSize(sizeBytes: number): boolean {
      return bySize.get(sizeBytes) !== undefined
    },
  }
}
