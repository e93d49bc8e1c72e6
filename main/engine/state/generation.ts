/**
 * Tells whether a database is the one that its data folder worked with last, or an older copy in its place.
 *
 * Each opening counts up, in the database and in a file beside it: a copy stays behind. What an older copy says of the
 * bucket was true once, so it has to be found out anew.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { Db } from './database.ts'

/** The one number that SQLite keeps for the application. It is 0 at first, and in backups, which are copies from the start. */
export const GENERATION_PRAGMA = 'application_id'

/** The pragma holds 32 bits with a sign; what is larger was never written here. */
const MAX_GENERATION = 2 ** 31 - 2

/**
 * Whether the open database at `path` is the one that was counted last; false for a copy, for an empty database, and
 * where the file beside it is gone.
 */
export function isLatest(db: Db, path: string): boolean {
  const found = generationOf(db)
  return found !== 0 && found === readNumber(fileOf(path))
}

/**
 * Counts up, once what an older copy says wrongly is corrected. Where the disk is full or the file cannot be written,
 * nothing fails: at worst the next opening takes the database for a copy.
 */
export function countOpening(db: Db, path: string): void {
  const next = Math.max(generationOf(db), readNumber(fileOf(path))) + 1
  try {
    db.pragma(`${GENERATION_PRAGMA} = ${next}`)
    writeFileSync(fileOf(path), String(next), { mode: 0o600 })
  } catch (error) {
    const isSqlite = error instanceof Database.SqliteError
    if (isSqlite ? !/^SQLITE_(FULL|IOERR)/.test(error.code) : !(error instanceof Error && 'code' in error)) throw error
  }
}

function generationOf(db: Db): number {
  return db.pragma(GENERATION_PRAGMA, { simple: true }) as number
}

function fileOf(path: string): string {
  return `${path}.generation`
}

/** 0 where there is none. */
function readNumber(file: string): number {
  try {
    const number = Number(readFileSync(file, 'utf8'))
    return Number.isInteger(number) && number <= MAX_GENERATION ? number : 0
  } catch {
    return 0
  }
}
