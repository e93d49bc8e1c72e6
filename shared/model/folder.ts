/** A sync folder: a local root bound to a bucket and a prefix, with its settings. */
import { z } from 'zod'
import { AbsolutePath, FolderId, UnixMs } from '../ids.ts'
import { Decision } from './decision.ts'
import { Pause } from './pause.ts'
import { Status } from './status.ts'
import { MAX_WEEK_TIMES, WeekTimes } from './week-times.ts'

/** What becomes of a file in the bucket once its local file is gone for good. */
export const DeletionPolicy = z.discriminatedUnion('kind', [
  /** It stays as it is. */
  z.object({ kind: z.literal('keep') }),
  /** It is hidden; its versions stay. */
  z.object({ kind: z.literal('hide') }),
  /** It is hidden, and a lifecycle rule for exactly the folder's prefix removes it after so many days. */
  z.object({ kind: z.literal('hide-then-remove'), days: z.number().int().min(1).max(3650) }),
  /** All its versions are deleted. */
  z.object({ kind: z.literal('delete') }),
])
export type DeletionPolicy = z.infer<typeof DeletionPolicy>

/** Whose files go first where those of several folders wait for their turn. */
export const FolderPriority = z.enum(['first', 'normal', 'last'])
export type FolderPriority = z.infer<typeof FolderPriority>

export const FolderSettings = z.object({
  deletionPolicy: DeletionPolicy,
  /** Gitignore syntax. */
  ignoreRules: z.string().max(100_000),
  /** How long a file has to be gone before that counts. */
  deleteDelaySeconds: z.number().min(1).max(604_800),
  /** More files than this, and a larger share of all than `gatePercent`, gone at once: the folder is held. */
  gateFiles: z.number().int().min(1).max(1_000_000),
  gatePercent: z.number().min(1).max(100),
  priority: FolderPriority,
  /** The times of the week in which anything of it is sent, hidden or deleted in B2; none for always. */
  sendingTimes: z.array(WeekTimes).max(MAX_WEEK_TIMES),
})
export type FolderSettings = z.infer<typeof FolderSettings>

/** Settings to be changed; what is absent stays. */
export const FolderSettingsChange = FolderSettings.partial()
export type FolderSettingsChange = z.infer<typeof FolderSettingsChange>

/** Settings with a change worked into them. */
export function changeSettings(settings: FolderSettings, change: FolderSettingsChange): FolderSettings {
  const given = Object.entries(change).filter(([, value]) => value !== undefined)
  return FolderSettings.parse({ ...settings, ...Object.fromEntries(given) })
}

/** What a folder begins with. Hiding keeps every version; 30 seconds outlast every program that saves by deleting. */
export const DEFAULT_FOLDER_SETTINGS: FolderSettings = {
  deletionPolicy: { kind: 'hide' },
  ignoreRules: '',
  deleteDelaySeconds: 30,
  gateFiles: 50,
  gatePercent: 30,
  priority: 'normal',
  sendingTimes: [],
}

export const SyncFolder = z.object({
  folderId: FolderId,
  root: AbsolutePath,
  bucketId: z.string(),
  bucketName: z.string(),
  bucketType: z.string(),
  /** Empty, or ends with `/`. */
  prefix: z.string(),
  settings: FolderSettings,
})
export type SyncFolder = z.infer<typeof SyncFolder>

/** A sync folder with what is known about it now. */
export const FolderView = SyncFolder.extend({
  status: Status,
  /** Files that are in the bucket as they are on disk, and their bytes. */
  syncedFiles: z.number().int(),
  syncedBytes: z.number(),
  /** Null while the folder is not paused by itself. */
  pause: Pause.nullable(),
  /** When the last complete check ended; null before the first. */
  checkedAt: UnixMs.nullable(),
  /** When something of it last changed in the bucket; null when nothing has yet. */
  lastChangeAt: UnixMs.nullable(),
  /** What waits for a person's answer. */
  decisions: z.array(Decision),
})
export type FolderView = z.infer<typeof FolderView>
