/** What the engine does for its clients: the window, the tray, the command line. */
import { z } from 'zod'
import { AbsolutePath, DropId, FolderId, RelativePath, UnixMs } from '../ids.ts'
import { AccountSummary, Bucket } from '../model/account.ts'
import { ActivityFilter, ActivityRow } from '../model/activity.ts'
import { Bandwidth } from '../model/bandwidth.ts'
import { DecisionKind } from '../model/decision.ts'
import { DroppedPaths, DropPreview, OnConflict } from '../model/drop.ts'
import { Explanation, SkippedRow } from '../model/explanation.ts'
import { DeletionPolicy, FolderSettingsChange, SyncFolder } from '../model/folder.ts'
import { KeyReach } from '../model/key.ts'
import {
  Link,
  LinkAnswer,
  LinkDomain,
  LinkDomains,
  LinkHost,
  LinkId,
  LinkQuery,
  LinkRequest,
  LinkSeconds,
} from '../model/link.ts'
import { FolderPreview } from '../model/preview.ts'
import { ProxyChange, ProxySetting } from '../model/proxy.ts'
import { EngineSnapshot } from '../model/snapshot.ts'
import { StorageCap } from '../model/storage.ts'
import {
  MaxTransfers,
  MOST_CHOSEN,
  TransferChoice,
  TransferIds,
  TransferPage,
  TransferQuery,
} from '../model/transfer.ts'
import { procedure } from './procedure.ts'

const nothing = z.undefined()

const Credentials = z.object({
  applicationKeyId: z.string().trim().min(1).max(100),
  applicationKey: z.string().trim().min(1).max(200),
})

/** The key that is connected, or the master key that is held for the set-up. */
const KeyInUse = z.enum(['connected', 'master'])

/** More than anybody adds at once, and few enough to be compared with each other. */
const MAX_NEW_FOLDERS = 100

/**
 * No procedure returns an application key: `connectAccount` takes one, the keychain keeps it, nothing gives it back.
 */
export const engineApi = {
  getSnapshot: procedure(nothing, EngineSnapshot),
  /** What B2 says a key may do. Changes nothing, and the key is forgotten at once. */
  checkKey: procedure(Credentials, AccountSummary),
  /** Checks the key against B2, stores it in the keychain and uses it from then on. */
  connectAccount: procedure(Credentials, AccountSummary),
  /**
   * Lends a master key for the set-up: it is kept in memory and nowhere else, until `addFolders` has made a limited key
   * with it, until `forgetMasterKey`, or for an hour. Throws `capability_missing` for a key that is none.
   */
  holdMasterKey: procedure(Credentials, AccountSummary),
  forgetMasterKey: procedure(nothing, nothing),
  /** Forgets the key, also in the keychain. Folders stay known and wait. */
  disconnectAccount: procedure(nothing, nothing),
  /** As the key that is connected sees them, or the master key that is held (`master_key_gone` without one). */
  listBuckets: procedure(z.object({ key: KeyInUse }).optional(), z.array(Bucket)),
  /** Creates a private bucket, encrypted by B2 where the key may set that. */
  createBucket: procedure(z.object({ bucketName: z.string().trim().min(6).max(63), key: KeyInUse.optional() }), Bucket),
  /**
   * Whether a folder could be synced beside those that are, and `besides`: its path as the file system knows it. Throws
   * `folder_overlaps` (details: root of the other one), `root_missing` also for what is no folder, `root_unreadable`.
   */
  checkFolder: procedure(
    z.object({ root: AbsolutePath, besides: z.array(AbsolutePath).max(MAX_NEW_FOLDERS) }),
    z.object({ root: AbsolutePath }),
  ),
  /**
   * Counts what a folder holds before anything is sent, and what is left out and why. Stops counting after so many
   * seconds, a few when absent (`complete: false`).
   */
  previewFolder: procedure(
    z.object({ root: AbsolutePath, seconds: z.number().min(1).max(120).optional() }),
    FolderPreview,
  ),
  /**
   * Ends the set-up: adds folders, all or none, and takes a key of its own for them where `limitedKey` says so. That key is
   * made with the master key that is held, for these folders and those that are synced already; once it is in the
   * keychain the master key is forgotten. The policy `delete` needs the buckets' name as confirmation. Throws what
   * `addFolder` throws, `lifecycle_rule_conflict`, `master_key_gone`, and `bad_request` for a key without any folder.
   */
  addFolders: procedure(
    z.object({
      folders: z
        .array(z.object({ root: AbsolutePath, bucketId: z.string(), prefix: z.string().max(900) }))
        .max(MAX_NEW_FOLDERS),
      deletionPolicy: DeletionPolicy,
      confirmation: z.string().max(100).optional(),
      limitedKey: KeyReach.nullable(),
    }),
    z.array(SyncFolder),
  ),
  /** The policy `delete` is not taken here (`confirmation_wrong`): it is set by `updateFolder`, which asks for a confirmation. */
  addFolder: procedure(
    z.object({
      root: AbsolutePath,
      bucketId: z.string(),
      prefix: z.string().max(900),
      settings: FolderSettingsChange.optional(),
    }),
    SyncFolder,
  ),
  /** Stops syncing a folder. Deletes nothing on either side. */
  removeFolder: procedure(z.object({ folderId: FolderId }), nothing),
  /**
   * Changes settings; what is not given stays. For the policy `delete` the confirmation has to be the bucket's name
   * (`confirmation_wrong`); `hide-then-remove` writes the bucket's lifecycle rule for the folder's prefix first.
   */
  updateFolder: procedure(
    z.object({
      folderId: FolderId,
      settings: FolderSettingsChange,
      confirmation: z.string().max(100).optional(),
    }),
    nothing,
  ),
  /** The folder's files are at another place on this machine; what is in B2 stays, and any file missing there asks first. */
  moveFolder: procedure(z.object({ folderId: FolderId, root: AbsolutePath }), nothing),
  /** Syncs to another place in the bucket from here on; what is at the old place stays there untouched. */
  changePrefix: procedure(z.object({ folderId: FolderId, prefix: z.string().max(900) }), nothing),
  /** Takes what is at the root for the folder's files although it is not what was there before. */
  acceptRoot: procedure(z.object({ folderId: FolderId }), nothing),
  /** A page of the files a decision is about; `list_changed` when the list is not what it was. */
  listDecision: procedure(
    z.object({
      folderId: FolderId,
      listId: z.string(),
      after: RelativePath.optional(),
      limit: z.number().int().min(1).max(1000),
    }),
    z.array(RelativePath),
  ),
  /**
   * Answers a decision: `apply` lets exactly these files go their way, `keep` leaves what is in B2 as it is. Throws
   * `list_changed` when more or other files are concerned by now.
   */
  decide: procedure(
    z.object({ folderId: FolderId, kind: DecisionKind, listId: z.string(), answer: z.enum(['apply', 'keep']) }),
    nothing,
  ),
  /** Why a path is, or is not, in the bucket. */
  explainPath: procedure(z.object({ folderId: FolderId, path: RelativePath }), Explanation),
  /** What is on disk and never sent, in the order of paths. */
  listSkipped: procedure(
    z.object({ folderId: FolderId, after: z.string().optional(), limit: z.number().int().min(1).max(1000) }),
    z.array(SkippedRow),
  ),
  /** What these rules would leave out that is sent today; stops counting after a few seconds (`complete: false`). */
  previewIgnore: procedure(
    z.object({ folderId: FolderId, ignoreRules: z.string().max(100_000) }),
    z.object({
      files: z.number().int(),
      bytes: z.number(),
      samples: z.array(RelativePath),
      complete: z.boolean(),
    }),
  ),
  /** Everything, or one folder; until a time, or until somebody resumes. Outlives a restart. */
  pause: procedure(
    z.object({ folderId: FolderId.optional(), until: UnixMs.nullable().optional() }).optional(),
    nothing,
  ),
  resume: procedure(z.object({ folderId: FolderId.optional() }).optional(), nothing),
  /** The limits of the line and their schedule, as they were set; what holds at this moment is in the snapshot. */
  getBandwidth: procedure(nothing, Bandwidth),
  /** Sets all of it; holds at once, also for what is on its way. */
  setBandwidth: procedure(Bandwidth, nothing),
  /** Through which proxy B2 is reached. What a proxy wants to know is told to nobody. */
  getProxy: procedure(nothing, ProxySetting),
  /**
   * Sets it; holds at once, what is on its way begins anew. Throws `keychain_unavailable`: then everything is as it was.
   */
  setProxy: procedure(ProxyChange, nothing),
  /** Checks one folder, or all, from the root and tries everything that waits again at once. */
  checkNow: procedure(z.object({ folderId: FolderId.optional() }), nothing),
  /**
   * A page of what failed, waits, and has arrived lately, in this order; what is under way is in the snapshot. The counts are
   * those of the list, which stays the same from page to page until it is old, or a new one is asked for.
   */
  listTransfers: procedure(TransferQuery, TransferPage),
  /** What the rows of a part of a list are, for a choice of many; `list_changed` for a list that is not kept any more. */
  listTransferIds: procedure(
    z.object({
      listId: z.number().int(),
      start: z.number().int().min(0),
      limit: z.number().int().min(1).max(MOST_CHOSEN),
    }),
    TransferIds,
  ),
  /**
   * Breaks transfers off, or passes them over, and leaves them for later: they are tried again in an hour, when their file
   * changes, when a person asks for them, or after the next start. Returns how many there were; unknown ids are ignored.
   */
  cancelTransfers: procedure(TransferChoice, z.number().int()),
  /**
   * Lets what waits go before all others, and what failed or was left for later begin anew; what was asked for last goes
   * first. Returns how many there were: what is under way, or done by now, is ignored.
   */
  sendTransfersNext: procedure(TransferChoice, z.number().int()),
  /** At most so many transfers of each kind at once: small files, parts of large ones, what B2 does by itself; null for what works best. */
  setMaxTransfers: procedure(z.object({ maxTransfers: MaxTransfers.nullable() }), nothing),
  /** What the stored bytes are compared with; null for nothing. Nothing stops at it. */
  setStorageCap: procedure(z.object({ capBytes: StorageCap.nullable() }), nothing),
  /**
   * Newest first: as many as there is room for, or all that match. `before` and `after` are ids, exclusive; without them from
   * the newest one on, to the oldest.
   */
  listActivity: procedure(
    z.object({
      before: z.number().int().optional(),
      after: z.number().int().optional(),
      limit: z.number().int().min(1).max(1000),
      filter: ActivityFilter.optional(),
    }),
    z.array(ActivityRow),
  ),
  /** Counts what was dropped on the window before anything is sent; stops counting after a few seconds (`complete: false`). */
  previewDrops: procedure(z.object({ paths: DroppedPaths }), DropPreview),
  /**
   * Takes files and folders to be sent to a place in a bucket once; they are not watched. They are on disk, and go on after
   * a restart, when this returns. Throws `place_is_synced` for a place that a sync folder has, `prefix_not_allowed`.
   */
  addDrops: procedure(
    z.object({ paths: DroppedPaths, bucketId: z.string(), prefix: z.string().max(900), onConflict: OnConflict }),
    nothing,
  ),
  /** Sends something dropped no more and forgets it; without an id all that has not arrived. Unknown ids are ignored. */
  cancelDrop: procedure(z.object({ dropId: DropId.optional() }), nothing),
  /** Tries something dropped at once; without an id all that failed. Unknown ids are ignored. */
  retryDrop: procedure(z.object({ dropId: DropId.optional() }), nothing),
  /** Forgets what has arrived; in B2 it stays. */
  clearFinishedDrops: procedure(nothing, nothing),
  /**
   * Makes links, an answer for each target in its order; what goes wrong with one concerns no other. Throws only what
   * concerns all: `account_not_connected`, `key_rejected`, no network and the like. Details of `refused`: `not_found` for
   * what neither the disk nor the bucket holds, `capability_missing` (`shareFiles`; `readFiles` and `writeFiles` for copies),
   * `name_not_allowed` for names that browsers alter, `link_too_wide` for a whole bucket, `link_too_many_files`,
   * `link_outside` for a directory in no sync folder, `link_no_place` where the key may write no copy, `bucket_not_allowed`, `bucket_missing`, `file_unreadable`.
   */
  createLinks: procedure(LinkRequest, z.array(LinkAnswer)),
  /** The register, newest first. */
  listLinks: procedure(LinkQuery, z.array(Link)),
  /**
   * The same link for as long as it was asked for, from now on; the address is another one, and the one before works until its
   * own end. The list of a folder is made anew. Throws `not_found` for a link, or a file, that is gone, and `bad_request` for
   * one of a public bucket, which does not end.
   */
  renewLink: procedure(z.object({ linkId: LinkId, validSeconds: LinkSeconds.optional() }), Link),
  /**
   * Ends a link: copies that were made for it are removed, at once or when B2 can be reached. A link to the file itself is
   * only forgotten (`outlivesEnd`). Ended or expired already is fine. Throws `not_found`.
   */
  endLink: procedure(z.object({ linkId: LinkId }), Link),
  /** The names that the link opens too are meant to be opened: the problem is over, until others come. Throws `not_found`. */
  acceptSiblings: procedure(z.object({ linkId: LinkId }), nothing),
  /** The hosts that links have instead of B2's. */
  getLinkDomains: procedure(nothing, LinkDomains),
  /**
   * The host of all links to a bucket's files from now on; null for B2's own. It is kept whether it answers or not, which the
   * result says: it was asked once, over https, for nothing.
   */
  setLinkDomain: procedure(
    z.object({ bucketId: z.string().min(1).max(100), host: LinkHost.nullable() }),
    LinkDomain.nullable(),
  ),
} as const

/** Sent by the engine without being asked, at most 5 times a second; nothing depends on having seen each. */
export const engineEvents = {
  snapshotChanged: EngineSnapshot,
} as const

export type EngineApi = typeof engineApi
export type EngineEvents = typeof engineEvents
