/**
 * Copies the database beside itself every hour, so that a damaged one costs an hour of memory and no more.
 *
 * The copy is made while the engine works, some pages at a time, is checked by SQLite on a thread of its own, is on the
 * disk before it gets its name, and takes the last one's place only then. The last one is kept, too.
 */
import { renameSync, statfsSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { EngineError } from '../../../shared/errors.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/logger.ts'
import { onThread } from '../lib/thread.ts'
import type { Db } from './database.ts'
import { backupPaths, flush, removeDatabase } from './database-files.ts'
import { GENERATION_PRAGMA } from './generation.ts'

/** A day's 24 copies of a large database (300 MB) are less than what a browser writes. */
const EVERY_MS = 3_600_000

/** Where the last backup is missing or older than that: soon, but not while the engine is busy starting. */
const SOON_MS = 180_000

/** Copied at once, 1 MB; the engine stands still for some 4 ms. */
const PAGES_PER_STEP = 256

/** A backup must not be what fills the disk: this much has to be left for everything else. */
const RESERVE_BYTES = 16 * 1024 * 1024

export type BackupOptions = {
  readonly db: Db
  /** Of the database; the backups are beside it. */
  readonly path: string
  readonly clock: Clock
  readonly random: () => number
  readonly logger: Logger
}

export type Backups = {
  /** Gives up a backup that is under way. To be awaited before the database is closed. */
  readonly stop: () => Promise<void>
}

/**
 * Makes a backup every hour in which something changed, until `stop`. What goes wrong is logged and leaves the last
 * backup as it is.
 */
export function startBackups(options: BackupOptions): Backups {
  const stop = new AbortController()
  const running = keepBackingUp(options, stop.signal)
  return {
    async stop() {
      stop.abort()
      await running
    },
  }
}

async function keepBackingUp({ db, path, clock, random, logger }: BackupOptions, signal: AbortSignal): Promise<void> {
  let waitMs = firstWaitMs(path, clock)
  let savedChanges: number | null = null
  while (await hasSlept(clock, waitMs * (0.75 + random() / 2), signal)) {
    waitMs = EVERY_MS
    const changes = changesOf(db)
    if (changes === savedChanges) continue
    try {
      await backUp(db, path, signal)
      savedChanges = changes
    } catch (error) {
      if (!signal.aborted) logger.warn({ err: error }, 'the database could not be backed up')
    }
  }
}

/** Between 75 % and 125 % of it pass, so that programs that were started together do not write together for ever. */
async function hasSlept(clock: Clock, waitMs: number, signal: AbortSignal): Promise<boolean> {
  await clock.sleep(waitMs, signal).catch(() => undefined)
  return !signal.aborted
}

function firstWaitMs(path: string, clock: Clock): number {
  const last = statSync(backupPaths(path)[0], { throwIfNoEntry: false })
  const ageMs = last === undefined ? EVERY_MS : clock.now() - last.mtimeMs
  // One from the future tells of a clock that was set back, and nothing about its age.
  return ageMs < 0 ? SOON_MS : Math.max(SOON_MS, EVERY_MS - ageMs)
}

/** Rows that were changed since the database was opened: only whether it is the same number means anything. */
function changesOf(db: Db): number {
  return db.prepare<[], number>('SELECT total_changes()').pluck().get() ?? 0
}

/**
 * Makes one backup of the open database at `path`, and keeps the one before.
 *
 * Throws `disk_full` where the disk has no room for it and some more, `database_unusable` when the copy turns out to be
 * damaged, the signal's reason, and what SQLite and the file system throw. Then the backups are as they were.
 */
export async function backUp(db: Db, path: string, signal: AbortSignal): Promise<void> {
  const [newest, older] = backupPaths(path)
  const copy = `${newest}-unfinished`
  assertRoom(db, path)
  try {
    // Made here, so that from its first byte nobody else may read it.
    writeFileSync(copy, '', { mode: 0o600 })
    await db.backup(copy, {
      progress: () => {
        signal.throwIfAborted()
        return PAGES_PER_STEP
      },
    })
    await check(copy, signal)
    flush(copy)
    if (statSync(newest, { throwIfNoEntry: false }) !== undefined) renameSync(newest, older)
    renameSync(copy, newest)
    flush(dirname(path))
  } finally {
    removeDatabase(copy)
  }
}

function assertRoom(db: Db, path: string): void {
  const { bavail, bsize } = statfsSync(dirname(path))
  const pages = db.pragma('page_count', { simple: true }) as number
  const neededBytes = pages * (db.pragma('page_size', { simple: true }) as number) + RESERVE_BYTES
  if (bavail * bsize < neededBytes) throw new EngineError('disk_full', `A backup needs ${neededBytes} bytes to be free`)
}

/** Without a log the copy is one file, and stays one when somebody looks into it. The mark says that it is a copy. */
const checker = `
const { parentPort, workerData } = require('node:worker_threads')
const Database = require(workerData.library)
const check = () => {
  const db = new Database(workerData.file, { fileMustExist: true })
  try {
    db.pragma('journal_mode = DELETE')
    db.pragma(workerData.mark)
    return db.pragma('quick_check', { simple: true })
  } finally {
    db.close()
  }
}
let verdict
try {
  verdict = check()
} catch (error) {
  verdict = String(error)
}
parentPort.postMessage(verdict)
`

/** Reads all of it, which takes SQLite a second for a million files: too long for the thread that the engine lives on. */
async function check(file: string, signal: AbortSignal): Promise<void> {
  const library = createRequire(import.meta.url).resolve('better-sqlite3')
  const verdict = await onThread(checker, { library, file, mark: `${GENERATION_PRAGMA} = 0` })
  signal.throwIfAborted()
  if (verdict !== 'ok') throw new EngineError('database_unusable', `The copy is damaged: ${String(verdict)}`)
}
