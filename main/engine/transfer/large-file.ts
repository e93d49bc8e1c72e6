/**
 * A large file on its way in parts: what is read of it, what is sent, what B2 copies from the version it holds, and how an
 * attempt goes on with what an earlier one has begun.
 *
 * All that is needed for that is written down before the first part is sent, so after a restart nothing is read or sent
 * again that B2 holds already.
 */
import { EngineError, isEngineError } from '../../../shared/errors.ts'
import type { B2Client } from '../b2/client.ts'
import { vouchedSha1 } from '../b2/content-sha1.ts'
import type { LargeFileResult, LargeFileUpload } from '../b2/large-upload.ts'
import { isPartSizeFor, partSizeFor } from '../b2/part-plan.ts'
import { BRIEF } from '../b2/retry.ts'
import type { Account } from '../b2/types.ts'
import type { NewFile } from '../b2/upload.ts'
import { InTurn } from '../lib/in-turn.ts'
import type { HashedContent, KnownContent } from '../model/content.ts'
import { ROOT_INFO } from '../model/root.ts'
import { sameFingerprint, type Fingerprint } from '../model/entry.ts'
import type { LargeUpload } from '../model/large-upload.ts'
import { planParts } from './delta-plan.ts'
import { hashContent, type HashOptions } from './hash-content.ts'
import { readAgain, readFrom, type LocalFile } from './local-file.ts'

/**
 * A file of as many of B2's smallest parts as this is sent in parts (50 MB): from there on several connections pay for
 * the three calls more that it takes, and a part that has to be sent again is a small share of it.
 */
const LEAST_PARTS = 10

/** The most that B2 is asked to copy as one part, in parts as it recommends them (1 GB): it works on several at once. */
const MOST_COPIED_PARTS = 10

/** One file of a kind is hashed after the other: two threads read as fast as a disk gives. */
const hashing = new InTurn()

/** From this size on a file takes so long that smaller ones do not wait for it, but only those of its kind. */
const HUGE_BYTES = 1_000_000_000

type TakeSlot = (signal: AbortSignal) => Promise<() => void>

/** What is known of a large file before an attempt, and what an attempt uses and leaves behind. */
export type KnownLarge = {
  /** What an earlier attempt has begun. */
  readonly begun: Begun | undefined
  /** The version that the file's content may be like. */
  readonly content: KnownContent | undefined
  /** Called when B2 has begun a file, before any part is sent. */
  readonly onBegun: (upload: Begun) => void
  /** Called when what was hashed is not what is sent, although nothing tells of a change: it has to be hashed anew. */
  readonly onWrongHash: () => void
  /** For parts that are sent. */
  readonly takeSlot: TakeSlot
  /** For parts that B2 copies. */
  readonly takeCopySlot: TakeSlot
}

export type Begun = Pick<LargeUpload, 'fileId' | 'fileName' | 'fingerprint' | 'content' | 'copiesFrom'>

/** A content and the version that its runs are as in; null for none. */
export type HashedLarge = Pick<LargeUpload, 'content' | 'copiesFrom'>

/** Whether a file of this size is sent in parts. */
export async function isSentInParts(b2: B2Client, sizeBytes: number, signal: AbortSignal): Promise<boolean> {
  const { absoluteMinimumPartSize } = await b2.account({ signal, patience: BRIEF })
  return sizeBytes >= LEAST_PARTS * absoluteMinimumPartSize
}

/** Reads the file to its end, unless an earlier attempt has done so. Throws what `hashContent` throws, `file_too_large`. */
export async function hashLargeFile(
  file: LocalFile,
  fingerprint: Fingerprint,
  { begun, content }: KnownLarge,
  { b2, isRestless, signal }: { readonly b2: B2Client; readonly isRestless: boolean; readonly signal: AbortSignal },
): Promise<HashedLarge> {
  if (begun !== undefined && sameFingerprint(begun.fingerprint, fingerprint)) return begun
  const { sizeBytes } = fingerprint
  const account = await b2.account({ signal, patience: BRIEF })
  // Cut as the version in B2 was, where that may be: only then can blocks be compared.
  const before = content?.blocks.blockBytes
  const isSameCut = before !== undefined && isPartSizeFor(before, sizeBytes, account)
  const blockBytes = isSameCut ? before : partSizeFor(sizeBytes, account)
  const known = isSameCut ? (content?.blocks.sha1s ?? null) : null
  const hashed = await hash(file, { sizeBytes, blockBytes, known, isRestless, account, signal })
  return { content: hashed, copiesFrom: isSameCut ? (content?.fileId ?? null) : null }
}

type Hashing = Omit<HashOptions, 'runBlocks'> & { readonly account: Account }

function hash(file: LocalFile, { account, ...options }: Hashing): Promise<HashedContent> {
  const runBlocks = Math.max(1, Math.floor((MOST_COPIED_PARTS * account.recommendedPartSize) / options.blockBytes))
  const kind = options.sizeBytes >= HUGE_BYTES ? 'huge' : 'usual'
  return hashing.run(kind, () => hashContent(file, { ...options, runBlocks }), options.signal)
}

export type LargeFileInput = {
  readonly b2: B2Client
  readonly file: LocalFile
  readonly fingerprint: Fingerprint
  readonly hashed: HashedLarge
  /** Whether the file changes meanwhile, in all likelihood: then what is read has to be what was hashed. */
  readonly isRestless: boolean
  readonly known: KnownLarge
  readonly target: NewFile
  /** Throws when the file is not what was hashed any more. */
  readonly assertUnchanged: () => Promise<void>
  /** All parts are there. */
  readonly onFinishing: () => void
  readonly signal: AbortSignal
  readonly onProgress: (sentBytes: number, sparedBytes: number) => void
}

/** Throws what the client and `assertUnchanged` throw. */
export function sendLargeFile(input: LargeFileInput): Promise<LargeFileResult> {
  const { file, known, assertUnchanged } = input
  return bring(input, {
    makeBody: (start, contentLength, sha1) =>
      input.isRestless ? readAgain(file, { start, contentLength, sha1 }) : readFrom(file, start, contentLength),
    beforeTrailer: assertUnchanged,
    takeSlot: known.takeSlot,
  })
}

/**
 * Copies a version of the same content by parts, because it is too large for a single copy. B2 tells the SHA-1 of each
 * part that it copies, and that has to be the one of the same bytes on disk.
 *
 * Throws `not_found` without the source, `checksum_mismatch` where it holds something else, and what the client and
 * `assertUnchanged` throw.
 */
export async function copyLargeFile(input: LargeFileInput, sourceFileId: string): Promise<LargeFileResult> {
  const { b2, fingerprint, hashed, signal } = input
  // Asked before anything is begun: what an earlier attempt has sent is not given up for a version that is gone.
  const source = await b2.getFileInfo(sourceFileId, { signal, patience: BRIEF })
  const { sizeBytes } = fingerprint
  const isSame =
    source.contentLength === sizeBytes && (vouchedSha1(source) ?? hashed.content.sha1) === hashed.content.sha1
  if (!isSame) throw new EngineError('checksum_mismatch', 'The version to copy holds something else')
  const content = isAllRuns(hashed.content) ? hashed.content : await hashAsRuns(input)
  return bring({ ...input, hashed: { content, copiesFrom: sourceFileId } }, null)
}

/** Compared with itself, so that all of it is in runs, whose SHA-1s tell whether B2 copies the right bytes. */
async function hashAsRuns({ b2, file, fingerprint, hashed, signal }: LargeFileInput): Promise<HashedContent> {
  const { sizeBytes } = fingerprint
  const { blockBytes, sha1s: known } = hashed.content.blocks
  const account = await b2.account({ signal, patience: BRIEF })
  const content = await hash(file, { sizeBytes, blockBytes, known, isRestless: false, account, signal })
  if (!isAllRuns(content)) throw new EngineError('file_changed_while_reading', 'The file changed while it was read')
  return content
}

function isAllRuns({ blocks, runs }: HashedContent): boolean {
  return runs.reduce((sum, { count }) => sum + count, 0) === blocks.sha1s.length
}

/** Goes on with what was begun of the same content, however that was to be brought; `sending` null: all is copied. */
async function bring(input: LargeFileInput, sending: LargeFileUpload['sending']): Promise<LargeFileResult> {
  const { b2, fingerprint, known, target, assertUnchanged, onFinishing, signal, onProgress } = input
  const { content, copiesFrom } = input.hashed
  const { fileName } = target
  const onStarted = (fileId: string) => known.onBegun({ fileId, fileName, fingerprint, content, copiesFrom })
  const { begun } = known
  const resumeFileId = isSameUpload(begun, input) ? begun?.fileId : await findLost(input)
  if (resumeFileId !== undefined) onStarted(resumeFileId)
  const upload = {
    ...target,
    parts: planParts(content, fingerprint.sizeBytes, copiesFrom),
    sending,
    takeCopySlot: known.takeCopySlot,
    resumeFileId,
    onStarted,
    beforeFinish: async () => {
      await assertUnchanged()
      onFinishing()
    },
    onProgress,
    signal,
    patience: BRIEF,
  }
  try {
    return await b2.uploadLargeFile(upload)
  } catch (error) {
    if (isEngineError(error, 'checksum_mismatch')) known.onWrongHash()
    throw error
  }
}

/**
 * What this root began of the same content and has no record of, because the records were lost, or the program ended
 * before B2 had answered. Without a marker nobody knows whose it is.
 */
async function findLost({ b2, target, signal }: LargeFileInput): Promise<string | undefined> {
  if (target.fileInfo?.[ROOT_INFO] === undefined) return undefined
  return (await b2.findUnfinishedLargeFile(target, { signal, patience: BRIEF }))?.fileId
}

/** A large file keeps the name and the SHA-1 it was begun with. */
function isSameUpload(begun: Begun | undefined, { hashed, target }: LargeFileInput): boolean {
  return begun?.fileName === target.fileName && begun.content.sha1 === hashed.content.sha1
}
