/** Brings a database to the present schema: numbered steps, each in a transaction, remembered in `user_version`. */
import { EngineError, type ErrorDetails } from '../../../shared/errors.ts'
import type { Db } from './database.ts'
import { initial } from './migrations/0010-initial.ts'

/** Numbers step by ten so that a step can be put between. */
const migrations: readonly { readonly version: number; readonly sql: string }[] = [{ version: 10, sql: initial }]

/** Throws `database_unusable` with these details for a database that a newer Pail has written. */
export function migrate(db: Db, details: ErrorDetails): void {
  const found = db.pragma('user_version', { simple: true }) as number
  const newest = migrations.at(-1)?.version ?? 0
  if (found > newest)
    throw new EngineError('database_unusable', `The database has version ${found}, newest known is ${newest}`, details)
  for (const { version, sql } of migrations) {
    if (version <= found) continue
    db.transaction(() => {
      db.exec(sql)
      db.pragma(`user_version = ${version}`)
    })()
  }
}
