/**
 * One attempt to bring one file into the bucket.
 *
 * In: a job. Out: what both sides now agree on. The bytes that become an object are exactly those of one unchanged file:
 * its fingerprint is taken from the open file before the first byte is read, and compared after the last one - for a
 * small file before anything is sent, for a large one before the SHA-1 behind the bytes goes out, so that no object comes
 * into being from a file that changed.
 */
import { EngineError, isEngineError } from '../../../shared/errors.ts'
import { Sha1Hex, UnixMs, type RelativePath, type RemoteName } from '../../../shared/ids.ts'
import type { SyncFolder } from '../../../shared/model/folder.ts'
import type { B2Client } from '../b2/client.ts'
import { LARGE_SHA1_INFO, vouchedSha1 } from '../b2/content-sha1.ts'
import { MAX_UPLOAD_BYTES } from '../b2/limits.ts'
import { checkRemoteName } from '../b2/names.ts'
import { BRIEF } from '../b2/retry.ts'
import type { FileVersion } from '../b2/types.ts'
import type { InTurn } from '../lib/in-turn.ts'
import { toRemoteName } from '../lib/paths.ts'
import { sha1Of } from '../lib/stream-hash.ts'
import type { BaseEntry, RemoteEntry } from '../model/agreed.ts'
import type { Blocks } from '../model/content.ts'
import { sameFingerprint, type Fingerprint } from '../model/entry.ts'
import type { Job } from '../model/job.ts'
import { ROOT_INFO } from '../model/root.ts'
import { fingerprintOf, statBelow } from '../scan/stat-path.ts'
import type { AttemptWatch } from './attempts.ts'
import type { Drives } from './drives.ts'
import {
  copyLargeFile,
  hashLargeFile,
  isSentInParts,
  sendLargeFile,
  type HashedLarge,
  type KnownLarge,
  type LargeFileInput,
} from './large-file.ts'
import { openFile, readAgain, readAll, readFrom, sha1OfFirst, type LocalFile } from './local-file.ts'
import type { Outcome } from './outcome.ts'

/**
 * Files up to this size are read at once before they are sent: then a file that changes often, such as a log, is sent as it
 * was at one moment. Of larger ones that hardly ever rest see `assertUnchanged`. The most that go at a time, 128 in each of two lanes, are 256 MB.
 */
const READ_AT_ONCE_BYTES = 1024 * 1024

/** Files up to this size cost hardly any memory. */
const FEW_BYTES = 64 * 1024

/** Versions that a copy is tried from before the file is sent: those that somebody else deleted are asked for in vain. */
const MAX_SOURCES = 3

/** What has been agreed on, found and decided, as far as one upload needs it. */
export type Known = {
  readonly base: BaseEntry | undefined
  readonly remote: RemoteEntry | undefined
  /** Names the root in what is sent; null where it has no marker. */
  readonly markerId: string | null
  /** Whether any known version has this size; else no content needs to be compared. */
  readonly hasSize: (sizeBytes: number) => boolean
  /** The `fileId`s of versions with this content, those that a name shows first. */
  readonly listSameContent: (sizeBytes: number, sha1: Sha1Hex) => readonly string[]
  /** Whether the file hardly ever rests, and is sent while it changes. */
  readonly isRestless: boolean
  /** Whether the path turned empty, and that has passed the safety gate. */
  readonly isPassedLoss: boolean
  readonly large: KnownLarge
  /** Whether a person lets this version be replaced although it did not come from here. */
  readonly isApprovedOverwrite: (path: RelativePath, fileId: string) => boolean
}

export type UploadInput = {
  readonly job: Pick<Job, 'path' | 'from'>
  readonly folder: Pick<SyncFolder, 'root' | 'bucketId' | 'prefix'>
  /** The name in the bucket, where it is not that of the path below the folder's prefix. */
  readonly fileName?: RemoteName
  readonly known: Known
  readonly b2: B2Client
  /** Which drives to wait for and which not. */
  readonly drives: Drives
  readonly signal: AbortSignal
} & AttemptWatch

export type UploadRequest = Omit<UploadInput, 'known'> & {
  /** Asked for once the file has its turn. */
  readonly know: () => Known
  /** Of a file with several names (the key: device and inode) one is sent, and the others are copies of that. */
  readonly links: InTurn
}

type Files = Pick<UploadInput, 'job' | 'folder' | 'fileName' | 'drives'>

/** Device and inode. */
type LinkKey = `${number}:${number}`

type Opened = {
  readonly file: LocalFile
  readonly before: Fingerprint
  /** What all names of the file have in common; null for a file with one name. */
  readonly linkKey: LinkKey | null
}

/**
 * Throws `name_not_allowed`, `file_unreadable`, `file_busy`, `file_vanished`, `file_too_large`, `would_overwrite`,
 * `file_changed_while_reading`, and whatever the B2 client throws.
 */
export async function runUpload({ know, links, ...input }: UploadRequest): Promise<Outcome> {
  const attempt = (opened: Opened): Promise<Outcome> => decide({ ...input, known: know() }, opened)
  const ended = await withFile<Outcome | LinkKey>(input, async (opened) => opened.linkKey ?? attempt(opened))
  if (typeof ended !== 'string') return ended
  // Closed while it waits: that may take as long as the upload of another name, and the file may change meanwhile.
  return links.run(ended, () => withFile(input, attempt), input.signal)
}

/** Opens the file, and closes it when what is done with it is done. */
async function withFile<T>(files: Files, use: (opened: Opened) => Promise<T>): Promise<T> {
  const { job, folder, drives } = files
  // Opened first: of a file that is gone it does not matter what B2 thinks of its name.
  const file = await openFile(folder.root, job.path, drives)
  try {
    const refusal = checkRemoteName(nameOf(files))
    if (refusal !== null) throw new EngineError('name_not_allowed', refusal, { reason: refusal })
    const stats = await file.stat()
    if (!stats.isFile()) throw new EngineError('file_vanished', 'No longer a file')
    const linkKey: LinkKey | null = stats.nlink > 1 ? `${stats.dev}:${stats.ino}` : null
    return await use({ file, before: fingerprintOf(stats), linkKey })
  } finally {
    await file.close()
  }
}

function nameOf({ job, folder, fileName }: Omit<Files, 'drives'>): RemoteName {
  return fileName ?? toRemoteName(folder.prefix, job.path)
}

/** Sends only what B2 does not hold: equal content is recognised by size, then by SHA-1. */
async function decide(input: UploadInput, opened: Opened): Promise<Outcome> {
  const { known } = input
  const { before } = opened
  const { base, remote } = known
  const { sizeBytes } = before
  if (base !== undefined && sameFingerprint(base.fingerprint, before)) return { kind: 'needless' }
  // Emptied since it was planned: an editor that is about to write, or a loss that has to be judged first.
  if (sizeBytes === 0 && base !== undefined && base.fingerprint.sizeBytes > 0 && !known.isPassedLoss) throw changed()

  const isSmall = sizeBytes <= READ_AT_ONCE_BYTES
  const whole = isSmall && !isLikelyHeld(input, sizeBytes) ? await readWhole(input, opened) : null
  const large = isSmall ? null : await hashIfLarge(input, opened)
  const sha1 = (large?.content ?? whole)?.sha1 ?? (await hashIfWorthIt(input, opened))
  const isEqual = sha1 !== null && remote?.sha1 === sha1 && remote.sizeBytes === sizeBytes
  if (isEqual) return { ...adopt(input, before, remote, sha1), ...blocksOf(large) }
  assertMayReplace(input, before)
  const copied = sha1 === null || sizeBytes === 0 ? null : await copy(input, opened, { sha1, large })
  if (copied !== null) return { ...copied, ...blocksOf(large) }
  if (large !== null) return sendInParts(input, opened, large)
  const small = whole ?? (isSmall ? await readWhole(input, opened) : null)
  return send(input, opened, small ?? sourceOf(input, opened, sha1))
}

/**
 * Whether it need not be sent, in all likelihood: then it is only hashed first, which takes less memory than to have it all.
 * One that was in line with B2 and has another time now has been edited.
 */
function isLikelyHeld({ job, known }: UploadInput, sizeBytes: number): boolean {
  const isFound = known.base === undefined && known.remote?.sizeBytes === sizeBytes
  return sizeBytes > FEW_BYTES && (job.from !== null || isFound)
}

async function readWhole(input: UploadInput, opened: Opened): Promise<Whole> {
  const content = await readAll(opened.file, opened.before.sizeBytes)
  await assertUnchanged(input, opened)
  return { content, sha1: sha1Of(content) }
}

/** The hashes of a file that is sent in parts, which are read before the first of them; null for smaller ones. */
async function hashIfLarge(input: UploadInput, opened: Opened): Promise<HashedLarge | null> {
  const { b2, known, signal } = input
  const { file, before } = opened
  const { isRestless, large } = known
  if (!(await isSentInParts(b2, before.sizeBytes, signal))) return null
  input.onPhase('hashing')
  const hashed = await hashLargeFile(file, before, large, { b2, isRestless, signal })
  await assertUnchanged(input, opened)
  return hashed
}

function blocksOf(large: HashedLarge | null): { readonly blocks?: Blocks } {
  return large === null ? {} : { blocks: large.content.blocks }
}

/** The hash of a larger file, where B2 may hold its content already; else null, as a second reading is not free. */
async function hashIfWorthIt(input: UploadInput, opened: Opened): Promise<Sha1Hex | null> {
  const { job, known, signal } = input
  const { sizeBytes } = opened.before
  const mayBeKnown = job.from !== null || known.remote?.sizeBytes === sizeBytes || known.hasSize(sizeBytes)
  if (!mayBeKnown && !known.isRestless) return null
  input.onPhase('hashing')
  const sha1 = await sha1OfFirst(opened.file, sizeBytes, signal)
  await assertUnchanged(input, opened)
  return sha1
}

function adopt(input: UploadInput, before: Fingerprint, remote: RemoteEntry, sha1: Sha1Hex): Outcome {
  const { known } = input
  const entry = agree(input, before, sha1, remote.fileId)
  if (known.base?.fileId === remote.fileId) return { kind: 'touched', entry }
  return { kind: 'adopted', entry, uploadedAt: remote.uploadedAt }
}

/** What is under the name in the bucket and did not come from this folder is not Pail's to replace. */
function assertMayReplace({ job, known }: UploadInput, before: Fingerprint): void {
  const { base, remote, isApprovedOverwrite } = known
  if (remote === undefined || base?.fileId === remote.fileId) return
  // Without a record of it nobody knows whether the file was emptied on purpose.
  const isEmptying = before.sizeBytes === 0 && remote.sizeBytes > 0
  if (remote.isOurs && !isEmptying) return
  if (isApprovedOverwrite(job.path, remote.fileId)) return
  throw new EngineError('would_overwrite', 'The bucket holds another file here')
}

/** What a file holds; `large` for one that is sent in parts. */
type Content = { readonly sha1: Sha1Hex; readonly large: HashedLarge | null }

/** Copies content that B2 holds under another name; null where that cannot be done, so that it has to be sent. */
async function copy(input: UploadInput, opened: Opened, content: Content): Promise<Outcome | null> {
  const { job, known } = input
  const { sha1 } = content
  const planned = job.from?.sha1 === sha1 ? [job.from.fileId] : []
  const others = known.listSameContent(opened.before.sizeBytes, sha1)
  for (const fileId of [...new Set([...planned, ...others])].slice(0, MAX_SOURCES)) {
    await assertUnchanged(input, opened)
    input.onPhase('copying')
    try {
      return await copyVersion(input, opened, content, fileId)
    } catch (error) {
      // Another name may still hold it.
      if (isEngineError(error, 'not_found', 'checksum_mismatch')) continue
      // The key may not read.
      if (isEngineError(error, 'capability_missing', 'bucket_not_allowed', 'b2_refused')) return null
      throw error
    }
  }
  return null
}

async function copyVersion(
  input: UploadInput,
  opened: Opened,
  { sha1, large }: Content,
  fileId: string,
): Promise<Outcome | null> {
  const { before } = opened
  let version = await copyAtOnce(input, opened, sha1, fileId)
  if (version === null && large !== null) {
    version = (await copyLargeFile(largeFileOf(input, opened, large), fileId)).version
  }
  if (version?.contentLength !== before.sizeBytes || (vouchedSha1(version) ?? sha1) !== sha1) return null
  return { kind: 'copied', ...agreedBy(input, before, sha1, version) }
}

/** Null for a version that is too large for that. */
async function copyAtOnce(
  input: UploadInput,
  { before }: Opened,
  sha1: Sha1Hex,
  sourceFileId: string,
): Promise<FileVersion | null> {
  const { folder, b2, signal } = input
  if (before.sizeBytes > MAX_UPLOAD_BYTES) return null
  const { bucketId } = folder
  const fileName = nameOf(input)
  const replace = infoFor(input, before, before.sizeBytes > READ_AT_ONCE_BYTES ? sha1 : null)
  try {
    return await b2.copyFile({ sourceFileId, bucketId, fileName, replace, signal, patience: BRIEF })
  } catch (error) {
    if (isEngineError(error, 'file_too_large')) return null
    throw error
  }
}

/** The whole content of a small file. */
type Whole = { readonly content: Buffer; readonly sha1: Sha1Hex }

/** The content of a larger file, read while it is sent; one that was hashed before because it never rests has to be the same again. */
function sourceOf(input: UploadInput, opened: Opened, sha1: Sha1Hex | null) {
  const { file, before } = opened
  const { sizeBytes: contentLength } = before
  const beforeTrailer = () => assertUnchanged(input, opened)
  if (sha1 === null || !input.known.isRestless) return { contentLength, makeBody: () => readFrom(file), beforeTrailer }
  return { contentLength, makeBody: () => readAgain(file, { start: 0, contentLength, sha1 }), sha1, beforeTrailer }
}

async function send(input: UploadInput, opened: Opened, source: Whole | ReturnType<typeof sourceOf>): Promise<Outcome> {
  const { folder, b2, signal, onProgress, onPhase } = input
  const { before } = opened
  onPhase('sending')
  const version = await b2.uploadFile({
    bucketId: folder.bucketId,
    fileName: nameOf(input),
    ...infoFor(input, before),
    ...source,
    signal,
    patience: BRIEF,
    onProgress,
  })
  return { kind: 'uploaded', ...agreedBy(input, before, Sha1Hex.parse(version.contentSha1), version) }
}

async function sendInParts(input: UploadInput, opened: Opened, large: HashedLarge): Promise<Outcome> {
  input.onPhase('sending')
  const { version, copiedBytes } = await sendLargeFile(largeFileOf(input, opened, large))
  const { blocks, sha1 } = large.content
  return { kind: 'uploaded', ...agreedBy(input, opened.before, sha1, version), blocks, sparedBytes: copiedBytes }
}

function largeFileOf(input: UploadInput, opened: Opened, hashed: HashedLarge): LargeFileInput {
  const { folder, b2, known, signal, onProgress, onPhase } = input
  const { file, before } = opened
  return {
    b2,
    file,
    fingerprint: before,
    hashed,
    isRestless: known.isRestless,
    known: known.large,
    target: {
      bucketId: folder.bucketId,
      fileName: nameOf(input),
      ...infoFor(input, before, hashed.content.sha1),
    },
    assertUnchanged: () => assertUnchanged(input, opened),
    onFinishing: () => {
      onPhase('finishing')
    },
    signal,
    onProgress,
  }
}

/** `sha1` of content for which B2 may have none, such as that of large files. */
function infoFor({ known }: UploadInput, { mtimeMs }: Fingerprint, sha1: Sha1Hex | null = null) {
  return {
    srcLastModifiedMillis: Math.trunc(mtimeMs),
    fileInfo: {
      ...(known.markerId !== null && { [ROOT_INFO]: known.markerId }),
      ...(sha1 !== null && { [LARGE_SHA1_INFO]: sha1 }),
    },
  }
}

function agreedBy(input: UploadInput, before: Fingerprint, sha1: Sha1Hex, version: FileVersion) {
  return {
    entry: agree(input, before, sha1, version.fileId),
    uploadedAt: UnixMs.parse(version.uploadTimestamp),
  }
}

function agree(
  { job, folder, drives }: UploadInput,
  { dev, ...fingerprint }: Fingerprint,
  sha1: Sha1Hex,
  fileId: string,
): BaseEntry {
  const isOtherDevice = !drives.isOnDevice(folder.root, dev)
  return { path: job.path, fingerprint: { ...fingerprint, isOtherDevice }, sha1, fileId }
}

/**
 * Compares the open file, and what its name leads to now: a rename over it makes what was read an old version.
 *
 * One that never rests has changed by now, and was larger than can be read in a moment. It is read twice, first to hash it
 * and then to send it, as far as it went when it was opened; where both times every byte was the same, what is sent is
 * what the file held between the two.
 */
async function assertUnchanged({ folder, job, known }: UploadInput, { file, before }: Opened): Promise<void> {
  const named = statBelow(folder.root, job.path)
  const isTwiceRead = known.isRestless && before.sizeBytes > READ_AT_ONCE_BYTES
  const isSame = (now: Fingerprint) =>
    isTwiceRead ? now.ino === before.ino && now.sizeBytes >= before.sizeBytes : sameFingerprint(before, now)
  if (!isSame(fingerprintOf(await file.stat())) || named.kind !== 'file' || !isSame(named.fingerprint)) throw changed()
}

function changed(): EngineError {
  return new EngineError('file_changed_while_reading', 'The file changed while it was read')
}
