/**
 * The engine's one connection to B2: finds the key, keeps the client, and says what is known of the account.
 *
 * The key is read from the keychain when the client is first needed and stays inside the client; a keychain that is
 * locked is asked again at the next need.
 */
import { EngineError, isEngineError, type ErrorCode } from '../../../shared/errors.ts'
import type { AccountState, AccountSummary } from '../../../shared/model/account.ts'
import type { B2Client } from '../b2/client.ts'
import { BRIEF, INTERACTIVE } from '../b2/retry.ts'
import type { Account } from '../b2/types.ts'
import type { SecretStore } from '../credentials/secret-store.ts'
import type { Settings } from '../state/settings.ts'
import { describeAccount } from './account-summary.ts'

export type Credentials = { readonly applicationKeyId: string; readonly applicationKey: string }

export type ConnectionOptions = {
  readonly settings: Settings
  /** Runs one all-or-nothing step of the state. */
  readonly transaction: (step: () => void) => void
  readonly secrets: SecretStore
  readonly realm: string
  readonly createClient: (realm: string, credentials: Credentials) => B2Client
  readonly onChange: () => void
}

export class Connection {
  readonly #options: ConnectionOptions
  #client: Promise<B2Client> | null = null
  /** False while the keychain is being asked for the client's key. */
  #isOpen = false
  #summary: AccountSummary | null = null
  #code: ErrorCode | null = null

  constructor(options: ConnectionOptions) {
    this.#options = options
  }

  state(): AccountState {
    const stored = this.#options.settings.findAccount()
    if (stored === undefined) return { kind: 'none' }
    if (this.#summary !== null) return { kind: 'connected', account: this.#summary }
    return { kind: 'waiting', applicationKeyId: stored.applicationKeyId, code: this.#code }
  }

  /**
   * The client, with an account that B2 has confirmed. Throws `account_not_connected`, `keychain_unavailable`, what
   * `authorize` throws, or the signal's reason.
   */
  async client(signal: AbortSignal): Promise<B2Client> {
    try {
      this.#client ??= this.#open()
      const client = await unlessAborted(this.#client, signal)
      if (this.#summary === null) this.#note(client, await client.account({ signal, patience: BRIEF }))
      return client
    } catch (error) {
      if (isEngineError(error)) this.#fail(error)
      throw error
    }
  }

  /** Asks B2 anew whether it takes the key, also after it was rejected. Throws what `client` throws. */
  async reauthorize(signal: AbortSignal): Promise<void> {
    try {
      this.#client ??= this.#open()
      const client = await unlessAborted(this.#client, signal)
      this.#note(client, await client.authorize({ signal, patience: BRIEF }))
    } catch (error) {
      if (isEngineError(error)) this.#fail(error)
      throw error
    }
  }

  /** What B2 says a key may do; nothing is kept of it. Throws what `authorize` throws. */
  async check(credentials: Credentials): Promise<AccountSummary> {
    const client = this.#options.createClient(this.#options.realm, credentials)
    try {
      return describeAccount(client, await client.authorize({ patience: INTERACTIVE }))
    } finally {
      await client.close()
    }
  }

  /** Checks a key against B2, then keeps it in the keychain and uses it. Nothing changes when either fails. */
  async connect(credentials: Credentials): Promise<AccountSummary> {
    const { settings, secrets, realm, createClient, onChange } = this.#options
    const client = createClient(realm, credentials)
    try {
      const account = await client.authorize({ patience: INTERACTIVE })
      const earlier = settings.findAccount()
      await secrets.set(credentials.applicationKeyId, credentials.applicationKey)
      await this.#record(credentials.applicationKeyId)
      await this.#replace(Promise.resolve(client))
      if (earlier !== undefined && earlier.applicationKeyId !== credentials.applicationKeyId) {
        // The new key works; an old one that cannot be removed now is no reason to refuse it.
        await secrets.delete(earlier.applicationKeyId).catch(() => undefined)
      }
      const summary = this.#note(client, account)
      onChange()
      return summary
    } catch (error) {
      await client.close()
      throw error
    }
  }

  /** Forgets the key, in the keychain first: what stays behind must not be a key without an owner. */
  async disconnect(): Promise<void> {
    const { settings, secrets, transaction, onChange } = this.#options
    const stored = settings.findAccount()
    if (stored !== undefined) await secrets.delete(stored.applicationKeyId)
    transaction(() => {
      settings.forgetAccount()
    })
    await this.#replace(null)
    onChange()
  }

  async close(): Promise<void> {
    await this.#replace(null)
  }

  /** A key that could not be recorded must not stay in the keychain without an owner. */
  async #record(applicationKeyId: string): Promise<void> {
    const { settings, secrets, realm, transaction } = this.#options
    try {
      transaction(() => {
        settings.setAccount({ realm, applicationKeyId })
      })
    } catch (error) {
      await secrets.delete(applicationKeyId)
      throw error
    }
  }

  async #open(): Promise<B2Client> {
    const { settings, secrets, createClient } = this.#options
    const stored = settings.findAccount()
    if (stored === undefined) throw new EngineError('account_not_connected', 'No account is known')
    const applicationKey = await secrets.get(stored.applicationKeyId)
    if (applicationKey === null)
      throw new EngineError('account_not_connected', 'The keychain has no key for the account')
    this.#isOpen = true
    return createClient(stored.realm, { applicationKeyId: stored.applicationKeyId, applicationKey })
  }

  #note(client: B2Client, account: Account): AccountSummary {
    this.#code = null
    this.#summary = describeAccount(client, account)
    this.#options.onChange()
    return this.#summary
  }

  #fail({ code }: EngineError): void {
    // Without a client the next need asks the keychain again; with one, its own session knows what to do.
    if (this.#summary === null && (code === 'keychain_unavailable' || code === 'account_not_connected')) {
      this.#client = null
    }
    this.#code = code
    this.#options.onChange()
  }

  async #replace(next: Promise<B2Client> | null): Promise<void> {
    const closing = this.#client?.then(
      (client) => client.close(),
      () => undefined,
    )
    const wasOpen = this.#isOpen
    this.#client = next
    this.#isOpen = next !== null
    this.#summary = null
    this.#code = null
    // A keychain may ask for a password for as long as it likes; the client that comes of it is closed unused.
    if (wasOpen) await closing
  }
}

/** The keychain cannot be told to stop; whoever waits for it can. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => {
    reject(signal.reason as Error)
  }
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  return Promise.race([promise, aborted]).finally(() => {
    signal.removeEventListener('abort', onAbort)
  })
}
