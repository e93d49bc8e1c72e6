/** Stores one file in one request (up to 5 GB); how it is tried and confirmed is `send-upload`'s. */
import { EngineError } from '../../../shared/errors.ts'
import { callB2Once, type Api, type CallOptions } from './call.ts'
import { assertStorable, AUTO_TYPE, infoHeaders, isSameInfo, withModified } from './file-info.ts'
import { MAX_UPLOAD_BYTES } from './limits.ts'
import { percentEncode } from './names.ts'
import { missingCapabilities } from './permissions.ts'
import { sendUpload, type Confirmed } from './send-upload.ts'
import { FileVersion, FileNamesAnswer } from './types.ts'
import { lengthOf, type UploadSource } from './upload-body.ts'
import type { UploadUrls } from './upload-urls.ts'

const OPERATION = 'b2_upload_file'

/** What B2 is told of a file besides its bytes, however it is uploaded. */
export type NewFile = {
  readonly bucketId: string
  readonly fileName: string
  /** When the content last changed, Unix milliseconds; stored as `src_last_modified_millis`. */
  readonly srcLastModifiedMillis: number
  /** `b2/x-auto` when absent: B2 chooses by the name. */
  readonly contentType?: string | undefined
  /** Further file info; names in lower case, values in plain Unicode. */
  readonly fileInfo?: Readonly<Record<string, string>> | undefined
}

export type FileUpload = NewFile & UploadSource & CallOptions

/**
 * Stores the file and returns its new version, whose SHA-1 is that of the bytes sent.
 *
 * Throws `name_not_allowed` (details: reason), `file_too_large`, and what `sendUpload` throws.
 */
export async function uploadFile(api: Api, urls: UploadUrls, upload: FileUpload): Promise<Confirmed<FileVersion>> {
  const { bucketId, fileName, signal, patience } = upload
  const fileInfo = withModified(upload)
  assertStorable(fileName, fileInfo)
  const contentLength = lengthOf(upload)
  if (contentLength > MAX_UPLOAD_BYTES) {
    throw new EngineError('file_too_large', `${contentLength} bytes do not fit into one upload`, { limit: '5 GB' })
  }
  return sendUpload(api, urls, {
    intent: { operation: OPERATION, needs: ['writeFiles'], bucketId, fileName },
    target: { kind: 'file', bucketId },
    source: upload,
    headers: {
      'Content-Type': upload.contentType ?? AUTO_TYPE,
      'X-Bz-File-Name': percentEncode(fileName),
      ...infoHeaders(fileInfo),
    },
    answer: FileVersion,
    isRight: (version) => version.fileName === fileName,
    look: async () => {
      const newest = await findNewest(api, bucketId, fileName, signal)
      return newest !== undefined && isSameInfo(newest.fileInfo, fileInfo) ? newest : undefined
    },
    signal,
    patience,
  })
}

/** The newest finished version of a name, unless it is hidden; undefined also when the key may not look. Tries once. */
export async function findNewest(
  api: Api,
  bucketId: string,
  fileName: string,
  signal: AbortSignal | undefined,
): Promise<FileVersion | undefined> {
  const { account } = await api.session.authorization(signal)
  if (missingCapabilities(account, ['listFiles']).length > 0) return undefined
  const { files } = await callB2Once(
    api,
    {
      operation: 'b2_list_file_names',
      needs: ['listFiles'],
      bucketId,
      fileName,
      body: () => ({ bucketId, prefix: fileName, startFileName: fileName, maxFileCount: 1 }),
      answer: FileNamesAnswer,
    },
    signal,
  )
  return files.find((version) => version.fileName === fileName)
}
