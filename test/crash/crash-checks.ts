/**
 * What must be true after any crash, once an engine was at rest again and is stopped: the invariants, and that nothing
 * was sent for a second time.
 */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { FileVersion } from '../b2-emulator/model.ts'
import { callsOf } from '../support/engine-calls.ts'
import { assertSettled, recordsAgree, recordsAreSound, secretsStayOut } from '../support/invariants.ts'
import type { Parts } from './crash-scenario.ts'
import { BUCKET, PREFIX, type CrashWorld } from './crash-world.ts'

export type Allowed = {
  /** Paths that may have been hidden or deleted. */
  readonly hides: readonly string[] | 'any'
  /** Paths whose bytes may have been sent after call number `since`. */
  readonly uploads: readonly string[] | 'any'
  /** The most parts of large files that may have arrived after call number `since`: each once. */
  readonly parts: Parts
  readonly since: number
  /** Paths on disk that are not in the bucket, or not as they are. */
  readonly leftOut: readonly string[]
  /** Paths of which no version may be left. */
  readonly erased: readonly string[]
}

/** For a run in which any file may be sent, and none may go. */
export const NO_LOSSES: Allowed = {
  hides: [],
  uploads: 'any',
  parts: { sent: 0, copied: 0 },
  since: 0,
  leftOut: [],
  erased: [],
}

/** One line for everything that is wrong; nothing when all is well. */
export function findFaults(world: CrashWorld, allowed: Allowed): readonly string[] {
  const { settings, emulator, witness } = world
  const database = join(settings.dataFolder, 'pail.db')
  witness.expectUntouched()
  return [
    ...invariantFaults(world),
    ...recordsAreSound(database),
    ...recordsAgree(witness, database, new Set(allowed.leftOut.map((path) => `${PREFIX}${path}`))),
    ...secretsStayOut(settings.dataFolder, Object.values(settings.secrets)),
    ...jobsLeft(database),
    ...repeats(world),
    ...unexpected(world, ['hide_file', 'delete_file_version'], allowed.since, allowed.hides),
    ...unexpected(world, ['upload_file', 'upload_part'], allowed.since, allowed.uploads),
    ...tooMany(world, 'upload_part', allowed.since, allowed.parts.sent),
    ...tooMany(world, 'copy_part', allowed.since, allowed.parts.copied),
    ...emulator
      .fileVersions(BUCKET)
      .filter(({ fileName }) => allowed.erased.includes(fileName.slice(PREFIX.length)))
      .map(({ fileName, action }) => `a version of ${fileName} is left: ${action}`),
  ]
}

function invariantFaults({ witness }: CrashWorld): readonly string[] {
  try {
    assertSettled(witness)
    return []
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}

function jobsLeft(path: string): readonly string[] {
  const db = new Database(path, { readonly: true })
  try {
    return db
      .prepare('SELECT * FROM jobs')
      .all()
      .map((row) => `a job is left: ${JSON.stringify(row)}`)
  } finally {
    db.close()
  }
}

/**
 * Two versions of a name in a row with the same content: the second was needless. That holds also for what was in flight
 * when an engine was killed: it has arrived, or it has not, by the time the next one asks.
 */
function repeats({ emulator }: CrashWorld): readonly string[] {
  const versions = emulator.fileVersions(BUCKET)
  const isSame = (a: FileVersion, b: FileVersion) => emulator.sha1Of(a) === emulator.sha1Of(b)
  return versions
    .filter((version, index) => {
      const older = versions[index + 1]
      return (
        version.action === 'upload' &&
        older?.fileName === version.fileName &&
        older.action === 'upload' &&
        isSame(older, version)
      )
    })
    .map(({ fileName }) => `${fileName} arrived twice`)
}

function unexpected(
  { witness }: CrashWorld,
  operations: readonly string[],
  since: number,
  allowed: readonly string[] | 'any',
): readonly string[] {
  if (allowed === 'any') return []
  return callsOf(witness)
    .slice(since)
    .filter(({ operation, status }) => operations.includes(operation) && status === 200)
    .filter(({ fileName = '' }) => !allowed.includes(fileName.slice(PREFIX.length)))
    .map(({ operation, fileName }) => `${operation} of ${fileName}`)
}

/** A part that was answered is there: more of them than there are is one that was sent, or copied, for nothing. */
function tooMany({ witness }: CrashWorld, operation: string, since: number, most: number): readonly string[] {
  const arrived = callsOf(witness)
    .slice(since)
    .filter((call) => call.operation === operation && call.status === 200).length
  return arrived > most ? [`${arrived} times ${operation} instead of ${most}`] : []
}
