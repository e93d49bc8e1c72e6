/**
 * One attempt to bring one file into the bucket.
 *
 * In: a job. Out: what both sides now agree on. The bytes that become an object are exactly those of one unchanged
 * file: its fingerprint is taken from the open file before the first byte is read and compared before the last
 * bytes (the SHA-1 trailer) go out; if it changed, the request is destroyed and no object comes into being.
 */
import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { EngineError } from '../../../shared/errors.ts'
import { Sha1Hex, UnixMs } from '../../../shared/ids.ts'
import type { SyncFolder } from '../../../shared/model/folder.ts'
import type { B2Client } from '../b2/client.ts'
import { MAX_UPLOAD_BYTES } from '../b2/limits.ts'
import { checkRemoteName } from '../b2/names.ts'
import { BRIEF } from '../b2/retry.ts'
import { toAbsolute, toRemoteName } from '../lib/paths.ts'
import { sha1OfStream } from '../lib/stream-hash.ts'
import type { BaseEntry, RemoteEntry } from '../model/agreed.ts'
import { sameFingerprint, type Fingerprint } from '../model/entry.ts'
import type { Job } from '../model/job.ts'
import { errnoOf, fingerprintOf, statBelow } from '../scan/stat-path.ts'
import type { Outcome } from './outcome.ts'

/** One read fills this much: large enough that system calls do not count, small enough for many files at once. */
const READ_BYTES = 256 * 1024

export type UploadInput = {
  readonly job: Job
  readonly folder: SyncFolder
  readonly base: BaseEntry | undefined
  readonly remote: RemoteEntry | undefined
  readonly b2: B2Client
  readonly signal: AbortSignal
  /** Called with the bytes sent so far; falls back when an attempt starts again. */
  readonly onProgress: (sentBytes: number) => void
}

/**
 * Throws `name_not_allowed`, `file_unreadable`, `file_vanished`, `file_too_large`, `file_changed_while_reading`, and
 * whatever the B2 client throws.
 */
export async function runUpload(input: UploadInput): Promise<Outcome> {
  const { job, folder } = input
  // Opened first: of a file that is gone it does not matter what B2 thinks of its name.
  const file = await openFile(input)
  try {
    const refusal = checkRemoteName(toRemoteName(folder.prefix, job.path))
    if (refusal !== null) throw new EngineError('name_not_allowed', refusal, { reason: refusal })
    const stats = await file.stat()
    if (!stats.isFile()) throw new EngineError('file_vanished', 'No longer a file')
    return await decide(input, file, fingerprintOf(stats))
  } finally {
    await file.close()
  }
}

async function openFile({ folder, job }: UploadInput): Promise<FileHandle> {
  const path = toAbsolute(folder.root, job.path)
  // A name that became a link, a pipe or a directory must neither be followed nor waited for.
  const seen = statBelow(folder.root, job.path)
  if (seen.kind === 'absent' || seen.kind === 'skipped') throw new EngineError('file_vanished', 'The file is gone')
  // Windows has neither O_NOFOLLOW nor O_NONBLOCK; `|` takes what is undefined as 0.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  try {
    return await open(path, flags)
  } catch (error) {
    const code = errnoOf(error)
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP' || code === 'ENXIO') {
      throw new EngineError('file_vanished', 'The file is gone', {}, { cause: error })
    }
    throw new EngineError('file_unreadable', `open: ${code ?? 'failed'}`, { errno: code ?? '' }, { cause: error })
  }
}

/** Sends only what the bucket does not hold: equal content is recognised by size, then by SHA-1. */
async function decide(input: UploadInput, file: FileHandle, before: Fingerprint): Promise<Outcome> {
  const { base, remote } = input
  if (base !== undefined && sameFingerprint(base.fingerprint, before)) return { kind: 'needless' }
  if (before.sizeBytes > MAX_UPLOAD_BYTES) {
    throw new EngineError('file_too_large', `${before.sizeBytes} bytes`, { limit: '5 GB' })
  }
  if (remote?.sha1 != null && remote.sizeBytes === before.sizeBytes) {
    const sha1 = await sha1OfStream(readFrom(file), input.signal)
    await assertUnchanged(input, file, before)
    if (remote.sha1 === sha1) {
      const entry = { path: input.job.path, fingerprint: before, sha1, fileId: remote.fileId }
      if (base?.fileId === remote.fileId) return { kind: 'touched', entry }
      return { kind: 'adopted', entry, uploadedAt: remote.uploadedAt }
    }
  }
  return await send(input, file, before)
}

async function send(input: UploadInput, file: FileHandle, before: Fingerprint): Promise<Outcome> {
  const { job, folder, b2, signal, onProgress } = input
  const version = await b2.uploadFile({
    bucketId: folder.bucketId,
    fileName: toRemoteName(folder.prefix, job.path),
    contentLength: before.sizeBytes,
    srcLastModifiedMillis: Math.trunc(before.mtimeMs),
    makeBody: () => readFrom(file),
    beforeTrailer: () => assertUnchanged(input, file, before),
    signal,
    patience: BRIEF,
    onProgress,
  })
  return {
    kind: 'uploaded',
    entry: {
      path: job.path,
      fingerprint: before,
      sha1: Sha1Hex.parse(version.contentSha1),
      fileId: version.fileId,
    },
    uploadedAt: UnixMs.parse(version.uploadTimestamp),
  }
}

function readFrom(file: FileHandle) {
  return file.createReadStream({ start: 0, autoClose: false, highWaterMark: READ_BYTES })
}

/** Compares the open file, and what its name leads to now: a rename over it makes what was read an old version. */
async function assertUnchanged({ folder, job }: UploadInput, file: FileHandle, before: Fingerprint): Promise<void> {
  const named = statBelow(folder.root, job.path)
  const isSame =
    sameFingerprint(before, fingerprintOf(await file.stat())) &&
    named.kind === 'file' &&
    sameFingerprint(before, named.fingerprint)
  if (!isSame) throw new EngineError('file_changed_while_reading', 'The file changed while it was read')
}
