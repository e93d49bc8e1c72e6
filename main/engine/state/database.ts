/**
 * Opens the one SQLite file of a data folder: private to the user, checked, migrated, locked against a second engine.
 *
 * SQLite's own errors become `EngineError`s here and nowhere else.
 */
import { chmodSync, closeSync, mkdirSync, openSync, readdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { EngineError } from '../../../shared/errors.ts'
import { migrate } from './migrate.ts'

export type Db = Database.Database

/**
 * Opens or creates the database at `path` (its folder 0700, unless that was there before and holds other things; the
 * file 0600).
 *
 * Throws `data_folder_unusable` when the folder cannot be made or written, `data_folder_in_use` when another engine
 * holds the file, `disk_full`, and `database_unusable` when the file is damaged or from a newer version.
 */
export function openDatabase(path: string): Db {
  preparePlace(path)
  const where = { dataFolder: dirname(path) }
  let db: Db | undefined
  try {
    db = new Database(path)
    // Exclusive locking keeps a second engine out for as long as this process lives, however it dies.
    db.pragma('locking_mode = EXCLUSIVE')
    db.pragma('busy_timeout = 0')
    db.pragma('journal_mode = WAL')
    // A commit that is on disk stays there through a power cut: "done" is said to a person once.
    db.pragma('synchronous = FULL')
    db.pragma('foreign_keys = ON')
    const verdict: unknown = db.pragma('quick_check', { simple: true })
    if (verdict !== 'ok') throw new EngineError('database_unusable', `quick_check says ${String(verdict)}`, where)
    migrate(db, where)
    return db
  } catch (error) {
    db?.close()
    throw sqliteFailure(error, where)
  }
}

function preparePlace(path: string): void {
  const folder = dirname(path)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    // Somebody may name a folder that is not Pail's alone: its permissions are not Pail's to change.
    if (readdirSync(folder).length === 0) chmodSync(folder, 0o700)
    const found = statSync(path, { throwIfNoEntry: false })
    // Not opened once it is there: closing it would end the locks this process holds on it.
    if (found === undefined) closeSync(openSync(path, 'wx', 0o600))
    else if (found.isFile()) chmodSync(path, 0o600)
  } catch (error) {
    if (isErrno(error, 'ENOSPC')) throw new EngineError('disk_full', 'No space for the database', {}, { cause: error })
    throw new EngineError(
      'data_folder_unusable',
      'The data folder cannot be used',
      { dataFolder: folder },
      { cause: error },
    )
  }
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

/** Turns what better-sqlite3 threw into an `EngineError`; other errors come back as they are. */
export function sqliteFailure(error: unknown, details: { readonly dataFolder?: string } = {}): unknown {
  if (!(error instanceof Database.SqliteError)) return error
  const where = details.dataFolder === undefined ? {} : { dataFolder: details.dataFolder }
  // `SQLITE_BUSY` and, after another underscore, finer codes of the same kind.
  switch (/^SQLITE_[A-Z]+/.exec(error.code)?.[0]) {
    case 'SQLITE_FULL':
      return new EngineError('disk_full', error.message, {}, { cause: error })
    case 'SQLITE_IOERR':
      // An I/O error while writing is, in practice, a disk with no room for the journal.
      return /_(WRITE|SHMSIZE|TRUNCATE|FSYNC)$/.test(error.code)
        ? new EngineError('disk_full', error.message, {}, { cause: error })
        : error
    case 'SQLITE_BUSY':
    case 'SQLITE_LOCKED':
      return new EngineError('data_folder_in_use', error.message, where, { cause: error })
    case 'SQLITE_CANTOPEN':
    case 'SQLITE_READONLY':
    case 'SQLITE_PERM':
      return new EngineError('data_folder_unusable', error.message, where, { cause: error })
    case 'SQLITE_CORRUPT':
    case 'SQLITE_NOTADB':
      return new EngineError('database_unusable', error.message, where, { cause: error })
    default:
      return error
  }
}
