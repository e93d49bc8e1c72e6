/**
 * The operating system's keychain, through keytar: Keychain on macOS, Credential Manager on Windows, the Secret Service
 * on Linux. There is no other place: where the keychain is locked or missing, callers wait.
 */
import { EngineError } from '../../../shared/errors.ts'
import type { Clock } from '../lib/clock.ts'
import { isKeyringLocked } from './secret-service.ts'
import type { SecretStore } from './secret-store.ts'

/** The name people see in their keychain. */
const SERVICE = 'Pail'

/** A locked keyring may show a password prompt; after this the caller is told to wait and may ask again. */
const PATIENCE_MS = 10_000

export type KeychainStore = SecretStore & {
  /**
   * True while a question has no answer, also one that its caller has given up. It holds a thread until then, which the
   * ordinary end of a process waits for.
   */
  readonly isAsking: () => boolean
}

export function createKeychainStore(clock: Clock): KeychainStore {
  let open = 0
  const ask = <T>(question: (keychain: Keytar) => Promise<T>): Promise<T> =>
    askWithin(clock, (keychain) => {
      open += 1
      return question(keychain).finally(() => {
        open -= 1
      })
    })
  // A locked keyring answers only when a person has typed the password, and without a prompter never; each question
  // holds a thread until then. So there is one at a time, until the keyring is known to be open.
  const asked = new Map<string, Promise<string | null>>()
  const getPassword = async (keychain: Keytar, id: string): Promise<string | null> => {
    const earlier = asked.get(id)
    if (earlier !== undefined && (await isKeyringLocked()) !== false) return earlier
    const answer = keychain.getPassword(SERVICE, id).finally(() => {
      if (asked.get(id) === answer) asked.delete(id)
    })
    asked.set(id, answer)
    return answer
  }
  return {
    isAsking: () => open > 0,
    async list() {
      const found = await ask((keychain) => keychain.findCredentials(SERVICE))
      return found.map(({ account }) => account)
    },
    get: (id) => ask((keychain) => getPassword(keychain, id)),
    set: (id, key) => ask((keychain) => keychain.setPassword(SERVICE, id, key)),
    async delete(id) {
      await ask((keychain) => keychain.deletePassword(SERVICE, id))
    },
  }
}

type Keytar = typeof import('keytar')

/** Loaded on first use: the command line with a key from the environment needs no keychain library. */
async function askWithin<T>(clock: Clock, question: (keychain: Keytar) => Promise<T>): Promise<T> {
  const givenUp = new AbortController()
  try {
    const loaded = (await import('keytar')) as Keytar & { readonly default?: Keytar }
    const answer = question(loaded.default ?? loaded)
    const timeout = clock.sleep(PATIENCE_MS, givenUp.signal).then(() => {
      throw new Error('no answer')
    })
    // Whoever loses the race must not become an unhandled rejection.
    timeout.catch(() => undefined)
    answer.catch(() => undefined)
    return await Promise.race([answer, timeout])
  } catch (error) {
    // The library's message is about the service, never about the secret.
    const reason = error instanceof Error ? error.message : 'unknown'
    throw new EngineError('keychain_unavailable', `Keychain: ${reason}`, {}, { cause: error })
  } finally {
    givenUp.abort()
  }
}
