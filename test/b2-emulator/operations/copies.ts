/**
 * `b2_copy_file` and `b2_copy_part`.
 *
 * A copy shares the bytes of its source, so it costs no writing. They are read only where their hash has to be answered
 * and is not known: for a range, and for a part out of a large file.
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { bucketFor, requireCapability, requireNameAccess } from '../auth.ts'
import { B2Error, badRequest } from '../errors.ts'
import { newBlobName } from '../ids.ts'
import type { Content, FileVersion } from '../model.ts'
import { checkFileName } from '../names.ts'
import { parseRange } from '../range.ts'
import { checkFileInfo, checkPartNumber, resolveContentType } from '../upload-headers.ts'
import { fileVersionJson, partJson } from '../views.ts'
import { unfinishedFor, versionFor } from './files.ts'
import { fileInfoParam, operation } from './operation.ts'
import type { ApiCall, Operation } from './operation.ts'
import { viewerOf } from './viewer.ts'

const copyPartParams = z.object({
  sourceFileId: z.string(),
  largeFileId: z.string(),
  partNumber: z.number().int(),
  range: z.string().nullish(),
})

const copyFileParams = z.object({
  sourceFileId: z.string(),
  fileName: z.string(),
  destinationBucketId: z.string().nullish(),
  range: z.string().nullish(),
  metadataDirective: z.enum(['COPY', 'REPLACE']).nullish(),
  contentType: z.string().nullish(),
  fileInfo: fileInfoParam,
})

/** The calls that copy on the server. */
export const copyOperations: Readonly<Record<string, Operation>> = {
  copy_part: operation('writeFiles', copyPartParams, async (call, params) => {
    const { largeFileId: fileId, partNumber } = params
    const { world, key, log } = call
    const target = unfinishedFor(world, key, fileId)
    log.bucketId = target.bucketId
    log.fileName = target.fileName
    checkPartNumber(partNumber)
    const stretch = stretchOf(call, sourceFor(call, params.sourceFileId), params.range)
    const part = await copyBytes(call, stretch, true, (copied, content) => {
      // It may be finished or cancelled while bytes are hashed.
      unfinishedFor(world, key, fileId)
      const contentSha1 = copied.contentSha1.replace('unverified:', '')
      const added = { ...copied, fileId, partNumber, contentSha1, uploadTimestamp: world.now() }
      world.store.putPart(added, content)
      return added
    })
    return partJson(part)
  }),

  copy_file: operation('writeFiles', copyFileParams, async (call, params) => {
    const { world, key, log } = call
    const { fileName } = params
    const source = sourceFor(call, params.sourceFileId)
    const bucketId = params.destinationBucketId ?? source.bucketId
    log.bucketId = bucketId
    log.fileName = fileName
    bucketFor(world, key, bucketId)
    checkFileName(fileName)
    requireNameAccess(key, fileName)
    const metadata = metadataOf(source, params)
    const stretch = stretchOf(call, source, params.range)
    const version = await copyBytes(call, stretch, params.range != null, (copied, content) => {
      // Tests may delete the bucket while bytes are hashed.
      bucketFor(world, key, bucketId)
      const added = { ...copied, ...metadata, bucketId, fileName, action: 'upload' as const }
      return world.store.addVersion(added, world.now(), () => content)
    })
    return { ...fileVersionJson(version, viewerOf(call)), action: 'copy' }
  }),
}

/** `length` bytes of a file from `start`. */
type Stretch = { readonly source: FileVersion; readonly start: number; readonly length: number }

/** What follows from the copied bytes. */
type Copied = Pick<FileVersion, 'contentLength' | 'contentSha1' | 'contentMd5'>

/** The file to copy from: the key must reach it, and be allowed to read it unless its bucket is public. */
function sourceFor(call: ApiCall, sourceFileId: string): FileVersion {
  const source = versionFor(call.world, call.key, sourceFileId)
  const bucket = bucketFor(call.world, call.key, source.bucketId)
  if (bucket.bucketType !== 'allPublic') requireCapability(call.key, 'readFiles')
  if (source.action !== 'upload') throw badRequest(`Bad fileId: ${sourceFileId}`)
  return source
}

/** Throws 400 for a range that is not `bytes=first-last`, 416 for one outside the source, 400 when it is too much. */
function stretchOf(call: ApiCall, source: FileVersion, text: string | null | undefined): Stretch {
  const size = source.contentLength
  const range = parseRange(text ?? undefined, size)
  if (text != null && (!/^bytes=\d+-\d+$/.test(text) || range.kind === 'whole')) throw badRequest(`Bad range: ${text}`)
  if (range.kind === 'unsatisfiable') {
    throw new B2Error(416, 'range_not_satisfiable', `The range ${text ?? ''} is outside the size of the file`)
  }
  const [start, length] = range.kind === 'part' ? [range.start, range.end - range.start + 1] : [0, size]
  if (length > call.world.maxCopyBytes) throw new B2Error(400, 'source_too_large', `Copy source too big: ${length}`)
  return { source, start, length }
}

/** The metadata of the copy: the source's own, or wholly new ones. Mixtures are 400. */
function metadataOf(
  source: FileVersion,
  params: z.infer<typeof copyFileParams>,
): Pick<FileVersion, 'contentType' | 'fileInfo'> {
  const { metadataDirective, contentType, fileInfo, fileName } = params
  if (metadataDirective === 'REPLACE') {
    if (contentType == null) throw badRequest('contentType is required when metadataDirective is REPLACE')
    return {
      contentType: resolveContentType(contentType, fileName),
      fileInfo: checkFileInfo(fileName, fileInfo ?? {}),
    }
  }
  if (contentType != null) throw badRequest('contentType must not be given when metadataDirective is COPY')
  if (fileInfo != null) throw badRequest('fileInfo must not be given when metadataDirective is COPY')
  return { contentType: source.contentType, fileInfo: source.fileInfo }
}

/**
 * Gives the stretch a content of its own and hands it to `store` with its hashes. Whatever happens to the source
 * meanwhile, the copy has its bytes. `needsSha1` says whether `none` is not good enough as the hash.
 */
async function copyBytes<Stored>(
  call: ApiCall,
  stretch: Stretch,
  needsSha1: boolean,
  store: (copied: Copied, content: Content) => Stored,
): Promise<Stored> {
  const { blobs } = call.world.store
  const { source, start, length } = stretch
  const content = blobs.share(call.world.store.contentOf(source.fileId), newBlobName('copy'), start, length)
  try {
    const isKnown = length === source.contentLength && (source.contentSha1 !== 'none' || !needsSha1)
    const { contentSha1, contentMd5 } = isKnown ? source : await hash(call, source, content)
    return store({ contentLength: length, contentSha1, contentMd5 }, content)
  } catch (error) {
    blobs.remove(content)
    throw error
  }
}

async function hash(
  call: ApiCall,
  source: FileVersion,
  content: Content,
): Promise<Pick<Copied, 'contentSha1' | 'contentMd5'>> {
  if (content === null) throw badRequest(`The emulator did not keep the content of ${source.fileName}`)
  const sha1 = createHash('sha1')
  const md5 = createHash('md5')
  for await (const chunk of call.world.store.blobs.read(content, 0, Infinity) as AsyncIterable<Buffer>) {
    sha1.update(chunk)
    md5.update(chunk)
  }
  return { contentSha1: sha1.digest('hex'), contentMd5: md5.digest('hex') }
}
