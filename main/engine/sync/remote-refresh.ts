/** Brings what is known of the bucket up to date: the whole prefix once a start, before any job of a folder; single names after. */
import { Sha1Hex, type FolderId, type RelativePath, type UnixMs } from '../../../shared/ids.ts'
import type { SyncFolder } from '../../../shared/model/folder.ts'
import type { B2Client } from '../b2/client.ts'
import { BRIEF } from '../b2/retry.ts'
import type { FileVersion } from '../b2/types.ts'
import { toRemoteName } from '../lib/paths.ts'
import type { RemoteEntry } from '../model/agreed.ts'
import type { State } from '../state/state.ts'

export class RemoteRefresh {
  readonly #state: State
  readonly #onForgotten: (folderId: FolderId) => void
  readonly #listings = new Map<FolderId, Promise<void>>()
  readonly #listed = new Set<FolderId>()

  /** `onForgotten`: the bucket no longer holds everything that was agreed on, so the folder wants a check. */
  constructor(state: State, onForgotten: (folderId: FolderId) => void) {
    this.#state = state
    this.#onForgotten = onForgotten
  }

  /** Whether what is known of the folder's prefix was listed since the start. */
  isListed(folderId: FolderId): boolean {
    return this.#listed.has(folderId)
  }

  /** Lists the folder's prefix unless that was done since the start; callers at the same time share one listing. */
  async ensureListed(folder: SyncFolder, b2: B2Client, signal: AbortSignal): Promise<void> {
    const { folderId } = folder
    if (this.#listed.has(folderId)) return
    let listing = this.#listings.get(folderId)
    if (listing === undefined) {
      listing = this.#listAll(folder, b2, signal).finally(() => this.#listings.delete(folderId))
      this.#listings.set(folderId, listing)
    }
    await listing
  }

  /** Asks what the bucket holds under one name now. */
  async refreshName(folder: SyncFolder, path: RelativePath, b2: B2Client, signal: AbortSignal): Promise<void> {
    const name = toRemoteName(folder.prefix, path)
    let found: RemoteEntry | null = null
    // The name itself sorts before every longer one, so it is the first row or it is not there.
    for await (const page of b2.listFileNames(folder.bucketId, {
      prefix: name,
      pageSize: 1,
      signal,
      patience: BRIEF,
    })) {
      const first = page[0]
      if (first?.fileName === name) found = toRemoteEntry(folder, first)
      break
    }
    this.#state.transaction(() => {
      if (found === null) this.#state.remote.forget(folder.folderId, path)
      else this.#state.remote.put(folder.folderId, found)
    })
  }

  async #listAll(folder: SyncFolder, b2: B2Client, signal: AbortSignal): Promise<void> {
    const { folderId, bucketId, prefix } = folder
    this.#state.beginListing(folderId)
    for await (const page of b2.listFileNames(bucketId, { prefix, signal, patience: BRIEF })) {
      const entries = page.map((version) => toRemoteEntry(folder, version)).filter((entry) => entry !== null)
      this.#state.recordListed(folderId, entries)
    }
    const forgotten = this.#state.endListing(folderId)
    this.#listed.add(folderId)
    if (forgotten > 0) this.#onForgotten(folderId)
  }
}

/** Null for a name that is just the prefix: a marker for the "folder" itself. */
function toRemoteEntry(folder: SyncFolder, version: FileVersion): RemoteEntry | null {
  const path = version.fileName.slice(folder.prefix.length)
  if (path === '') return null
  // Large files carry no SHA-1 of B2's; `unverified:` ones are somebody's word for it, so both count as unknown,
  // unless the uploader has left the hash of the whole.
  const sha1 =
    Sha1Hex.safeParse(version.contentSha1).data ?? Sha1Hex.safeParse(version.fileInfo['large_file_sha1']).data
  return {
    path: path as RelativePath,
    fileId: version.fileId,
    sha1: sha1 ?? null,
    sizeBytes: version.contentLength,
    uploadedAt: version.uploadTimestamp as UnixMs,
  }
}
