/** Files that a person dropped on the window: sent once to a place in a bucket, never watched. */
import { z } from 'zod'
import { ErrorCode } from '../errors.ts'
import { AbsolutePath, DropId, UnixMs } from '../ids.ts'
import { Bucket } from './account.ts'

/** What happens where the bucket holds another file of the same name: `keep-both` takes a free name, `photo (2).jpg`. */
export const OnConflict = z.enum(['keep-both', 'replace'])
export type OnConflict = z.infer<typeof OnConflict>

/** The most things that are dropped at one time; each may be a folder with any number of files. */
export const MOST_DROPPED = 1000

export const DroppedPaths = z.array(AbsolutePath).min(1).max(MOST_DROPPED)

/** What is remembered of a bucket; how it keeps its files concerns nobody here. */
const DropBucket = Bucket.pick({ bucketId: true, bucketName: true, bucketType: true })
export type DropBucket = z.infer<typeof DropBucket>

/** Where things were dropped to the last time. */
export const LastDropPlace = z.object({ bucket: DropBucket, prefix: z.string(), onConflict: OnConflict })
export type LastDropPlace = z.infer<typeof LastDropPlace>

/** What would be sent, before anything is. */
export const DropPreview = z.object({
  files: z.number().int(),
  bytes: z.number(),
  /** Folders among what was dropped, not those below. */
  folders: z.number().int(),
  /** Links, special files, what systems leave behind, and Pail's own files. */
  leftOut: z.number().int(),
  unreadable: z.number().int(),
  /** False where counting took too long and has ended early. */
  complete: z.boolean(),
  lastPlace: LastDropPlace.nullable(),
})
export type DropPreview = z.infer<typeof DropPreview>

export const DropRow = z.object({
  dropId: DropId,
  bucketName: z.string(),
  /** The name in the bucket; before it has arrived the one that it should get. */
  fileName: z.string(),
  /** A folder that is still to be read. */
  isFolder: z.boolean(),
  phase: z.enum(['waiting', 'sending', 'failed', 'done']),
  sizeBytes: z.number(),
  sentBytes: z.number(),
  /** 0 unless sending. */
  bytesPerSecond: z.number(),
  /** Why the last attempt failed, or null. */
  code: ErrorCode.nullable(),
  /** Facts for the sentence. */
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  /** When a waiting row is tried again; null for at once. */
  nextAttemptAt: UnixMs.nullable(),
  /** Whether the bucket held the same file under this name already, so that nothing was sent. */
  wasThere: z.boolean(),
  endedAt: UnixMs.nullable(),
})
export type DropRow = z.infer<typeof DropRow>

export const DropsView = z.object({
  /** At most 100: first what is on its way, then what failed, what waits, and what arrived last. */
  rows: z.array(DropRow),
  /** How many there are of each in all. */
  counts: z.object({
    sending: z.number().int(),
    waiting: z.number().int(),
    failed: z.number().int(),
    done: z.number().int(),
  }),
  /** What in dropped folders was not taken: links, special files, what systems leave behind. */
  leftOut: z.number().int(),
})
export type DropsView = z.infer<typeof DropsView>

export const NO_DROPS: DropsView = { rows: [], counts: { sending: 0, waiting: 0, failed: 0, done: 0 }, leftOut: 0 }
