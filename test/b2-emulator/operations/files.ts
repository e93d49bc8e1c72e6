import { z } from 'zod'
import { bucketFor, requireBucketAccess, requireNameAccess } from '../auth.ts'
import { B2Error, badRequest, notFound } from '../errors.ts'
import { isFileId } from '../ids.ts'
import type { ApplicationKey, FileVersion } from '../model.ts'
import { checkFileName } from '../names.ts'
import type { NewVersion } from '../store.ts'
import { fileVersionJson } from '../views.ts'
import type { World } from '../world.ts'
import { operation } from './operation.ts'
import type { Operation } from './operation.ts'
import { viewerOf } from './viewer.ts'

/** A hide marker's hashes are those of no bytes, as recorded from the real service. */
const EMPTY_SHA1 = 'da39a3ee5e6b4b0d3255bfef95601890afd80709'
const EMPTY_MD5 = 'd41d8cd98f00b204e9800998ecf8427e'

/** The calls about single files. */
export const fileOperations: Readonly<Record<string, Operation>> = {
  get_upload_url: operation('writeFiles', z.object({ bucketId: z.string() }), (call, { bucketId }) => {
    call.log.bucketId = bucketId
    bucketFor(call.world, call.key, bucketId)
    const grant = call.world.tokens.mintUpload(call.key, { bucketId, largeFileId: null }, call.apiVersion)
    return { authorizationToken: grant.token, bucketId, uploadUrl: call.world.realm + grant.path }
  }),

  get_file_info: operation('readFiles', z.object({ fileId: z.string() }), (call, { fileId }) => {
    const version = versionFor(call.world, call.key, fileId)
    call.log.bucketId = version.bucketId
    call.log.fileName = version.fileName
    return fileVersionJson(version, viewerOf(call))
  }),

  hide_file: operation('writeFiles', z.object({ bucketId: z.string(), fileName: z.string() }), (call, params) => {
    const { bucketId, fileName } = params
    call.log.bucketId = bucketId
    call.log.fileName = fileName
    bucketFor(call.world, call.key, bucketId)
    checkFileName(fileName)
    requireNameAccess(call.key, fileName)
    const { store } = call.world
    const newest = store.namesOf(bucketId).currentOf(fileName)
    if (newest === undefined) throw new B2Error(400, 'no_such_file', `File not present: ${fileName}`)
    if (newest.action === 'hide') throw new B2Error(400, 'already_hidden', `File already hidden: ${fileName}`)
    const marker = store.addVersion(hideMarker(bucketId, fileName), call.world.now())
    return fileVersionJson(marker, viewerOf(call))
  }),

  delete_file_version: operation(
    'deleteFiles',
    z.object({ fileName: z.string(), fileId: z.string() }),
    (call, { fileName, fileId }) => {
      call.log.fileName = fileName
      const { store } = call.world
      if (!isFileId(fileId)) throw badRequest(`Bad fileId: ${fileId}`)
      const version = store.findVersion(fileId)
      if (version !== undefined) requireVersionAccess(call.key, version)
      if (version?.fileName !== fileName) {
        throw new B2Error(400, 'file_not_present', `File not present: ${fileName} ${fileId}`)
      }
      call.log.bucketId = version.bucketId
      store.removeVersion(version)
      return { fileId, fileName }
    },
  ),
}

/** A hide marker before it has an id and a time. */
export function hideMarker(bucketId: string, fileName: string): NewVersion {
  return {
    bucketId,
    fileName,
    action: 'hide',
    contentLength: 0,
    contentType: 'application/x-bz-hide-marker',
    contentSha1: EMPTY_SHA1,
    contentMd5: EMPTY_MD5,
    fileInfo: {},
  }
}

/** The version with this id, when the key reaches it; throws 400 for a malformed id and 404 for an unknown one. */
export function versionFor(world: World, key: ApplicationKey | null, fileId: string): FileVersion {
  if (!isFileId(fileId)) throw badRequest(`Bad fileId: ${fileId}`)
  const version = world.store.findVersion(fileId)
  if (version === undefined) throw notFound(`File not present: ${fileId}`)
  if (key !== null) requireVersionAccess(key, version)
  return version
}

/**
 * The unfinished large file with this id, when the key reaches it. Throws 400 `bad_request` with the messages recorded
 * for a malformed id, and for one that is unknown, finished or cancelled.
 */
export function unfinishedFor(world: World, key: ApplicationKey, fileId: string): FileVersion {
  if (!isFileId(fileId)) throw badRequest(`Invalid fileId: ${fileId}`)
  const version = world.store.findVersion(fileId)
  if (version !== undefined) requireVersionAccess(key, version)
  if (version?.action !== 'start') throw badRequest(`No active upload for: ${fileId}`)
  return version
}

/** Throws 401 `unauthorized` when the key does not reach the version's bucket or name. */
function requireVersionAccess(key: ApplicationKey, version: FileVersion): void {
  requireBucketAccess(key, version.bucketId)
  requireNameAccess(key, version.fileName)
}
