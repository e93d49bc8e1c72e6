/** Makes true what a link promises: waits for its file, has a copy made, lists a folder, or sends a file. */
import { EngineError } from '../../../shared/errors.ts'
import type { AbsolutePath, RelativePath } from '../../../shared/ids.ts'
import type { CallOptions } from '../b2/call.ts'
import type { B2Client } from '../b2/client.ts'
import type { Clock } from '../lib/clock.ts'
import { isInSharePlace } from '../model/share-place.ts'
import type { StoredLink } from '../model/link.ts'
import type { State } from '../state/state.ts'
import { addressesBelow, type LinkBucket } from './address.ts'
import { folderPage, type PageFile } from './folder-page.ts'
import { makeCopy, makePage, makeUpload } from './link-versions.ts'
import type { TargetSources } from './link-targets.ts'
import { lastPart } from './object-url.ts'
import { lookAtName } from './siblings.ts'

/** A page of more is of no use to anybody, and takes seconds to open. */
const MOST_FILES = 10_000

export type LinkWork = {
  readonly state: State
  readonly sources: TargetSources
  readonly b2: B2Client
  readonly call: CallOptions
  readonly clock: Clock
}

/**
 * `ready`: it works now. `waiting`: for a file that is still on its way. Throws `not_found` for what is gone, and what the
 * client throws.
 */
export async function workOn(link: StoredLink, work: LinkWork): Promise<'ready' | 'waiting'> {
  const making = { ...work, link }
  switch (link.behind) {
    case 'original':
      return isComing(link, work) ? 'waiting' : await assertShown(link, work)
    case 'copy': {
      if (isComing(link, work)) return 'waiting'
      const { shown } = await lookAtName(work.b2, link.bucketId, link.shared, work.call)
      if (shown === null) throw new EngineError('not_found', 'The bucket does not hold this file')
      await makeCopy(making, shown)
      return 'ready'
    }
    case 'upload':
      await makeUpload(making, link.shared as AbsolutePath)
      return 'ready'
    case 'index': {
      const isMade = work.state.links.listVersions(link.linkId).some(({ fileId }) => fileId !== null)
      if (!isMade) await remakePage(link, work)
      return comingBelow(link, work.state).length > 0 ? 'waiting' : 'ready'
    }
  }
}

/** The page of a folder once more, as that is now; the one before is removed then. */
export async function remakePage(link: StoredLink, work: LinkWork): Promise<void> {
  await makePage({ ...work, link }, await pageOf(link, work))
}

/** Whether the file of a link is still to be sent, as far as is known here. */
function isComing({ folderId, path }: StoredLink, { state, sources }: LinkWork): boolean {
  const folder = folderId === null ? undefined : state.folders.find(folderId)
  if (folder === undefined || path === null) return false
  switch (sources.explain(folder, path).kind) {
    case 'settling':
    case 'waiting':
    case 'sending':
    case 'put-off':
    case 'paused':
    case 'out-of-hours':
    case 'unknown':
      return true
    // It may be sent yet, when a person has seen to it.
    case 'blocked':
      return state.remote.find(folder.folderId, path) === undefined
    default:
      return false
  }
}

async function assertShown(link: StoredLink, { b2, call }: LinkWork): Promise<'ready'> {
  const { shown } = await lookAtName(b2, link.bucketId, link.name, call)
  if (shown === null) throw new EngineError('not_found', 'The bucket does not hold this file')
  return 'ready'
}

/** Files below a shared folder that are still to be sent: their names below it. */
function comingBelow({ folderId, shared }: StoredLink, state: State): readonly string[] {
  const folder = folderId === null ? undefined : state.folders.find(folderId)
  if (folder === undefined) return []
  const start = shared.slice(folder.prefix.length)
  return state.links
    .listPathsBeginning(folder.folderId, start, 'coming')
    .filter((path) => !isInSharePlace(path))
    .map((path) => path.slice(start.length))
}

async function pageOf(link: StoredLink, work: LinkWork): Promise<string> {
  const { state, sources } = work
  const bucket: LinkBucket = { ...link, origin: sources.originFor(link.bucketId) }
  const sizes = await listBelow(link, work)
  for (const path of comingBelow(link, state)) if (!sizes.has(path)) sizes.set(path, null)
  if (sizes.size === 0) throw new EngineError('not_found', 'The folder holds no file')
  const secondsLeft =
    link.expiresAt === null ? link.validSeconds : Math.ceil((link.expiresAt - work.clock.now()) / 1000)
  // More than it was made for is left where the clock was set back, and may be more than B2 takes.
  const seconds = Math.min(link.validSeconds, Math.max(1, secondsLeft))
  const addressFor = addressesBelow(bucket, link.shared, seconds, work)
  const files: PageFile[] = []
  for (const [path, sizeBytes] of sizes) {
    // Browsers alter such names, so no address leads to them.
    if (path.split('/').some((part) => part === '.' || part === '..')) continue
    files.push({ path, sizeBytes, url: await addressFor(`${link.shared}${path}`) })
  }
  return folderPage(lastPart(link.shared), files)
}

/** What a shared folder holds, by its name below it, and how large. Throws `link_too_many_files` (details: limit). */
async function listBelow(
  { bucketId, shared }: StoredLink,
  { b2, call }: LinkWork,
): Promise<Map<string, number | null>> {
  const sizes = new Map<string, number | null>()
  for await (const page of b2.listFileNames(bucketId, { ...call, prefix: shared })) {
    for (const { fileName, contentLength } of page) {
      const path = fileName.slice(shared.length)
      // An object of the folder's own name, and one that keeps it where it is empty, are no files to a person.
      if (path === '' || path.endsWith('/') || lastPart(path) === '.bzEmpty' || isInSharePlace(fileName)) continue
      sizes.set(path, contentLength)
    }
    if (sizes.size > MOST_FILES) {
      throw new EngineError('link_too_many_files', 'Too many files for one page', { limit: MOST_FILES })
    }
  }
  return sizes
}

/** Paths of a link's folder whose transfers go first. */
export function pathsToHurry(link: StoredLink, state: State): readonly RelativePath[] {
  const folder = link.folderId === null ? undefined : state.folders.find(link.folderId)
  if (folder === undefined || link.behind === 'upload') return []
  if (link.path !== null && !link.isFolder) return [link.path]
  const start = link.shared.slice(folder.prefix.length)
  return comingBelow(link, state).map((path) => `${start}${path}` as RelativePath)
}
