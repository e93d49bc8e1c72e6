/** Transfers as people see them: what moves, what waits and why, what failed, and what has arrived. */
import { z } from 'zod'
import { ErrorCode } from '../errors.ts'
import { FolderId, JobId, RelativePath, UnixMs } from '../ids.ts'
import { ActivityVerb } from './activity.ts'
import { JobExplanation } from './explanation.ts'

const TransferKind = z.enum(['upload', 'copy', 'hide', 'delete'])

/** How many transfers of a kind a person may allow at once. */
export const MaxTransfers = z.number().int().min(1).max(128)

/**
 * What a transfer under way does: `hashing` reads the file, as its SHA-1 is needed before it is sent; `copying` is done by B2
 * alone; in `finishing` every byte is out, and B2's answer is to come.
 */
export const TransferPhase = z.enum(['starting', 'hashing', 'copying', 'sending', 'finishing'])
export type TransferPhase = z.infer<typeof TransferPhase>

const common = { folderId: FolderId, path: RelativePath }
const ofJob = { ...common, jobId: JobId, kind: TransferKind, sizeBytes: z.number() }

export const MovingRow = z.object({
  ...ofJob,
  phase: TransferPhase,
  /** Bytes that are on their way or in B2, those that need not be sent included. */
  sentBytes: z.number(),
  /** Over the last seconds; 0 unless bytes are sent. */
  bytesPerSecond: z.number(),
  /** Null while there is nothing to extrapolate from. */
  secondsLeft: z.number().nullable(),
})
export type MovingRow = z.infer<typeof MovingRow>

const WaitingRow = z.object({
  group: z.literal('waiting'),
  ...ofJob,
  /** Whether a person asked for it to go next. */
  isAsked: z.boolean(),
  why: JobExplanation,
})
export type WaitingRow = z.infer<typeof WaitingRow>

/** What only a person can mend; it is tried again all the same, seldom. */
const FailedRow = z.object({
  group: z.literal('failed'),
  ...ofJob,
  code: ErrorCode,
  /** Facts for the sentence. */
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  since: UnixMs,
  /** Null for at once. */
  nextAttemptAt: UnixMs.nullable(),
})
export type FailedRow = z.infer<typeof FailedRow>

const DoneRow = z.object({
  group: z.literal('done'),
  ...common,
  activityId: z.number().int(),
  verb: ActivityVerb.extract(['uploaded', 'adopted', 'copied', 'hidden', 'deleted']),
  /** Null where nothing is in B2 any more. */
  sizeBytes: z.number().nullable(),
  at: UnixMs,
})
export type DoneRow = z.infer<typeof DoneRow>

/** One row of what waits, failed, or has arrived. */
export const ListedRow = z.discriminatedUnion('group', [WaitingRow, FailedRow, DoneRow])
export type ListedRow = z.infer<typeof ListedRow>

/** `now` is what is under way. */
export const TransferGroup = z.enum(['now', 'failed', 'waiting', 'done'])
export type TransferGroup = z.infer<typeof TransferGroup>

/** Which transfers are looked at: those whose path contains the text, in any case, of one folder or of all. */
export const TransferFilter = z.object({ text: z.string().max(200), folderId: FolderId.nullable() })
export type TransferFilter = z.infer<typeof TransferFilter>

/** The most transfers that are named one by one. */
export const MOST_CHOSEN = 100_000

/** What something is done to: these, or all that match at that moment, but for a few. */
export const TransferChoice = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('these'), jobIds: z.array(JobId).max(MOST_CHOSEN) }),
  z.object({
    kind: z.literal('matching'),
    filter: TransferFilter,
    groups: z.array(TransferGroup.exclude(['done'])),
    except: z.array(JobId).max(MOST_CHOSEN),
  }),
])
export type TransferChoice = z.infer<typeof TransferChoice>

/** The most jobs whose end is waited for. */
export const MOST_WATCHED = 200

/** How many there are of each group. */
const GroupCounts = z.object({
  now: z.number().int(),
  failed: z.number().int(),
  waiting: z.number().int(),
  /** Of the last 1,000 things that happened; the rest is in the activity. */
  done: z.number().int(),
})
export type GroupCounts = z.infer<typeof GroupCounts>

/** Where a row stands in a list: what failed comes first, then what waits, then what has arrived. */
const RowPlace = z.object({
  group: TransferGroup.exclude(['now']),
  /** Of the job; of what has arrived the activity's. */
  id: z.number().int(),
  index: z.number().int().min(0),
})
export type RowPlace = z.infer<typeof RowPlace>

export const TransferQuery = z.object({
  filter: TransferFilter,
  /** The list that rows were read from before, to go on in that; null for one that is as new as can be. */
  listId: z.number().int().nullable(),
  start: z.number().int().min(0),
  limit: z.number().int().min(0).max(200),
  /** A row that should stay where it is: in a new list `start` is counted from where that is by then. */
  anchor: RowPlace.nullable(),
  /** Jobs of which one wants to know when they are done, or not wanted any more. */
  watched: z.array(JobId).max(MOST_WATCHED),
})
export type TransferQuery = z.infer<typeof TransferQuery>

export const TransferPage = z.object({
  listId: z.number().int(),
  counts: GroupCounts,
  /** Of the first row given. */
  start: z.number().int(),
  /** Null for a row that has gone since the list was made. */
  rows: z.array(ListedRow.nullable()),
  /** How far the anchor has moved, negative for up; 0 where it is gone. */
  shift: z.number().int(),
  /** Of the watched jobs those that are not there any more. */
  gone: z.array(JobId),
})
export type TransferPage = z.infer<typeof TransferPage>

/** What some rows of a list are: jobs, and what has arrived. */
export const TransferIds = z.object({ jobIds: z.array(JobId), activityIds: z.array(z.number().int()) })
export type TransferIds = z.infer<typeof TransferIds>
