/**
 * `b2_upload_file`: a body becomes a file version.
 *
 * The bytes stream to disk while they are hashed; only a verified upload whose client is still there becomes a version.
 * One upload at a time on one URL, and none after a rejected one: clients have to take a new URL then.
 */
import { createHash } from 'node:crypto'
import { B2Error, badAuthToken, badBucketId, badRequest, ConnectionCut } from './errors.ts'
import { liveKey, requireCapability, requireNameAccess } from './auth.ts'
import type { Exchange } from './exchange.ts'
import type { Violation } from './calls.ts'
import type { FileVersion } from './model.ts'
import type { UploadGrant } from './tokens.ts'
import { readUploadHeaders, TRAILER_BYTES } from './upload-headers.ts'
import type { UploadHeaders } from './upload-headers.ts'
import { fileVersionJson } from './views.ts'

/** Answers the JSON of the new version; throws `B2Error`, or `ConnectionCut` when the client is gone before the end. */
export async function uploadFile(exchange: Exchange, apiVersion: number): Promise<unknown> {
  const { world, req, log } = exchange
  log.uploadUrl = world.realm + exchange.path
  if (req.method !== 'POST') throw new B2Error(405, 'method_not_allowed', 'Uploads need POST')
  const grant = leaseOf(exchange)
  grant.isBusy = true
  try {
    world.faults.throwNext(log.operation)
    const key = liveKey(world, grant.applicationKeyId)
    requireCapability(key, 'writeFiles')
    const headers = readUploadHeaders(req.headers)
    log.fileName = headers.fileName
    requireNameAccess(key, headers.fileName)
    if (world.store.findBucket(grant.bucketId) === undefined) throw badBucketId(grant.bucketId)
    const version = await receive(exchange, grant.bucketId, headers)
    return fileVersionJson(version, { accountId: world.store.accountId, key, apiVersion })
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
  const grant = world.tokens.get(token)
  if (grant.kind !== 'upload' || grant.path !== path) throw badAuthToken()
  log.bucketId = grant.bucketId
  log.applicationKeyId = grant.applicationKeyId
  const violate = (kind: Violation['kind']): void => {
    world.violations.push({ kind, uploadUrl: world.realm + path, at: world.now() })
  }
  if (grant.isBusy) {
    violate('upload-url-used-concurrently')
    grant.isSpent = true
    throw new B2Error(400, 'auth_token_limit', `more than one upload using auth token ${token}`)
  }
  if (grant.isSpent) {
    violate('upload-url-used-after-failure')
    throw badAuthToken()
  }
  return grant
}

async function receive(exchange: Exchange, bucketId: string, headers: UploadHeaders): Promise<FileVersion> {
  const { world } = exchange
  const blob = world.store.blobs.writer()
  try {
    const sha1 = createHash('sha1')
    const md5 = createHash('md5')
    const trailer = await exchange.readBody(headers.contentLength, (chunk) => {
      sha1.update(chunk)
      md5.update(chunk)
      blob.write(chunk)
    })
    const contentSha1 = sha1.digest('hex')
    checkSha1(headers, contentSha1, trailer)
    await exchange.delay()
    if (exchange.isClientGone) throw new ConnectionCut('the client left before its upload was answered')
    // Tests may delete the bucket while bytes arrive.
    if (world.store.findBucket(bucketId) === undefined) throw badBucketId(bucketId)
    return store(exchange, bucketId, headers, { contentSha1, contentMd5: md5.digest('hex') }, blob.commit)
  } finally {
    blob.discard()
  }
}

function store(
  exchange: Exchange,
  bucketId: string,
  headers: UploadHeaders,
  hashes: { readonly contentSha1: string; readonly contentMd5: string },
  storeContent: (fileId: string) => void,
): FileVersion {
  const isVerified = headers.sha1Mode.kind !== 'none'
  return exchange.world.store.addVersion(
    {
      bucketId,
      fileName: headers.fileName,
      action: 'upload',
      contentLength: headers.contentLength,
      contentType: headers.contentType,
      contentSha1: isVerified ? hashes.contentSha1 : `unverified:${hashes.contentSha1}`,
      contentMd5: hashes.contentMd5,
      fileInfo: headers.fileInfo,
    },
    exchange.world.now(),
    storeContent,
  )
}

function checkSha1(headers: UploadHeaders, actual: string, trailer: Buffer): void {
  const { sha1Mode } = headers
  if (sha1Mode.kind === 'none') return
  const expected = sha1Mode.kind === 'header' ? sha1Mode.sha1 : trailer.toString('latin1', 0, TRAILER_BYTES)
  if (!/^[0-9a-fA-F]{40}$/.test(expected)) throw badRequest(`Not a valid hex SHA1: ${expected}`)
  if (expected.toLowerCase() !== actual) throw badRequest('Checksum did not match data received')
}
