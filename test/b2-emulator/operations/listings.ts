import { z } from 'zod'
import { bucketFor, requireNameAccess } from '../auth.ts'
import { B2Error, badRequest } from '../errors.ts'
import { isFileId } from '../ids.ts'
import { listNames, listVersions } from '../listing.ts'
import type { ListQuery } from '../listing.ts'
import { lowerBound } from '../name-index.ts'
import type { NameView } from '../name-index.ts'
import type { Bucket } from '../model.ts'
import { listRowJson } from '../views.ts'
import { operation, optionalText } from './operation.ts'
import type { ApiCall, Operation } from './operation.ts'
import { viewerOf } from './viewer.ts'

/** B2's page sizes: what it takes when none (or 0) is asked for, and the most. */
const DEFAULT_FILE_COUNT = 100
const MAX_FILE_COUNT = 10_000

const listParams = z.object({
  bucketId: z.string(),
  startFileName: optionalText,
  prefix: optionalText,
  delimiter: optionalText,
  maxFileCount: z.number().int().nullish(),
})

/** The calls that page through a bucket. */
export const listingOperations: Readonly<Record<string, Operation>> = {
  list_file_names: operation('listFiles', listParams, (call, params) => {
    const { bucket, view, query } = prepare(call, params)
    const page = listNames(view, { ...query, scanLimit: call.world.listScanLimit })
    return {
      files: page.rows.map((row) => listRowJson(row, viewerOf(call), bucket.bucketId)),
      nextFileName: page.nextFileName,
    }
  }),

  list_file_versions: operation('listFiles', listParams.extend({ startFileId: optionalText }), (call, params) => {
    if (params.startFileId !== '' && params.startFileName === '') {
      throw badRequest('startFileName must be given when startFileId is')
    }
    if (params.startFileId !== '' && !isFileId(params.startFileId)) {
      throw new B2Error(400, 'invalid_file_id', `Invalid fileId: ${params.startFileId}`)
    }
    const { bucket, view, query } = prepare(call, params)
    const page = listVersions(view, { ...query, startFileId: params.startFileId === '' ? null : params.startFileId })
    return {
      files: page.rows.map((row) => listRowJson(row, viewerOf(call), bucket.bucketId)),
      nextFileId: page.nextFileId,
      nextFileName: page.nextFileName,
    }
  }),
}

function prepare(
  call: ApiCall,
  params: z.infer<typeof listParams>,
): { readonly bucket: Bucket; readonly view: NameView; readonly query: ListQuery } {
  call.log.bucketId = params.bucketId
  if (!/^[0-9a-f]{24}$/.test(params.bucketId)) {
    throw new B2Error(400, 'invalid_bucket_id', `Invalid bucket id: ${params.bucketId}`)
  }
  const maxFileCount = params.maxFileCount ?? 0
  if (maxFileCount < 0 || maxFileCount > MAX_FILE_COUNT) {
    throw new B2Error(400, 'out_of_range', `maxFileCount out of range: ${maxFileCount}`)
  }
  const bucket = bucketFor(call.world, call.key, params.bucketId)
  const view = call.world.store.namesOf(bucket.bucketId).view()
  const query = { ...params, maxFileCount: maxFileCount === 0 ? DEFAULT_FILE_COUNT : maxFileCount }
  return { bucket, view: allowedView(call, query, view), query }
}

/** Since v2 a key with a name prefix must ask inside it; v1 silently leaves out what the key may not see. */
function allowedView(call: ApiCall, query: ListQuery, view: NameView): NameView {
  const { namePrefix } = call.key
  if (namePrefix === null) return view
  if (call.apiVersion > 1) {
    requireNameAccess(call.key, query.prefix)
    if (query.startFileName !== '') requireNameAccess(call.key, query.startFileName)
    return view
  }
  const inside = view.names.slice(lowerBound(view.names, namePrefix))
  return { ...view, names: inside.filter((name) => name.startsWith(namePrefix)) }
}
