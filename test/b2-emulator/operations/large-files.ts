/** Large files: started, sent in parts, finished or cancelled. Uploads and copies of parts are elsewhere. */
import { z } from 'zod'
import { bucketFor, requireNameAccess } from '../auth.ts'
import { B2Error, badRequest } from '../errors.ts'
import { isFileId, timestampOf } from '../ids.ts'
import type { FileVersion, Part } from '../model.ts'
import { checkFileName } from '../names.ts'
import { checkFileInfo, checkPartNumber, resolveContentType } from '../upload-headers.ts'
import { fileVersionJson, partJson } from '../views.ts'
import { unfinishedFor } from './files.ts'
import { fileInfoParam, operation, optionalText } from './operation.ts'
import type { ApiCall, Operation } from './operation.ts'
import { viewerOf } from './viewer.ts'

/** B2's page sizes: what it takes when none (or 0) is asked for, and the most. */
const DEFAULT_COUNT = 100
const MAX_FILE_COUNT = 100
const MAX_PART_COUNT = 1000

const ofFile = z.object({ fileId: z.string() })

/** The calls about large files. */
export const largeFileOperations: Readonly<Record<string, Operation>> = {
  start_large_file: operation(
    'writeFiles',
    z.object({ bucketId: z.string(), fileName: z.string(), contentType: z.string(), fileInfo: fileInfoParam }),
    (call, { bucketId, fileName, contentType, fileInfo }) => {
      call.log.bucketId = bucketId
      call.log.fileName = fileName
      bucketFor(call.world, call.key, bucketId)
      checkFileName(fileName)
      requireNameAccess(call.key, fileName)
      const started = call.world.store.addVersion(
        {
          bucketId,
          fileName,
          action: 'start',
          contentLength: 0,
          contentType: resolveContentType(contentType, fileName),
          contentSha1: 'none',
          contentMd5: null,
          fileInfo: checkFileInfo(fileName, fileInfo ?? {}),
        },
        call.world.now(),
      )
      return fileVersionJson(started, viewerOf(call))
    },
  ),

  get_upload_part_url: operation('writeFiles', ofFile, (call, { fileId }) => {
    const { bucketId } = unfinishedOf(call, fileId)
    const grant = call.world.tokens.mintUpload(call.key, { bucketId, largeFileId: fileId }, call.apiVersion)
    return { authorizationToken: grant.token, fileId, uploadUrl: call.world.realm + grant.path }
  }),

  list_parts: operation(
    'writeFiles',
    ofFile.extend({ startPartNumber: z.number().int().nullish(), maxPartCount: z.number().int().nullish() }),
    (call, { fileId, startPartNumber, maxPartCount }) => {
      unfinishedOf(call, fileId)
      const count = countOf('maxPartCount', maxPartCount, MAX_PART_COUNT)
      const first = startPartNumber ?? 1
      checkPartNumber(first)
      const parts = call.world.store.partsOf(fileId).filter((part) => part.partNumber >= first)
      return { parts: parts.slice(0, count).map(partJson), nextPartNumber: parts[count]?.partNumber ?? null }
    },
  ),

  list_unfinished_large_files: operation(
    'listFiles',
    z.object({
      bucketId: z.string(),
      namePrefix: optionalText,
      startFileId: optionalText,
      maxFileCount: z.number().int().nullish(),
    }),
    (call, { bucketId, namePrefix, startFileId, maxFileCount }) => {
      call.log.bucketId = bucketId
      const count = countOf('maxFileCount', maxFileCount, MAX_FILE_COUNT)
      if (startFileId !== '' && !isFileId(startFileId)) {
        throw new B2Error(400, 'invalid_file_id', `Invalid fileId: ${startFileId}`)
      }
      bucketFor(call.world, call.key, bucketId)
      requireNameAccess(call.key, namePrefix)
      const { store } = call.world
      const files = store.unfinishedOf(bucketId).filter((version) => version.fileName.startsWith(namePrefix))
      const page = fromCursor(files, startFileId)
      return {
        files: page.slice(0, count).map((version) => fileVersionJson(version, viewerOf(call))),
        nextFileId: page[count]?.fileId ?? null,
      }
    },
  ),

  finish_large_file: operation(
    'writeFiles',
    ofFile.extend({ partSha1Array: z.array(z.string()) }),
    (call, { fileId, partSha1Array }) => {
      const started = unfinishedOf(call, fileId)
      checkParts(call.world.store.partsOf(fileId), partSha1Array, call.world.partSizes.absoluteMinimum)
      return fileVersionJson(call.world.store.finish(started), viewerOf(call))
    },
  ),

  cancel_large_file: operation('writeFiles', ofFile, (call, { fileId }) => {
    const started = unfinishedOf(call, fileId)
    call.world.store.removeVersion(started)
    return {
      accountId: call.world.store.accountId,
      bucketId: started.bucketId,
      fileId,
      fileName: started.fileName,
    }
  }),
}

function unfinishedOf(call: ApiCall, fileId: string): FileVersion {
  const started = unfinishedFor(call.world, call.key, fileId)
  call.log.bucketId = started.bucketId
  call.log.fileName = started.fileName
  return started
}

/** Throws 400 unless the parts are 1, 2, 3... with these hashes, and all but the last are large enough. */
function checkParts(parts: readonly Part[], sha1s: readonly string[], minimumBytes: number): void {
  const byNumber = new Map(parts.map((part) => [part.partNumber, part]))
  if (sha1s.length === 0) throw badRequest('partSha1Array must not be empty')
  for (const [index, sha1] of sha1s.entries()) {
    const partNumber = index + 1
    const part = byNumber.get(partNumber)
    if (part === undefined) throw new B2Error(400, 'missing_part', `Part number ${partNumber} has not been uploaded`)
    if (part.contentSha1.replace('unverified:', '') !== sha1.toLowerCase()) {
      throw new B2Error(400, 'part_sha1_mismatch', `Sha1 of part number ${partNumber} does not match`)
    }
  }
  if (parts.length > sha1s.length) {
    throw badRequest(`partSha1Array has ${sha1s.length} entries, but ${parts.length} parts have been uploaded`)
  }
  for (const { partNumber, contentLength } of parts) {
    const least = partNumber < parts.length ? minimumBytes : 1
    if (contentLength < least) throw badRequest(`Part number ${partNumber} is smaller than ${least} bytes`)
  }
}

function fromCursor(files: readonly FileVersion[], startFileId: string): readonly FileVersion[] {
  if (startFileId === '') return files
  const at = files.findIndex((version) => version.fileId === startFileId)
  // The file of the cursor was finished or cancelled meanwhile: go on with those started since.
  return at >= 0 ? files.slice(at) : files.filter((version) => version.uploadTimestamp >= timestampOf(startFileId))
}

function countOf(field: string, asked: number | null | undefined, most: number): number {
  const count = asked ?? 0
  if (count < 0 || count > most) throw new B2Error(400, 'out_of_range', `${field} out of range: ${count}`)
  return count === 0 ? DEFAULT_COUNT : count
}
