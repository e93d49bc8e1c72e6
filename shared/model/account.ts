/** The B2 account as clients of the engine see it. The application key itself is never part of it. */
import { z } from 'zod'
import { ErrorCode } from '../errors.ts'
import { UnixMs } from '../ids.ts'

export const Bucket = z.object({
  bucketId: z.string(),
  bucketName: z.string(),
  /** `allPrivate`, `allPublic` or another type, `unknown` where the key may not see it; B2's set is open. */
  bucketType: z.string(),
  /** Whether B2 encrypts what is stored there (SSE-B2); null where the key may not see that. */
  isEncrypted: z.boolean().nullable().default(null),
})
export type Bucket = z.infer<typeof Bucket>

export const AccountSummary = z.object({
  accountId: z.string(),
  applicationKeyId: z.string(),
  realm: z.string(),
  capabilities: z.array(z.string()),
  /** Capabilities that syncing needs and this key lacks; empty when all is well. */
  missingCapabilities: z.array(z.string()),
  /** The only buckets this key may use, without a name where one is deleted; null for all. */
  allowedBuckets: z
    .array(z.object({ bucketId: z.string(), bucketName: z.string().nullable() }))
    .nullable()
    .default(null),
  /** Names this key may touch must start with this; empty for no restriction. */
  namePrefix: z.string(),
  /** When the key ends by itself; null for never. */
  expiresAt: UnixMs.nullable().default(null),
})
export type AccountSummary = z.infer<typeof AccountSummary>

export const AccountState = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  /** Known but not usable at this moment: keychain locked, key refused, or no answer from B2 so far. */
  z.object({ kind: z.literal('waiting'), applicationKeyId: z.string(), code: ErrorCode.nullable() }),
  z.object({ kind: z.literal('connected'), account: AccountSummary }),
])
export type AccountState = z.infer<typeof AccountState>
