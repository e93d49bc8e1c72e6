/** What the engine, or one sync folder, is doing: a closed union, the most serious condition wins. */
import { z } from 'zod'
import { ErrorCode } from '../errors.ts'
import { UnixMs } from '../ids.ts'

export const Status = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('not-set-up'), missing: z.enum(['account', 'folder']) }),
  /** Every known file is in the bucket; `checkedAt` is when the last complete check ended. */
  z.object({ kind: z.literal('up-to-date'), files: z.number().int(), checkedAt: UnixMs }),
  z.object({ kind: z.literal('checking'), filesSeen: z.number().int() }),
  /** Files and bytes that are to be sent now: what fails, and what a person left for later, is not among them. */
  z.object({
    kind: z.literal('sending'),
    files: z.number().int(),
    bytes: z.number(),
    bytesPerSecond: z.number(),
    /** Null while there is nothing to extrapolate from. */
    secondsLeft: z.number().nullable(),
  }),
  /** Files wait for something that passes by itself: a busy file, a back-off, the keychain. */
  z.object({
    kind: z.literal('waiting'),
    files: z.number().int(),
    code: ErrorCode.nullable(),
    nextAttemptAt: UnixMs.nullable(),
    /** A person left them for later, all of them. */
    isPutOff: z.literal(true).optional(),
    /** Their folders do not send at this time of the week; the first of them does at `nextAttemptAt`. */
    isOutOfHours: z.literal(true).optional(),
  }),
  /** `until` null: until somebody resumes. */
  z.object({ kind: z.literal('paused'), files: z.number().int(), until: UnixMs.nullable() }),
  z.object({ kind: z.literal('offline'), since: UnixMs, files: z.number().int() }),
  /** The engine stopped a folder on its own because going on could lose something. */
  z.object({ kind: z.literal('held'), code: ErrorCode }),
  z.object({ kind: z.literal('problem'), problems: z.number().int(), code: ErrorCode }),
])
export type Status = z.infer<typeof Status>
export type StatusKind = Status['kind']
