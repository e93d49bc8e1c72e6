/**
 * Brings one file into B2 in parts, many at a time, and goes on where an earlier try ended.
 *
 * A part is sent, or copied from a stored version that holds the same bytes. What B2 holds already is asked from B2, so a
 * part that arrived is never sent again, whoever died meanwhile. What fails for good leaves the large file unfinished on
 * purpose: the caller goes on with it later, or cancels it.
 */
import { EngineError, isEngineError } from '../../../shared/errors.ts'
import type { Sha1Hex } from '../../../shared/ids.ts'
import { withRetries, type Api, type CallOptions } from './call.ts'
import { copyPart } from './copy.ts'
import { hasB2Code } from './errors.ts'
import { findFinished, finishLargeFile, listParts, startLargeFile, uploadPart, type LargeFile } from './large-files.ts'
import { MAX_PARTS } from './limits.ts'
import type { FileVersion, Part } from './types.ts'
import type { NewFile } from './upload.ts'
import type { UploadUrls } from './upload-urls.ts'

/** Parts of one file that wait for a slot at once, of each kind; how many really go out the slots decide. */
const WAITING = 64

/** Bytes `start` to `start + contentLength - 1` of the file. */
export type LargePart = {
  readonly start: number
  readonly contentLength: number
  /** Of these bytes. */
  readonly sha1: Sha1Hex
  /** The version that holds the same bytes from `sourceStart` on; null where they have to be sent. */
  readonly copyFrom: { readonly fileId: string; readonly sourceStart: number } | null
}

type TakeSlot = (signal: AbortSignal) => Promise<() => void>

export type PartSending = {
  /**
   * Gives `length` bytes of the file from `start`, of which this is the SHA-1; called once for each time they are sent, for
   * several parts at once.
   */
  readonly makeBody: (start: number, length: number, sha1: Sha1Hex) => AsyncIterable<Uint8Array>
  /** Called before a part counts; what it throws ends the upload. */
  readonly beforeTrailer?: (() => Promise<void>) | undefined
  /** Resolves when one more part may be sent, with what gives that right back. */
  readonly takeSlot: TakeSlot
}

export type LargeFileUpload = NewFile &
  CallOptions & {
    /** All of the file in order; their index and 1 is B2's number. To be the same as before when an upload goes on. */
    readonly parts: readonly LargePart[]
    /** Null where all parts are copied: what B2 cannot copy fails then, and is sent otherwise. */
    readonly sending: PartSending | null
    /** Resolves when B2 may be asked to copy one more part, with what gives that right back. */
    readonly takeCopySlot: TakeSlot
    /** Called when all parts are there and before the file counts; what it throws leaves it unfinished. */
    readonly beforeFinish?: (() => Promise<void>) | undefined
    /** An unfinished large file to go on with, of the same name, info and parts. */
    readonly resumeFileId?: string | undefined
    /** Called once B2 knows the file, before any part: what to remember to go on later, or to cancel. */
    readonly onStarted?: ((fileId: string) => void) | undefined
    /** Bytes on their way or sent in this try, and those that need not be; the first falls back when a part is sent again. */
    readonly onProgress?: ((sentBytes: number, sparedBytes: number) => void) | undefined
  }

export type LargeFileResult = {
  readonly version: FileVersion
  /** Bytes that B2 copied by itself instead of being sent. */
  readonly copiedBytes: number
}

type Work = {
  readonly upload: LargeFileUpload
  readonly file: LargeFile
  /** What B2 holds, by number. */
  readonly stored: Map<number, Part>
  /** Numbers of parts to be copied that had to be sent. */
  readonly sent: Set<number>
}

/**
 * Throws `bad_request` for no parts or too many, `checksum_mismatch` when the bytes are not
 * what their SHA-1 says, what its single calls throw, what `makeBody` or `beforeFinish` threw, or the signal's reason.
 */
export async function uploadLargeFile(api: Api, urls: UploadUrls, upload: LargeFileUpload): Promise<LargeFileResult> {
  const { parts } = upload
  if (parts.length < 1 || parts.length > MAX_PARTS) throw new EngineError('bad_request', `${parts.length} parts`)
  const begun = await resume(api, upload)
  if (begun !== null && 'action' in begun) return { version: begun, copiedBytes: copiedBytes(upload, new Set()) }
  const work = begun ?? (await start(api, upload))
  try {
    for (let round = 1; ; round++) {
      await bringMissing(api, urls, work)
      await upload.beforeFinish?.()
      const sha1s = parts.map((_, index) => work.stored.get(index + 1)?.contentSha1 ?? '')
      try {
        const version = await finishLargeFile(api, urls, work.file, sha1s, upload)
        return { version, copiedBytes: copiedBytes(upload, work.sent) }
      } catch (error) {
        if (round > 1 || !hasB2Code(error, 'missing_part', 'part_sha1_mismatch')) throw error
        await noteHeld(api, work)
      }
    }
  } finally {
    urls.forget(work.file.fileId)
  }
}

async function start(api: Api, upload: LargeFileUpload): Promise<Work> {
  const { bucketId, fileName } = upload
  const { fileId } = await startLargeFile(api, upload, upload)
  upload.onStarted?.(fileId)
  return { upload, file: { bucketId, fileName, fileId }, stored: new Map(), sent: new Set() }
}

function copiedBytes({ parts }: LargeFileUpload, sent: ReadonlySet<number>): number {
  return parts
    .filter(({ copyFrom }, index) => copyFrom !== null && !sent.has(index + 1))
    .reduce((sum, { contentLength }) => sum + contentLength, 0)
}

/**
 * An earlier try with the parts B2 holds of it; its version where it has been finished; null where there is nothing left
 * of it, or B2 holds parts of other numbers: it can never be finished as these.
 */
async function resume(api: Api, upload: LargeFileUpload): Promise<Work | FileVersion | null> {
  const { bucketId, fileName, resumeFileId, signal, patience } = upload
  if (resumeFileId === undefined) return null
  const work: Work = { upload, file: { bucketId, fileName, fileId: resumeFileId }, stored: new Map(), sent: new Set() }
  try {
    const isSameCut = await noteHeld(api, work)
    return isSameCut ? work : null
  } catch (error) {
    // B2 lists the parts of unfinished files only.
    if (!isEngineError(error, 'not_found', 'b2_refused')) throw error
    const options = { signal, patience }
    return (await withRetries(api, () => findFinished(api, work.file, signal), options)) ?? null
  }
}

/** Notes those of the parts that B2 holds as they should be; false when it holds more parts than there are. */
async function noteHeld(api: Api, { upload, file, stored }: Work): Promise<boolean> {
  stored.clear()
  let highest = 0
  for await (const page of listParts(api, file.fileId, upload)) {
    for (const held of page) {
      highest = Math.max(highest, held.partNumber)
      if (isPart(upload.parts[held.partNumber - 1], held)) stored.set(held.partNumber, held)
    }
  }
  return highest <= upload.parts.length
}

function isPart(part: LargePart | undefined, { contentLength, contentSha1 }: Part): boolean {
  return part?.contentLength === contentLength && part.sha1 === contentSha1
}

/** Sends and copies what is not stored yet, and notes it there. The first failure stops all of it and is thrown. */
async function bringMissing(api: Api, urls: UploadUrls, work: Work): Promise<void> {
  const { upload, stored } = work
  const failure = new AbortController()
  const signal = upload.signal === undefined ? failure.signal : AbortSignal.any([upload.signal, failure.signal])
  const numbers = upload.parts.map((_, index) => index + 1).filter((partNumber) => !stored.has(partNumber))
  const isCopied = (partNumber: number) => upload.parts[partNumber - 1]?.copyFrom != null
  const toSend = numbers.filter((partNumber) => !isCopied(partNumber))
  const toCopy = numbers.filter(isCopied)
  const progress = createProgress(work)
  const attempt: Attempt = { api, urls, work, signal, progress }

  const bringAll = async (queue: number[], bring: (partNumber: number) => Promise<void>): Promise<void> => {
    try {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) await bring(next)
    } catch (error) {
      failure.abort(error)
      throw error
    }
  }
  const lanes = (count: number, lane: () => Promise<void>) => Array.from({ length: count }, lane)
  // Nothing of this upload may still be under way when it ends.
  await Promise.allSettled([
    ...lanes(Math.min(WAITING, toSend.length), () => bringAll(toSend, (partNumber) => send(attempt, partNumber))),
    ...lanes(Math.min(WAITING, toCopy.length), () => bringAll(toCopy, (partNumber) => copy(attempt, partNumber))),
  ])
  upload.signal?.throwIfAborted()
  failure.signal.throwIfAborted()
}

type Attempt = {
  readonly api: Api
  readonly urls: UploadUrls
  readonly work: Work
  readonly signal: AbortSignal
  readonly progress: Progress
}

async function send({ api, urls, work, signal, progress }: Attempt, partNumber: number): Promise<void> {
  const { upload, file, stored } = work
  const { start: from, contentLength, sha1 } = partOf(upload, partNumber)
  const { sending } = upload
  if (sending === null) throw new EngineError('bad_request', 'A part that cannot be copied')
  const release = await sending.takeSlot(signal)
  try {
    const part = await uploadPart(api, urls, {
      fileId: file.fileId,
      partNumber,
      contentLength,
      makeBody: () => sending.makeBody(from, contentLength, sha1),
      sha1,
      beforeTrailer: sending.beforeTrailer,
      onProgress: (bytesSent) => progress.sent(partNumber, bytesSent),
      patience: upload.patience,
      signal,
    })
    stored.set(partNumber, part)
  } finally {
    release()
  }
}

async function copy(attempt: Attempt, partNumber: number): Promise<void> {
  if (await isCopiedByB2(attempt, partNumber)) return
  await send(attempt, partNumber)
  attempt.work.sent.add(partNumber)
}

/** False where B2 cannot copy the part, so that its bytes have to be sent, if they may. */
async function isCopiedByB2({ api, work, signal, progress }: Attempt, partNumber: number): Promise<boolean> {
  const { upload, file, stored } = work
  const wanted = partOf(upload, partNumber)
  const { contentLength, copyFrom } = wanted
  if (copyFrom === null) return false
  const { fileId: sourceFileId, sourceStart } = copyFrom
  const release = await upload.takeCopySlot(signal)
  try {
    const part = await copyPart(api, {
      sourceFileId,
      largeFileId: file.fileId,
      partNumber,
      range: { first: sourceStart, last: sourceStart + contentLength - 1 },
      patience: upload.patience,
      signal,
    })
    if (isPart(wanted, part)) {
      stored.set(partNumber, part)
      progress.spare(contentLength)
      return true
    }
    if (upload.sending === null) throw new EngineError('checksum_mismatch', 'B2 copied other bytes than these')
    return false
  } catch (error) {
    // Somebody has deleted the source, or the key may not read: the bytes are here.
    const isRefused = isEngineError(error, 'not_found', 'capability_missing', 'bucket_not_allowed', 'b2_refused')
    if (!isRefused || upload.sending === null) throw error
    return false
  } finally {
    release()
  }
}

function partOf(upload: LargeFileUpload, partNumber: number): LargePart {
  const part = upload.parts[partNumber - 1]
  if (part === undefined) throw new EngineError('bad_request', `No part ${partNumber}`)
  return part
}

type Progress = {
  readonly sent: (partNumber: number, bytesSent: number) => void
  readonly spare: (bytes: number) => void
}

function createProgress({ upload, stored }: Work): Progress {
  const sentOf = new Map<number, number>()
  let sentBytes = 0
  let sparedBytes = [...stored.values()].reduce((sum, { contentLength }) => sum + contentLength, 0)
  const tell = () => upload.onProgress?.(sentBytes, sparedBytes)
  tell()
  return {
    sent(partNumber, bytesSent) {
      sentBytes += bytesSent - (sentOf.get(partNumber) ?? 0)
      sentOf.set(partNumber, bytesSent)
      tell()
    },
    spare(bytes) {
      sparedBytes += bytes
      tell()
    },
  }
}
