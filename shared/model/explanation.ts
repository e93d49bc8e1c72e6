/** The answer to "why is this not uploaded?" for one path. */
import { z } from 'zod'
import { ErrorCode } from '../errors.ts'
import { UnixMs } from '../ids.ts'

/** Where an ignore rule stands. */
export const IgnoreSource = z.enum(['built-in', 'settings', '.pailignore', 'own-data'])
export type IgnoreSource = z.infer<typeof IgnoreSource>

export const IgnoreReason = z.object({
  source: IgnoreSource,
  rule: z.string(),
  /** Counted from 1; null for built-in rules. */
  line: z.number().int().nullable(),
})
export type IgnoreReason = z.infer<typeof IgnoreReason>

/** Why something on disk is never sent. */
export const SkipReason = z.enum(['symlink', 'special', 'placeholder', 'name-not-utf8', 'unreadable', 'ignored'])
export type SkipReason = z.infer<typeof SkipReason>

/** Why a file is waited for until it has come to rest. */
export const Settling = z.object({
  /** When it was first seen to change. */
  since: UnixMs,
  /** `changing`: it has not been quiet for long enough. `restless`: it never is, and was taken less than five minutes ago. */
  why: z.enum(['changing', 'restless']),
  /** When it may be taken if nothing changes any more. */
  until: UnixMs,
  /** When it is taken whatever changes. */
  latest: UnixMs,
})
export type Settling = z.infer<typeof Settling>

/** Why something is not sent, as far as that can be counted: the reason, and for `ignored` whose rule it is. */
export const SkippedKind = z.object({ reason: SkipReason, source: IgnoreSource.nullable() })
export type SkippedKind = z.infer<typeof SkippedKind>

export const SkippedRow = z.object({ path: z.string(), reason: SkipReason, rule: IgnoreReason.nullable() })
export type SkippedRow = z.infer<typeof SkippedRow>

/** Being written, or waiting until it has been quiet for long enough; null where too many are for each to be remembered. */
const IsSettling = z.object({ kind: z.literal('settling'), waiting: Settling.nullable() })
/** Waits for its turn; with a code, for that to pass. */
const IsWaiting = z.object({
  kind: z.literal('waiting'),
  code: ErrorCode.nullable(),
  nextAttemptAt: UnixMs.nullable(),
})
const IsSending = z.object({ kind: z.literal('sending') })
/** A person left it for later. */
const IsPutOff = z.object({ kind: z.literal('put-off'), until: UnixMs })
/** Only a person can change that: the code says how. */
const IsBlocked = z.object({ kind: z.literal('blocked'), code: ErrorCode })
/** Its folder does not send at this time of the week. */
const IsOutOfHours = z.object({ kind: z.literal('out-of-hours'), until: UnixMs })
const IsPaused = z.object({ kind: z.literal('paused'), until: UnixMs.nullable() })

/** Why something that is to be sent, copied or hidden has not been yet. */
export const JobExplanation = z.discriminatedUnion('kind', [
  IsSettling,
  IsWaiting,
  IsSending,
  IsPutOff,
  IsBlocked,
  IsPaused,
  IsOutOfHours,
])
export type JobExplanation = z.infer<typeof JobExplanation>

export const Explanation = z.discriminatedUnion('kind', [
  /** It is in the bucket as it is on disk. */
  z.object({ kind: z.literal('in-sync'), uploadedAt: UnixMs.nullable() }),
  z.object({ kind: z.literal('ignored'), reason: IgnoreReason }),
  z.object({ kind: z.literal('skipped'), reason: SkipReason }),
  IsSettling,
  IsWaiting,
  IsSending,
  IsPutOff,
  IsBlocked,
  IsPaused,
  IsOutOfHours,
  /** Gone from disk, still in the bucket until that is certain. */
  z.object({ kind: z.literal('leaving') }),
  /** Left in the bucket on purpose although the disk has nothing, or something else, there. */
  z.object({ kind: z.literal('kept') }),
  z.object({ kind: z.literal('directory') }),
  z.object({ kind: z.literal('not-there') }),
  /** Not looked at yet. */
  z.object({ kind: z.literal('unknown') }),
])
export type Explanation = z.infer<typeof Explanation>
