/**
 * `b2_upload_file` and `b2_upload_part`: a body becomes a file version, or a part of a large file.
 *
 * The bytes stream to disk while they are hashed; only a verified upload whose client is still there is stored.
 * One upload at a time on one URL, and none after a rejected one: clients have to take a new URL then.
 */
import { createHash } from 'node:crypto'
import { B2Error, badAuthToken, badBucketId, badRequest, ConnectionCut, expiredAuthToken } from './errors.ts'
import { liveKey, requireCapability, requireNameAccess } from './auth.ts'
import type { Exchange } from './exchange.ts'
import type { BlobWriter } from './blobs.ts'
import type { ApplicationKey, FileVersion, Part } from './model.ts'
import { newBlobName } from './ids.ts'
import { unfinishedFor } from './operations/files.ts'
import { beginSha1 } from './sha1.ts'
import type { UploadGrant } from './tokens.ts'
import { readPartHeaders, readUploadHeaders, TRAILER_BYTES } from './upload-headers.ts'
import type { BodyHeaders } from './upload-headers.ts'
import { fileVersionJson, partJson } from './views.ts'

/** Answers the JSON of the new version; throws `B2Error`, or `ConnectionCut` when the client is gone before the end. */
export async function uploadFile(exchange: Exchange, apiVersion: number): Promise<void> {
  const { world, req, log } = exchange
  await withUploadUrl(exchange, async ({ bucketId }, key) => {
    const headers = readUploadHeaders(req.headers)
    const { fileName, contentType, fileInfo } = headers
    log.fileName = fileName
    requireNameAccess(key, fileName)
    requireBucket(exchange, bucketId)
    const version = await receive(exchange, headers, (received, blob): FileVersion => {
      // Tests may delete the bucket while bytes arrive.
      requireBucket(exchange, bucketId)
      const added = { bucketId, fileName, action: 'upload' as const, contentType, fileInfo, ...received }
      return world.store.addVersion(added, world.now(), blob.commit)
    })
    return fileVersionJson(version, { accountId: world.store.accountId, key, apiVersion })
  })
}

/** Answers the JSON of the new part; throws like `uploadFile`. */
export async function uploadPart(exchange: Exchange): Promise<void> {
  const { world, req, log } = exchange
  await withUploadUrl(exchange, async ({ bucketId, largeFileId }, key) => {
    const { partNumber, ...headers } = readPartHeaders(req.headers)
    const fileId = largeFileId ?? ''
    requireBucket(exchange, bucketId)
    log.fileName = unfinishedFor(world, key, fileId).fileName
    const part = await receive(exchange, headers, (received, blob): Part => {
      // It may be finished or cancelled while bytes arrive.
      unfinishedFor(world, key, fileId)
      const stored = { fileId, partNumber, uploadTimestamp: world.now(), ...received }
      world.store.putPart(stored, blob.commit(newBlobName(`${fileId}_p${partNumber}`)))
      return stored
    })
    return partJson(part)
  })
}

/**
 * Runs an upload under the rules of its URL: one at a time, and after a failure none, not even when the upload was stored
 * and only its answer was lost.
 */
async function withUploadUrl(
  exchange: Exchange,
  run: (grant: UploadGrant, key: ApplicationKey) => Promise<unknown>,
): Promise<void> {
  const { world, req, log } = exchange
  log.uploadUrl = world.realm + exchange.path
  if (req.method !== 'POST') throw new B2Error(405, 'method_not_allowed', 'Uploads need POST')
  const grant = leaseOf(exchange)
  grant.isBusy = true
  try {
    await exchange.meetFault()
    const key = liveKey(world, grant.applicationKeyId)
    requireCapability(key, 'writeFiles')
    await exchange.sendJson(await run(grant, key))
  } catch (error) {
    grant.isSpent = true
    throw error
  } finally {
    grant.isBusy = false
  }
}

function leaseOf(exchange: Exchange): UploadGrant {
  const { world, req, log, path } = exchange
  const token = req.headers.authorization
  if (token === undefined) throw new B2Error(401, 'missing_auth_token', 'Authorization header is missing')
  const grant = world.tokens.find(token)
  if (grant?.kind !== 'upload' || grant.path !== path) throw badAuthToken()
  log.bucketId = grant.bucketId
  log.applicationKeyId = grant.applicationKeyId
  const violate = (kind: 'upload-url-used-concurrently' | 'upload-url-used-after-failure'): void => {
    world.violations.push({ kind, uploadUrl: world.realm + path, at: world.now() })
  }
  if (grant.isBusy) {
    violate('upload-url-used-concurrently')
    grant.isSpent = true
    throw new B2Error(400, 'auth_token_limit', `more than one upload using auth token ${token}`)
  }
  const isExpired = grant.expiresAtMs <= world.now()
  if (grant.isSpent) violate('upload-url-used-after-failure')
  if (grant.isSpent || isExpired) {
    grant.isSpent = true
    throw isExpired ? expiredAuthToken() : badAuthToken()
  }
  return grant
}

/** The fields of a version or part that follow from its bytes. */
type Received = Pick<FileVersion, 'contentLength' | 'contentSha1' | 'contentMd5'>

/** Reads and verifies the body, then hands it to `store`, unless the client has left meanwhile. */
async function receive<Stored>(
  exchange: Exchange,
  headers: BodyHeaders,
  store: (received: Received, blob: BlobWriter) => Stored,
): Promise<Stored> {
  const { contentLength } = headers
  const { blobs } = exchange.world.store
  const blob = blobs.writer()
  // Contents that are kept are held up by their MD5 and the disk anyway.
  const sha1 = beginSha1(contentLength, !blobs.isKeeping)
  try {
    const md5 = blobs.isKeeping ? createHash('md5') : null
    const trailer = await exchange.readBody(contentLength, (chunk) => {
      md5?.update(chunk)
      blob.write(chunk)
      return sha1.update(chunk)
    })
    const actual = await sha1.digest()
    if (exchange.isDamaged) throw badRequest('Checksum did not match data received')
    checkSha1(headers, actual, trailer)
    await exchange.delay()
    if (exchange.isClientGone) throw new ConnectionCut('the client left before its upload was answered')
    const contentSha1 = headers.sha1Mode.kind === 'none' ? `unverified:${actual}` : actual
    return store({ contentLength, contentSha1, contentMd5: md5?.digest('hex') ?? null }, blob)
  } finally {
    blob.discard()
    sha1.discard()
  }
}

function requireBucket(exchange: Exchange, bucketId: string): void {
  if (exchange.world.store.findBucket(bucketId) === undefined) throw badBucketId(bucketId)
}

function checkSha1(headers: BodyHeaders, actual: string, trailer: Buffer): void {
  const { sha1Mode } = headers
  if (sha1Mode.kind === 'none') return
  const expected = sha1Mode.kind === 'header' ? sha1Mode.sha1 : trailer.toString('latin1', 0, TRAILER_BYTES)
  if (!/^[0-9a-fA-F]{40}$/.test(expected)) throw badRequest(`Not a valid hex SHA1: ${expected}`)
  if (expected.toLowerCase() !== actual) throw badRequest('Checksum did not match data received')
}
