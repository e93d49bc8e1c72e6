/** Tables account and settings: the few single values. The application key is never among them. */
import type { UnixMs } from '../../../shared/ids.ts'
import type { Pause } from '../../../shared/model/pause.ts'
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

  return {
    findAccount(): StoredAccount | undefined {
      const row = account.get()
      return row && { realm: row.realm, applicationKeyId: row.application_key_id }
    },
    setAccount(value: StoredAccount): void {
      setAccount.run(value.realm, value.applicationKeyId)
    },
    forgetAccount(): void {
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
  }
}
