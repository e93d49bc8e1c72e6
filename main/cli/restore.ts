/** `pail restore b2://BUCKET/PREFIX DIR`: what a bucket holds, as files. */
import { existsSync, mkdirSync, rmdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { InvalidArgumentError, type Command } from 'commander'
import { EngineError, isEngineError } from '../../shared/errors.ts'
import { formatBytes } from '../../shared/format/bytes.ts'
import type { AbsolutePath } from '../../shared/ids.ts'
import { canonicalRoot } from '../engine/scan/canonical-root.ts'
import { systemClock } from '../engine/lib/clock.ts'
import {
  restore as bringBack,
  type RestoreEvent,
  type RestoreOptions,
  type RestoreResult,
} from '../engine/restore/restore.ts'
import { errnoOf } from '../engine/scan/stat-path.ts'
import { parseB2Url } from './b2-url.ts'
import { withBucket, type BucketOptions } from './bucket.ts'
import { exitCodeFor, exitCodes, type ExitCode } from './exit-codes.ts'
import { addLimitFlag, addScheduleFlag, limitsOf, type LimitFlags } from './limit-flags.ts'
import { createBar } from './progress-bar.ts'
import { eventLine, mappedText, restoreText, runTrouble, type RestoreSummary } from './restore-text.ts'

export type RestoreFlags = Pick<LimitFlags, 'limitDown' | 'limitAt'> & {
  readonly json?: true
  readonly overwrite?: true
  readonly copy?: true
  readonly downloads: number
  readonly realm?: string
}

/** Enough for some 500 small files a second over a line with 60 ms, which is what B2 lets an account have. */
const USUAL_DOWNLOADS = 32
const MAX_DOWNLOADS = 256

/** Lines about single files, of each kind; a restore into the wrong folder has millions. */
const MAX_LINES = 100

/** Adds the flags, each with a line of help. */
export function addRestoreFlags(command: Command): Command {
  return addScheduleFlag(addLimitFlag(command, 'down'))
    .option('--overwrite', 'replace files here that differ, newer ones too')
    .option('--copy', 'to sync it, this is a folder of its own, not the old one come back')
    .option('--downloads <number>', `how many at once, 1 to ${MAX_DOWNLOADS}`, parseDownloads, USUAL_DOWNLOADS)
    .option('--json', 'print what happens and a summary as JSON, the summary in the last line')
    .option('--realm <url>', 'the B2 service to use (or PAIL_B2_REALM)')
    .addHelpText(
      'after',
      '\nRun it again after it was interrupted: what has arrived is not downloaded again.' +
        '\nNames that the disk cannot hold are written with escapes, such as %{3A} for a colon.' +
        '\nThe key comes from B2_APPLICATION_KEY_ID and B2_APPLICATION_KEY, or from the keychain.',
    )
}

function parseDownloads(text: string): number {
  const number = Number(text)
  if (/^\d+$/.test(text) && number >= 1 && number <= MAX_DOWNLOADS) return number
  throw new InvalidArgumentError(`It is a number from 1 to ${MAX_DOWNLOADS}.`)
}

export type CommandOptions<Flags> = Pick<BucketOptions, 'realm' | 'findCredentials' | 'signal'> & {
  readonly flags: Flags
}

/** What is expected to go wrong is said, and in the exit code; bugs are thrown. */
export async function restore(
  url: string,
  directory: string,
  options: CommandOptions<RestoreFlags>,
): Promise<ExitCode> {
  const { bucketName, prefix } = parseB2Url(url)
  const { flags, signal } = options
  const startedAt = systemClock.now()
  const events = new EventLog(flags.json === true)
  // Before the first work on the disk. Node's four threads flush one file after the other; many at once cost a file system
  // hardly more than one.
  process.env['UV_THREADPOOL_SIZE'] ??= '16'
  try {
    const needs = ['listFiles', 'readFiles']
    const result = await withBucket({ ...options, bucketName, needs, limits: limitsOf(flags) }, (bucket) =>
      run({ ...bucket, prefix }, directory, options, events),
    )
    events.end()
    return report(result, { flags, signal, startedAt, directory, url })
  } catch (error) {
    events.end()
    if (signal.aborted) return exitCodes.interrupted
    return explain(error, directory, url)
  }
}

async function run(
  place: Pick<RestoreOptions, 'b2' | 'bucketId' | 'prefix'>,
  directory: string,
  { flags, signal }: CommandOptions<RestoreFlags>,
  events: EventLog,
): Promise<RestoreResult> {
  const { root, isMade } = makeRoot(directory)
  const bar = createBar()
  try {
    return await bringBack({
      ...place,
      root,
      overwrites: flags.overwrite === true,
      continuesFolder: flags.copy !== true,
      downloads: flags.downloads,
      signal,
      onEvent: (event) => events.add(event),
      onProgress: ({ isListing, filesDone, files, bytesDone, bytes }) => {
        bar?.setTotal(Math.max(1, bytes))
        const sentence = isListing ? 'Listing' : 'Restoring'
        bar?.update(bytesDone, { done: filesDone, all: files, size: formatBytes(bytesDone), sentence })
      },
    })
  } catch (error) {
    // A prefix that was mistyped leaves no folder of its name behind.
    if (isMade && isEngineError(error, 'not_found')) rmdirSync(root)
    throw error
  } finally {
    bar?.stop()
  }
}

/** The folder, made where it is not there. Throws `root_missing`, `root_unreadable`, `file_unreadable`. */
function makeRoot(directory: string): { readonly root: AbsolutePath; readonly isMade: boolean } {
  const path = resolve(directory)
  const isMade = !existsSync(path)
  try {
    // Only where more than the last folder is missing: in some systems' own folders Node would try for ever.
    if (isMade) mkdirSync(path, { recursive: !existsSync(dirname(path)) })
  } catch (error) {
    const errno = errnoOf(error) ?? ''
    if (errno === 'EEXIST' || errno === 'ENOTDIR') throw new EngineError('root_missing', 'Not a folder')
    throw new EngineError('file_unreadable', 'The folder cannot be made', { errno }, { cause: error })
  }
  return { root: canonicalRoot(path), isMade }
}

type Run = {
  readonly flags: RestoreFlags
  readonly signal: AbortSignal
  readonly startedAt: number
  readonly directory: string
  readonly url: string
}

function report(result: RestoreResult, { flags, signal, startedAt, directory, url }: Run): ExitCode {
  const { endedBy, continuesFolder, ...counts } = result
  const { restored, unchanged, kept, failed, mapped, unverified, bytesDownloaded } = counts
  const seconds = Math.round((systemClock.now() - startedAt) / 10) / 100
  const summary: RestoreSummary = { restored, unchanged, kept, failed, mapped, unverified, bytesDownloaded, seconds }
  if (kept > 0) process.stderr.write('To replace the files that were left as they are, add --overwrite.\n')
  if (continuesFolder && flags.json !== true) {
    process.stderr.write('Sync takes this folder for the one that the files came from. For a second one use --copy.\n')
  }
  if (mapped > 0 && flags.json !== true) process.stderr.write(`${mappedText}\n`)
  let exitCode: ExitCode = kept > 0 ? exitCodes.keptLocalFiles : exitCodes.done
  if (failed > 0) exitCode = exitCodes.someFilesFailed
  if (signal.aborted) exitCode = exitCodes.interrupted
  else if (endedBy !== null) exitCode = explain(endedBy, directory, url)
  process.stdout.write(`${flags.json === true ? JSON.stringify(summary) : restoreText(summary)}\n`)
  return exitCode
}

function explain(error: unknown, folder: string, url: string): ExitCode {
  if (!(error instanceof EngineError) || error.code === 'keychain_unavailable') throw error
  process.stderr.write(`${runTrouble(error, folder, url)}\n`)
  return exitCodeFor(error.code)
}

/** Lines about single files: as JSON at once, for people at the end and not too many. */
class EventLog {
  readonly #isJson: boolean
  readonly #lines: string[] = []
  readonly #counts = new Map<RestoreEvent['kind'], number>()

  constructor(isJson: boolean) {
    this.#isJson = isJson
  }

  add(event: RestoreEvent): void {
    if (this.#isJson) {
      const { kind, ...facts } = event
      const told = event.kind === 'failed' ? { path: event.path, code: event.error.code } : facts
      process.stdout.write(`${JSON.stringify({ event: kind, ...told })}\n`)
      return
    }
    const count = (this.#counts.get(event.kind) ?? 0) + 1
    this.#counts.set(event.kind, count)
    if (count <= MAX_LINES) this.#lines.push(eventLine(event))
  }

  end(): void {
    const more = [...this.#counts.values()].reduce((sum, count) => sum + Math.max(0, count - MAX_LINES), 0)
    if (more > 0) this.#lines.push(`and ${more.toLocaleString('en')} more; --json tells all`)
    for (const line of this.#lines) process.stderr.write(`${line}\n`)
  }
}
