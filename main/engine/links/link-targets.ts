/** What a link is asked for, found out from the disk and the records: which bucket, which name, and whether it is there. */
import { lstatSync, realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { EngineError, type ErrorCode } from '../../../shared/errors.ts'
import type { AbsolutePath, RelativePath } from '../../../shared/ids.ts'
import type { Explanation } from '../../../shared/model/explanation.ts'
import type { SyncFolder } from '../../../shared/model/folder.ts'
import type { LinkTarget } from '../../../shared/model/link.ts'
import type { CallOptions } from '../b2/call.ts'
import type { B2Client } from '../b2/client.ts'
import { toRelative, toRemoteName, type DirectoryPath } from '../lib/paths.ts'
import type { State } from '../state/state.ts'
import type { LinkBucket } from './address.ts'
import { parseObjectUrl } from './object-url.ts'

export type TargetSources = {
  readonly state: State
  /** How a path of a folder stands, by the disk and the records. */
  readonly explain: (folder: SyncFolder, path: RelativePath) => Explanation
  /** How addresses of a bucket begin instead of as B2 says. */
  readonly originFor: (bucketId: string) => string | null
}

type InFolder = { readonly folder: SyncFolder | null; readonly path: RelativePath | null }

/** `outside`: a file that only an upload of its own would bring into a bucket. */
export type ResolvedTarget =
  | (InFolder & {
      readonly kind: 'file'
      readonly bucket: LinkBucket
      readonly name: string
      readonly isComing: boolean
    })
  | (InFolder & { readonly kind: 'folder'; readonly bucket: LinkBucket; readonly name: string })
  | { readonly kind: 'outside'; readonly bucket: LinkBucket; readonly file: AbsolutePath; readonly sizeBytes: number }

/** Whether folders with these roots know of a target: it is below one of them, there or not, or is no local one. */
export function isKnownHere(target: LinkTarget, roots: readonly AbsolutePath[]): boolean {
  if (target.kind !== 'local') return true
  const path = canonicalPath(target.path)
  return roots.some((root) => toRelative(root, path) !== null)
}

/**
 * Throws `not_found` for what is not there, the code of what keeps a file from being sent, `link_outside` for a directory in
 * no folder, `link_no_place` where there is no bucket for what is outside, `bad_request`, `bucket_missing`.
 */
export async function resolveTarget(
  target: LinkTarget,
  sources: TargetSources,
  b2: B2Client,
  call: CallOptions,
): Promise<ResolvedTarget> {
  switch (target.kind) {
    case 'object':
      return resolveObject(target.url, sources, b2, call)
    case 'file': {
      const folder = sources.state.folders.find(target.folderId)
      if (folder === undefined) throw new EngineError('not_found', `No folder ${target.folderId}`)
      return resolveInFolder(folder, target.path, sources)
    }
    case 'local':
      return resolveLocal(target.path, sources)
  }
}

async function resolveObject(
  url: string,
  { state, originFor }: TargetSources,
  b2: B2Client,
  call: CallOptions,
): Promise<ResolvedTarget> {
  const { bucketName, name } = parseObjectUrl(url)
  const known = state.folders.list().find((folder) => folder.bucketName === bucketName)
  const bucket = known ?? (await b2.findBucketByName(bucketName, call))
  if (bucket === undefined) throw new EngineError('bucket_missing', `No bucket ${bucketName}`, { bucketName })
  const linked = toLinkBucket(bucket, originFor)
  const isFolder = name === '' || name.endsWith('/') || (await isFolderName(b2, bucket.bucketId, name, call))
  const at = { folder: null, path: null, bucket: linked }
  if (!isFolder) return { kind: 'file', ...at, name, isComing: false }
  return { kind: 'folder', ...at, name: name === '' || name.endsWith('/') ? name : `${name}/` }
}

/** A name of no file, below which there are some. */
async function isFolderName(b2: B2Client, bucketId: string, name: string, call: CallOptions): Promise<boolean> {
  for await (const [first] of b2.listFileNames(bucketId, { ...call, prefix: name, pageSize: 1 })) {
    if (first?.fileName === name) return false
    break
  }
  for await (const _ of b2.listFileNames(bucketId, { ...call, prefix: `${name}/`, pageSize: 1 })) return true
  return false
}

function resolveLocal(given: AbsolutePath, sources: TargetSources): ResolvedTarget {
  const file = canonicalFile(given)
  const found = sources.state.folders
    .list()
    .map((folder) => ({ folder, path: toRelative(folder.root, file) }))
    .filter((each): each is { folder: SyncFolder; path: DirectoryPath } => each.path !== null)
    .toSorted((a, b) => b.folder.root.length - a.folder.root.length)
    .at(0)
  if (found === undefined) return resolveOutside(file, null, sources)
  const { folder, path } = found
  if (path === '') return shareFolder(folder, null, sources)
  return resolveInFolder(folder, path, sources)
}

/** As the file system knows it, as far as that is there; a link at the very end is not followed. */
function canonicalPath(given: AbsolutePath): AbsolutePath {
  try {
    return join(realpathSync(dirname(given)), basename(given)) as AbsolutePath
  } catch {
    return given
  }
}

function canonicalFile(given: AbsolutePath): AbsolutePath {
  const path = canonicalPath(given)
  try {
    lstatSync(path)
    return path
  } catch (cause) {
    throw new EngineError('not_found', 'Nothing is there', {}, { cause })
  }
}

function resolveInFolder(folder: SyncFolder, path: RelativePath, sources: TargetSources): ResolvedTarget {
  const there = (isComing: boolean): ResolvedTarget => ({
    kind: 'file',
    folder,
    path,
    bucket: toLinkBucket(folder, sources.originFor),
    name: toRemoteName(folder.prefix, path),
    isComing,
  })
  const why = sources.explain(folder, path)
  switch (why.kind) {
    case 'directory':
      return shareFolder(folder, path, sources)
    case 'in-sync':
    case 'leaving':
    case 'kept':
    case 'not-there':
      return there(false)
    case 'settling':
    case 'waiting':
    case 'sending':
    case 'put-off':
    case 'paused':
    case 'out-of-hours':
    case 'unknown':
      return there(true)
    case 'ignored':
    case 'skipped':
      return resolveOutside(join(folder.root, ...path.split('/')) as AbsolutePath, folder, sources)
    case 'blocked':
      return whatIsThereOf(folder, path, why.code, sources.state, there)
  }
}

/** What cannot be sent now may be in the bucket from before. */
function whatIsThereOf(
  { folderId }: SyncFolder,
  path: RelativePath,
  code: ErrorCode,
  state: State,
  there: (isComing: boolean) => ResolvedTarget,
): ResolvedTarget {
  if (state.remote.find(folderId, path) === undefined) throw new EngineError(code, 'The file cannot be sent')
  return there(false)
}

function shareFolder(folder: SyncFolder, path: RelativePath | null, { originFor }: TargetSources): ResolvedTarget {
  const name = path === null ? folder.prefix : `${toRemoteName(folder.prefix, path)}/`
  return { kind: 'folder', folder, path, bucket: toLinkBucket(folder, originFor), name }
}

function resolveOutside(file: AbsolutePath, within: SyncFolder | null, sources: TargetSources): ResolvedTarget {
  const stats = lstatSync(file)
  if (!stats.isFile()) throw new EngineError('link_outside', 'Not a file, and in no sync folder')
  const folders = sources.state.folders.list()
  // Where it would be public for as long as it is there, it is only sent for want of another bucket.
  const bucket = within ?? folders.find(({ bucketType }) => bucketType !== 'allPublic') ?? folders.at(0)
  if (bucket === undefined) throw new EngineError('link_no_place', 'No bucket is in use')
  return { kind: 'outside', bucket: toLinkBucket(bucket, sources.originFor), file, sizeBytes: stats.size }
}

function toLinkBucket(
  { bucketId, bucketName, bucketType }: Pick<SyncFolder, 'bucketId' | 'bucketName' | 'bucketType'>,
  originFor: TargetSources['originFor'],
): LinkBucket {
  return { bucketId, bucketName, isPublic: bucketType === 'allPublic', origin: originFor(bucketId) }
}
