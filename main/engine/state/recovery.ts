/**
 * Puts another file in the place of a damaged database: its newest good backup, or an empty one to begin anew.
 *
 * In: a database that cannot be read. Out: one that can, and the damaged one beside it under a name that says when.
 * The replacement is complete and on the disk before the damaged file leaves its place, so a crash at any point leaves
 * either the damaged file where it was, or the replacement waiting for `finishRecovery`.
 */
import { chmodSync, copyFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { EngineError } from '../../../shared/errors.ts'
import type { UnixMs } from '../../../shared/ids.ts'
import { backupPaths, flush, hasDatabase, moveDatabase, removeDatabase } from './database-files.ts'

/** `from-backup`: what happened since the backup is unknown. `anew`: nothing is known, neither account nor folders. */
export type Recovered = 'from-backup' | 'anew'

/** Damaged databases kept, each with its log: somebody may want to get something out of them. */
const KEPT_DAMAGED = 3

/** A moment in UTC as it stands in the name of a damaged database: every file system takes it. */
const stampPattern = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d/

/** Whether there is any backup of the database at `path`, good or not. */
export function hasBackup(path: string): boolean {
  return backupPaths(path).some((backup) => isThere(backup))
}

/**
 * Sets the database at `path` aside and puts the newest backup that `isSound` finds good in its place, else an empty
 * file. Nobody else may be about to open it.
 *
 * Throws `disk_full`, `data_folder_unusable` when no replacement can be made, and `database_unusable` when the damaged
 * file cannot be moved.
 */
export function recover(path: string, now: UnixMs, isSound: (file: string) => boolean): Recovered {
  try {
    prepareReplacement(path, isSound)
  } catch (error) {
    if (isNoSpace(error)) throw new EngineError('disk_full', 'No space to recover', {}, { cause: error })
    const where = { dataFolder: dirname(path) }
    throw new EngineError('data_folder_unusable', 'No replacement can be made', where, { cause: error })
  }
  return swap(path, now)
}

/** Completes what a crash broke off, if the damaged database had left its place by then; null otherwise. */
export function finishRecovery(path: string, now: UnixMs): Recovered | null {
  const replacement = replacementOf(path)
  if (!isThere(path) && isThere(replacement)) return swap(path, now)
  // Perhaps only half of it: it is made again when it is needed.
  removeDatabase(replacement)
  return null
}

function replacementOf(path: string): string {
  return `${path}.replacement`
}

function prepareReplacement(path: string, isSound: (file: string) => boolean): void {
  const replacement = replacementOf(path)
  const isMade = backupPaths(path).some((backup) => isThere(backup) && isGoodCopy(backup, replacement, isSound))
  if (!isMade) {
    removeDatabase(replacement)
    writeFileSync(replacement, '')
  }
  chmodSync(replacement, 0o600)
  flush(replacement)
}

/** A copy, so that the backup is still there when the database made of it is damaged in turn. */
function isGoodCopy(backup: string, replacement: string, isSound: (file: string) => boolean): boolean {
  removeDatabase(replacement)
  try {
    copyFileSync(backup, replacement)
    return isSound(replacement)
  } catch (error) {
    if (isNoSpace(error)) throw error
    // A backup that cannot be read is as good as none.
    return false
  }
}

function swap(path: string, now: UnixMs): Recovered {
  const replacement = replacementOf(path)
  try {
    const recovered = statSync(replacement).size === 0 ? 'anew' : 'from-backup'
    moveDatabase(path, damagedName(path, now))
    flush(dirname(path))
    renameSync(replacement, path)
    flush(dirname(path))
    removeOldDamaged(path)
    return recovered
  } catch (error) {
    const where = { dataFolder: dirname(path) }
    throw new EngineError('database_unusable', 'It cannot be set aside', where, { cause: error })
  }
}

/** Tells the moment to the second; a later one where that name is taken. */
function damagedName(path: string, now: UnixMs): string {
  for (let at: number = now; ; at += 1000) {
    const name = `${path}.damaged-${new Date(at).toISOString().slice(0, 19).replaceAll(':', '-')}`
    if (!hasDatabase(name)) return name
  }
}

function removeOldDamaged(path: string): void {
  const prefix = `${basename(path)}.damaged-`
  const stampOf = (name: string) =>
    name.startsWith(prefix) ? stampPattern.exec(name.slice(prefix.length))?.[0] : undefined
  const names = readdirSync(dirname(path)).filter((name) => stampOf(name) !== undefined)
  const stamps = [...new Set(names.map(stampOf))].sort()
  const kept = new Set(stamps.slice(-KEPT_DAMAGED))
  for (const name of names) if (!kept.has(stampOf(name))) rmSync(join(dirname(path), name))
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}

function isNoSpace(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
}
