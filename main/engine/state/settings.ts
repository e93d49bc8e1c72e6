/** Tables account and settings: the few single values. The application key is never among them. */
import type { UnixMs } from '../../../shared/ids.ts'
import { Bandwidth, UNLIMITED } from '../../../shared/model/bandwidth.ts'
import { LastDropPlace } from '../../../shared/model/drop.ts'
import { LinkDomains } from '../../../shared/model/link.ts'
import type { Pause } from '../../../shared/model/pause.ts'
import { ProxySetting, SYSTEM_PROXY } from '../../../shared/model/proxy.ts'
import { StorageCap } from '../../../shared/model/storage.ts'
import type { Db } from './database.ts'

export type StoredAccount = { readonly realm: string; readonly applicationKeyId: string }

export type Settings = ReturnType<typeof createSettings>

export function createSettings(db: Db) {
  const account = db.prepare<[], { realm: string; application_key_id: string }>('SELECT * FROM account')
  const setAccount = db.prepare(
    `INSERT INTO account (only_row, realm, application_key_id) VALUES (1, ?, ?)
     ON CONFLICT DO UPDATE SET realm = excluded.realm, application_key_id = excluded.application_key_id`,
  )
  const forgetAccount = db.prepare('DELETE FROM account')
  const get = db.prepare<[string], { value: string }>('SELECT value FROM settings WHERE name = ?')
  const set = db.prepare(
    'INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  )

  /** Asked for before every single job; null when it has to be read. */
  let known: { readonly account: StoredAccount | undefined } | null = null

  return {
    findAccount(): StoredAccount | undefined {
      if (known !== null) return known.account
      const row = account.get()
      const found = row && { realm: row.realm, applicationKeyId: row.application_key_id }
      // What a transaction has written may be taken back.
      if (!db.inTransaction) known = { account: found }
      return found
    },
    setAccount(value: StoredAccount): void {
      known = null
      setAccount.run(value.realm, value.applicationKeyId)
    },
    forgetAccount(): void {
      known = null
      forgetAccount.run()
    },
    /** Pausing outlives a restart: a person who paused does not expect a reboot to undo it. */
    pause(): Pause | null {
      if (get.get('paused')?.value !== 'true') return null
      const until = Number(get.get('paused-until')?.value ?? '')
      return { until: until > 0 ? (until as UnixMs) : null }
    },
    setPause(pause: Pause | null): void {
      set.run('paused', String(pause !== null))
      set.run('paused-until', String(pause?.until ?? ''))
    },
    /** Limits of the line; none where nothing was set, or nothing that this version understands. */
    bandwidth(): Bandwidth {
      const stored = get.get('bandwidth')
      return Bandwidth.safeParse(JSON.parse(stored?.value ?? 'null')).data ?? UNLIMITED
    },
    setBandwidth(bandwidth: Bandwidth): void {
      set.run('bandwidth', JSON.stringify(bandwidth))
    },
    /** The most transfers of each kind at once that a person allows; null for what works best. */
    maxTransfers(): number | null {
      const most = Number(get.get('max-transfers')?.value ?? '')
      return most > 0 ? most : null
    },
    /** What a person compares the stored bytes with; null for nothing. */
    storageCap(): number | null {
      return StorageCap.safeParse(Number(get.get('storage-cap')?.value ?? '')).data ?? null
    },
    setStorageCap(bytes: number | null): void {
      set.run('storage-cap', String(bytes ?? ''))
    },
    /** How B2 is reached; a proxy's name and password are in the keychain. */
    proxy(): ProxySetting {
      return ProxySetting.safeParse(JSON.parse(get.get('proxy')?.value ?? 'null')).data ?? SYSTEM_PROXY
    },
    setProxy(proxy: ProxySetting): void {
      set.run('proxy', JSON.stringify(proxy))
    },
    /** Hosts for links, by bucket id. */
    linkDomains(): LinkDomains {
      return LinkDomains.safeParse(JSON.parse(get.get('link-domains')?.value ?? 'null')).data ?? {}
    },
    setLinkDomains(domains: LinkDomains): void {
      set.run('link-domains', JSON.stringify(domains))
    },
    setMaxTransfers(most: number | null): void {
      set.run('max-transfers', String(most ?? ''))
    },
    /** Where things were dropped to the last time; null before the first. */
    lastDropPlace(): LastDropPlace | null {
      const stored = get.get('last-drop-place')
      return LastDropPlace.safeParse(JSON.parse(stored?.value ?? 'null')).data ?? null
    },
    setLastDropPlace(place: LastDropPlace): void {
      set.run('last-drop-place', JSON.stringify(place))
    },
  }
}
