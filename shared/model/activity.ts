/** What happened, for people: one row an event, newest first. */
import { z } from 'zod'
import { ErrorCode } from '../errors.ts'
import { FolderId, RelativePath, UnixMs } from '../ids.ts'

/**
 * `adopted`: the bucket already held the same bytes, nothing was sent. `copied`: on the server, nothing was sent.
 * `kept`: gone from disk, and left in the bucket on purpose. `records-recovered`: the database was damaged and a backup
 * took its place; `records-begun-anew`: there was none, so account and folders have to be added again.
 */
export const ActivityVerb = z.enum([
  'uploaded',
  'adopted',
  'copied',
  'hidden',
  'deleted',
  'kept',
  'failed',
  'folder-added',
  'folder-removed',
  'folder-changed',
  'held',
  'resumed',
  'records-recovered',
  'records-begun-anew',
])
export type ActivityVerb = z.infer<typeof ActivityVerb>

export const ActivityRow = z.object({
  activityId: z.number().int(),
  at: UnixMs,
  verb: ActivityVerb,
  folderId: FolderId.nullable(),
  path: RelativePath.nullable(),
  sizeBytes: z.number().nullable(),
  /** Of these, how many B2 held already and copied by itself; null where all were sent, or none. */
  sparedBytes: z.number().nullable(),
  code: ErrorCode.nullable(),
})
export type ActivityRow = z.infer<typeof ActivityRow>
