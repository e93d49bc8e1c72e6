/** Dropped files stay out of the places of sync folders: there they would look like somebody else's. */
import { EngineError } from '../../../shared/errors.ts'
import type { SyncFolder } from '../../../shared/model/folder.ts'

type Place = Pick<SyncFolder, 'bucketId' | 'prefix' | 'root'>

/**
 * Throws `place_is_synced` (details: root, place) when a name belongs to a sync folder. `name` ends with `/` for a folder
 * that is dropped: then nothing in it may belong to one.
 */
export function assertFreePlace(bucketId: string, name: string, folders: readonly Place[]): void {
  const meets = ({ prefix }: Place): boolean =>
    name.startsWith(prefix) || (name.endsWith('/') && prefix.startsWith(name))
  const found = folders.find((folder) => folder.bucketId === bucketId && meets(folder))
  if (found === undefined) return
  const details = { root: found.root, place: found.prefix }
  throw new EngineError('place_is_synced', 'A sync folder has this place', details)
}
