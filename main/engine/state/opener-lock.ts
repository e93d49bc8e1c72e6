/** Lets one engine at a time open, make or move the database of a data folder. */
import { rmSync } from 'node:fs'
import Database from 'better-sqlite3'

/** Of two that reach for the opener's lock in the same moment SQLite refuses both; a second look finds who is first. */
const OPENER_WAIT_MS = 300

/**
 * Runs a step that may move the database at `path`, from which no lock on the database can keep others away. This one
 * is on a file of its own, for the time of the step, and is SQLite's, too: it ends with the process, however that dies.
 *
 * Throws what SQLite throws when another engine holds it: `SQLITE_BUSY`.
 */
export function asOnlyOpener<T>(path: string, step: () => T): T {
  const file = `${path}.opening`
  const lock = new Database(file)
  let isHeld = false
  try {
    lock.pragma(`busy_timeout = ${OPENER_WAIT_MS}`)
    lock.pragma('journal_mode = MEMORY')
    lock.exec('BEGIN EXCLUSIVE')
    isHeld = true
    return step()
  } finally {
    lock.close()
    if (isHeld) removeLock(file)
  }
}

function removeLock(file: string): void {
  try {
    rmSync(file)
  } catch {
    // Another engine tries it just now: an empty file that stays is no harm.
  }
}
