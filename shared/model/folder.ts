/** A sync folder: a local root bound to a bucket and a prefix. */
import { z } from 'zod'
import { AbsolutePath, FolderId } from '../ids.ts'
import { Status } from './status.ts'

export const SyncFolder = z.object({
  folderId: FolderId,
  root: AbsolutePath,
  bucketId: z.string(),
  bucketName: z.string(),
  bucketType: z.string(),
  /** Empty, or ends with `/`. */
  prefix: z.string(),
})
export type SyncFolder = z.infer<typeof SyncFolder>

/** A sync folder with what is known about it now. */
export const FolderView = SyncFolder.extend({
  status: Status,
  /** Files that are in the bucket as they are on disk, and their bytes. */
  syncedFiles: z.number().int(),
  syncedBytes: z.number(),
})
export type FolderView = z.infer<typeof FolderView>
