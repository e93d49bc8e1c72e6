/** Keeps keys for the life of the process: for a key that came from the environment and must not be stored. */
import type { SecretStore } from './secret-store.ts'

export function createMemoryStore(known: Readonly<Record<string, string>> = {}): SecretStore {
  const keys = new Map(Object.entries(known))
  return {
    list: () => Promise.resolve([...keys.keys()]),
    get: (id) => Promise.resolve(keys.get(id) ?? null),
    set: (id, key) => {
      keys.set(id, key)
      return Promise.resolve()
    },
    delete: (id) => {
      keys.delete(id)
      return Promise.resolve()
    },
  }
}
