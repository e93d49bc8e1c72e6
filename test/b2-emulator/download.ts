/** Downloads by name and by id, GET and HEAD, whole or a range. */
import { keyOfRequest, liveKey, requireBucketAccess, requireCapability, requireNameAccess } from './auth.ts'
import { B2Error, badAuthToken, badRequest, notFound, unauthorized } from './errors.ts'
import type { Exchange } from './exchange.ts'
import type { ApplicationKey, Bucket, FileVersion } from './model.ts'
import { percentDecode, percentEncode } from './names.ts'
import { versionFor } from './operations/files.ts'
import { OVERRIDE_HEADERS, pickOverrides } from './operations/sharing.ts'
import { parseRange } from './range.ts'
import { INFO_RESPONSE_HEADERS } from './upload-headers.ts'

/** `/file/<bucket>/<name>`: the current version, for account tokens, download tokens, or anybody in a public bucket. */
export async function downloadByName(exchange: Exchange): Promise<void> {
  const { world, log } = exchange
  requireReading(exchange, ['GET', 'HEAD'])
  const [, bucketName = '', encodedName = ''] = /^\/file\/([^/]*)\/(.*)$/.exec(exchange.path) ?? []
  const fileName = percentDecode(encodedName)
  log.fileName = fileName
  const query = new URLSearchParams(exchange.query)
  const bucket = world.store.findBucketByName(percentDecode(bucketName))
  if (bucket === undefined) throw notFound(`bucket ${bucketName} does not exist`)
  log.bucketId = bucket.bucketId
  const overrides = pickOverrides((name) => query.get(name))
  authorizeByName(
    exchange,
    bucket,
    fileName,
    overrides,
    exchange.req.headers.authorization ?? query.get('Authorization'),
  )
  const version = world.store.namesOf(bucket.bucketId).currentOf(fileName)
  if (version?.action !== 'upload') throw notFound(`bucket ${bucketName} does not have file: ${fileName}`)
  await sendContent(exchange, bucket, version, overrides)
}

/** `b2_download_file_by_id`: exactly that version, for account tokens or from a public bucket. */
export async function downloadById(exchange: Exchange): Promise<void> {
  const { world, req, log } = exchange
  requireReading(exchange, ['GET', 'HEAD', 'POST'])
  const query = new URLSearchParams(exchange.query)
  const posted = req.method === 'POST' ? await exchange.readJson() : {}
  const fileId = posted['fileId'] ?? query.get('fileId')
  if (typeof fileId !== 'string') throw badRequest('required field fileId is missing')
  const key = req.headers.authorization === undefined ? null : keyOfRequest(world, req)
  log.applicationKeyId = key?.applicationKeyId ?? ''
  const version = versionFor(world, key, fileId)
  const bucket = world.store.findBucket(version.bucketId)
  if (bucket === undefined) throw notFound(`File not present: ${fileId}`)
  log.bucketId = bucket.bucketId
  log.fileName = version.fileName
  if (bucket.bucketType !== 'allPublic') {
    if (key === null) throw unauthorized()
    requireCapability(key, 'readFiles')
  }
  if (version.action !== 'upload') throw badRequest(`Bad fileId: ${fileId}`)
  await sendContent(
    exchange,
    bucket,
    version,
    pickOverrides((name) => query.get(name)),
  )
}

function requireReading(exchange: Exchange, methods: readonly string[]): void {
  if (!methods.includes(exchange.req.method ?? '')) {
    throw new B2Error(405, 'method_not_allowed', `Method not allowed: ${exchange.req.method ?? ''}`)
  }
}

function authorizeByName(
  exchange: Exchange,
  bucket: Bucket,
  fileName: string,
  overrides: Readonly<Record<string, string>>,
  token: string | null,
): void {
  const { world, log } = exchange
  if (token === null) {
    if (bucket.bucketType === 'allPublic') return
    throw unauthorized()
  }
  const grant = world.tokens.get(token)
  if (grant.kind === 'upload') throw badAuthToken()
  const key = liveKey(world, grant.applicationKeyId)
  log.applicationKeyId = key.applicationKeyId
  if (grant.kind === 'account') {
    requireAccountRead(key, bucket, fileName)
    return
  }
  const isCovered = grant.bucketId === bucket.bucketId && fileName.startsWith(grant.fileNamePrefix)
  if (!isCovered || !sameOverrides(grant.overrides, overrides)) throw unauthorized()
}

function requireAccountRead(key: ApplicationKey, bucket: Bucket, fileName: string): void {
  if (bucket.bucketType === 'allPublic') return
  requireCapability(key, 'readFiles')
  requireBucketAccess(key, bucket.bucketId)
  requireNameAccess(key, fileName)
}

/** A download with a token carries exactly the overrides the token was minted with, no others. */
function sameOverrides(minted: Readonly<Record<string, string>>, asked: Readonly<Record<string, string>>): boolean {
  return Object.keys(OVERRIDE_HEADERS).every((name) => minted[name] === asked[name])
}

async function sendContent(
  exchange: Exchange,
  bucket: Bucket,
  version: FileVersion,
  overrides: Readonly<Record<string, string>>,
): Promise<void> {
  const { req } = exchange
  const { store } = exchange.world
  const size = version.contentLength
  const range = parseRange(req.headers.range, size)
  if (range.kind === 'unsatisfiable') {
    const headers = { 'Content-Range': `bytes */${size}` }
    throw new B2Error(416, 'range_not_satisfiable', 'The Range in the request is outside the size of the file', headers)
  }
  const [start, end] = range.kind === 'part' ? [range.start, range.end] : [0, size - 1]
  const length = end - start + 1
  const content = req.method === 'HEAD' || length === 0 ? [] : store.contentOf(version.fileId)
  if (content === null) throw notFound(`The emulator did not keep the content of ${version.fileName}`)
  const headers = {
    ...contentHeaders(bucket, version, overrides),
    ...(range.kind === 'part' ? { 'Content-Range': `bytes ${start}-${end}/${size}` } : {}),
  }
  const status = range.kind === 'part' ? 206 : 200
  await exchange.sendContent(status, headers, length, () => store.blobs.read(content, start, length))
}

/** Response headers by rising precedence: the bucket's default, the file's own, what the request asks for. */
function contentHeaders(
  bucket: Bucket,
  version: FileVersion,
  overrides: Readonly<Record<string, string>>,
): Record<string, string> {
  const headers: Record<string, string> = { 'Content-Type': version.contentType }
  const bucketCaching = bucket.bucketInfo['Cache-Control'] ?? bucket.bucketInfo['cache-control']
  if (bucketCaching !== undefined) headers['Cache-Control'] = bucketCaching
  for (const [name, value] of Object.entries(version.fileInfo)) {
    const header = INFO_RESPONSE_HEADERS[name]
    if (header === undefined) headers[`X-Bz-Info-${name}`] = percentEncode(value)
    else headers[header] = value
  }
  for (const [name, value] of Object.entries(overrides)) headers[OVERRIDE_HEADERS[name] ?? name] = value
  return {
    ...headers,
    'Accept-Ranges': 'bytes',
    'X-Bz-File-Id': version.fileId,
    'X-Bz-File-Name': percentEncode(version.fileName),
    'X-Bz-Content-Sha1': version.contentSha1,
    'X-Bz-Upload-Timestamp': String(version.uploadTimestamp),
  }
}
