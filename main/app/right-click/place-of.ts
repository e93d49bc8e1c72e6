/** Finds where a path of this computer is in the sync folders. */
import { realpathSync } from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'
import type { AbsolutePath, RelativePath } from '../../../shared/ids.ts'
import type { FolderView } from '../../../shared/model/folder.ts'
import type { AskedFile } from '../../../shared/model/right-click.ts'

type Root = Pick<FolderView, 'folderId' | 'root'>

/** Also by another way to the same directory, such as through a link to it; what is a link itself is not followed. */
export function placeOf(path: AbsolutePath, folders: readonly Root[]): AskedFile['place'] {
  return placeBelow(path, folders) ?? placeBelow(realPath(path), folders)
}

function placeBelow(path: string, folders: readonly Root[]): AskedFile['place'] {
  for (const { folderId, root } of folders) {
    const below = relative(root, path)
    if (below === '') return { folderId, path: null }
    // Upwards, or on another drive.
    if (below === '..' || below.startsWith(`..${sep}`) || join(root, below) !== path) continue
    return { folderId, path: below.split(sep).join('/') as RelativePath }
  }
  return null
}

function realPath(path: string): string {
  try {
    return join(realpathSync(dirname(path)), basename(path))
  } catch {
    return path
  }
}
