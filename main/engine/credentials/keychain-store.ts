/**
 * The operating system's keychain, through keytar: Keychain on macOS, Credential Manager on Windows, the Secret Service
 * on Linux. There is no other place: where the keychain is locked or missing, callers wait.
 */
import { EngineError } from '../../../shared/errors.ts'
import type { Clock } from '../lib/clock.ts'
import type { SecretStore } from './secret-store.ts'

/** The name people see in their keychain. */
const SERVICE = 'Pail'

/** A locked keyring may show a password prompt; after this the caller is told to wait and may ask again. */
const PATIENCE_MS = 10_000

export function createKeychainStore(clock: Clock): SecretStore {
  // A question that still waits for a person's password is joined: asking again would show a second prompt.
  const asked = new Map<string, Promise<string | null>>()
  const getPassword = (keychain: Keytar, id: string): Promise<string | null> => {
    const earlier = asked.get(id)
    if (earlier !== undefined) return earlier
    const answer = keychain.getPassword(SERVICE, id).finally(() => asked.delete(id))
    asked.set(id, answer)
    return answer
  }
  return {
    async list() {
      const found = await ask(clock, (keychain) => keychain.findCredentials(SERVICE))
      return found.map(({ account }) => account)
    },
    get: (id) => ask(clock, (keychain) => getPassword(keychain, id)),
    set: (id, key) => ask(clock, (keychain) => keychain.setPassword(SERVICE, id, key)),
    async delete(id) {
      await ask(clock, (keychain) => keychain.deletePassword(SERVICE, id))
    },
  }
}

type Keytar = typeof import('keytar')

/** Loaded on first use: the command line with a key from the environment needs no keychain library. */
async function ask<T>(clock: Clock, question: (keychain: Keytar) => Promise<T>): Promise<T> {
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
