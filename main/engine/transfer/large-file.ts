/**
 * A large file on its way in parts: what is read of it, what is sent, what B2 copies from the version it holds, and how an
 * attempt goes on with what an earlier one has begun.
 *
 * All that is needed for that is written down before the first part is sent, so after a restart nothing is read or sent
 * again that B2 holds already.
 */
import { isEngineError } from '../../../shared/errors.ts'
import type { B2Client } from '../b2/client.ts'
import type { LargeFileResult } from '../b2/large-upload.ts'
import { isPartSizeFor, partSizeFor } from '../b2/part-plan.ts'
import { BRIEF, ONCE } from '../b2/retry.ts'
import type { FileVersion } from '../b2/types.ts'
import type { NewFile } from '../b2/upload.ts'
import { InTurn } from '../lib/in-turn.ts'
import type { HashedContent, KnownContent } from '../model/content.ts'
import { ROOT_INFO } from '../model/root.ts'
import { sameFingerprint, type Fingerprint } from '../model/entry.ts'
import type { LargeUpload } from '../model/large-upload.ts'
import { planCopies, planParts } from './delta-plan.ts'
import { hashContent } from './hash-content.ts'
import { readFrom, type LocalFile } from './local-file.ts'
import type { Slots } from '../lib/slots.ts'

/**
 * A file of as many of B2's smallest parts as this is sent in parts (50 MB): from there on several connections pay for
 * the three calls more that it takes, and a part that has to be sent again is a small share of it.
 */
const LEAST_PARTS = 10

/** The most that B2 is asked to copy as one part: it works on several at once. */
const MOST_COPIED_BYTES = 1_000_000_000

/** One file is hashed after the other: two threads read as fast as a disk gives. */
const hashing = new InTurn()

/** What is known of a large file before an attempt, and what an attempt uses and leaves behind. */
export type KnownLarge = {
  /** What an earlier attempt has begun. */
  readonly begun: LargeUpload | undefined
  /** The version that the file's content may be like. */
  readonly content: KnownContent | undefined
  /** Called when B2 has begun a file, before any part is sent. */
  readonly onBegun: (upload: Begun) => void
  /** Called when what was hashed is not what is sent, although nothing tells of a change: it has to be hashed anew. */
  readonly onWrongHash: () => void
  readonly slots: Pick<Slots, 'take'>
}

export type Begun = Pick<LargeUpload, 'fileId' | 'fileName' | 'fingerprint' | 'content' | 'copiesFrom'>

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
  b2: B2Client,
  signal: AbortSignal,
): Promise<HashedContent> {
  if (begun !== undefined && sameFingerprint(begun.fingerprint, fingerprint)) return begun.content
  const { sizeBytes } = fingerprint
  const account = await b2.account({ signal, patience: BRIEF })
  // Cut as the version in B2 was, where that may be: only then can blocks be compared.
  const before = content?.blocks.blockBytes
  const isSameCut = before !== undefined && isPartSizeFor(before, sizeBytes, account)
  const blockBytes = isSameCut ? before : partSizeFor(sizeBytes, account)
  const known = isSameCut ? (content?.blocks.sha1s ?? null) : null
  const runBlocks = Math.max(1, Math.floor(MOST_COPIED_BYTES / blockBytes))
  return hashing.run('one', () => hashContent(file, { sizeBytes, blockBytes, known, runBlocks, signal }), signal)
}

export type LargeFileInput = {
  readonly b2: B2Client
  readonly file: LocalFile
  readonly fingerprint: Fingerprint
  readonly content: HashedContent
  readonly known: KnownLarge
  readonly target: NewFile
  /** Throws when the file is not what was hashed any more. */
  readonly assertUnchanged: () => Promise<void>
  readonly signal: AbortSignal
  readonly onProgress: (sentBytes: number, sparedBytes: number) => void
}

/** Throws what the client and `assertUnchanged` throw. */
export async function sendLargeFile(input: LargeFileInput): Promise<LargeFileResult> {
  const { b2, file, fingerprint, content, known, target, assertUnchanged, signal, onProgress } = input
  const begun = isSameUpload(known.begun, input) ? known.begun : undefined
  const copiesFrom = begun === undefined ? (known.content?.fileId ?? null) : begun.copiesFrom
  const { fileName } = target
  const onStarted = (fileId: string) => known.onBegun({ fileId, fileName, fingerprint, content, copiesFrom })
  const lost = begun === undefined ? await findLost(input) : undefined
  if (lost !== undefined) onStarted(lost)
  const upload = {
    ...target,
    parts: planParts(content, fingerprint.sizeBytes, copiesFrom),
    sending: {
      makeBody: (start: number, length: number) => readFrom(file, start, length),
      beforeTrailer: assertUnchanged,
      takeSlot: (aborted: AbortSignal) => known.slots.take(aborted),
    },
    resumeFileId: begun?.fileId ?? lost,
    onStarted,
    beforeFinish: assertUnchanged,
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
function isSameUpload(begun: LargeUpload | undefined, { content, target }: LargeFileInput): boolean {
  return begun?.fileName === target.fileName && begun.content.sha1 === content.sha1
}

/** Copies a version that is too large for a single copy. Throws `not_found` without the source, and what the client throws. */
export async function copyLargeFile(
  b2: B2Client,
  target: NewFile,
  sizeBytes: number,
  sourceFileId: string,
  signal: AbortSignal,
): Promise<FileVersion> {
  const begun: string[] = []
  try {
    const parts = planCopies(sizeBytes, sourceFileId, MOST_COPIED_BYTES)
    const onStarted = (fileId: string) => begun.push(fileId)
    const once = { ...target, parts, sending: null, onStarted, signal, patience: BRIEF }
    return (await b2.uploadLargeFile(once)).version
  } catch (error) {
    // Nobody goes on with it: copying anew takes B2 no longer.
    for (const fileId of begun) await b2.cancelLargeFile(fileId, { patience: ONCE }).catch(() => undefined)
    throw error
  }
}
