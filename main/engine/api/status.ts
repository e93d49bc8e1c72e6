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
  /** When it may send again; null while it may, by the time of the week. */
  readonly opensAt: UnixMs | null
  readonly hold: { readonly code: ErrorCode } | null
}

/** What was dropped on the window and has not arrived. */
export type DropFacts = {
  /** Under way, or waiting for nothing but its turn. */
  readonly files: number
  readonly bytes: number
  /** Waiting to be tried again. */
  readonly laterFiles: number
  /** Those that failed at least once, by code. */
  readonly failing: readonly { readonly code: ErrorCode; readonly nextAttemptAt: UnixMs }[]
  /** Those that nobody tries again, by code. */
  readonly failed: readonly { readonly code: ErrorCode; readonly files: number }[]
  /** Whether a folder is still to be read. */
  readonly isReading: boolean
}

export const NOTHING_DROPPED: DropFacts = {
  files: 0,
  bytes: 0,
  laterFiles: 0,
  failing: [],
  failed: [],
  isReading: false,
}

export type EngineFacts = {
  readonly hasAccount: boolean
  readonly pause: Pause | null
  readonly hold: { readonly code: ErrorCode; readonly since: UnixMs; readonly until: UnixMs } | null
  readonly rate: Rate
  readonly drops: DropFacts
}

/** The status of one folder within its engine. */
export function folderStatus(folder: FolderFacts, engine: EngineFacts): Status {
  return overallStatus([folder], { ...engine, drops: NOTHING_DROPPED })
}

/** The status of everything. */
export function overallStatus(folders: readonly FolderFacts[], engine: EngineFacts): Status {
  if (!engine.hasAccount) return { kind: 'not-set-up', missing: 'account' }
  const { drops } = engine
  const isIdle = openDrops(drops) === 0 && drops.failed.length === 0
  if (folders.length === 0 && isIdle) return { kind: 'not-set-up', missing: 'folder' }
  return blockedStatus(folders, engine) ?? workingStatus(folders, engine) ?? restingStatus(folders, drops)
}

/** Conditions under which nothing is sent. */
function blockedStatus(folders: readonly FolderFacts[], { hold, pause, drops }: EngineFacts): Status | null {
  const files = outstanding(folders) + openDrops(drops)
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
  const areAllPaused = first != null && openDrops(drops) === 0 && pauses.every((other) => other !== null)
  return areAllPaused ? { kind: 'paused', files, until: first.until } : null
}

function workingStatus(all: readonly FolderFacts[], { rate, drops }: EngineFacts): Status | null {
  const folders = all.filter(({ pause }) => pause === null)
  const lefts = folders.filter(({ opensAt }) => opensAt === null).map(leftToSend)
  const files = lefts.reduce((total, left) => total + left.files, drops.files)
  // Between two jobs none is running for a moment; what only waits for its turn is on its way all the same.
  if (files > 0 || folders.some((folder) => folder.runningJobs > 0)) {
    const bytes = lefts.reduce((total, left) => total + left.bytes, drops.bytes)
    const left = secondsLeft(rate, bytes, files)
    return { kind: 'sending', files: Math.max(files, 1), bytes, bytesPerSecond: rate.bytesPerSecond, secondsLeft: left }
  }
  if (drops.isReading || folders.some((folder) => folder.condition.kind === 'checking')) {
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
function restingStatus(folders: readonly FolderFacts[], drops: DropFacts): Status {
  const failing = folders.flatMap((folder) => folder.failing)
  const forPerson = failing.filter(({ code }) => isForPerson(code))
  const blocked = folders.flatMap((folder) => folder.blocked)
  const stuck = [...forPerson, ...blocked, ...drops.failed]
  const problems = stuck.reduce((total, { files }) => total + files, 0)
  const first = stuck[0]?.code
  if (first !== undefined) return { kind: 'problem', problems, code: first }
  const awake = folders.filter(({ pause }) => pause === null)
  const open = awake.filter(({ opensAt }) => opensAt === null)
  const files = outstanding(open) + openDrops(drops)
  if (files > 0) {
    const tried = [...open.flatMap((folder) => folder.failing), ...drops.failing]
    const soonest = tried.toSorted((a, b) => a.nextAttemptAt - b.nextAttemptAt)[0]
    const lossAt = open.map(({ nextLossAt }) => nextLossAt).find((at) => at !== null)
    const putOffAt = open.map(({ putOff }) => putOff?.nextAttemptAt).find((at) => at !== undefined)
    const nextAttemptAt = soonest?.nextAttemptAt ?? lossAt ?? putOffAt ?? null
    const isPutOff = sum(open, ({ putOff }) => putOff?.files ?? 0) === files
    return { kind: 'waiting', files, code: soonest?.code ?? null, nextAttemptAt, ...(isPutOff && { isPutOff }) }
  }
  const closed = awake.filter((folder) => folder.opensAt !== null && outstanding([folder]) > 0)
  const opensAt = closed.map((folder) => folder.opensAt).filter((at) => at !== null)
  if (opensAt.length > 0) {
    const nextAttemptAt = Math.min(...opensAt) as UnixMs
    return { kind: 'waiting', files: outstanding(closed), code: null, nextAttemptAt, isOutOfHours: true }
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

/** A folder that is still to be read is one thing more. */
function openDrops({ files, laterFiles, isReading }: DropFacts): number {
  return files + laterFiles + Number(isReading)
}

function sum(folders: readonly FolderFacts[], value: (folder: FolderFacts) => number): number {
  return folders.reduce((total, folder) => total + value(folder), 0)
}
