/** What the engine does for its clients: the window, the tray, the command line. */
import { z } from 'zod'
import { AbsolutePath, FolderId, JobId, RelativePath, UnixMs } from '../ids.ts'
import { AccountSummary, Bucket } from '../model/account.ts'
import { ActivityRow } from '../model/activity.ts'
import { SyncFolder } from '../model/folder.ts'
import { EngineSnapshot } from '../model/snapshot.ts'
import { procedure } from './procedure.ts'

const nothing = z.undefined()

/**
 * No procedure returns the application key: `connectAccount` takes it, the keychain keeps it, nothing gives it back.
 */
export const engineApi = {
  getSnapshot: procedure(nothing, EngineSnapshot),
  /** Checks the key against B2, stores it in the keychain and uses it from then on. */
  connectAccount: procedure(
    z.object({
      applicationKeyId: z.string().trim().min(1).max(100),
      applicationKey: z.string().trim().min(1).max(200),
    }),
    AccountSummary,
  ),
  /** Forgets the key, also in the keychain. Folders stay known and wait. */
  disconnectAccount: procedure(nothing, nothing),
  listBuckets: procedure(nothing, z.array(Bucket)),
  /** Creates a private bucket. */
  createBucket: procedure(z.object({ bucketName: z.string().trim().min(6).max(63) }), Bucket),
  /** Counts what a folder holds before anything is sent; stops counting after a few seconds (`complete: false`). */
  previewFolder: procedure(
    z.object({ root: AbsolutePath }),
    z.object({
      files: z.number().int(),
      bytes: z.number(),
      skipped: z.number().int(),
      unreadable: z.number().int(),
      complete: z.boolean(),
    }),
  ),
  addFolder: procedure(z.object({ root: AbsolutePath, bucketId: z.string(), prefix: z.string().max(900) }), SyncFolder),
  /** Stops syncing a folder. Deletes nothing on either side. */
  removeFolder: procedure(z.object({ folderId: FolderId }), nothing),
  pause: procedure(nothing, nothing),
  resume: procedure(nothing, nothing),
  /** Checks one folder, or all, from the root and tries everything that waits again at once. */
  checkNow: procedure(z.object({ folderId: FolderId.optional() }), nothing),
  /** Tries one waiting job again at once. Unknown ids are ignored: the job may have just finished. */
  retryJob: procedure(z.object({ jobId: JobId }), nothing),
  /** Newest first. `before` is exclusive; without it the newest page. */
  listActivity: procedure(
    z.object({ before: z.number().int().optional(), limit: z.number().int().min(1).max(200) }),
    z.array(ActivityRow),
  ),
  /** A link that opens the file as the bucket holds it now; `expiresAt` is null for a public bucket. */
  createShareLink: procedure(
    z.object({ folderId: FolderId, path: RelativePath, validSeconds: z.number().int().min(1).max(604_800).optional() }),
    z.object({ url: z.string(), expiresAt: UnixMs.nullable() }),
  ),
} as const

/** Sent by the engine without being asked, at most 5 times a second; nothing depends on having seen each. */
export const engineEvents = {
  snapshotChanged: EngineSnapshot,
} as const

export type EngineApi = typeof engineApi
export type EngineEvents = typeof engineEvents
