/** Whether B2 can be reached. */
import { z } from 'zod'
import { ErrorCode } from '../errors.ts'
import { UnixMs } from '../ids.ts'

export const Health = z.discriminatedUnion('kind', [
  /** Nobody has asked in this run: there is no account, or no answer yet. */
  z.object({ kind: z.literal('unknown') }),
  /** `checkedAt` is when B2 last answered. */
  z.object({ kind: z.literal('online'), checkedAt: UnixMs }),
  /** What is in the way, and since when. */
  z.object({ kind: z.literal('unreachable'), code: ErrorCode, since: UnixMs }),
])
export type Health = z.infer<typeof Health>
