/** Brings a database to the present schema: numbered steps, each in a transaction, remembered in `user_version`. */
import type { Db } from './database.ts'
import { initial } from './migrations/0010-initial.ts'
import { evidence } from './migrations/0020-evidence.ts'
import { jobsByFolder } from './migrations/0030-jobs-by-folder.ts'
import { largeFiles } from './migrations/0040-large-files.ts'
import { lanes } from './migrations/0050-lanes.ts'
import { formerVersions } from './migrations/0060-former-versions.ts'
import { countedEmptied } from './migrations/0070-counted-emptied.ts'
import { transferLists } from './migrations/0075-transfer-lists.ts'
import { storedBytes } from './migrations/0100-stored-bytes.ts'
import { drops } from './migrations/0110-drops.ts'
import { links } from './migrations/0140-links.ts'
import { goneLinks } from './migrations/0150-gone-links.ts'

/** Numbers step by ten so that a step can be put between. */
const migrations: readonly { readonly version: number; readonly sql: string }[] = [
  { version: 10, sql: initial },
  { version: 20, sql: evidence },
  { version: 30, sql: jobsByFolder },
  { version: 40, sql: largeFiles },
  { version: 50, sql: lanes },
  { version: 60, sql: formerVersions },
  { version: 70, sql: countedEmptied },
  { version: 75, sql: transferLists },
  { version: 100, sql: storedBytes },
  { version: 110, sql: drops },
  { version: 140, sql: links },
  { version: 150, sql: goneLinks },
]

/** False for a database that a newer Pail has written. */
export function isKnownVersion(version: number): boolean {
  return version <= (migrations.at(-1)?.version ?? 0)
}

/** To be called with a database of a version that is known. */
export function migrate(db: Db): void {
  const found = db.pragma('user_version', { simple: true }) as number
  for (const { version, sql } of migrations) {
    if (version <= found) continue
    db.transaction(() => {
      db.exec(sql)
      db.pragma(`user_version = ${version}`)
    })()
  }
}
