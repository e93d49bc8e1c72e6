/** `pail sync DIR b2://BUCKET/PREFIX`: the same engine as the app's, in this process. */
import { SingleBar } from 'cli-progress'
import { EngineError } from '../../shared/errors.ts'
import { type AbsolutePath, FolderId } from '../../shared/ids.ts'
import type { EngineSnapshot } from '../../shared/model/snapshot.ts'
import type { Status } from '../../shared/model/status.ts'
import { formatBytes } from '../../shared/format/bytes.ts'
import { statusText } from '../../shared/text/status-text.ts'
import { PRODUCT_VERSION } from '../product.ts'
import { canonicalRoot } from '../engine/api/handlers.ts'
import { createMemoryStore } from '../engine/credentials/memory-store.ts'
import { createEngine, type Engine } from '../engine/engine.ts'
import { systemClock } from '../engine/lib/clock.ts'
import { silentLogger } from '../engine/lib/logger.ts'
import type { Credentials } from '../engine/sync/connection.ts'
import { parseB2Url } from './b2-url.ts'
import { exitCodeFor, exitCodes, type ExitCode } from './exit-codes.ts'
import { problemLines, summaryText, type RunSummary } from './report.ts'

export type SyncOptions = {
  readonly once: boolean
  readonly json: boolean
  readonly dataFolder: AbsolutePath
  readonly realm: string
  /** Asked only when the rest of the command line is in order. */
  readonly findCredentials: () => Promise<Credentials>
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
}

/** With `--once`, a run in which nothing has moved for this long gives up on what still waits. */
const STALLED_MS = 60_000

type Counts = { uploaded: number; hidden: number; bytesUploaded: number }

/** Throws `EngineError`s that end the run before or while it works. */
export async function sync(directory: string, url: string, options: SyncOptions): Promise<ExitCode> {
  const { bucketName, prefix } = parseB2Url(url)
  const root = canonicalRoot(directory)
  const credentials = await options.findCredentials()
  const startedAt = systemClock.now()
  const counts: Counts = { uploaded: 0, hidden: 0, bytesUploaded: 0 }
  const engine = createEngine(
    {
      dataFolder: options.dataFolder,
      realm: options.realm,
      version: PRODUCT_VERSION,
      clock: systemClock,
      random: Math.random,
      secrets: createMemoryStore(),
      logger: silentLogger,
    },
    {
      isWatching: !options.once,
      onFinished: (_job, outcome) => {
        if (outcome.kind === 'hidden') counts.hidden += 1
        if (outcome.kind !== 'uploaded') return
        counts.uploaded += 1
        counts.bytesUploaded += outcome.entry.fingerprint.sizeBytes
      },
    },
  )
  try {
    await prepare(engine, credentials)
    const folderId = await startFolder(engine, root, bucketName, prefix)
    const exitCode = await follow(engine, counts, options)
    const snapshot = engine.snapshot()
    report(snapshot, summarize(snapshot, folderId, counts, startedAt, exitCode), options)
    return exitCode
  } finally {
    await engine.stop()
  }
}

async function prepare(engine: Engine, credentials: Credentials): Promise<void> {
  const account = await engine.api.connectAccount(credentials)
  const [capability] = account.missingCapabilities
  if (capability !== undefined)
    throw new EngineError('capability_missing', `The key lacks ${capability}`, { capability })
}

async function startFolder(engine: Engine, root: AbsolutePath, bucketName: string, prefix: string): Promise<FolderId> {
  const bucket = (await engine.api.listBuckets(undefined)).find((candidate) => candidate.bucketName === bucketName)
  if (bucket === undefined) throw new EngineError('bucket_missing', `No bucket ${bucketName}`, { bucketName })
  const { bucketId } = bucket
  const same = engine
    .listFolders()
    .find((folder) => folder.root === root && folder.bucketName === bucketName && folder.prefix === prefix)
  if (same?.bucketId === bucketId) {
    engine.start([same.folderId])
    return same.folderId
  }
  engine.start([])
  // The bucket was deleted and made anew: what was agreed with the old one is worth nothing.
  if (same !== undefined) await engine.api.removeFolder({ folderId: same.folderId })
  return FolderId.parse((await engine.api.addFolder({ root, bucketId, prefix })).folderId)
}

/** Waits until the folder is done, cannot go on, or Ctrl-C. */
async function follow(engine: Engine, counts: Counts, options: SyncOptions): Promise<ExitCode> {
  const bar = createBar()
  let lastSaid = ''
  let lastCounts = ''
  let movedAt = systemClock.now()
  try {
    while (!options.signal.aborted) {
      const snapshot = engine.snapshot()
      drawBar(bar, snapshot, counts)
      // Without a bar, someone who reads the log of a long run wants to know of every change of state.
      const said = [describeState(snapshot.status), ...problemLines(snapshot)].join()
      if (bar === null && !options.once && said !== lastSaid) say(snapshot)
      lastSaid = said
      const seen = JSON.stringify([counts, snapshot.transfers.sending.map(({ sentBytes }) => sentBytes)])
      if (seen !== lastCounts) movedAt = systemClock.now()
      lastCounts = seen
      const verdict = options.once ? judge(snapshot, engine.isAtRest(), systemClock.now() - movedAt) : null
      if (verdict !== null) return verdict
      await systemClock.sleep(100, options.signal).catch(() => undefined)
    }
    return options.once ? exitCodes.interrupted : exitCodes.done
  } finally {
    bar?.stop()
  }
}

/** The exit code once nothing more will come of waiting, else null. */
function judge({ status, problems }: EngineSnapshot, isAtRest: boolean, stalledMs: number): ExitCode | null {
  switch (status.kind) {
    case 'up-to-date':
      return exitCodes.done
    case 'held':
      return status.code === 'root_emptied' ? exitCodes.heldBySafetyGate : exitCodeFor(status.code)
    case 'problem':
      if (problems.some(({ scope }) => scope !== 'file')) return exitCodes.accountOrConfiguration
      // One file in trouble does not keep the rest from being sent.
      return isAtRest || stalledMs > STALLED_MS ? exitCodes.someFilesFailed : null
    case 'paused':
      return exitCodes.accountOrConfiguration
    case 'checking':
    case 'sending':
    case 'not-set-up':
      return null
    case 'waiting':
    case 'offline':
      return stalledMs > STALLED_MS ? exitCodes.someFilesFailed : null
  }
}

function summarize(
  snapshot: EngineSnapshot,
  folderId: FolderId,
  counts: Counts,
  startedAt: number,
  exitCode: ExitCode,
): RunSummary {
  const folder = snapshot.folders.find((candidate) => candidate.folderId === folderId)
  const { waitingCount, sending } = snapshot.transfers
  const inFolder = snapshot.problems.filter(({ scope }) => scope === 'file').length
  const failed = exitCode === exitCodes.done ? 0 : Math.max(waitingCount + sending.length, inFolder)
  return {
    uploaded: counts.uploaded,
    copied: 0,
    hidden: counts.hidden,
    unchanged: Math.max(0, (folder?.syncedFiles ?? 0) - counts.uploaded),
    failed,
    bytesUploaded: counts.bytesUploaded,
    seconds: Math.round((systemClock.now() - startedAt) / 10) / 100,
  }
}

/** What of a status is worth a new line: its kind and, at rest, how many files are safe; not its moving numbers. */
function describeState(status: Status): string {
  return status.kind === 'up-to-date' ? `${status.kind} ${status.files}` : status.kind
}

/** The state and every problem, a line each, to stderr: stdout is for the summary. */
function say(snapshot: EngineSnapshot): void {
  const lines = [statusText(snapshot.status, systemClock.now()), ...problemLines(snapshot)]
  process.stderr.write(`${lines.join('\n')}\n`)
}

function report(snapshot: EngineSnapshot, summary: RunSummary, { json }: SyncOptions): void {
  for (const line of problemLines(snapshot)) process.stderr.write(`${line}\n`)
  if (snapshot.status.kind !== 'up-to-date' && snapshot.problems.length === 0) {
    process.stderr.write(`${statusText(snapshot.status, systemClock.now())}\n`)
  }
  process.stdout.write(`${json ? JSON.stringify(summary) : summaryText(summary)}\n`)
}

function createBar(): SingleBar | null {
  if (!process.stderr.isTTY) return null
  const bar = new SingleBar({
    stream: process.stderr,
    format: '{bar} {percentage} %  {done} of {all} files  {size}  {sentence}',
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
  })
  bar.start(1, 0, { done: 0, all: 0, size: '', sentence: 'Checking' })
  return bar
}

function drawBar(bar: SingleBar | null, snapshot: EngineSnapshot, counts: Counts): void {
  if (bar === null) return
  const { sending, waitingCount } = snapshot.transfers
  const done = counts.uploaded + counts.hidden
  const all = done + sending.length + waitingCount
  bar.setTotal(Math.max(1, all))
  bar.update(all === 0 ? 1 : done, {
    done,
    all,
    size: formatBytes(counts.bytesUploaded),
    sentence: statusText(snapshot.status, systemClock.now()),
  })
}
