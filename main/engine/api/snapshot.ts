/** Builds what clients see: one bounded picture of the engine, made anew whenever something changed. */
import type { FolderId, UnixMs } from '../../../shared/ids.ts'
import type { Decision } from '../../../shared/model/decision.ts'
import type { Problem } from '../../../shared/model/problem.ts'
import type { EngineSnapshot } from '../../../shared/model/snapshot.ts'
import type { Storage } from '../../../shared/model/storage.ts'
import type { DropKeeper } from '../drops/drop-keeper.ts'
import type { Clock } from '../lib/clock.ts'
import type { LinkKeeper } from '../links/link-keeper.ts'
import { lastPart } from '../links/object-url.ts'
import type { Job } from '../model/job.ts'
import { isForPerson } from '../plan/retry-policy.ts'
import type { FailingCount } from '../state/job-lists.ts'
import type { State } from '../state/state.ts'
import type { Amount } from '../state/stored-bytes.ts'
import type { BandwidthKeeper } from '../sync/bandwidth.ts'
import type { Connection } from '../sync/connection.ts'
import type { FolderSync } from '../sync/folder-sync.ts'
import type { Supervisor } from '../sync/supervisor.ts'
import type { RunningJob } from '../transfer/attempts.ts'
import { dropFacts, dropProblems, viewDrops } from './drop-view.ts'
import { folderStatus, isAtRest, overallStatus, type EngineFacts, type FolderFacts } from './status.ts'
import { movingRow } from './transfer-rows.ts'

/** Rows of each list in a snapshot; the rest is a number. */
const LIST_LIMIT = 100

export type SnapshotSources = {
  readonly state: State
  readonly connection: Connection
  readonly supervisor: Supervisor
  readonly bandwidth: BandwidthKeeper
  readonly drops: Pick<DropKeeper, 'running'>
  readonly links: LinkKeeper
  readonly clock: Clock
}

export function buildSnapshot(sources: SnapshotSources): EngineSnapshot {
  const { state, connection, supervisor, bandwidth, links, clock } = sources
  const failing = state.jobLists.countFailing()
  const engine = engineFacts(sources)
  const account = connection.state()
  const facts = supervisor.folders.map((sync) => ({ sync, facts: folderFacts(sync, failing, sources) }))
  const drops = viewDrops(sources)
  const problems = [
    ...listProblems(sources, failing),
    ...dropProblems(sources, drops.counts.failed > 0 ? LIST_LIMIT : 0),
  ]
  const status = overallStatus(
    facts.map((folder) => folder.facts),
    engine,
  )
  const allRunning = [...supervisor.scheduler.running.values()]
  return {
    status,
    isPaused: supervisor.pause !== null,
    pausedUntil: supervisor.pause?.until ?? null,
    bandwidth: bandwidth.now,
    account,
    health: account.kind === 'none' ? { kind: 'unknown' } : supervisor.health.state,
    storage: storageOf(sources),
    links: links.counts,
    folders: facts.map(({ sync, sync: { folder }, facts }) => ({
      ...folder,
      status: folderStatus(facts, engine),
      syncedFiles: facts.syncedFiles,
      syncedBytes: state.folders.totals(folder.folderId).syncedBytes,
      pause: supervisor.pauseOf(folder.folderId),
      checkedAt: facts.checkedAt,
      lastChangeAt: state.activity.lastChangeAt(folder.folderId),
      decisions: listDecisions(sync, failing),
    })),
    transfers: {
      sending: allRunning.slice(0, LIST_LIMIT).map((running) => movingRow(running, clock.now())),
      ...countTransfers(sources, failing),
      most: supervisor.lanes.most,
    },
    drops,
    problems: problems.slice(0, LIST_LIMIT),
    problemCount: countProblems(
      problems,
      failing,
      facts.reduce((sum, { facts: { blockedFiles } }) => sum + Math.max(0, blockedFiles - LIST_LIMIT), 0) +
        Math.max(0, drops.counts.failed - LIST_LIMIT),
    ),
    throughput: status.kind === 'sending' ? [...supervisor.rates.history(clock.now())] : [],
    recent: [...state.activity.listRecent()],
    lastActivityId: state.activity.newestId(),
  }
}

/** Whether waiting longer would change anything by itself. */
export function isEngineAtRest(sources: SnapshotSources): boolean {
  const failing = sources.state.jobLists.countFailing()
  return isAtRest(sources.supervisor.folders.map((sync) => folderFacts(sync, failing, sources)))
}

/** What all folders have in B2. Their places in the bucket lie in no other's. */
function storageOf({ state, supervisor }: SnapshotSources): Storage {
  const stored = supervisor.folders.map(({ folder }) => state.stored.of(folder.folderId))
  const total = (amounts: readonly Amount[]): Amount => ({
    files: amounts.reduce((sum, { files }) => sum + files, 0),
    bytes: amounts.reduce((sum, { bytes }) => sum + bytes, 0),
  })
  const counted = stored.map(({ countedAt }) => countedAt ?? 0)
  const oldest = counted.length === 0 ? 0 : Math.min(...counted)
  return {
    current: total(stored.map(({ current }) => current)),
    old: total(stored.map(({ old }) => old)),
    unfinished: total(stored.map(({ unfinished }) => unfinished)),
    countedAt: oldest === 0 ? null : (oldest as UnixMs),
    capBytes: state.settings.storageCap(),
  }
}

/** How much is under way, waits, and has failed. */
function countTransfers({ state, supervisor }: SnapshotSources, failing: readonly FailingCount[]) {
  const running = [...supervisor.scheduler.running.keys()]
  const started = new Set(supervisor.folders.map(({ folder }) => folder.folderId))
  const pending = [...started].reduce((sum, folderId) => sum + state.folders.totals(folderId).pendingFiles, 0)
  const stuck = failing.reduce((sum, count) => (started.has(count.folderId) ? sum + count.stuckFiles : sum), 0)
  const failedCount = stuck === 0 ? 0 : stuck - state.jobLists.countStuckAmong(running)
  const waitingCount = Math.max(0, pending - running.length - failedCount)
  return { sendingCount: running.length, waitingCount, failedCount }
}

function engineFacts(sources: SnapshotSources): EngineFacts {
  const { state, supervisor, clock } = sources
  return {
    hasAccount: state.settings.findAccount() !== undefined,
    pause: supervisor.pause,
    hold: supervisor.scheduler.holds.all,
    rate: supervisor.rates.read(clock.now()),
    drops: dropFacts(sources),
  }
}

function folderFacts(
  sync: FolderSync,
  failing: readonly FailingCount[],
  { state, supervisor, clock }: SnapshotSources,
): FolderFacts {
  const { folderId } = sync.folder
  const { running, holds } = supervisor.scheduler
  const totals = state.folders.totals(folderId)
  const msUntilLoss = totals.lostFiles > 0 ? sync.losses.msUntilDue() : null
  return {
    condition: sync.condition,
    checkedAt: sync.checkedAt,
    filesSeen: sync.check.filesSeen,
    movingFiles: sync.check.moving.count,
    pause: supervisor.pauseOf(folderId),
    opensAt: supervisor.opensAt(folderId),
    nextLossAt: msUntilLoss === null ? null : ((clock.now() + msUntilLoss) as UnixMs),
    isSettled: sync.isSettled && supervisor.isListed(folderId),
    ...underWay([...running.values()].filter(({ job }) => job.folderId === folderId)),
    failing: failing.filter((count) => count.folderId === folderId),
    putOff: state.jobLists.countPutOff(folderId, clock.now()),
    blocked: totals.blockedFiles > 0 ? state.local.countBlocked(folderId) : [],
    hold: holds.folders.get(folderId) ?? null,
    ...totals,
  }
}

function underWay(running: readonly RunningJob[]) {
  const retrying = running.filter(({ job }) => job.code !== null)
  return {
    runningJobs: running.length,
    sentBytes: running.reduce(
      (sum, { job, sentBytes, sparedBytes }) => sum + Math.min(job.sizeBytes, sentBytes + sparedBytes),
      0,
    ),
    retrying: {
      files: retrying.length,
      bytes: retrying.reduce((sum, { job }) => sum + job.sizeBytes, 0),
    },
  }
}

/** Everything that is open, the widest in scope first. */
function listProblems({ state, supervisor }: SnapshotSources, failing: readonly FailingCount[]): readonly Problem[] {
  const { holds } = supervisor.scheduler
  const problems: Problem[] = []
  const add = (
    scope: Problem['scope'],
    folderId: FolderId | null,
    what: Omit<Problem, 'problemId' | 'scope' | 'folderId'>,
  ) => {
    problems.push({ problemId: `${scope}:${folderId ?? ''}:${what.path ?? ''}:${what.code}`, scope, folderId, ...what })
  }
  const { all } = holds
  // No connection is a state of its own in every sentence; as a problem it would only be said twice.
  if (all !== null && all.code !== 'network_unreachable') {
    add('account', null, { path: null, code: all.code, since: all.since, details: { ...all.details } })
  }
  for (const sync of supervisor.folders) {
    const { folderId, root, bucketName } = sync.folder
    const { condition, watching, checkedAt } = sync
    const { syncedFiles, blockedFiles } = state.folders.totals(folderId)
    if (condition.kind === 'held') {
      const files = sync.losses.decisions[0]?.files ?? syncedFiles
      const details = { root, files }
      add('folder', folderId, { path: null, code: condition.code, since: condition.since, details })
    }
    const hold = holds.folders.get(folderId)
    if (hold !== undefined) {
      const details = { bucketName, root, ...hold.details }
      add('folder', folderId, { path: null, code: hold.code, since: hold.since, details })
    }
    if (watching.unwatched.count > 0 && checkedAt !== null) {
      const { count, directories } = watching.unwatched
      const details = { root, folders: count, sample: directories.find((directory) => directory !== '') ?? '' }
      add('folder', folderId, { path: null, code: 'watch_limit_reached', since: checkedAt, details })
    }
    const blocked = blockedFiles > 0 ? state.local.listBlocked(folderId, LIST_LIMIT) : []
    for (const { path, code, since, details } of blocked) {
      add('file', folderId, { path, code, since, details: { ...details } })
    }
  }
  for (const { linkId, shared, opensToo, opensTooSince } of state.links.listOpeningMore()) {
    const details = { linkId, name: lastPart(shared), sample: opensToo?.samples[0] ?? '', names: opensToo?.count ?? 0 }
    problems.push({
      ...{ problemId: `link:${linkId}:link_opens_more`, scope: 'link', folderId: null, path: null },
      ...{ code: 'link_opens_more', since: opensTooSince ?? (0 as UnixMs), details },
    })
  }
  const started = new Set(supervisor.folders.map(({ folder }) => folder.folderId))
  for (const job of failing.length === 0 ? [] : state.jobs.listFailing(LIST_LIMIT)) {
    // What belongs to a folder that was not started this time is nobody's concern now.
    if (!started.has(job.folderId)) continue
    const { folderId, path, code, failingSince, details } = job
    if (code !== null && failingSince !== null && isWorthTelling(job)) {
      add('file', folderId, { path, code, since: failingSince, details: { ...details } })
    }
  }
  return problems
}

/** A first hiccup that is tried again within seconds is no problem yet. */
function isWorthTelling({ code, attempts }: Job): boolean {
  return code !== null && (isForPerson(code) || attempts > 1)
}

/** What waits for a person's answer in this folder. */
function listDecisions(sync: FolderSync, failing: readonly FailingCount[]): Decision[] {
  const { folderId } = sync.folder
  const hasOverwrites = failing.some((count) => count.folderId === folderId && count.code === 'would_overwrite')
  const overwrite = hasOverwrites ? sync.losses.overwrites() : null
  return overwrite === null ? [...sync.losses.decisions] : [...sync.losses.decisions, overwrite]
}

/** Failing jobs, and blocked paths, beyond the ones that are listed count too. */
function countProblems(listed: readonly Problem[], failing: readonly FailingCount[], unlisted: number): number {
  const failingJobs = failing.reduce((sum, { files }) => sum + files, 0)
  return listed.length + unlisted + Math.max(0, failingJobs - LIST_LIMIT)
}
