/**
 * Keeps the way to B2: the proxy that a person has set, or what the environment says. A proxy's name and password are in
 * the keychain and in memory, and in no file.
 */
import type { z } from 'zod'
import { ProxyAddress, ProxyLogin, type ProxyChange, type ProxySetting } from '../../../shared/model/proxy.ts'
import type { NetworkSettings, Variables } from '../b2/connections.ts'
import { PROXY_SECRET_ID, type SecretStore } from '../credentials/secret-store.ts'
import { InTurn } from '../lib/in-turn.ts'
import type { Settings } from '../state/settings.ts'

/** With its address: to another one a name and password are never sent. */
const ProxySecret = ProxyLogin.extend({ address: ProxyAddress })

export type ProxyOptions = {
  readonly settings: Pick<Settings, 'proxy' | 'setProxy'>
  /** Runs one all-or-nothing step of the state. */
  readonly transaction: (step: () => void) => void
  readonly secrets: SecretStore
  readonly env: Variables
}

export class ProxyKeeper implements NetworkSettings {
  readonly #options: ProxyOptions
  readonly #listeners = new Set<() => void>()
  /** What was chosen last holds, also where the keychain took its time over what was chosen before. */
  readonly #changes = new InTurn()
  #setting: ProxySetting

  constructor(options: ProxyOptions) {
    this.#options = options
    this.#setting = options.settings.proxy()
  }

  get setting(): ProxySetting {
    return this.#setting
  }

  /** Holds at once. Throws `keychain_unavailable`: then everything is as it was. */
  set(change: ProxyChange): Promise<void> {
    const { settings, transaction } = this.#options
    return this.#changes.run('proxy', async () => {
      const setting = await this.#withLogin(change)
      transaction(() => {
        settings.setProxy(setting)
      })
      this.#setting = setting
      for (const listener of this.#listeners) listener()
    })
  }

  onChanged(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Throws `keychain_unavailable`. */
  read(): Variables | Promise<Variables> {
    const setting = this.#setting
    if (setting.kind === 'system') return this.#options.env
    if (setting.kind === 'none') return this.#through('')
    return setting.hasLogin ? this.#throughWithLogin(setting.address) : this.#through(setting.address)
  }

  /** The environment with this proxy for everything, or with none. */
  #through(proxy: string): Variables {
    return { ...this.#options.env, https_proxy: proxy, HTTPS_PROXY: proxy, no_proxy: '', NO_PROXY: '' }
  }

  async #throughWithLogin(address: string): Promise<Variables> {
    const login = await this.#findLogin(address)
    if (login === null) return this.#through(address)
    const url = new URL(address)
    url.username = encodeURIComponent(login.name)
    url.password = encodeURIComponent(login.password)
    return this.#through(url.href)
  }

  /** Null where the keychain has none for this address. */
  async #findLogin(address: string): Promise<ProxyLogin | null> {
    const stored = parseSecret(await this.#options.secrets.get(PROXY_SECRET_ID))
    return stored?.address === address ? stored : null
  }

  /** The keychain has what belongs to the change when it has been made, and nothing that nobody needs. */
  async #withLogin(change: ProxyChange): Promise<ProxySetting> {
    const { secrets } = this.#options
    const before = this.#setting
    const forget = async (): Promise<void> => {
      if (before.kind === 'address' && before.hasLogin) await secrets.delete(PROXY_SECRET_ID)
    }
    if (change.kind !== 'address') {
      await forget()
      return change
    }
    const { address, login } = change
    if (login != null) {
      await secrets.set(PROXY_SECRET_ID, JSON.stringify({ address, ...login } satisfies z.infer<typeof ProxySecret>))
      return { kind: 'address', address, hasLogin: true }
    }
    if (login === undefined && before.kind === 'address' && before.address === address) return before
    await forget()
    return { kind: 'address', address, hasLogin: false }
  }
}

function parseSecret(text: string | null): z.infer<typeof ProxySecret> | null {
  try {
    return ProxySecret.safeParse(JSON.parse(text ?? 'null')).data ?? null
  } catch {
    return null
  }
}
