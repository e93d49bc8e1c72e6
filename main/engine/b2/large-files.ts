/**
 * The single calls about large files: a file that is started, takes parts in any order from several connections, and
 * becomes visible when it is finished. `large-upload` makes a whole upload of them.
 *
 * Done already is success everywhere: finishing, cancelling and sending a part again do no harm.
 */
import { z } from 'zod'
import { isEngineError } from '../../../shared/errors.ts'
import { callB2, callB2Once, callB2OnlyOnce, withRetries, type Api, type CallOptions } from './call.ts'
import { hasB2Code } from './errors.ts'
import { assertStorable, AUTO_TYPE, isSameInfo, withModified } from './file-info.ts'
import { getFileInfo } from './files.ts'
import { listPages } from './listing.ts'
import { MAX_PARTS_PAGE, MAX_UNFINISHED_PAGE } from './limits.ts'
import { missingCapabilities } from './permissions.ts'
import { ONCE } from './retry.ts'
import { sendUpload } from './send-upload.ts'
import { FileVersion, FileVersionsAnswer, Part, PartsAnswer, UnfinishedAnswer } from './types.ts'
import type { NewFile } from './upload.ts'
import type { UploadSource } from './upload-body.ts'
import type { UploadUrls } from './upload-urls.ts'

/** A large file by what its calls need to know; what `startLargeFile` returns is one. */
export type LargeFile = Pick<FileVersion, 'fileId' | 'fileName'> & { readonly bucketId: string }

export type PartUpload = UploadSource &
  CallOptions & {
    readonly fileId: string
    /** 1 to 10,000. */
    readonly partNumber: number
  }

/**
 * Starts a large file; its version has the action `start`. B2's answer may get lost: then an unfinished file of the same
 * name, type and info without any part is taken for the one that was meant. Should it be somebody else's, both upload
 * the same file, and finishing compares every part's SHA-1. Throws `name_not_allowed`.
 */
export async function startLargeFile(api: Api, file: NewFile, options: CallOptions = {}): Promise<FileVersion> {
  const { bucketId, fileName, contentType = AUTO_TYPE } = file
  const fileInfo = withModified(file)
  assertStorable(fileName, fileInfo)
  return callB2OnlyOnce(
    api,
    {
      operation: 'b2_start_large_file',
      needs: ['writeFiles'],
      bucketId,
      fileName,
      body: () => ({ bucketId, fileName, contentType, fileInfo }),
      answer: FileVersion,
    },
    () => findStarted(api, file, options.signal),
    options,
  )
}

/** Without the right to list nothing is found, and one started file too many stays behind. */
async function findStarted(api: Api, file: NewFile, signal: AbortSignal | undefined): Promise<FileVersion | undefined> {
  for await (const started of listUnfinishedLike(api, file, { signal, patience: ONCE })) {
    if ((await listPartsPage(api, started.fileId, 1, 1, signal)).parts.length === 0) return started
  }
  return undefined
}

/** The first unfinished large file of this name, type and info; undefined also when the key may not list. */
export async function findUnfinished(
  api: Api,
  file: NewFile,
  options: CallOptions = {},
): Promise<FileVersion | undefined> {
  for await (const started of listUnfinishedLike(api, file, options)) return started
  return undefined
}

async function* listUnfinishedLike(api: Api, file: NewFile, options: CallOptions): AsyncGenerator<FileVersion, void> {
  const { account } = await api.session.authorization(options.signal)
  if (missingCapabilities(account, ['listFiles']).length > 0) return
  const { bucketId, fileName, contentType = AUTO_TYPE } = file
  const fileInfo = withModified(file)
  for await (const page of listUnfinishedLargeFiles(api, bucketId, { namePrefix: fileName, ...options })) {
    for (const started of page) {
      const isSame =
        started.fileName === fileName &&
        isSameInfo(started.fileInfo, fileInfo) &&
        (contentType === AUTO_TYPE || started.contentType === contentType)
      if (isSame) yield started
    }
  }
}

/** Stores one part; sent again, the last one counts. Throws what `sendUpload` throws. */
export function uploadPart(api: Api, urls: UploadUrls, part: PartUpload): Promise<Part> {
  const { fileId, partNumber, signal, patience } = part
  return sendUpload(api, urls, {
    intent: { operation: 'b2_upload_part', needs: ['writeFiles'] },
    target: { kind: 'part', fileId },
    source: part,
    headers: { 'X-Bz-Part-Number': String(partNumber) },
    answer: Part,
    isRight: (stored) => stored.partNumber === partNumber,
    look: async () => (await listPartsPage(api, fileId, partNumber, 1, signal)).parts[0],
    signal,
    patience,
  })
}

/** The parts that B2 holds of an unfinished file, by number, page by page. */
export async function* listParts(
  api: Api,
  fileId: string,
  { signal, patience }: CallOptions = {},
): AsyncGenerator<readonly Part[], void> {
  for (let start: number | null | undefined = 1; start != null;) {
    const at: number = start
    const page = await withRetries(api, () => listPartsPage(api, fileId, at, MAX_PARTS_PAGE, signal), {
      signal,
      patience,
    })
    if (page.parts.length > 0) yield page.parts
    start = page.nextPartNumber
  }
}

function listPartsPage(
  api: Api,
  fileId: string,
  startPartNumber: number,
  maxPartCount: number,
  signal: AbortSignal | undefined,
): Promise<z.infer<typeof PartsAnswer>> {
  return callB2Once(
    api,
    {
      operation: 'b2_list_parts',
      needs: ['writeFiles'],
      body: () => ({ fileId, startPartNumber, maxPartCount }),
      answer: PartsAnswer,
    },
    signal,
  )
}

/** Large files that were started and neither finished nor cancelled, whoever started them, page by page. */
export function listUnfinishedLargeFiles(
  api: Api,
  bucketId: string,
  { namePrefix = '', ...options }: CallOptions & { readonly namePrefix?: string | undefined } = {},
): AsyncGenerator<readonly FileVersion[], void> {
  return listPages(
    api,
    {
      operation: 'b2_list_unfinished_large_files',
      bucketId,
      prefix: namePrefix,
      query: (prefix) => ({ bucketId, namePrefix: prefix, maxFileCount: MAX_UNFINISHED_PAGE }),
      answer: UnfinishedAnswer,
      cursorOf: ({ nextFileId }) => (nextFileId == null ? undefined : { startFileId: nextFileId }),
    },
    options,
  )
}

/**
 * Makes the file visible: `partSha1Array[0]` belongs to part 1. Finished already is success, so that exactly one version
 * results however often it takes.
 *
 * Throws `checksum_mismatch` (b2Code `missing_part` or `part_sha1_mismatch`) when B2 holds other parts than these, and
 * `b2_refused` for a part other than the last below `absoluteMinimumPartSize`.
 */
export async function finishLargeFile(
  api: Api,
  urls: UploadUrls,
  file: LargeFile,
  partSha1Array: readonly string[],
  options: CallOptions = {},
): Promise<FileVersion> {
  const { fileId } = file
  urls.forget(fileId)
  const look = (): Promise<FileVersion | undefined> => findFinished(api, file, options.signal)
  try {
    return await callB2OnlyOnce(
      api,
      {
        operation: 'b2_finish_large_file',
        needs: ['writeFiles'],
        body: () => ({ fileId, partSha1Array }),
        answer: FileVersion,
      },
      look,
      options,
    )
  } catch (error) {
    // B2 refuses to finish a finished file: somebody has done so before.
    if (!isEngineError(error, 'b2_refused', 'not_found')) throw error
    const finished = await withRetries(api, look, options)
    if (finished === undefined) throw error
    return finished
  }
}

/** The file as a finished version, if it is one; undefined also when the key may neither list nor read. Tries once. */
export async function findFinished(
  api: Api,
  { bucketId, fileId, fileName }: LargeFile,
  signal: AbortSignal | undefined,
): Promise<FileVersion | undefined> {
  const { account } = await api.session.authorization(signal)
  if (missingCapabilities(account, ['listFiles']).length > 0) {
    if (missingCapabilities(account, ['readFiles']).length > 0) return undefined
    const version = await getFileInfo(api, fileId, { signal, patience: ONCE })
    return version.action === 'upload' ? version : undefined
  }
  const body = { bucketId, prefix: fileName, startFileName: fileName, startFileId: fileId, maxFileCount: 1 }
  const { files } = await callB2Once(
    api,
    {
      operation: 'b2_list_file_versions',
      needs: ['listFiles'],
      bucketId,
      fileName,
      body: () => body,
      answer: FileVersionsAnswer,
    },
    signal,
  )
  return files.find((version) => version.fileId === fileId && version.action === 'upload')
}

/**
 * Ends an unfinished large file and throws its parts away. Gone already, finished, or never there is a result too: there
 * is nothing to cancel.
 */
export async function cancelLargeFile(
  api: Api,
  urls: UploadUrls,
  fileId: string,
  options?: CallOptions,
): Promise<{ readonly kind: 'cancelled' | 'not_present' }> {
  urls.forget(fileId)
  try {
    await callB2(
      api,
      {
        operation: 'b2_cancel_large_file',
        needs: ['writeFiles'],
        body: () => ({ fileId }),
        answer: z.object({ fileId: z.string() }),
      },
      options,
    )
    return { kind: 'cancelled' }
  } catch (error) {
    if (isEngineError(error, 'not_found')) return { kind: 'not_present' }
    // B2 has no code of its own for this.
    if (isEngineError(error, 'b2_refused') && hasB2Code(error, 'bad_request')) return { kind: 'not_present' }
    throw error
  }
}
