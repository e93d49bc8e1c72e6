/**
 * One attempt to bring one dropped file into the bucket, under its own name or a free one.
 *
 * B2 is asked what it holds under the name before anything is sent: what is equal is not sent again, and nothing else is
 * replaced unless the person said so.
 */
import { EngineError, isEngineError } from '../../../shared/errors.ts'
import type { RelativePath, RemoteName, UnixMs } from '../../../shared/ids.ts'
import type { SyncFolder } from '../../../shared/model/folder.ts'
import type { B2Client } from '../b2/client.ts'
import { vouchedSha1 } from '../b2/content-sha1.ts'
import { BRIEF } from '../b2/retry.ts'
import type { FileVersion } from '../b2/types.ts'
import type { InTurn } from '../lib/in-turn.ts'
import { toRemoteName } from '../lib/paths.ts'
import type { RemoteEntry } from '../model/agreed.ts'
import type { Drop, DropArrival } from '../model/drop.ts'
import { ROOT_INFO } from '../model/root.ts'
import { statBelow } from '../scan/stat-path.ts'
import type { State } from '../state/state.ts'
import type { Drives } from '../transfer/drives.ts'
import type { Lanes } from '../transfer/lanes.ts'
import type { KnownLarge } from '../transfer/large-file.ts'
import { runUpload, type Known, type UploadInput } from '../transfer/upload.ts'
import { freeNames } from './free-name.ts'
import { assertFreePlace } from './free-place.ts'

export type SendTools = {
  readonly state: State
  readonly b2: B2Client
  readonly lanes: Pick<Lanes, 'parts' | 'partCopies'>
  readonly drives: Drives
  /** Of a file with several names one is sent at a time. */
  readonly links: InTurn
  /** Of two dropped files that would have one name the second finds what the first has made of it. */
  readonly names: InTurn
  readonly folders: () => readonly SyncFolder[]
  readonly signal: AbortSignal
  readonly onProgress: UploadInput['onProgress']
}

/** Throws `would_overwrite` when a hundred names are taken, `place_is_synced`, and what `runUpload` throws. */
export async function sendDrop(drop: Drop, tools: SendTools): Promise<DropArrival> {
  const { place, path } = drop
  const begun = tools.state.dropUploads.find(drop.dropId)?.fileName
  const names = freeNames(toRemoteName(place.prefix, path))
  for (const name of begun === undefined ? names : [begun, ...names]) {
    assertFreePlace(place.bucketId, name, tools.folders())
    const bring = () => bringAs(drop, name as RemoteName, tools)
    const arrival = await tools.names.run(`${place.bucketId}/${name}`, bring, tools.signal)
    if (arrival !== null) return arrival
  }
  throw new EngineError('would_overwrite', 'Every name that was tried is taken')
}

/** Null where the bucket holds something else under the name that is to stay. */
async function bringAs(drop: Drop, fileName: RemoteName, tools: SendTools): Promise<DropArrival | null> {
  const { root, path, place } = drop
  const remote = await lookUp(drop, fileName, tools)
  const mayReplace = place.onConflict === 'replace'
  const isOthers = remote !== undefined && !remote.isOurs && !mayReplace
  // A file of another size needs no reading to be another one.
  const seen = statBelow(root, path)
  if (isOthers && seen.kind === 'file' && seen.fingerprint.sizeBytes !== remote.sizeBytes) return null
  try {
    const { b2, drives, links, signal, onProgress } = tools
    const outcome = await runUpload({
      job: { path, from: null },
      folder: { root, bucketId: place.bucketId, prefix: place.prefix },
      fileName,
      know: () => knownOf(drop, remote, tools),
      b2,
      drives,
      links,
      signal,
      onProgress,
      onPhase: () => undefined,
    })
    if (!('uploadedAt' in outcome)) throw new Error(`An upload of something dropped ended as ${outcome.kind}`)
    const { entry, kind } = outcome
    const wasThere = kind === 'adopted' && remote?.isOurs !== true
    return { fileName, fileId: entry.fileId, sizeBytes: entry.fingerprint.sizeBytes, wasThere }
  } catch (error) {
    if (isEngineError(error, 'would_overwrite')) return null
    throw error
  }
}

/** What the bucket shows under a name now. */
async function lookUp(
  { place: { bucketId }, path, mark }: Drop,
  name: string,
  { b2, signal }: SendTools,
): Promise<RemoteEntry | undefined> {
  // The name itself sorts before every longer one, so it is the first row or it is not there.
  for await (const [first] of b2.listFileNames(bucketId, { prefix: name, pageSize: 1, signal, patience: BRIEF })) {
    return first?.fileName === name ? toRemoteEntry(first, path, mark) : undefined
  }
  return undefined
}

function toRemoteEntry(version: FileVersion, path: RelativePath, mark: string): RemoteEntry {
  return {
    path,
    fileId: version.fileId,
    sha1: vouchedSha1(version),
    sizeBytes: version.contentLength,
    uploadedAt: version.uploadTimestamp as UnixMs,
    // An earlier attempt at this very drop, of whose arrival nobody heard.
    isOurs: version.fileInfo[ROOT_INFO] === mark,
  }
}

function knownOf(drop: Drop, remote: RemoteEntry | undefined, tools: SendTools): Known {
  return {
    base: undefined,
    remote,
    markerId: drop.mark,
    hasSize: () => false,
    listSameContent: () => [],
    isRestless: false,
    isPassedLoss: false,
    large: knownLarge(drop, tools),
    isApprovedOverwrite: () => drop.place.onConflict === 'replace',
  }
}

function knownLarge({ dropId }: Drop, { state, lanes }: SendTools): KnownLarge {
  const { dropUploads } = state
  return {
    // Looked up only for large files, of which there are few.
    get begun() {
      return dropUploads.find(dropId)
    },
    content: undefined,
    onBegun: (begun) => {
      state.transaction(() => dropUploads.add(dropId, begun))
    },
    onWrongHash: () => {
      state.transaction(() => dropUploads.giveUp(dropId))
    },
    takeSlot: (signal) => lanes.parts.take(signal),
    takeCopySlot: (signal) => lanes.partCopies.take(signal),
  }
}
