/**
 * What must hold whatever happens, as checks of what a `Witness` saw: I1 to I19, each in the words it was first written
 * down in. S: at any moment. E: once the engine is at rest.
 *
 * Each check returns complaints, one sentence for each breach. `assertAlways` runs those of S, `assertSettled` those of E.
 * Not here, because they concern something else: I15 (a share link opens exactly the intended object) is in
 * `test/integration/engine-links.test.ts`; I16 (memory, handles, delays of the event loop) is measured by
 * `npm run bench`.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { EngineSnapshot } from '../../shared/model/snapshot.ts'
import type { TransferPage } from '../../shared/model/transfer.ts'
import type { Call } from '../b2-emulator/calls.ts'
import type { FileVersion } from '../b2-emulator/model.ts'
import { callsOf, carriedOut } from './engine-calls.ts'
import { rulesOf, type DiskState, type FolderState, type Seen, type Witness } from './history.ts'
import { FOR_LINKS, onlyWhatWasMadeForLinksGoes } from './link-invariants.ts'
import { workedBefore } from './worked-time.ts'

/** Calls that change what a bucket holds, or a bucket. */
export const WRITE_CALLS: ReadonlySet<string> = new Set([
  'upload_file',
  'start_large_file',
  'upload_part',
  'finish_large_file',
  'cancel_large_file',
  'copy_file',
  'copy_part',
  'hide_file',
  'delete_file_version',
  'update_bucket',
  'create_bucket',
  'delete_bucket',
])

/** Calls that list files; each page costs money. */
const LIST_CALLS: ReadonlySet<string> = new Set(['list_file_names', 'list_file_versions'])

/** Between the last look at a file and the arrival of the call that follows, ms of work: an event loop under load. */
const ON_ITS_WAY_MS = 250

/** Timers may end a little early, and the first look comes a little after the loss. */
const TIMER_SLACK = 0.9

/** The second within which nothing leaves any more, as short as a machine under load can keep it, ms of work. */
const STOPS_WITHIN_MS = 150

/** A snapshot says at most this late that a folder goes on, ms of work. */
const SAYS_WITHIN_MS = 60

/** The most rows of each list in a snapshot. */
const LISTED = 100

/** An empty file has to have been there for at least this long to be sent as one, ms. */
const STABLE_MS = 10

type Check = (witness: Witness) => readonly string[]

/** Large files with the SHA-1 of the bytes they really have. */
function versionsOf({ emulator, bucketName }: Witness): readonly FileVersion[] {
  const versions = emulator.fileVersions(bucketName)
  return versions.map((version) =>
    version.action === 'upload' ? { ...version, contentSha1: emulator.sha1Of(version) } : version,
  )
}

/** Hides and deletions of files that were carried out. */
function removals(witness: Witness): readonly Call[] {
  return carriedOut(witness, 'hide_file', 'delete_file_version').filter(
    ({ fileName = '' }) => !FOR_LINKS.test(fileName),
  )
}

/** The state at a time, and when it ended; undefined before the first look. */
function stateAt({ states }: Witness, at: number): DiskState | undefined {
  return states.findLast((state) => state.at <= at)
}

/** The folder of a state that a name belongs to. */
function folderOf(state: DiskState | undefined, name: string): FolderState | undefined {
  return state?.folders.find(({ prefix }) => name.startsWith(prefix))
}

/** Positive knowledge that there is no file of this name: its root is the right one, and everything above could be read. */
function isAbsent(state: DiskState | undefined, name: string): boolean {
  const folder = folderOf(state, name)
  if (folder?.rootKind !== 'own' || folder.entries.has(name)) return false
  const parents = name.slice(folder.prefix.length).split('/').slice(0, -1)
  const above = parents.map((_, i) => `${folder.prefix}${parents.slice(0, i + 1).join('/')}`)
  return [folder.prefix, ...above].every((directory) => folder.entries.get(directory)?.kind !== 'other')
}

/** What a name showed before a call: the SHA-1 of its newest version that is a file. */
function contentBefore(versions: readonly FileVersion[], name: string, at: number): string | undefined {
  const older = versions.filter(({ fileName, action, uploadTimestamp }) => {
    return fileName === name && action === 'upload' && uploadTimestamp <= at
  })
  return older.toSorted((a, b) => b.uploadTimestamp - a.uploadTimestamp)[0]?.contentSha1
}

/**
 * I1 (S) No byte ever written by a user becomes unreachable: for each (path, content) observed stable for the quiet
 * period, it is on disk, or in B2 as current or hidden version within retention, or was overwritten by a later user write
 * that we uploaded or are holding. (The latter is then a hidden version.)
 */
export const nothingBecomesUnreachable: Check = (witness) => {
  const there = new Set(versionsOf(witness).map(({ fileName, contentSha1 }) => `${fileName}\t${contentSha1}`))
  const onDisk = witness.files()
  return [...witness.kept]
    .filter((key) => !there.has(key))
    .map((key) => key.split('\t') as [string, string])
    .filter(([name, sha1]) => onDisk.get(name) !== sha1 && !witness.erasable.has(name))
    .filter(([name]) => !witness.deletesAbsent || onDisk.has(name))
    .map(([name, sha1]) => `${name} was ${sha1} at rest, and that is neither on disk nor any version in B2`)
}

/** I2 (S) We never modify, rename or unlink a user's local file in one-way mode. */
export const userFilesStayUntouched: Check = ({ touched }) => touched

type Span = { readonly from: number; readonly until: number }

/** Each time a name was absent without a break, as far as the engine that runs at a moment could see until then. */
function absences(witness: Witness, name: string, at: number): readonly Span[] {
  const run = witness.starts.findLast((start) => start <= at) ?? 0
  const spans: Span[] = []
  let from: number | null = null
  for (const state of witness.states) {
    if (state.at > at) break
    if (isAbsent(state, name)) from ??= state.at
    else if (from !== null) {
      spans.push({ from: Math.max(from, run), until: state.at })
      from = null
    }
  }
  if (from !== null) spans.push({ from: Math.max(from, run), until: at })
  return spans.filter(({ from, until }) => from <= until)
}

/**
 * I3 (S) No hide or delete is issued unless a successful complete listing of its parent under a verified root identity
 * showed it absent, twice, at least the delete delay apart. (Of an absence that was over before, nothing counts.)
 *
 * I18 (S) Time travel: moving the clock changes no decision except timers and expiry. (The delay is measured by the
 * wall here, which no step of a scenario moves.)
 */
export const removalsHaveEvidence: Check = (witness) =>
  removals(witness).flatMap(({ operation, fileName = '', startedAt }) => {
    const leftAt = workedBefore(startedAt, ON_ITS_WAY_MS)
    const lasting = absences(witness, fileName, startedAt).filter(({ until }) => until >= leftAt)
    if (lasting.length === 0) return [`${operation} of ${fileName}, which was not seen to be absent then`]
    const seenForMs = Math.max(...lasting.map(({ from, until }) => until - from))
    if (seenForMs >= witness.deleteDelayMs * TIMER_SLACK) return []
    return [`${operation} of ${fileName} after ${seenForMs} ms of absence; the delay is ${witness.deleteDelayMs} ms`]
  })

/**
 * I4 (S) Hides in any window stay below the guard's threshold unless a user approval record exists; approval is for that
 * exact set. (A test is shorter than the window. A loss that was approved, or whose content lives on under another name,
 * does not count.)
 */
export const massRemovalsAreApproved: Check = (witness) => {
  const versions = versionsOf(witness)
  const complaints: string[] = []
  const counted = new Map<string, Set<string>>()
  for (const { fileName = '', startedAt } of removals(witness)) {
    const approvedAt = witness.approvals.get(fileName)
    if (approvedAt !== undefined && approvedAt <= startedAt) continue
    const folder = folderOf(stateAt(witness, startedAt), fileName)
    const sha1 = contentBefore(versions, fileName, startedAt)
    const files = [...(folder?.entries.values() ?? [])].filter((seen) => seen.kind === 'file')
    if (files.some((seen) => seen.sha1 === sha1)) continue
    if (files.length === 0) complaints.push(`${fileName} was removed while its folder held no file, without approval`)
    const names = counted.get(folder?.prefix ?? '') ?? new Set()
    counted.set(folder?.prefix ?? '', names.add(fileName))
  }
  for (const [prefix, names] of counted) {
    const sizes = witness.states.map((state) => state.folders.find((folder) => folder.prefix === prefix)?.entries.size)
    const total = Math.max(1, ...sizes.map((size) => size ?? 0))
    const isTooMany = names.size > witness.gate.files && (names.size / total) * 100 > witness.gate.percent
    if (isTooMany) complaints.push(`${names.size} of ${total} files of ${prefix} were removed without approval`)
  }
  return complaints
}

/**
 * I5 (S) Every object we finished has the SHA-1 of the bytes of one consistent local snapshot (no torn file); an object
 * of size 0 only if its source was stably 0.
 */
export const objectsAreWholeFiles: Check = (witness) => {
  const contents = new Map<string, Set<string>>()
  const emptyForMs = new Map<string, number>()
  for (const [i, state] of witness.states.entries()) {
    const lastedMs = (witness.states[i + 1]?.at ?? Infinity) - state.at
    for (const { entries } of state.folders) {
      for (const [name, seen] of entries) {
        if (seen.kind !== 'file') continue
        contents.set(name, (contents.get(name) ?? new Set()).add(seen.sha1))
        if (seen.sizeBytes === 0) emptyForMs.set(name, (emptyForMs.get(name) ?? 0) + lastedMs)
      }
    }
  }
  return versionsOf(witness)
    .filter(({ action, fileId }) => action === 'upload' && !witness.foreignFileIds.has(fileId))
    .filter(({ fileName }) => !FOR_LINKS.test(fileName))
    .flatMap(({ fileName, contentSha1, contentLength }) => {
      if (contents.get(fileName)?.has(contentSha1) !== true) {
        return [`${fileName} became ${contentSha1}, which it never was on disk`]
      }
      const isHasty = contentLength === 0 && (emptyForMs.get(fileName) ?? 0) < STABLE_MS
      return isHasty ? [`${fileName} was sent empty, and it was so for a moment only`] : []
    })
}

/**
 * I6 (S) Copy before hide: for a move, the destination is confirmed before the source is hidden. (A file that moves on
 * before its first move is done has arrived once any other name shows its content. One that is saved anew under its new
 * name has arrived when that name showed what was moved, or shows what was saved since. One that is gone by then, under
 * every name, need not arrive.)
 */
export const movesArriveBeforeTheyLeave: Check = (witness) => {
  const versions = versionsOf(witness)
  return removals(witness).flatMap(({ operation, fileName = '', startedAt }) => {
    const sha1 = contentBefore(versions, fileName, startedAt)
    // What the disk held before an engine started it cannot have seen.
    const run = witness.starts.findLast((start) => start <= startedAt) ?? 0
    const seenAt = Math.max(run, workedBefore(startedAt, ON_ITS_WAY_MS))
    const shownOf = (version: FileVersion, from: number): boolean =>
      version.contentSha1 === sha1 && isShown(versions, version, from, startedAt)
    const folders = stateAt(witness, seenAt)?.folders ?? []
    const elsewhere = folders
      .flatMap(({ entries }) => [...entries])
      .filter(
        ([name, seen]) =>
          // A look from before the deletion still shows the file under the name that is hidden.
          name !== fileName &&
          seen.kind === 'file' &&
          seen.sizeBytes > 0 &&
          seen.sha1 === sha1 &&
          !witness.leftOut.has(name) &&
          !versions.some((version) => version.fileName === name && shownOf(version, seenAt)) &&
          !showsWhatItHolds(witness, versions, name, { from: seenAt, to: startedAt }) &&
          heldForMs(witness, name, sha1, startedAt) >= ON_ITS_WAY_MS,
      )
    const hasArrived = versions.some((version) => version.fileName !== fileName && shownOf(version, startedAt))
    if (hasArrived || elsewhere.length === 0) return []
    const isHere = ([name, seen]: [string, Seen]): boolean =>
      (seen.kind === 'file' && seen.sha1 === sha1) || elsewhere.some(([other]) => other === name)
    const isGone = witness.states
      .filter(({ at }) => at > seenAt && at <= startedAt)
      .some((state) => !state.folders.some(({ entries }) => [...entries].some(isHere)))
    if (isGone) return []
    return elsewhere.map(([name]) => `${operation} of ${fileName} before its content was confirmed as ${name}`)
  })
}

/** Whether the bucket shows at `to`, under this name, something that the disk held under it since `from`. */
function showsWhatItHolds(
  { states }: Witness,
  versions: readonly FileVersion[],
  name: string,
  { from, to }: { readonly from: number; readonly to: number },
): boolean {
  const since = states.filter(({ at }) => at > from && at <= to)
  const held = since.flatMap(({ folders }) => folders.map(({ entries }) => entries.get(name)))
  const contents = new Set(held.flatMap((seen) => (seen?.kind === 'file' ? seen.sha1 : [])))
  return versions.some(
    (version) => version.fileName === name && contents.has(version.contentSha1) && isShown(versions, version, to, to),
  )
}

/** How long a name held this content on disk; what is replaced at once nobody can have seen. */
function heldForMs({ states }: Witness, name: string, sha1: string, until: number): number {
  let heldMs = 0
  for (const [i, state] of states.entries()) {
    if (state.at > until) break
    const seen = state.folders.flatMap(({ entries }) => entries.get(name) ?? []).at(0)
    if (seen?.kind === 'file' && seen.sha1 === sha1) heldMs += Math.min(states[i + 1]?.at ?? until, until) - state.at
  }
  return heldMs
}

/** Whether a version was the one its name showed at a moment between `from` and `to`, these included. */
function isShown(versions: readonly FileVersion[], version: FileVersion, from: number, to: number): boolean {
  const { fileName, uploadTimestamp, action } = version
  const isLater = (other: FileVersion): boolean =>
    other.uploadTimestamp > uploadTimestamp && other.uploadTimestamp <= from
  if (action !== 'upload' || uploadTimestamp > to) return false
  return !versions.some((other) => other.fileName === fileName && other.action !== 'start' && isLater(other))
}

/**
 * I9 (S) Nothing outside our bucket, prefix and root is touched; ignored paths are untouched both ways. (Names a
 * scenario leaves out are compared with the bucket when it settles.)
 */
export const nothingElseIsTouched: Check = (witness) => {
  const bucketId = witness.emulator.buckets.find(({ bucketName }) => bucketName === witness.bucketName)?.bucketId
  const writes = callsOf(witness).filter(({ operation }) => WRITE_CALLS.has(operation))
  return writes.flatMap(({ operation, fileName, bucketId: touched }) => {
    if (operation === 'update_bucket')
      return witness.ruledPrefixes.size > 0 ? [] : ['update_bucket, which nobody wanted']
    if (fileName === undefined) return []
    if (touched !== undefined && touched !== bucketId) return [`${operation} of ${fileName} in another bucket`]
    // What for: I19.
    if (FOR_LINKS.test(fileName)) return []
    return [...witness.prefixes].some((prefix) => fileName.startsWith(prefix)) ? [] : [`${operation} of ${fileName}`]
  })
}

/**
 * I13 (S) Counters are the database's truth; "up to date" is shown only where I8 holds. (`noteSnapshot` tells what a
 * snapshot says that contradicts itself; the rows that are counted: `recordsAreSound`.)
 */
const nothingIsClaimedThatIsNotSo: Check = ({ lies }) => lies

/** To be told of every snapshot that is looked at; `isAsked` as for the witness. */
export function noteSnapshot(witness: Witness, snapshot: EngineSnapshot, isAsked = false): void {
  witness.noteSnapshot(snapshot, isAsked)
  for (const lie of contradictions(snapshot)) if (!witness.lies.includes(lie)) witness.lies.push(lie)
}

/** To be told of the list of all transfers as it is at the moment of a snapshot: the counts of both are the same. */
export function noteList(witness: Witness, { transfers }: EngineSnapshot, { counts }: TransferPage): void {
  const { sendingCount, waitingCount, failedCount } = transfers
  const [said, listed] = [
    { now: sendingCount, waiting: waitingCount, failed: failedCount },
    { now: counts.now, waiting: counts.waiting, failed: counts.failed },
  ].map((each) => JSON.stringify(each))
  if (said !== listed) witness.lies.push(`a snapshot counted ${said} and the list of that moment ${listed}`)
}

/** What cannot be true of one snapshot. */
export function contradictions(snapshot: EngineSnapshot): readonly string[] {
  const { status, folders, problems, problemCount, transfers } = snapshot
  const { sending, sendingCount, waitingCount, failedCount } = transfers
  const { drops } = snapshot
  const openDrops = drops.counts.sending + drops.counts.waiting + drops.counts.failed
  const statuses = [status, ...folders.map((folder) => folder.status)]
  const counts = [
    ...[sendingCount, waitingCount, failedCount, problemCount],
    ...folders.flatMap(({ syncedFiles, syncedBytes }) => [syncedFiles, syncedBytes]),
    ...[...Object.values(drops.counts), drops.leftOut],
    ...[...sending, ...drops.rows].flatMap(({ sizeBytes, sentBytes }) => [sizeBytes, sentBytes]),
    ...statuses.flatMap((each) => ('files' in each ? [each.files] : 'problems' in each ? [each.problems] : [])),
  ]
  const synced = folders.reduce((sum, { syncedFiles }) => sum + syncedFiles, 0)
  const isDone = status.kind === 'up-to-date'
  const checks: readonly (readonly [boolean, string])[] = [
    [counts.every((count) => Number.isSafeInteger(count) && count >= 0), `counts ${counts.join(' ')}`],
    [drops.rows.every((row) => row.sentBytes <= row.sizeBytes), 'more was sent of a dropped file than it has'],
    [drops.rows.length <= LISTED, `${drops.rows.length} rows of what was dropped`],
    [!isDone || openDrops === 0, '"up to date" while something dropped has not arrived'],
    [sending.every((row) => row.sentBytes <= row.sizeBytes), 'more was sent of a file than it has'],
    [sending.length === Math.min(LISTED, sendingCount), `${sending.length} rows, and ${sendingCount} are counted`],
    [problemCount >= failedCount, `${problemCount} problems, and ${failedCount} files have failed`],
    [problems.length === Math.min(LISTED, problemCount), `${problems.length} problems, ${problemCount} are counted`],
    [status.kind !== 'problem' || problemCount > 0, 'a problem that is not told'],
    [status.kind !== 'held' || problemCount > 0, 'a hold that is not told'],
    [status.kind !== 'sending' || status.files > 0, 'sending, and no file is to be sent'],
    [!isDone || waitingCount + failedCount + sendingCount === 0, '"up to date" while something is sent or waits'],
    [!isDone || status.files === synced, `"up to date" with another number of files than ${synced}`],
    [!isDone || folders.every((folder) => ['up-to-date', 'paused'].includes(folder.status.kind)), '"up to date" alone'],
    ...folders.map((folder): readonly [boolean, string] => {
      const isOf = ({ folderId }: { readonly folderId: number | null }) => folderId === folder.folderId
      const isOpen =
        sending.some(isOf) ||
        problems.some((problem) => problem.scope === 'file' && isOf(problem)) ||
        folder.decisions.length > 0 ||
        ('files' in folder.status && folder.status.files !== folder.syncedFiles)
      return [folder.status.kind !== 'up-to-date' || !isOpen, `${folder.prefix} is "up to date", and something is open`]
    }),
  ]
  return checks.flatMap(([isSo, what]) => (isSo ? [] : [`a snapshot said: ${what}`]))
}

/** I14 (S) Paused, offline or held: no write call leaves the process within one second. */
export const stoppedFoldersSendNothing: Check = (witness) => {
  const stopped = new Set(['paused', 'offline', 'held'])
  const writes = callsOf(witness).filter(({ operation }) => WRITE_CALLS.has(operation))
  return [...witness.prefixes].flatMap((prefix) => {
    const said = witness.said.filter((each) => each.prefix === prefix)
    return writes
      .filter(({ fileName }) => fileName?.startsWith(prefix) === true)
      .flatMap(({ operation, fileName, startedAt }) => {
        const now = said.findLastIndex(({ at }) => at <= startedAt)
        const first = said.findLastIndex(({ status }, i) => i <= now && !stopped.has(status)) + 1
        const since = said[first]?.at ?? Infinity
        const next = said[now + 1]
        const until = workedBefore(next?.at ?? Infinity, SAYS_WITHIN_MS)
        // Between two answers it is stopped where both say so.
        const isKnown = said[now]?.isAsked !== true || (next !== undefined && stopped.has(next.status))
        const isStopped = isKnown && first <= now && workedBefore(startedAt, STOPS_WITHIN_MS) > since
        return isStopped && startedAt < until
          ? [`${operation} of ${fileName} while ${prefix} was ${said[now]?.status}`]
          : []
      })
  })
}

/** I11 (E) No unfinished large file of ours is older than its queue entry. (At rest there are no entries, and so no files.) */
export const noLargeFileIsLeftUnfinished: Check = ({ emulator, bucketName, foreignFileIds }) =>
  emulator
    .unfinishedLargeFiles(bucketName)
    .filter(({ fileId }) => !foreignFileIds.has(fileId))
    .map(({ fileName }) => `${fileName} is an unfinished large file`)

/** I17 (E) Retention and lifecycle are changed only for our prefix and only by explicit setting. */
export const lifecycleChangesOnlyOnDemand: Check = (witness) => {
  const others = (rules: ReturnType<typeof rulesOf>) =>
    JSON.stringify(rules.filter(({ fileNamePrefix }) => !witness.ruledPrefixes.has(fileNamePrefix)))
  const before = others(witness.firstRules)
  const after = others(rulesOf(witness))
  return before === after ? [] : [`lifecycle rules of other prefixes were ${before} and are ${after}`]
}

/** Totals of folders that are not those of the rows they count. */
const MISCOUNTED = `
  SELECT * FROM folder_totals AS totals WHERE
    (base_files, base_bytes) <> (SELECT count(*), coalesce(sum(size_bytes), 0) FROM base_entries
      WHERE folder_id = totals.folder_id)
    OR (job_files, job_bytes) <> (SELECT count(*), coalesce(sum(size_bytes), 0) FROM jobs
      WHERE folder_id = totals.folder_id)
    OR (remote_files, remote_bytes) <> (SELECT count(*), coalesce(sum(size_bytes), 0) FROM remote_entries
      WHERE folder_id = totals.folder_id)
    OR (loss_files, blocked_files) <> (SELECT count(*) FILTER (WHERE kind IN ('absent', 'emptied')),
      count(*) FILTER (WHERE kind = 'blocked') FROM local_entries WHERE folder_id = totals.folder_id)`

/** The same for jobs that fail, or were left for later. */
const MISCOUNTED_DELAYS = `
  SELECT * FROM (
      SELECT folder_id, code, files, bytes, stuck_files FROM delayed_totals WHERE files <> 0 OR bytes <> 0 OR stuck_files <> 0
    ) AS noted FULL JOIN (
      SELECT folder_id, coalesce(code, '') AS code, count(*) AS files, sum(size_bytes) AS bytes, sum(is_stuck) AS stuck_files
      FROM jobs WHERE code IS NOT NULL OR rank = 3 GROUP BY 1, 2) AS counted USING (folder_id, code)
  WHERE (noted.files, noted.bytes, noted.stuck_files) IS NOT (counted.files, counted.bytes, counted.stuck_files)`

/**
 * I10 (S) The database passes integrity and foreign-key checks after any crash; queue entries refer to existing folders;
 * at most one operation a path. I13 (S) Counters are the database's truth. The engine has to be stopped: it locks its
 * database.
 */
export function recordsAreSound(databasePath: string): readonly string[] {
  const db = new Database(databasePath, { readonly: true })
  try {
    const texts = (sql: string) =>
      db
        .prepare(sql)
        .all()
        .map((row) => JSON.stringify(row))
    const integrity = db.pragma('integrity_check', { simple: true })
    return [
      ...(integrity === 'ok' ? [] : [`integrity_check: ${String(integrity)}`]),
      ...(db.pragma('foreign_key_check') as unknown[]).map((row) => `foreign key: ${JSON.stringify(row)}`),
      ...[...texts(MISCOUNTED), ...texts(MISCOUNTED_DELAYS)].map(
        (row) => `I13: counters are not what there is: ${row}`,
      ),
      ...texts('SELECT path FROM jobs WHERE folder_id NOT IN (SELECT folder_id FROM sync_folders)'),
      ...texts('SELECT folder_id, path FROM jobs GROUP BY folder_id, path HAVING count(*) > 1'),
    ]
  } finally {
    db.close()
  }
}

type BaseRow = { readonly name: string; readonly sha1: string; readonly fileId: string }

/**
 * I8 (E) Database = disk = bucket listing for all non-ignored, eligible files; every ineligible file has a visible
 * reason. (For the reasons see `play.ts`: they are asked of the engine while it runs.) The engine has to be stopped.
 * `differing` are names whose file on disk, if any, is not what the bucket shows.
 */
export function recordsAgree(
  witness: Witness,
  databasePath: string,
  differing: ReadonlySet<string>,
): readonly string[] {
  const db = new Database(databasePath, { readonly: true })
  let rows: readonly BaseRow[]
  try {
    rows = db
      .prepare<[], BaseRow>(
        `SELECT prefix || CASE directory WHEN '' THEN '' ELSE directory || '/' END || name AS name, sha1, file_id AS fileId
         FROM base_entries JOIN sync_folders USING (folder_id)`,
      )
      .all()
  } finally {
    db.close()
  }
  const { emulator, bucketName } = witness
  const visible = new Map(emulator.listVisible(bucketName).map((file) => [file.fileName, file]))
  const onDisk = witness.files()
  const known = new Set(rows.map(({ name }) => name))
  return [
    ...rows.flatMap(({ name, sha1, fileId }) => {
      if (visible.get(name)?.fileId !== fileId)
        return [`${name} is recorded as a version that the bucket does not show`]
      const isSame =
        emulator.sha1Of({ fileId, contentSha1: visible.get(name)?.sha1 ?? '' }) === sha1 &&
        (onDisk.get(name) === sha1 || differing.has(name))
      return isSame ? [] : [`${name} is recorded with another content than disk and bucket have`]
    }),
    ...[...onDisk.keys()]
      .filter((name) => !known.has(name) && !differing.has(name))
      .map((name) => `${name} has no record`),
  ]
}

/**
 * I12 (S) No secret in database, logs or diagnostics. (Arguments and the clipboard: `test/e2e`.) Every file below the
 * data folder is searched.
 */
export function secretsStayOut(dataFolder: string, secrets: readonly string[]): readonly string[] {
  const files = readdirSync(dataFolder, { recursive: true, encoding: 'utf8', withFileTypes: true }).filter((each) =>
    each.isFile(),
  )
  return files.flatMap(({ parentPath, name }) => {
    const content = readFileSync(join(parentPath, name))
    return secrets.some((secret) => content.includes(secret)) ? [`${name} holds a secret`] : []
  })
}

/**
 * I7 (E) Converges: no pending operations, and a second full sync makes zero API writes and zero list calls beyond budget.
 * `from` is the number of calls the engine had made before that second sync.
 */
export function secondSyncDoesNothing(witness: Witness, from: number): readonly string[] {
  return callsOf(witness)
    .slice(from)
    .filter(({ operation }) => WRITE_CALLS.has(operation) || LIST_CALLS.has(operation))
    .map(({ operation, fileName }) => `a second sync made the call ${operation} ${fileName ?? ''}`)
}

/** The checks of S that a witness alone can answer. */
const ALWAYS: Readonly<Record<string, Check>> = {
  I1: nothingBecomesUnreachable,
  I2: userFilesStayUntouched,
  'I3, I18': removalsHaveEvidence,
  I4: massRemovalsAreApproved,
  I5: objectsAreWholeFiles,
  I6: movesArriveBeforeTheyLeave,
  I9: nothingElseIsTouched,
  I13: nothingIsClaimedThatIsNotSo,
  I14: stoppedFoldersSendNothing,
  I19: onlyWhatWasMadeForLinksGoes,
}

/** The checks of E that a witness alone can answer. */
const SETTLED: Readonly<Record<string, Check>> = {
  I11: noLargeFileIsLeftUnfinished,
  I17: lifecycleChangesOnlyOnDemand,
}

/** Throws with every breach of what must hold at any moment, and with what B2 forbids clients. */
export function assertAlways(witness: Witness): void {
  const violations = witness.emulator.violations.map((violation) => `B2's rules: ${JSON.stringify(violation)}`)
  assertNone([...run(ALWAYS, witness), ...violations])
}

/** Throws with every breach of what must hold once the engine is at rest, what must hold always included. */
export function assertSettled(witness: Witness): void {
  assertNone(run(SETTLED, witness))
  assertAlways(witness)
}

/** Throws when there are complaints, with all of them. */
export function assertNone(complaints: readonly string[]): void {
  if (complaints.length > 0) throw new Error(`An invariant is broken:\n${complaints.join('\n')}`)
}

function run(checks: Readonly<Record<string, Check>>, witness: Witness): readonly string[] {
  return Object.entries(checks).flatMap(([id, check]) => check(witness).map((complaint) => `${id}: ${complaint}`))
}
