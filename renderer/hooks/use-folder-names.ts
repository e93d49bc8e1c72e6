import { useCallback } from 'react'
import type { FolderId } from '../../shared/ids.ts'
import type { FolderView } from '../../shared/model/folder.ts'
import { baseName } from '../../shared/format/path.ts'

/** A lookup from a folder's id to what it is called; undefined for one that is not synced any more. */
export function useFolderNames(folders: readonly FolderView[]): (folderId: FolderId) => string | undefined {
  return useCallback(
    (folderId) => {
      const folder = folders.find((candidate) => candidate.folderId === folderId)
      return folder === undefined ? undefined : baseName(folder.root)
    },
    [folders],
  )
}
