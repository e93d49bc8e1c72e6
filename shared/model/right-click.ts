/** What a person asks for by a right click in the system's file manager, and the file managers that have the entries for it. */
import { z } from 'zod'
import { AbsolutePath, FolderId, RelativePath } from '../ids.ts'

/** What an entry of the menu does with what was right-clicked. */
export const RightClickAction = z.enum(['copy-link', 'show'])
export type RightClickAction = z.infer<typeof RightClickAction>

export const FileManagerId = z.enum(['nautilus', 'nemo', 'caja', 'dolphin', 'thunar', 'explorer', 'finder'])
export type FileManagerId = z.infer<typeof FileManagerId>

/** A file manager of this computer. */
export const FileManagerState = z.object({
  id: FileManagerId,
  /** `blocked`: off, and something of somebody else's is where Pail's entries would go. */
  state: z.enum(['off', 'on', 'blocked']),
  /** What is in the way, for `blocked`. */
  inTheWay: z.string().nullable(),
})
export type FileManagerState = z.infer<typeof FileManagerState>

/** Something on this computer that a person asked about. */
export const AskedFile = z.object({
  path: AbsolutePath,
  /** Where it is in a sync folder; null outside of all. The path is null for the folder itself. */
  place: z.object({ folderId: FolderId, path: RelativePath.nullable() }).nullable(),
})
export type AskedFile = z.infer<typeof AskedFile>
