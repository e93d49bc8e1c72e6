/**
 * Opens the one SQLite file of a data folder: private to the user, checked, migrated, locked against a second engine.
 *
 * SQLite's own errors become `EngineError`s here and nowhere else. What to do with a damaged file: `recovery.ts`.
 */
import { chmodSync, closeSync, mkdirSync, openSync, readdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { EngineError, isEngineError } from '../../../shared/errors.ts'
import type { UnixMs } from '../../../shared/ids.ts'
import { systemClock, type Clock } from '../lib/clock.ts'
import { isLatest } from './generation.ts'
import { isKnownVersion, migrate } from './migrate.ts'
import { asOnlyOpener } from './opener-lock.ts'
import { finishRecovery, hasBackup, recover, type Recovered } from './recovery.ts'

export type Db = Database.Database

export type OpenedDatabase = {
  readonly db: Db
  /** What took the place of a damaged file; null when nothing was damaged. */
  readonly recovered: Recovered | null
  /** False for a database that may be older than what was done with it: a backup, or a copy that somebody put back; see `countOpening`. */
  readonly isLatest: boolean
}

/**
 * The log is worked into the database when it has this many pages (1 MB). It only grows until then, so this is also what
 * a nearly full disk must have left; SQLite's usual 4 MB are no faster here, as every commit waits for the disk anyway.
 */
const CHECKPOINT_PAGES = 256

/** The same once the disk was full: what the log has taken cannot be had for working it into the database. */
const CHECKPOINT_PAGES_WHEN_TIGHT = 16

/** Pages kept in memory: what one transaction touches. better-sqlite3's usual 16 MB are no faster, the system keeps them too. */
const CACHE_KB = 4096

/** What the log may keep of the disk after one large step made it longer. */
const LOG_LIMIT_BYTES = 4 * 1024 * 1024

/**
 * Opens or creates the database at `path` (its folder 0700, unless that was there before and holds other things; the
 * file 0600). A damaged one is set aside, and its newest good backup, else an empty database, takes its place.
 *
 * Throws `data_folder_unusable` when the folder cannot be made or written, `data_folder_in_use` when another engine
 * holds the file, `disk_full`, and `database_unusable` when the file is from a newer version (`reason: 'newer'`), which
 * leaves it as it is, or is damaged and cannot be set aside.
 */
export function openDatabase(path: string, clock: Pick<Clock, 'now'> = systemClock): OpenedDatabase {
  const where = { dataFolder: dirname(path) }
  try {
    prepareFolder(where.dataFolder)
    return asOnlyOpener(path, () => {
      const opened = openOrRecover(path, clock.now())
      return { ...opened, isLatest: isLatest(opened.db, path) }
    })
  } catch (error) {
    throw sqliteFailure(error, where)
  }
}

function openOrRecover(path: string, now: UnixMs): Omit<OpenedDatabase, 'isLatest'> {
  const finished = finishRecovery(path, now)
  const isMade = prepareFile(path)
  const hasLostContent = !isMade && finished === null && statSync(path).size === 0 && hasBackup(path)
  if (!hasLostContent) {
    try {
      return { db: openSound(path), recovered: finished }
    } catch (error) {
      if (!isDamage(error)) throw error
    }
  }
  const recovered = recover(path, now, isSound)
  return { db: openSound(path), recovered }
}

/** Throws what SQLite throws, and `database_unusable` for damage and for a newer version. */
function openSound(path: string): Db {
  const where = { dataFolder: dirname(path) }
  const db = new Database(path)
  try {
    // Exclusive locking keeps a second engine out for as long as this process lives, however it dies.
    db.pragma('locking_mode = EXCLUSIVE')
    db.pragma('busy_timeout = 0')
    // Before anything is written: what a newer Pail made is not looked at any further.
    if (!isKnownVersion(versionOf(db))) {
      throw new EngineError('database_unusable', `Version ${versionOf(db)} is not known`, { ...where, reason: 'newer' })
    }
    db.pragma('journal_mode = WAL')
    // A commit that is on disk stays there through a power cut: "done" is said to a person once.
    db.pragma('synchronous = FULL')
    db.pragma('foreign_keys = ON')
    db.pragma(`cache_size = -${CACHE_KB}`)
    db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
    db.pragma(`journal_size_limit = ${LOG_LIMIT_BYTES}`)
    const verdict = quickCheck(db)
    if (verdict !== 'ok') throw new EngineError('database_unusable', `quick_check says ${verdict}`, where)
    migrate(db)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** Whether a file that is no engine's present database holds one of Pail's that can be read. */
function isSound(path: string): boolean {
  let db: Db | undefined
  try {
    db = new Database(path, { fileMustExist: true })
    db.pragma('locking_mode = EXCLUSIVE')
    const version = versionOf(db)
    // SQLite takes an empty file for a good database; Pail has never written one of version 0.
    return version > 0 && isKnownVersion(version) && quickCheck(db) === 'ok'
  } catch (error) {
    if (isDamage(error)) return false
    throw error
  } finally {
    db?.close()
  }
}

function versionOf(db: Db): number {
  return db.pragma('user_version', { simple: true }) as number
}

function quickCheck(db: Db): string {
  return String(db.pragma('quick_check', { simple: true }))
}

/** True where the content cannot be read or makes no sense, whoever says so. */
function isDamage(error: unknown): boolean {
  if (isEngineError(error, 'database_unusable')) return error.details['reason'] === undefined
  return error instanceof Database.SqliteError && damage.test(error.code)
}

/** `SQLITE_IOERR_READ` and its kin: what is on the disk is there no more, or fails its own checksum. */
const damage = /^SQLITE_(CORRUPT|NOTADB|IOERR_(READ|SHORT_READ|DATA|CORRUPTFS))/

/**
 * Runs one all-or-nothing step. A full disk gets a second try, for much of what the log occupies can be used again;
 * then, and for all other trouble, an `EngineError` comes out and nothing has changed.
 */
export function inTransaction<T>(db: Db, step: () => T): T {
  try {
    return run(db, step)
  } catch (error) {
    if (!isEngineError(error, 'disk_full')) throw error
    db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES_WHEN_TIGHT}`)
    // Inside of another step there is no such thing: that one gets the second try.
    if (!emptyLog(db)) throw error
  }
  return run(db, step)
}

type Run = (step: () => unknown) => unknown

/** What runs the steps of a database, made once for each: to make it takes longer than most steps. */
const runs = new WeakMap<Db, Run>()

function run<T>(db: Db, step: () => T): T {
  let runStep = runs.get(db)
  if (runStep === undefined) {
    runStep = db.transaction<Run>((each) => each())
    runs.set(db, runStep)
  }
  try {
    return runStep(step) as T
  } catch (error) {
    throw sqliteFailure(error)
  }
}

/** Works the log into the database, so that it begins anew; false where even that finds no room. */
function emptyLog(db: Db): boolean {
  try {
    const [result] = db.pragma('wal_checkpoint(TRUNCATE)') as { readonly busy: number }[]
    return result?.busy === 0
  } catch {
    return false
  }
}

function prepareFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    // Somebody may name a folder that is not Pail's alone: its permissions are not Pail's to change.
    if (readdirSync(folder).length === 0) chmodSync(folder, 0o700)
  } catch (error) {
    throw placeFailure(error, folder)
  }
}

/** True when there was none. */
function prepareFile(path: string): boolean {
  try {
    const found = statSync(path, { throwIfNoEntry: false })
    // Not opened once it is there: closing it would end the locks this process holds on it.
    if (found === undefined) closeSync(openSync(path, 'wx', 0o600))
    else if (found.isFile()) chmodSync(path, 0o600)
    return found === undefined
  } catch (error) {
    throw placeFailure(error, dirname(path))
  }
}

function placeFailure(cause: unknown, dataFolder: string): EngineError {
  if (isErrno(cause, 'ENOSPC')) return new EngineError('disk_full', 'No space for the database', {}, { cause })
  return new EngineError('data_folder_unusable', 'The data folder cannot be used', { dataFolder }, { cause })
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

/** Turns what better-sqlite3 threw into an `EngineError`; other errors come back as they are. */
export function sqliteFailure(error: unknown, details: { readonly dataFolder?: string } = {}): unknown {
  if (!(error instanceof Database.SqliteError)) return error
  const where = details.dataFolder === undefined ? {} : { dataFolder: details.dataFolder }
  if (damage.test(error.code)) return new EngineError('database_unusable', error.message, where, { cause: error })
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
    default:
      return error
  }
}
