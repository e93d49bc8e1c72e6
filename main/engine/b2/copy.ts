/** Copies on the server: no byte goes through this machine. Sources may be old or hidden versions of any bucket of the account. */
import { callB2, callB2OnlyOnce, type Api, type CallOptions } from './call.ts'
import { claimedSha1 } from './content-sha1.ts'
import { getFileInfo } from './files.ts'
import { assertStorable, AUTO_TYPE, isSameInfo, withModified } from './file-info.ts'
import { ONCE } from './retry.ts'
import { FileVersion, Part } from './types.ts'
import { findNewest, type NewFile } from './upload.ts'

/** Bytes `first` to `last` of a file, both included. */
export type ByteRange = { readonly first: number; readonly last: number }

export type FileCopy = CallOptions & {
  readonly sourceFileId: string
  /** Where the copy goes. */
  readonly bucketId: string
  readonly fileName: string
  /** Only these bytes of the source; then `replace` should be given, as info such as a SHA-1 no longer fits. */
  readonly range?: ByteRange | undefined
  /** Type and info for the copy; those of the source when absent. */
  readonly replace?: Pick<NewFile, 'srcLastModifiedMillis' | 'contentType' | 'fileInfo'> | undefined
}

/**
 * Copies up to 5 GB into a new version of a name. When B2's answer was lost, a newest version of that name with the
 * source's content, type and info is taken for the copy, so that no second one is made.
 *
 * Needs `readFiles` besides `writeFiles`, as B2 asks for a private source. Throws `not_found` without the source and
 * `file_too_large` above 5 GB (large files are copied by parts).
 */
export async function copyFile(api: Api, copy: FileCopy): Promise<FileVersion> {
  const { sourceFileId, bucketId, fileName, range } = copy
  const metadata = metadataOf(copy)
  return callB2OnlyOnce(
    api,
    {
      operation: 'b2_copy_file',
      needs: ['writeFiles', 'readFiles'],
      bucketId,
      fileName,
      body: () => ({ sourceFileId, destinationBucketId: bucketId, fileName, ...rangeOf(range), ...metadata }),
      answer: FileVersion,
      worksLong: true,
    },
    () => findCopy(api, copy),
    copy,
  )
}

function metadataOf({ fileName, replace }: FileCopy): object {
  if (replace === undefined) {
    assertStorable(fileName, {})
    return { metadataDirective: 'COPY' }
  }
  const fileInfo = withModified(replace)
  assertStorable(fileName, fileInfo)
  return { metadataDirective: 'REPLACE', contentType: replace.contentType ?? AUTO_TYPE, fileInfo }
}

/**
 * The newest version of the name if it is as the copy would be. What cannot be told from its SHA-1, such as a range, is
 * copied again: a second version is better than none.
 */
async function findCopy(api: Api, { sourceFileId, bucketId, fileName, range, replace, signal }: FileCopy) {
  if (range !== undefined) return undefined
  const newest = await findNewest(api, bucketId, fileName, signal)
  if (newest === undefined || newest.fileId === sourceFileId) return undefined
  const source = await getFileInfo(api, sourceFileId, { signal, patience: ONCE })
  const contentType = replace === undefined ? source.contentType : replace.contentType
  const isIt =
    newest.contentLength === source.contentLength &&
    isSameContent(newest, source) &&
    isSameInfo(newest.fileInfo, replace === undefined ? source.fileInfo : withModified(replace)) &&
    (contentType == null || contentType === AUTO_TYPE || newest.contentType === contentType)
  return isIt ? newest : undefined
}

/** Large files have no SHA-1 of their own; their uploader may have noted one. */
function isSameContent(a: FileVersion, b: FileVersion): boolean {
  return claimedSha1(a) !== null && claimedSha1(a) === claimedSha1(b)
}

export type PartCopy = CallOptions & {
  readonly sourceFileId: string
  /** The unfinished large file that gets the part. */
  readonly largeFileId: string
  /** 1 to 10,000. */
  readonly partNumber: number
  /** The whole source when absent. */
  readonly range?: ByteRange | undefined
}

/**
 * Makes bytes of a stored file a part of a large one; the answer has the SHA-1 of what was copied. Made again, the last
 * one counts. Throws `not_found` without the source and `b2_refused` for a range outside it.
 */
export function copyPart(
  api: Api,
  { sourceFileId, largeFileId, partNumber, range, ...options }: PartCopy,
): Promise<Part> {
  return callB2(
    api,
    {
      operation: 'b2_copy_part',
      needs: ['writeFiles', 'readFiles'],
      body: () => ({ sourceFileId, largeFileId, partNumber, ...rangeOf(range) }),
      answer: Part,
      worksLong: true,
    },
    options,
  )
}

function rangeOf(range: ByteRange | undefined): { readonly range?: string } {
  return range === undefined ? {} : { range: `bytes=${range.first}-${range.last}` }
}
