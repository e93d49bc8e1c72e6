/** The files that belong to a database: their names, and what is done with all of them at once. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs'

/** Nothing, for the database itself, and what SQLite keeps beside it: write-ahead log, its index, rollback journal. */
const suffixes = ['', '-wal', '-shm', '-journal'] as const

/** The backups of the database at `path`, newest first; each may be missing. */
export function backupPaths(path: string): readonly [newest: string, older: string] {
  return [`${path}.backup`, `${path}.backup-older`]
}

/** Whether the database at `path`, or something that SQLite kept beside it, is there. */
export function hasDatabase(path: string): boolean {
  return suffixes.some((suffix) => statSync(`${path}${suffix}`, { throwIfNoEntry: false }) !== undefined)
}

/** Moves a database that nobody has open. The log goes with it: beside another database, SQLite would take it for that one's. */
export function moveDatabase(from: string, to: string): void {
  for (const suffix of suffixes) {
    if (statSync(`${from}${suffix}`, { throwIfNoEntry: false }) !== undefined) {
      renameSync(`${from}${suffix}`, `${to}${suffix}`)
    }
  }
}

/** Deletes a database that nobody has open, as far as it is there. */
export function removeDatabase(path: string): void {
  for (const suffix of suffixes) rmSync(`${path}${suffix}`, { force: true })
}

/** Waits until the content of a file, or the names in a folder, are on the disk. */
export function flush(path: string): void {
  const isFolder = statSync(path).isDirectory()
  // Windows flushes no folders, and only files that may be written.
  if (isFolder && process.platform === 'win32') return
  const file = openSync(path, isFolder ? 'r' : 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
