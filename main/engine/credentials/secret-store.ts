/** The id of what a proxy wants to know: the one secret that is no application key. */
export const PROXY_SECRET_ID = 'proxy'

/** Where application keys are kept, by key id, and what a proxy wants to know. */
export interface SecretStore {
  /** The key ids it has keys for. Throws `keychain_unavailable`. */
  list(): Promise<readonly string[]>
  /** Null when there is none. Throws `keychain_unavailable`. */
  get(applicationKeyId: string): Promise<string | null>
  /** Throws `keychain_unavailable`; then nothing is stored anywhere. */
  set(applicationKeyId: string, applicationKey: string): Promise<void>
  /** None there is fine. Throws `keychain_unavailable`. */
  delete(applicationKeyId: string): Promise<void>
}
