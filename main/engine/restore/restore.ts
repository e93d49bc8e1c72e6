/**
 * Brings what a bucket holds under a prefix into a folder.
 *
 * First the listing, page by page, and what is at each place here: that says what is to be downloaded, what is here
 * already and what is in the way, and whether the disk has room. Then the downloads, many at once. A run that ended early
 * is simply made again: what it has finished is found to be here, and large files go on where they were.
 */
import { statfsSync } from 'node:fs'
import { EngineError, isEngineError, type ErrorCode } from '../../../shared/errors.ts'
import type { AbsolutePath, RelativePath } from '../../../shared/ids.ts'
import type { B2Client } from '../b2/client.ts'
import { MAX_LIST_PAGE } from '../b2/limits.ts'
import { joinSignals } from '../lib/joined-signal.ts'
import { Slots } from '../lib/slots.ts'
import type { Observation } from '../model/entry.ts'
import { ROOT_INFO } from '../model/root.ts'
import { isInSharePlace } from '../model/share-place.ts'
import { readMarker, writeMarker } from '../scan/root-marker.ts'
import { decide, isNewer, type Blocker } from './decide.ts'
import { fetchInRanges, fetchWhole, isInOnePiece, type Fetching } from './fetch.ts'
import { NameMap, nameRulesOf } from './names.ts'
import { sha1OfFile } from './read-file.ts'
import { Staging } from './staging.ts'
import { isHereAsItIs, Target } from './target.ts'
import { wantedFrom, WantedList, type WantedFile } from './wanted.ts'

/** What was found about one file. Paths are those here; names those in the bucket, below the prefix. */
export type RestoreEvent =
  /** The disk cannot hold the name as it is. */
  | { readonly kind: 'mapped'; readonly name: string; readonly path: string }
  /** Another file is here and stays; `isNewer` than the one in the bucket. */
  | { readonly kind: 'kept'; readonly path: string; readonly isNewer: boolean }
  /** Something that is no file is here and stays. */
  | { readonly kind: 'blocked'; readonly path: string; readonly by: Blocker }
  | { readonly kind: 'failed'; readonly path: string; readonly error: EngineError }
  /** Restored, but nobody vouches for its bytes. */
  | { readonly kind: 'unverified'; readonly path: string }

export type RestoreProgress = {
  readonly isListing: boolean
  readonly filesDone: number
  readonly files: number
  readonly bytesDone: number
  readonly bytes: number
}

export type RestoreOptions = {
  readonly b2: B2Client
  readonly bucketId: string
  /** Empty, or with a slash at its end. */
  readonly prefix: string
  /** An existing directory. */
  readonly root: AbsolutePath
  readonly overwrites: boolean
  /** Downloads at once. */
  readonly downloads: number
  /** The folder may be known to sync as the one that the files came from. */
  readonly continuesFolder: boolean
  readonly signal: AbortSignal
  readonly onEvent: (event: RestoreEvent) => void
  readonly onProgress: (progress: RestoreProgress) => void
}

export type RestoreResult = {
  readonly restored: number
  readonly unchanged: number
  readonly kept: number
  readonly mapped: number
  readonly unverified: number
  /** Blocked ones, and those that never came to be tried, among them. */
  readonly failed: number
  readonly bytesDownloaded: number
  /** The marker of the folder that the files came from was written. */
  readonly continuesFolder: boolean
  /** What ended the run early; null where nothing did. The reason of the signal where that was it. */
  readonly endedBy: unknown
}

/** Failures that concern one file; all others end the run. */
const OF_ONE_FILE: readonly ErrorCode[] = [
  'checksum_mismatch',
  'not_found',
  'b2_refused',
  'file_unreadable',
  'name_not_allowed',
  'would_overwrite',
]

/** Blocks of a disk that nobody describes. */
const USUAL_BLOCK_BYTES = 4096

/**
 * Runs until everything is here, something concerns all of it, or the signal is aborted; what ended it is in the result.
 * Throws `not_found` when there is nothing under the prefix, `disk_full` (details: neededBytes, freeBytes) before anything
 * is downloaded, what `Staging` throws, and what the listing throws.
 */
export async function restore(options: RestoreOptions): Promise<RestoreResult> {
  const staging = new Staging(options.root)
  const run = new Run(options, staging)
  let isComplete = false
  try {
    await run.list()
    run.assertRoom()
    const result = await run.download()
    isComplete = result.endedBy === null && result.failed === 0
    return result
  } finally {
    staging.close(isComplete)
  }
}

class Run {
  readonly #options: RestoreOptions
  readonly #staging: Staging
  readonly #target: Target
  readonly #todo = new WantedList()
  readonly #count = { files: 0, restored: 0, unchanged: 0, kept: 0, mapped: 0, unverified: 0, bytesDownloaded: 0 }
  /** What is to be downloaded, and how much of it is here. */
  #bytes = 0
  #bytesDone = 0
  /** Room that will be taken, in whole blocks. */
  #neededBytes = 0
  /** The roots that the versions say they came from; two are as good as more. */
  readonly #rootIds = new Set<string>()

  constructor(options: RestoreOptions, staging: Staging) {
    this.#options = options
    this.#staging = staging
    this.#target = new Target(options.root)
  }

  /** Lists the prefix and compares it with what is here. */
  async list(): Promise<void> {
    const { b2, bucketId, prefix, root, signal } = this.#options
    const { type, bsize } = statfsSync(root)
    const blockBytes = bsize || USUAL_BLOCK_BYTES
    const names = new NameMap(nameRulesOf(process.platform, type))
    const markerId = readMarker(root)
    for await (const page of b2.listFileNames(bucketId, { prefix, pageSize: MAX_LIST_PAGE, signal })) {
      const todo: WantedFile[] = []
      // What was made for links is nobody's file, but where a person asks for just that.
      const files = page.filter(({ fileName }) => !isInSharePlace(fileName.slice(prefix.length)))
      for (const version of files) {
        const rootId = version.fileInfo[ROOT_INFO] ?? ''
        if (this.#rootIds.size < 2) this.#rootIds.add(rootId)
        const path = this.#place(version.fileName.slice(prefix.length), names, rootId === markerId)
        if (path === null) continue
        const wanted = wantedFrom(version, path)
        if (this.#judge(wanted, blockBytes)) todo.push(wanted)
      }
      this.#todo.add(todo)
      this.#count.files += files.length
      this.#tell(true)
    }
    if (this.#count.files === 0) throw new EngineError('not_found', 'Nothing under the prefix')
  }

  /**
   * The path of a name here. `isOwn`: this folder is synced, and the file came from it, so under another name it would be
   * renamed in the bucket; null where that is so.
   */
  #place(name: string, names: NameMap, isOwn: boolean): RelativePath | null {
    const { path, isMapped } = names.map(name)
    if (!isMapped) return path
    const { root, onEvent } = this.#options
    if (isOwn && isHereAsItIs(root, name, names.rules)) return name as RelativePath
    if (isOwn && this.#target.look(path).kind === 'absent') {
      const error = new EngineError('name_not_allowed', 'Sync would rename it in the bucket', { path })
      onEvent({ kind: 'failed', path: name, error })
      return null
    }
    this.#count.mapped += 1
    onEvent({ kind: 'mapped', name, path })
    return path
  }

  /** Throws `disk_full` where what is wanted is more than there is room for. */
  assertRoom(): void {
    const { bavail, bsize } = statfsSync(this.#options.root)
    const freeBytes = bavail * bsize
    if (this.#neededBytes <= freeBytes) return
    throw new EngineError('disk_full', 'Not enough room', { neededBytes: this.#neededBytes, freeBytes })
  }

  /** Downloads what is to be downloaded. */
  async download(): Promise<RestoreResult> {
    const { root, downloads, signal: asked, continuesFolder } = this.#options
    const broken = new AbortController()
    const { signal, release: letGo } = joinSignals(asked, broken.signal)
    const slots = new Slots(downloads)
    const fetching: Fetching = {
      b2: this.#options.b2,
      slots,
      staging: this.#staging,
      target: this.#target,
      signal,
      onBytes: (bytes) => {
        this.#bytesDone += bytes
        this.#count.bytesDownloaded += Math.max(0, bytes)
        this.#tell(false)
      },
    }
    const running = new Set<Promise<void>>()
    const start = (work: Promise<void>): void => {
      const tracked = work
        .catch((error: unknown) => broken.abort(error))
        .finally(() => {
          running.delete(tracked)
        })
      running.add(tracked)
    }
    try {
      for (const wanted of this.#todo) {
        if (isInOnePiece(wanted)) {
          const release = await slots.take(signal)
          start(this.#bring(fetching, wanted, () => undefined).finally(release))
        } else
          await new Promise<void>((onStarted) => start(this.#bring(fetching, wanted, onStarted).finally(onStarted)))
        signal.throwIfAborted()
      }
    } catch (error) {
      broken.abort(error)
    }
    await Promise.all(running)
    letGo()
    this.#target.flush()
    const { files, ...counts } = this.#count
    const failed = files - counts.restored - counts.unchanged - counts.kept
    const isContinued = continuesFolder && failed === 0 && this.#continueFolder(root)
    return { ...counts, failed, continuesFolder: isContinued, endedBy: signal.aborted ? signal.reason : null }
  }

  /** True when something is to be done about a file; counts and tells what is not. */
  #judge(wanted: WantedFile, blockBytes: number): boolean {
    const { overwrites } = this.#options
    const decision = decide(wanted, this.#target.look(wanted.path), overwrites)
    switch (decision.kind) {
      case 'unchanged':
        this.#count.unchanged += 1
        return false
      case 'kept':
        this.#keep(wanted, decision.isNewer)
        return false
      case 'blocked':
        this.#options.onEvent({ kind: 'blocked', path: wanted.path, by: decision.by })
        return false
      case 'compare':
        // As a rule it is the same.
        return true
      case 'download':
        this.#bytes += wanted.sizeBytes
        this.#neededBytes += Math.ceil(wanted.sizeBytes / blockBytes) * blockBytes - this.#staging.sizeOf(wanted.fileId)
        return true
    }
  }

  /** Restores one file; what concerns only this one is told, all else thrown. */
  async #bring(fetching: Fetching, wanted: WantedFile, onStarted: () => void): Promise<void> {
    try {
      const found = this.#target.look(wanted.path)
      const decision = await this.#decide(wanted, found, fetching.signal)
      if (decision === 'unchanged') this.#count.unchanged += 1
      else if (decision === 'kept') this.#keep(wanted, found.kind === 'file' && isNewer(found.fingerprint, wanted))
      else {
        await (isInOnePiece(wanted)
          ? fetchWhole(fetching, { wanted, found })
          : fetchInRanges(fetching, { wanted, found }, onStarted))
        this.#count.restored += 1
        if (wanted.sha1 === null && wanted.sizeBytes > 0) {
          this.#count.unverified += 1
          this.#options.onEvent({ kind: 'unverified', path: wanted.path })
        }
      }
    } catch (error) {
      if (isEngineError(error, 'file_changed_while_reading')) this.#keep(wanted, true)
      else if (!isEngineError(error, ...OF_ONE_FILE)) throw error
      else this.#options.onEvent({ kind: 'failed', path: wanted.path, error })
    }
    this.#tell(false)
  }

  /** Looks once more: much may have happened since the listing. */
  async #decide(
    wanted: WantedFile,
    found: Observation,
    signal: AbortSignal,
  ): Promise<'download' | 'unchanged' | 'kept'> {
    const { overwrites, root } = this.#options
    const decision = decide(wanted, found, overwrites)
    switch (decision.kind) {
      case 'blocked':
        throw new EngineError('would_overwrite', 'Something is in the way', { path: wanted.path })
      case 'compare': {
        const isSame = (await sha1OfFile(root, wanted.path, signal)) === wanted.sha1
        if (isSame) return 'unchanged'
        return overwrites ? 'download' : 'kept'
      }
      case 'download':
      case 'unchanged':
      case 'kept':
        return decision.kind
    }
  }

  #keep({ path }: WantedFile, isNewer: boolean): void {
    this.#count.kept += 1
    this.#options.onEvent({ kind: 'kept', path, isNewer })
  }

  /**
   * Gives the folder the marker of the one that all files came from, so that sync goes on with it as with the old one.
   * Not where it has one already: then it is a folder of its own.
   */
  #continueFolder(root: AbsolutePath): boolean {
    const [id = ''] = this.#rootIds
    // To sync, a name that is another one here is a file that was renamed.
    if (this.#count.mapped > 0) return false
    // Anybody may have written anything there.
    if (this.#rootIds.size !== 1 || !/^[0-9a-f-]{36}$/.test(id) || readMarker(root) !== null) return false
    return writeMarker(root, id) !== null
  }

  #tell(isListing: boolean): void {
    const { files, restored, unchanged, kept } = this.#count
    const filesDone = isListing ? 0 : restored + unchanged + kept
    this.#options.onProgress({ isListing, filesDone, files, bytesDone: this.#bytesDone, bytes: this.#bytes })
  }
}
