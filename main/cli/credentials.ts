/** Where the command line finds its key: the environment first, then the keychain. Never argv, which others can read. */
import { EngineError } from '../../shared/errors.ts'
import { createKeychainStore } from '../engine/credentials/keychain-store.ts'
import { PROXY_SECRET_ID } from '../engine/credentials/secret-store.ts'
import type { Clock } from '../engine/lib/clock.ts'
import type { Credentials } from '../engine/sync/connection.ts'

/**
 * `B2_APPLICATION_KEY_ID` and `B2_APPLICATION_KEY` where both are set; else the key in the keychain, chosen by
 * `B2_APPLICATION_KEY_ID` when there are several. Throws `account_not_connected` and `keychain_unavailable`.
 */
export async function findCredentials(env: NodeJS.ProcessEnv, clock: Clock): Promise<Credentials> {
  const id = env['B2_APPLICATION_KEY_ID']
  const key = env['B2_APPLICATION_KEY']
  if (id && key) return { applicationKeyId: id, applicationKey: key }
  const keychain = createKeychainStore(clock)
  const stored = id ? [id] : (await keychain.list()).filter((each) => each !== PROXY_SECRET_ID)
  const [first] = stored
  const found = stored.length === 1 && first !== undefined ? await keychain.get(first) : null
  if (first === undefined || found === null) {
    throw new EngineError('account_not_connected', `The keychain holds ${stored.length} keys for Pail, one is needed`)
  }
  return { applicationKeyId: first, applicationKey: found }
}
