/**
 * Uploads one file in parts, several at a time, and goes on where an earlier try ended.
 *
 * A part that B2 has confirmed is not sent again, whatever happens to the others. What fails for good leaves the large
 * file unfinished on purpose: the caller goes on with it later, or cancels it.
 */
import { EngineError } from '../../../shared/errors.ts'
import { accountOf, type Api, type CallOptions } from './call.ts'
import { hasB2Code } from './errors.ts'
import { finishLargeFile, listParts, startLargeFile, uploadPart, type LargeFile } from './large-files.ts'
import { USUAL_PARALLEL_PARTS } from './limits.ts'
import { planParts, type PlannedPart } from './part-plan.ts'
import type { FileVersion, Part } from './types.ts'
import type { NewFile } from './upload.ts'
import type { UploadUrls } from './upload-urls.ts'

export type LargeFileUpload = NewFile &
  CallOptions & {
    /** Size of the file in bytes: 1 to 10 TB. */
    readonly contentLength: number
    /** Gives `length` bytes of the file from `start`; called once for each time they are sent, for several parts at once. */
    readonly makeBody: (start: number, length: number) => AsyncIterable<Uint8Array>
    /** Called before a part counts and before the file does; what it throws ends the upload. */
    readonly beforeTrailer?: (() => Promise<void>) | undefined
    /** Bytes; B2's recommendation when absent. To be the same as before when an upload goes on: remember it with the parts. */
    readonly partSize?: number | undefined
    /** Parts on their way at once; 4 when absent. */
    readonly parallelParts?: number | undefined
    /** An unfinished large file to go on with, and its parts whose SHA-1 the caller knows to be that of the file's bytes. */
    readonly resume?: { readonly fileId: string; readonly parts: readonly Part[] } | undefined
    /** Called once B2 knows the file, before any part: what to remember to go on later, or to cancel. */
    readonly onStarted?: ((fileId: string) => void) | undefined
    /** Called for each part that B2 has confirmed. */
    readonly onPart?: ((part: Part) => void) | undefined
    /** Bytes confirmed or on their way; falls back when a part is sent again. */
    readonly onProgress?: ((bytesSent: number) => void) | undefined
  }

/**
 * Returns the finished version. Throws `file_too_large`, `bad_request` for an empty file (that is one upload) or for parts
 * that do not fit the size of parts, what its single calls throw, what `makeBody` or `beforeTrailer` threw, or the
 * signal's reason.
 */
export async function uploadLargeFile(api: Api, urls: UploadUrls, upload: LargeFileUpload): Promise<FileVersion> {
  const plan = planParts(upload.contentLength, await accountOf(api, upload), upload.partSize)
  if (upload.resume?.parts.some(({ partNumber }) => partNumber > plan.length) === true) {
    throw new EngineError('bad_request', 'The upload that goes on had smaller parts')
  }
  const file = await startOrResume(api, upload)
  let stored = new Map((upload.resume?.parts ?? []).map((part) => [part.partNumber, part]))
  try {
    for (let round = 1; ; round++) {
      await uploadMissing(api, urls, upload, file, plan, stored)
      await upload.beforeTrailer?.()
      const sha1s = plan.map(({ partNumber }) => stored.get(partNumber)?.contentSha1 ?? '')
      try {
        return await finishLargeFile(api, urls, file, sha1s, upload)
      } catch (error) {
        if (round > 1 || !hasB2Code(error, 'missing_part', 'part_sha1_mismatch')) throw error
        stored = await stillHeld(api, file, stored, upload)
      }
    }
  } finally {
    urls.forget(file.fileId)
  }
}

async function startOrResume(api: Api, upload: LargeFileUpload): Promise<LargeFile> {
  const { bucketId, fileName, resume } = upload
  const fileId = resume?.fileId ?? (await startLargeFile(api, upload, upload)).fileId
  upload.onStarted?.(fileId)
  return { bucketId, fileName, fileId }
}

/** Sends what is not stored yet, and notes it there. The first failure stops all of it and is thrown. */
async function uploadMissing(
  api: Api,
  urls: UploadUrls,
  upload: LargeFileUpload,
  { fileId }: LargeFile,
  plan: readonly PlannedPart[],
  stored: Map<number, Part>,
): Promise<void> {
  const isStored = ({ partNumber, contentLength }: PlannedPart): boolean =>
    stored.get(partNumber)?.contentLength === contentLength
  const missing = plan.filter((part) => !isStored(part))
  const progress = createProgress(upload, plan.filter(isStored))
  const failure = new AbortController()
  const signal = upload.signal === undefined ? failure.signal : AbortSignal.any([upload.signal, failure.signal])

  const sendNext = async (): Promise<void> => {
    for (let next = missing.shift(); next !== undefined; next = missing.shift()) {
      const { partNumber, start, contentLength } = next
      const part = await uploadPart(api, urls, {
        fileId,
        partNumber,
        contentLength,
        makeBody: () => upload.makeBody(start, contentLength),
        beforeTrailer: upload.beforeTrailer,
        onProgress: (bytesSent) => progress(partNumber, bytesSent),
        patience: upload.patience,
        signal,
      })
      stored.set(partNumber, part)
      upload.onPart?.(part)
    }
  }
  const lanes = Math.min(upload.parallelParts ?? USUAL_PARALLEL_PARTS, missing.length)
  const running = Array.from({ length: lanes }, () =>
    sendNext().catch((error: unknown) => {
      failure.abort(error)
      throw error
    }),
  )
  // Nothing of this upload may still be under way when it ends.
  await Promise.allSettled(running)
  await Promise.all(running)
}

function createProgress(
  { onProgress }: LargeFileUpload,
  stored: readonly PlannedPart[],
): (partNumber: number, bytesSent: number) => void {
  const sentOf = new Map<number, number>()
  let total = stored.reduce((sum, { contentLength }) => sum + contentLength, 0)
  return (partNumber, bytesSent) => {
    total += bytesSent - (sentOf.get(partNumber) ?? 0)
    sentOf.set(partNumber, bytesSent)
    onProgress?.(total)
  }
}

/** Those of the parts that B2 holds as they were confirmed. */
async function stillHeld(
  api: Api,
  { fileId }: LargeFile,
  stored: ReadonlyMap<number, Part>,
  options: CallOptions,
): Promise<Map<number, Part>> {
  const held = new Map<number, Part>()
  for await (const page of listParts(api, fileId, options)) {
    for (const part of page) {
      if (stored.get(part.partNumber)?.contentSha1 === part.contentSha1) held.set(part.partNumber, part)
    }
  }
  return held
}
