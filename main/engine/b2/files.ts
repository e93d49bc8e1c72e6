/** Single calls about one file: hide, look at, delete a version, authorize downloads. Already done is a result, not an error. */
import { z } from 'zod'
import { callB2, type Api, type CallOptions } from './call.ts'
import { hasB2Code } from './errors.ts'
import { DownloadAuthorization, FileVersion } from './types.ts'

export type HideResult =
  | { readonly kind: 'hidden'; readonly version: FileVersion }
  /** The newest version was a hide marker before. */
  | { readonly kind: 'already_hidden' }
  /** The name has no versions at all. */
  | { readonly kind: 'no_such_file' }

export type DeleteResult = { readonly kind: 'deleted' } | { readonly kind: 'not_present' }

export type DownloadAuthorizationRequest = {
  readonly bucketId: string
  /** Every name that starts with this may be downloaded; it is no folder, `report` also opens `report2.pdf`. */
  readonly fileNamePrefix: string
  /** Seconds, 1 to 604,800 (seven days). */
  readonly validDurationInSeconds: number
  /** If given, the download has to ask for exactly this too. */
  readonly b2ContentDisposition?: string | undefined
  /** The same of the type. */
  readonly b2ContentType?: string | undefined
}

/** Puts a hide marker on a name. */
export async function hideFile(
  api: Api,
  bucketId: string,
  fileName: string,
  options?: CallOptions,
): Promise<HideResult> {
  try {
    const version = await callB2(
      api,
      {
        operation: 'b2_hide_file',
        needs: ['writeFiles'],
        bucketId,
        fileName,
        body: () => ({ bucketId, fileName }),
        answer: FileVersion,
      },
      options,
    )
    return { kind: 'hidden', version }
  } catch (error) {
    if (hasB2Code(error, 'already_hidden')) return { kind: 'already_hidden' }
    if (hasB2Code(error, 'no_such_file')) return { kind: 'no_such_file' }
    throw error
  }
}

/** One version by its id, hidden and old ones included. Throws `not_found`. */
export function getFileInfo(api: Api, fileId: string, options?: CallOptions): Promise<FileVersion> {
  return callB2(
    api,
    { operation: 'b2_get_file_info', needs: ['readFiles'], body: () => ({ fileId }), answer: FileVersion },
    options,
  )
}

/** Removes one version for good; removing the newest brings the one before it back. */
export async function deleteFileVersion(
  api: Api,
  fileName: string,
  fileId: string,
  options?: CallOptions,
): Promise<DeleteResult> {
  try {
    await callB2(
      api,
      {
        operation: 'b2_delete_file_version',
        needs: ['deleteFiles'],
        fileName,
        body: () => ({ fileName, fileId }),
        answer: z.object({ fileId: z.string() }),
      },
      options,
    )
    return { kind: 'deleted' }
  } catch (error) {
    if (hasB2Code(error, 'file_not_present')) return { kind: 'not_present' }
    throw error
  }
}

/** A token for downloads by name. */
export function getDownloadAuthorization(
  api: Api,
  request: DownloadAuthorizationRequest,
  options?: CallOptions,
): Promise<DownloadAuthorization> {
  return callB2(
    api,
    {
      operation: 'b2_get_download_authorization',
      needs: ['shareFiles'],
      bucketId: request.bucketId,
      fileName: request.fileNamePrefix,
      body: () => request,
      answer: DownloadAuthorization,
    },
    options,
  )
}
