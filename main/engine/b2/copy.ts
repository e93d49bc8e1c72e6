/** Copies on the server: no byte goes through this machine. Sources may be old or hidden versions of any bucket of the account. */
import { callB2, callB2OnlyOnce, type Api, type CallOptions } from './call.ts'
import { getFileInfo } from './files.ts'
import { FileVersion, Part } from './types.ts'
import { assertStorable, findNewest, type NewFile } from './upload.ts'

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

function metadataOf({ bucketId, fileName, replace }: FileCopy): object {
  if (replace === undefined) return { metadataDirective: 'COPY' }
  const fileInfo = assertStorable({ bucketId, fileName, ...replace })
  return { metadataDirective: 'REPLACE', contentType: replace.contentType ?? 'b2/x-auto', fileInfo }
}

/** The newest version of the name if it is as the copy would be; a copied range cannot be told from its SHA-1. */
async function findCopy(api: Api, copy: FileCopy): Promise<FileVersion | undefined> {
  if (copy.range !== undefined) return undefined
  const newest = await findNewest(api, copy.bucketId, copy.fileName, copy.signal)
  if (newest === undefined || newest.fileId === copy.sourceFileId) return undefined
  const source = await getFileInfo(api, copy.sourceFileId, copy)
  const { replace } = copy
  const fileInfo =
    replace === undefined ? source.fileInfo : assertStorable({ bucketId: '', fileName: copy.fileName, ...replace })
  const isIt =
    newest.contentLength === source.contentLength &&
    // The copy of a large file may or may not have a SHA-1 of its own.
    (newest.contentSha1 === source.contentSha1 || source.contentSha1 === 'none') &&
    JSON.stringify(sorted(newest.fileInfo)) === JSON.stringify(sorted(fileInfo))
  return isIt ? newest : undefined
}

function sorted(fileInfo: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(fileInfo).sort(([a], [b]) => (a < b ? -1 : 1))
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
