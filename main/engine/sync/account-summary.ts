/** What is told about a key to clients of the engine. */
import type { UnixMs } from '../../../shared/ids.ts'
import type { AccountSummary } from '../../../shared/model/account.ts'
import type { B2Client } from '../b2/client.ts'
import type { Account } from '../b2/types.ts'

/** Listing shows what is there, writing brings it there. */
const SYNC_CAPABILITIES = ['listFiles', 'writeFiles']

/** Everything but the key itself. */
export function describeAccount({ applicationKeyId, realm }: B2Client, account: Account): AccountSummary {
  // A key for certain buckets names them itself.
  const needed = account.allowedBuckets === null ? ['listBuckets', ...SYNC_CAPABILITIES] : SYNC_CAPABILITIES
  return {
    accountId: account.accountId,
    applicationKeyId,
    realm,
    capabilities: [...account.capabilities],
    missingCapabilities: needed.filter((capability) => !account.capabilities.includes(capability)),
    allowedBuckets: account.allowedBuckets?.map(({ id, name }) => ({ bucketId: id, bucketName: name })) ?? null,
    namePrefix: account.namePrefix,
    expiresAt: account.applicationKeyExpirationTimestamp as UnixMs | null,
  }
}
