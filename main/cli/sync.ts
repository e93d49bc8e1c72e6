/** `pail sync DIR b2://BUCKET/PREFIX`: the same engine as the app's, in this process. */
import { EngineError, isEngineError } from '../../shared/errors.ts'
import { type AbsolutePath, FolderId } from '../../shared/ids.ts'
import type { ActivityVerb } from '../../shared/model/activity.ts'
import type { FolderSettingsChange, FolderView } from '../../shared/model/folder.ts'
import type { EngineSnapshot } from '../../shared/model/snapshot.ts'
import type { Status } from '../../shared/model/status.ts'
import { PRODUCT_VERSION } from '../product.ts'
import { canonicalRoot } from '../engine/scan/canonical-root.ts'
import { createMemoryStore } from '../engine/credentials/memory-store.ts'
import { createEngine, type Engine } from '../engine/engine.ts'
import { systemClock } from '../engine/lib/clock.ts'
import { silentLogger } from '../engine/lib/logger.ts'
import { Wake } from '../engine/lib/wake.ts'
import type { Credentials } from '../engine/sync/connection.ts'
import { parseB2Url } from './b2-url.ts'
import { exitCodes, type ExitCode } from './exit-codes.ts'
import { limitsOf } from './limit-flags.ts'
import { createBar, drawBar } from './progress-bar.ts'
import { problemLines, questionLines, stateLine, summaryText, type Counts, type RunSummary } from './report.ts'
import { answerOf, assertConfirmed, settingsOf, type Answer, type SyncFlags } from './sync-flags.ts'
import { judge } from './verdict.ts'

export type SyncOptions = {
  readonly flags: SyncFlags
  readonly dataFolder: AbsolutePath
  readonly realm: string
  /** Asked only when the rest of the command line is in order. */
  readonly findCredentials: () => Promise<Credentials>
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
}

/** How often a run that ends by itself is looked at: it may be done without anything having changed. */
const LOOK_EVERY_MS = 100

/** A run that goes on is looked at when something changes, and this often for the times in its sentences. */
const IDLE_LOOK_MS = 1000

/** The place in B2 that a folder is synced to. */
type Place = { readonly bucketName: string; readonly prefix: string }

/** Throws `EngineError`s that end the run before or while it works. */
export async function sync(directory: string, url: string, options: SyncOptions): Promise<ExitCode> {
  const { flags } = options
  const place = parseB2Url(url)
  assertConfirmed(flags, place.bucketName)
  const root = canonicalRoot(directory)
  const credentials = await options.findCredentials()
  const startedAt = systemClock.now()
  const counts: Counts = { uploaded: 0, copied: 0, hidden: 0, bytesUploaded: 0, bytesSpared: 0 }
  const engine = buildEngine(options, counts)
  try {
    await sayRecovered(engine, startedAt)
    await prepare(engine, credentials)
    await allowTransfers(engine, flags)
    const folderId = await startFolder(engine, root, place, flags)
    if (flags.resume === true) {
      await engine.api.resume({ folderId })
      await engine.api.resume(undefined)
    }
    const exitCode = await follow(engine, folderId, counts, options)
    const snapshot = engine.snapshot()
    report(snapshot, folderId, summarize(snapshot, folderId, counts, startedAt, exitCode), options)
    return exitCode
  } finally {
    await engine.stop()
  }
}

function buildEngine({ flags, dataFolder, realm }: SyncOptions, counts: Counts): Engine {
  return createEngine(
    {
      dataFolder,
      realm,
      version: PRODUCT_VERSION,
      clock: systemClock,
      random: Math.random,
      secrets: createMemoryStore(),
      logger: silentLogger,
    },
    {
      isWatching: flags.once !== true,
      limits: limitsOf(flags),
      onFinished: (_job, outcome) => {
        if (outcome.kind === 'hidden' || outcome.kind === 'deleted') counts.hidden += 1
        if (outcome.kind === 'copied') counts.copied += 1
        if (outcome.kind !== 'uploaded') return
        const { entry, sparedBytes = 0 } = outcome
        counts.uploaded += 1
        counts.bytesUploaded += entry.fingerprint.sizeBytes - sparedBytes
        counts.bytesSpared += sparedBytes
      },
    },
  )
}

/** Damaged records are nothing to be silent about, although the run goes on. */
async function sayRecovered(engine: Engine, startedAt: number): Promise<void> {
  const [newest] = await engine.api.listActivity({ limit: 1 })
  if (newest === undefined || newest.at < startedAt) return
  const wayOut = recoveries[newest.verb]
  if (wayOut !== undefined) process.stderr.write(`Pail's own records were damaged and set aside. ${wayOut}\n`)
}

const recoveries: Partial<Readonly<Record<ActivityVerb, string>>> = {
  'records-recovered': 'The newest backup took their place.',
  'records-begun-anew': 'They are begun anew: what B2 holds already is not sent again.',
}

async function prepare(engine: Engine, credentials: Credentials): Promise<void> {
  const account = await engine.api.connectAccount(credentials)
  const [capability] = account.missingCapabilities
  if (capability !== undefined)
    throw new EngineError('capability_missing', `The key lacks ${capability}`, { capability })
}

async function allowTransfers(engine: Engine, { transfers }: SyncFlags): Promise<void> {
  if (transfers === undefined) return
  await engine.api.setMaxTransfers({ maxTransfers: transfers === 'auto' ? null : transfers })
}

async function startFolder(
  engine: Engine,
  root: AbsolutePath,
  { bucketName, prefix }: Place,
  flags: SyncFlags,
): Promise<FolderId> {
  const bucket = (await engine.api.listBuckets(undefined)).find((candidate) => candidate.bucketName === bucketName)
  if (bucket === undefined) throw new EngineError('bucket_missing', `No bucket ${bucketName}`, { bucketName })
  const { bucketId } = bucket
  const settings = settingsOf(flags)
  const same = engine
    .listFolders()
    .find((folder) => folder.root === root && folder.bucketName === bucketName && folder.prefix === prefix)
  if (same?.bucketId === bucketId) {
    engine.start([same.folderId])
    await change(engine, same.folderId, settings, flags)
    return same.folderId
  }
  engine.start([])
  // The bucket was deleted and made anew: what was agreed with the old one is worth nothing.
  if (same !== undefined) await engine.api.removeFolder({ folderId: same.folderId })
  // What happens to deleted files may need a confirmation, which only a change of settings can carry.
  const { deletionPolicy, ...rest } = settings
  const folderId = FolderId.parse((await engine.api.addFolder({ root, bucketId, prefix, settings: rest })).folderId)
  await change(engine, folderId, deletionPolicy === undefined ? {} : { deletionPolicy }, flags)
  return folderId
}

async function change(
  engine: Engine,
  folderId: FolderId,
  settings: FolderSettingsChange,
  { confirm }: SyncFlags,
): Promise<void> {
  if (Object.keys(settings).length === 0) return
  const confirmation = confirm === undefined ? {} : { confirmation: confirm }
  await engine.api.updateFolder({ folderId, settings, ...confirmation })
}

/** Waits until the folder is done, cannot go on, or Ctrl-C. */
async function follow(
  engine: Engine,
  folderId: FolderId,
  counts: Counts,
  { flags, signal }: SyncOptions,
): Promise<ExitCode> {
  const bar = createBar()
  const change = new Wake(systemClock)
  const unsubscribe = engine.subscribe(() => change.ring())
  const answer = answerOf(flags)
  const isOnce = flags.once === true
  let answeredListId: string | null = null
  let lastSaid = ''
  let lastCounts = ''
  let movedAt = systemClock.now()
  let verdict: ExitCode | null = null
  try {
    while (!signal.aborted) {
      const snapshot = engine.snapshot()
      const folder = folderIn(snapshot, folderId)
      drawBar(bar, snapshot, counts, systemClock.now())
      if (answer !== null && answeredListId === null && (await give(engine, folder, answer))) {
        answeredListId = answer.listId
        movedAt = systemClock.now()
        continue
      }
      // Without a bar, someone who reads the log of a long run wants to know of every change of state.
      const said = [describeState(snapshot.status), ...troubleLines(snapshot, folderId)].join()
      if (bar === null && !isOnce && said !== lastSaid) say(snapshot, folderId)
      lastSaid = said
      const seen = JSON.stringify([counts, snapshot.transfers.sending.map(({ sentBytes }) => sentBytes)])
      if (seen !== lastCounts) movedAt = systemClock.now()
      lastCounts = seen
      const stalledMs = systemClock.now() - movedAt
      if (isOnce) verdict = judge({ snapshot, folder, isAtRest: engine.isAtRest(), stalledMs, answeredListId })
      if (verdict !== null) break
      await (isOnce
        ? systemClock.sleep(LOOK_EVERY_MS, signal).catch(() => undefined)
        : change.sleep(IDLE_LOOK_MS, signal))
    }
  } finally {
    unsubscribe()
    bar?.stop()
  }
  if (answer !== null && answeredListId === null) {
    process.stderr.write(`Nobody asks about list ${answer.listId} now, so nothing was done about it.\n`)
  }
  return verdict ?? (isOnce ? exitCodes.interrupted : exitCodes.done)
}

/** Answers the list that the command line named, where it is asked about now; true when that was done. */
async function give(engine: Engine, folder: FolderView | undefined, { listId, answer }: Answer): Promise<boolean> {
  const asked = folder?.decisions.find((decision) => decision.listId === listId)
  if (folder === undefined || asked === undefined) return false
  try {
    await engine.api.decide({ folderId: folder.folderId, kind: asked.kind, listId, answer })
    return true
  } catch (error) {
    // It changed at this very moment; the list as it is now is shown at the end.
    if (isEngineError(error, 'list_changed', 'not_found')) return false
    throw error
  }
}

function summarize(
  snapshot: EngineSnapshot,
  folderId: FolderId,
  counts: Counts,
  startedAt: number,
  exitCode: ExitCode,
): RunSummary {
  const { sendingCount, waitingCount, failedCount } = snapshot.transfers
  const { uploaded, copied, hidden, bytesUploaded, bytesSpared } = counts
  const inFolder = snapshot.problems.filter(({ scope }) => scope === 'file').length
  const failed = exitCode === exitCodes.done ? 0 : Math.max(sendingCount + waitingCount + failedCount, inFolder)
  return {
    uploaded,
    copied,
    hidden,
    unchanged: Math.max(0, (folderIn(snapshot, folderId)?.syncedFiles ?? 0) - uploaded - copied),
    failed,
    bytesUploaded,
    bytesSpared,
    seconds: Math.round((systemClock.now() - startedAt) / 10) / 100,
  }
}

function folderIn(snapshot: EngineSnapshot, folderId: FolderId): FolderView | undefined {
  return snapshot.folders.find((candidate) => candidate.folderId === folderId)
}

/** What of a status is worth a new line: its kind and, at rest, how many files are safe; not its moving numbers. */
function describeState(status: Status): string {
  return status.kind === 'up-to-date' ? `${status.kind} ${status.files}` : status.kind
}

/** Every problem, and every question with the ways to answer it. */
function troubleLines(snapshot: EngineSnapshot, folderId: FolderId): readonly string[] {
  const folder = folderIn(snapshot, folderId)
  return [...problemLines(snapshot), ...(folder === undefined ? [] : questionLines(folder))]
}

/** The state and what is in the way, a line each, to stderr: stdout is for the summary. */
function say(snapshot: EngineSnapshot, folderId: FolderId): void {
  const lines = [stateLine(snapshot, systemClock.now()), ...troubleLines(snapshot, folderId)]
  process.stderr.write(`${lines.join('\n')}\n`)
}

function report(snapshot: EngineSnapshot, folderId: FolderId, summary: RunSummary, { flags }: SyncOptions): void {
  for (const line of troubleLines(snapshot, folderId)) process.stderr.write(`${line}\n`)
  if (snapshot.status.kind !== 'up-to-date' && snapshot.problems.length === 0) {
    process.stderr.write(`${stateLine(snapshot, systemClock.now())}\n`)
  }
  process.stdout.write(`${flags.json === true ? JSON.stringify(summary) : summaryText(summary)}\n`)
}
