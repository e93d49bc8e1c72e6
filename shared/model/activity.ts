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

/** Kinds of events, as people ask for them. */
export const ActivityKind = z.enum(['sent', 'removed', 'failed', 'folders'])
export type ActivityKind = z.infer<typeof ActivityKind>

const kinds: Readonly<Record<ActivityVerb, ActivityKind>> = {
  uploaded: 'sent',
  adopted: 'sent',
  copied: 'sent',
  hidden: 'removed',
  deleted: 'removed',
  kept: 'removed',
  failed: 'failed',
  'folder-added': 'folders',
  'folder-removed': 'folders',
  'folder-changed': 'folders',
  held: 'folders',
  resumed: 'folders',
  'records-recovered': 'folders',
  'records-begun-anew': 'folders',
}

/** The events of a kind; each is of exactly one. */
export function verbsOf(kind: ActivityKind): readonly ActivityVerb[] {
  return ActivityVerb.options.filter((verb) => kinds[verb] === kind)
}

/** Which events are looked at. */
export const ActivityFilter = z.object({
  /** Part of the path, in any case; empty for all. */
  text: z.string().max(200),
  folderId: FolderId.nullable(),
  /** Exactly this path, such as all that happened to one file. */
  path: RelativePath.nullable(),
  kind: ActivityKind.nullable(),
})
export type ActivityFilter = z.infer<typeof ActivityFilter>

export const ALL_ACTIVITY: ActivityFilter = { text: '', folderId: null, path: null, kind: null }
