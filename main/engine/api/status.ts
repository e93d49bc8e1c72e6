/**
 * Derives the one status of a folder, or of everything, from plain facts. Pure: the same facts, the same answer.
 *
 * The most serious condition wins, and `up-to-date` is what is left when nothing else is true.
 */
import type { ErrorCode } from '../../../shared/errors.ts'
import type { UnixMs } from '../../../shared/ids.ts'
import type { Status } from '../../../shared/model/status.ts'
import type { Pause } from '../../../shared/model/pause.ts'
import { isForPerson } from '../plan/retry-policy.ts'
import { secondsLeft, type Rate } from '../transfer/rate-meter.ts'

type Amount = { readonly files: number; readonly bytes: number }

/** What is known of one folder. */
export type FolderFacts = {
  readonly condition:
    { readonly kind: 'checking' } | { readonly kind: 'idle' } | { readonly kind: 'held'; readonly code: ErrorCode }
  readonly checkedAt: UnixMs | null
  readonly filesSeen: number
  readonly syncedFiles: number
  readonly pendingFiles: number
  readonly pendingBytes: number
  /** Files still being written, which have no job yet. */
  readonly movingFiles: number
  /** False while hints or a due check have not been looked at. */
  readonly isSettled: boolean
  readonly runningJobs: number
  /** Bytes that the jobs under way have sent already, or need not send. */
  readonly sentBytes: number
  /** Jobs that failed at least once, by code. */
  readonly failing: readonly (Amount & { readonly code: ErrorCode; readonly nextAttemptAt: UnixMs })[]
  /** Of these, what is under way once more. */
  readonly retrying: Amount
  /** Jobs that a person has left for later. */
  readonly putOff: (Amount & { readonly nextAttemptAt: UnixMs }) | null
  /** Paths that should be sent and cannot, and so have no job, by code. */
  readonly blocked: readonly { readonly code: ErrorCode; readonly files: number }[]
  readonly blockedFiles: number
  /** Files gone from disk that B2 still holds; when they are looked at next, or null where that is over. */
  readonly lostFiles: number
  readonly nextLossAt: UnixMs | null
  /** Null while the folder is not paused by itself. */
  readonly pause: Pause | null
  readonly hold: { readonly code: ErrorCode } | null
}

export type EngineFacts = {
  readonly hasAccount: boolean
  readonly pause: Pause | null
  readonly hold: { readonly code: ErrorCode; readonly since: UnixMs; readonly until: UnixMs } | null
  readonly rate: Rate
}

/** The status of one folder within its engine. */
export function folderStatus(folder: FolderFacts, engine: EngineFacts): Status {
  return overallStatus([folder], engine)
}

/** The status of everything. */
export function overallStatus(folders: readonly FolderFacts[], engine: EngineFacts): Status {
  if (!engine.hasAccount) return { kind: 'not-set-up', missing: 'account' }
  if (folders.length === 0) return { kind: 'not-set-up', missing: 'folder' }
  return blockedStatus(folders, engine) ?? workingStatus(folders, engine) ?? restingStatus(folders)
}

/** Conditions under which nothing is sent. */
function blockedStatus(folders: readonly FolderFacts[], { hold, pause }: EngineFacts): Status | null {
  const files = outstanding(folders)
  const forPerson = [hold, ...folders.map((folder) => folder.hold)].filter(
    (found) => found !== null && isForPerson(found.code),
  )
  if (forPerson[0]) return { kind: 'problem', problems: forPerson.length, code: forPerson[0].code }
  for (const { condition } of folders) {
    if (condition.kind === 'held') return { kind: 'held', code: condition.code }
  }
  if (pause !== null) return { kind: 'paused', files, until: pause.until }
  if (hold?.code === 'network_unreachable') return { kind: 'offline', since: hold.since, files }
  if (hold !== null) return { kind: 'waiting', files, code: hold.code, nextAttemptAt: hold.until }
  // One paused folder among others at work is shown at the folder.
  const pauses = folders.map((folder) => folder.pause)
  const [first] = pauses
  return first != null && pauses.every((other) => other !== null) ? { kind: 'paused', files, until: first.until } : null
}

function workingStatus(all: readonly FolderFacts[], { rate }: EngineFacts): Status | null {
  const folders = all.filter(({ pause }) => pause === null)
  const lefts = folders.map(leftToSend)
  const files = lefts.reduce((total, left) => total + left.files, 0)
  // Between two jobs none is running for a moment; what only waits for its turn is on its way all the same.
  if (files > 0 || folders.some((folder) => folder.runningJobs > 0)) {
    const bytes = lefts.reduce((total, left) => total + left.bytes, 0)
    const left = secondsLeft(rate, bytes, files)
    return { kind: 'sending', files: Math.max(files, 1), bytes, bytesPerSecond: rate.bytesPerSecond, secondsLeft: left }
  }
  if (folders.some((folder) => folder.condition.kind === 'checking')) {
    return { kind: 'checking', filesSeen: sum(folders, (folder) => folder.filesSeen) }
  }
  return null
}

/** What is to be sent now: what cannot be finished, or is not wanted yet, would keep every count from reaching its end. */
function leftToSend({ pendingFiles, pendingBytes, failing, retrying, putOff, sentBytes }: FolderFacts): Amount {
  const delayed = [...failing, ...(putOff === null ? [] : [putOff])]
  const files = delayed.reduce((left, each) => left - each.files, pendingFiles) + retrying.files
  const bytes = delayed.reduce((left, each) => left - each.bytes, pendingBytes) + retrying.bytes - sentBytes
  // Counts of the same moment, but a file may have grown since its job was written.
  return { files: Math.max(0, files), bytes: Math.max(0, bytes) }
}

/** What remains when nothing moves: trouble, waiting, or all well. */
function restingStatus(folders: readonly FolderFacts[]): Status {
  const failing = folders.flatMap((folder) => folder.failing)
  const forPerson = failing.filter(({ code }) => isForPerson(code))
  const blocked = folders.flatMap((folder) => folder.blocked)
  const problems = [...forPerson, ...blocked].reduce((total, { files }) => total + files, 0)
  const first = forPerson[0]?.code ?? blocked[0]?.code
  if (first !== undefined) return { kind: 'problem', problems, code: first }
  const awake = folders.filter(({ pause }) => pause === null)
  const files = outstanding(awake)
  if (files > 0) {
    const soonest = awake.flatMap((folder) => folder.failing).toSorted((a, b) => a.nextAttemptAt - b.nextAttemptAt)[0]
    const lossAt = awake.map(({ nextLossAt }) => nextLossAt).find((at) => at !== null)
    const putOffAt = awake.map(({ putOff }) => putOff?.nextAttemptAt).find((at) => at !== undefined)
    const nextAttemptAt = soonest?.nextAttemptAt ?? lossAt ?? putOffAt ?? null
    const isPutOff = sum(awake, ({ putOff }) => putOff?.files ?? 0) === files
    return { kind: 'waiting', files, code: soonest?.code ?? null, nextAttemptAt, ...(isPutOff && { isPutOff }) }
  }
  if (awake.some((folder) => !isChecked(folder))) {
    return { kind: 'checking', filesSeen: sum(awake, (folder) => folder.filesSeen) }
  }
  const asleep = folders.filter((folder) => folder.pause !== null && !isDone(folder))
  const pause = asleep[0]?.pause
  if (pause != null) return { kind: 'paused', files: outstanding(asleep), until: pause.until }
  const oldest = Math.min(...folders.map(({ checkedAt }) => checkedAt ?? 0)) as UnixMs
  return { kind: 'up-to-date', files: sum(folders, (folder) => folder.syncedFiles), checkedAt: oldest }
}

function isChecked({ condition, checkedAt, isSettled }: FolderFacts): boolean {
  return condition.kind === 'idle' && checkedAt !== null && isSettled
}

function isDone(folder: FolderFacts): boolean {
  return isChecked(folder) && folder.runningJobs === 0 && outstanding([folder]) === 0
}

/** True when nothing more will happen unless a person does something: what is left fails in ways that time does not mend. */
export function isAtRest(folders: readonly FolderFacts[]): boolean {
  return folders.every((folder) => {
    const forPerson = folder.failing.filter(({ code }) => isForPerson(code))
    const stuck = forPerson.reduce((total, { files }) => total + files, 0)
    // What failed in an earlier run, or was answered a moment ago, is tried at once: time 0.
    const isTried = folder.runningJobs === 0 && forPerson.every(({ nextAttemptAt }) => nextAttemptAt > 0)
    return folder.isSettled && folder.lostFiles === 0 && folder.pendingFiles === stuck && isTried
  })
}

/** Known files that are not in the bucket as they are on disk, and names that are still to be hidden. */
function outstanding(folders: readonly FolderFacts[]): number {
  return sum(folders, (folder) => Math.max(folder.pendingFiles, folder.lostFiles) + folder.movingFiles)
}

function sum(folders: readonly FolderFacts[], value: (folder: FolderFacts) => number): number {
  return folders.reduce((total, folder) => total + value(folder), 0)
}
