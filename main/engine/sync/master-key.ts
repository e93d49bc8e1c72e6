/**
 * A master key that a person lends for the set-up, so that Pail can make a key of its own with it.
 *
 * It is inside the client that is held here and nowhere else: not in the keychain, not in the records, in no log. It is
 * forgotten when it has done what it was lent for, when a person goes away from the set-up, and after an hour.
 */
import { EngineError, isAbortError } from '../../../shared/errors.ts'
import type { AccountSummary } from '../../../shared/model/account.ts'
import { isMasterKey, type KeyLimits } from '../../../shared/model/key.ts'
import type { B2Client } from '../b2/client.ts'
import { INTERACTIVE } from '../b2/retry.ts'
import type { Clock } from '../lib/clock.ts'
import { describeAccount } from './account-summary.ts'
import type { Credentials } from './connection.ts'

/** Long enough to look for folders, short enough for a window that was left open. */
const FORGOTTEN_AFTER_MS = 3_600_000

/** How the keys that Pail makes are called at Backblaze. */
const KEY_NAME = 'pail'

type Held = { readonly client: B2Client; readonly ends: AbortController }

export type MasterKeyOptions = {
  readonly createClient: (credentials: Credentials) => B2Client
  readonly clock: Clock
}

export class MasterKey {
  readonly #options: MasterKeyOptions
  #held: Held | null = null

  constructor(options: MasterKeyOptions) {
    this.#options = options
  }

  /** Throws `capability_missing` for a key that is no master key, and what `authorize` throws; then none is held. */
  async hold(credentials: Credentials): Promise<AccountSummary> {
    await this.forget()
    const client = this.#options.createClient(credentials)
    try {
      const summary = describeAccount(client, await client.authorize({ patience: INTERACTIVE }))
      if (!isMasterKey(summary)) {
        throw new EngineError('capability_missing', 'Not a master key', { capability: 'writeKeys' })
      }
      // Another one may have been lent while B2 was asked.
      await this.forget()
      this.#keep(client)
      return summary
    } catch (error) {
      await client.close()
      throw error
    }
  }

  /** A client with the key that is held. Throws `master_key_gone`. */
  get client(): B2Client {
    if (this.#held === null) throw new EngineError('master_key_gone', 'No master key is held')
    return this.#held.client
  }

  /**
   * Makes a key that may do no more than this, and no more than the master key itself. Throws `master_key_gone`. When
   * `use` fails, the key that was made for it is ended again, and what it threw is thrown.
   */
  async makeKey(limits: KeyLimits, use: (made: Credentials) => Promise<unknown>, signal: AbortSignal): Promise<void> {
    const { client } = this
    const call = { signal, patience: INTERACTIVE }
    const account = await client.account(call)
    const { applicationKeyId, applicationKey } = await client.createKey({
      ...call,
      keyName: KEY_NAME,
      capabilities: limits.capabilities.filter((capability) => account.capabilities.includes(capability)),
      bucketIds: limits.bucketIds,
      ...(limits.namePrefix === '' ? {} : { namePrefix: limits.namePrefix }),
    })
    try {
      await use({ applicationKeyId, applicationKey })
    } catch (error) {
      // Nobody else has it; where B2 cannot be asked now, it stays behind as a key whose secret nobody knows.
      await client.deleteKey(applicationKeyId, { patience: INTERACTIVE }).catch(() => undefined)
      throw error
    }
  }

  async forget(): Promise<void> {
    const held = this.#held
    this.#held = null
    held?.ends.abort()
    await held?.client.close()
  }

  #keep(client: B2Client): void {
    const ends = new AbortController()
    this.#held = { client, ends }
    this.#options.clock.sleep(FORGOTTEN_AFTER_MS, ends.signal).then(
      () => this.forget(),
      (error: unknown) => {
        if (!isAbortError(error)) throw error
      },
    )
  }
}
