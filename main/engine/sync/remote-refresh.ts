/**
 * Keeps what is known of the bucket fresh: the whole prefix when a folder is first synced, once a day, when somebody asks,
 * and in any case in this run before anything is hidden; single names where an attempt's end is not known.
 *
 * The listing of the day, which nobody waits for, is one of all versions: it says what is visible just as well, and how much
 * is stored besides.
 */
import { isEngineError } from '../../../shared/errors.ts'
import type { FolderId, RelativePath, UnixMs } from '../../../shared/ids.ts'
import type { SyncFolder } from '../../../shared/model/folder.ts'
import type { B2Client } from '../b2/client.ts'
import { vouchedSha1 } from '../b2/content-sha1.ts'
import { BRIEF } from '../b2/retry.ts'
import type { FileVersion } from '../b2/types.ts'
import type { Clock } from '../lib/clock.ts'
import { toRemoteName } from '../lib/paths.ts'
import type { RemoteEntry } from '../model/agreed.ts'
import { isInSharePlace } from '../model/share-place.ts'
import { ROOT_INFO } from '../model/root.ts'
import type { State } from '../state/state.ts'
import { VersionTally } from './version-tally.ts'

/**
 * A listing costs one class C call for each thousand names; 2,500 calls a day are free. So a day is what two million files
 * may cost nothing at (https://www.backblaze.com/cloud-storage/transaction-pricing).
 */
const LISTING_AGE_MS = 86_400_000

/** What else is stored is counted for the first time so long after the first listing: by then the first sync is on its way. */
const FIRST_COUNT_MS = 1_800_000

/** More old versions than files, and than this: each listing of them is mostly theirs, and once a week has to do. */
const MANY_OLD_VERSIONS = 10_000
const RARE_COUNT_MS = 7 * LISTING_AGE_MS

/** The parts of so many unfinished files are asked for, one call for each. There is hardly ever more than one. */
const MOST_UNFINISHED = 50

export type RemoteRefreshOptions = {
  readonly state: State
  readonly clock: Clock
  /** The bucket no longer holds everything that was agreed on, so the folder wants a check. */
  readonly onForgotten: (folderId: FolderId) => void
}

export class RemoteRefresh {
  readonly #options: RemoteRefreshOptions
  /** Listings under way, by folder and prefix. */
  readonly #listings = new Map<string, Promise<void>>()
  /** Folders that were listed in this run. */
  readonly #listed = new Set<FolderId>()

  constructor(options: RemoteRefreshOptions) {
    this.#options = options
  }

  /** Whether the folder's prefix was ever listed completely. */
  isKnown(folderId: FolderId): boolean {
    return this.#listedAt(folderId) !== null
  }

  /** Whether what is known is too old. */
  isStale(folderId: FolderId): boolean {
    const { clock } = this.#options
    const listedAt = this.#listedAt(folderId)
    // A time ahead was noted by a clock that has been set back since.
    return listedAt === null || Math.abs(clock.now() - listedAt) > LISTING_AGE_MS
  }

  /** Whether the prefix should be listed although nobody waits for it. */
  isDue(folderId: FolderId): boolean {
    return this.isStale(folderId) || this.#isCountDue(folderId)
  }

  /** The next `ensure` lists the prefix again, whatever is known. */
  forget(folderId: FolderId): void {
    const { state } = this.#options
    this.#listed.delete(folderId)
    state.transaction(() => {
      state.folders.setListed(folderId, null)
    })
  }

  /** Lists the folder's prefix where what is known is too old. */
  async ensureKnown(folder: SyncFolder, b2: B2Client, signal: AbortSignal): Promise<void> {
    if (this.isStale(folder.folderId)) await this.#list(folder, b2, signal)
  }

  /** Lists the folder's prefix where that is due, with all versions where those should be counted. */
  async refresh(folder: SyncFolder, b2: B2Client, signal: AbortSignal): Promise<void> {
    if (this.isDue(folder.folderId)) await this.#list(folder, b2, signal, this.#isCountDue(folder.folderId))
  }

  /** Lists the folder's prefix unless that was done in this run: an old database may know what is true no longer. */
  async ensureListedInThisRun(folder: SyncFolder, b2: B2Client, signal: AbortSignal): Promise<void> {
    if (!this.#listed.has(folder.folderId)) await this.#list(folder, b2, signal)
  }

  /** Asks what the bucket holds under one name now. */
  async refreshName(folder: SyncFolder, path: RelativePath, b2: B2Client, signal: AbortSignal): Promise<void> {
    const { state } = this.#options
    const name = toRemoteName(folder.prefix, path)
    const { identity } = state.folders.memory(folder.folderId)
    let found: RemoteEntry | null = null
    // The name itself sorts before every longer one, so it is the first row or it is not there.
    for await (const page of b2.listFileNames(folder.bucketId, {
      prefix: name,
      pageSize: 1,
      signal,
      patience: BRIEF,
    })) {
      const first = page[0]
      if (first?.fileName === name) found = toRemoteEntry(folder, first, identity?.markerId ?? null)
      break
    }
    state.transaction(() => {
      if (found === null) state.remote.forget(folder.folderId, path)
      else state.remote.put(folder.folderId, found)
    })
  }

  #listedAt(folderId: FolderId): UnixMs | null {
    return this.#options.state.folders.memory(folderId).listedAt
  }

  /** Never before the prefix was listed once: a first sync waits for that. */
  #isCountDue(folderId: FolderId): boolean {
    const { state, clock } = this.#options
    const listedAt = this.#listedAt(folderId)
    if (listedAt === null) return false
    const { countedAt, current, old } = state.stored.of(folderId)
    if (countedAt === null) return Math.abs(clock.now() - listedAt) > FIRST_COUNT_MS
    const isMostlyOld = old.files > Math.max(current.files, MANY_OLD_VERSIONS)
    return Math.abs(clock.now() - countedAt) > (isMostlyOld ? RARE_COUNT_MS : LISTING_AGE_MS)
  }

  /** Callers at the same time share one listing. */
  async #list(folder: SyncFolder, b2: B2Client, signal: AbortSignal, isCounting = false): Promise<void> {
    const key = `${folder.folderId}:${folder.prefix}`
    let listing = this.#listings.get(key)
    if (listing === undefined) {
      listing = this.#listAll(folder, b2, signal, isCounting).finally(() => this.#listings.delete(key))
      this.#listings.set(key, listing)
    }
    await listing
  }

  async #listAll(folder: SyncFolder, b2: B2Client, signal: AbortSignal, isCounting: boolean): Promise<void> {
    const { state, clock, onForgotten } = this.#options
    const { folderId, bucketId, prefix } = folder
    const markerId = state.folders.memory(folderId).identity?.markerId ?? null
    const tally = isCounting ? new VersionTally() : null
    const how = { prefix, signal, patience: BRIEF }
    state.beginListing(folderId)
    for await (const page of isCounting ? b2.listFileVersions(bucketId, how) : b2.listFileNames(bucketId, how)) {
      this.#assertStillAt(folder)
      // What was made for links belongs to no folder, wherever below it that lies.
      const own = page.filter(({ fileName }) => !isInSharePlace(fileName.slice(prefix.length)))
      const entries = (tally?.read(own) ?? own)
        .map((version) => toRemoteEntry(folder, version, markerId))
        .filter((entry) => entry !== null)
      state.recordListed(folderId, entries)
    }
    const count = tally === null ? undefined : { old: tally.old, unfinished: await unfinishedOf(tally, b2, signal) }
    this.#assertStillAt(folder)
    const forgotten = state.endListing(folderId, clock.now(), count)
    this.#listed.add(folderId)
    if (forgotten > 0) onForgotten(folderId)
  }

  /** What a listing finds says nothing of the place where the folder goes on meanwhile. */
  #assertStillAt({ folderId, prefix }: SyncFolder): void {
    if (this.#options.state.folders.find(folderId)?.prefix === prefix) return
    throw new DOMException('The folder is at another place in the bucket', 'AbortError')
  }
}

/** Null for a name that is just the prefix: a marker for the "folder" itself. */
function toRemoteEntry(folder: SyncFolder, version: FileVersion, markerId: string | null): RemoteEntry | null {
  const path = version.fileName.slice(folder.prefix.length)
  if (path === '') return null
  return {
    path: path as RelativePath,
    fileId: version.fileId,
    sha1: vouchedSha1(version),
    sizeBytes: version.contentLength,
    uploadedAt: version.uploadTimestamp as UnixMs,
    isOurs: markerId !== null && version.fileInfo[ROOT_INFO] === markerId,
  }
}

/** What B2 holds of files that were not finished. One that is finished or cancelled meanwhile holds nothing any more. */
async function unfinishedOf({ unfinished }: VersionTally, b2: B2Client, signal: AbortSignal) {
  const found: { readonly fileId: string; readonly sizeBytes: number }[] = []
  for (const fileId of unfinished.slice(0, MOST_UNFINISHED)) {
    try {
      let sizeBytes = 0
      for await (const page of b2.listParts(fileId, { signal, patience: BRIEF })) {
        sizeBytes += page.reduce((sum, { contentLength }) => sum + contentLength, 0)
      }
      found.push({ fileId, sizeBytes })
    } catch (error) {
      if (!isEngineError(error, 'not_found', 'b2_refused', 'capability_missing')) throw error
    }
  }
  return found
}
