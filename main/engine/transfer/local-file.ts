/** Opens and reads a file of a sync folder for an upload, never anything but a file. */
import { createHash } from 'node:crypto'
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs'
import { open } from 'node:fs/promises'
import { EngineError } from '../../../shared/errors.ts'
import { Sha1Hex, type AbsolutePath, type RelativePath } from '../../../shared/ids.ts'
import { toAbsolute } from '../lib/paths.ts'
import { errnoOf, statBelow } from '../scan/stat-path.ts'
import type { Drives } from './drives.ts'

/** An open file, as far as an upload needs it; a `FileHandle` is one. */
export type LocalFile = {
  readonly fd: number
  stat(): Promise<Stats>
  read(buffer: Buffer, offset: number, length: number, position: number): Promise<{ readonly bytesRead: number }>
  close(): Promise<void>
}

/** Files up to this size are read in the event loop, where the drive is quick. */
const QUICK_BYTES = 64 * 1024

/** One read fills this much: large enough that system calls do not count, small enough for many files at once. */
const READ_BYTES = 256 * 1024

/** What is read at once of a file that is only hashed: there may be hundreds of them. */
const HASHED_BYTES = 128 * 1024

/**
 * Those nobody reads into: new ones would lie about until garbage is cleared away, hundreds of MB where many files move.
 * There are never more than files were hashed at once.
 */
const spare: Buffer<ArrayBuffer>[] = []

/** Another program holds the file, for now; on a network drive it was replaced a moment ago. */
const BUSY: ReadonlySet<string> = new Set(['EBUSY', 'ETXTBSY', 'EDEADLK', 'EAGAIN', 'ESTALE'])

const GONE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO'])

/** What it means for a file that a call of the system failed with this code. */
export function localFileError(call: 'open' | 'read', errno: string, cause?: unknown): EngineError {
  if (GONE.has(errno)) return new EngineError('file_vanished', 'The file is gone', {}, { cause })
  const code = BUSY.has(errno) ? 'file_busy' : 'file_unreadable'
  return new EngineError(code, `${call}: ${errno}`, { errno }, { cause })
}

/** Throws `file_vanished` for what is no file any more, `file_busy`, `file_unreadable` (details: errno). */
export async function openFile(root: AbsolutePath, path: RelativePath, drives: Drives): Promise<LocalFile> {
  // A name that became a link, a pipe or a directory must neither be followed nor waited for.
  const seen = statBelow(root, path)
  if (seen.kind === 'absent' || seen.kind === 'skipped') throw new EngineError('file_vanished', 'The file is gone')
  // Windows has neither O_NOFOLLOW nor O_NONBLOCK; `|` takes what is undefined as 0.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  const isQuick = seen.kind === 'file' && seen.fingerprint.sizeBytes <= QUICK_BYTES && drives.isQuick(root)
  const at = toAbsolute(root, path)
  try {
    return isQuick ? openQuickly(root, at, flags, drives) : await open(at, flags)
  } catch (error) {
    throw localFileError('open', errnoOf(error) ?? '', error)
  }
}

/** A file whose every read is awaited in the event loop; the promises are kept already. */
function openQuickly(root: AbsolutePath, path: AbsolutePath, flags: number, drives: Drives): LocalFile {
  const fd = drives.watch(root, () => openSync(path, flags))
  return {
    fd,
    stat: () => Promise.resolve(fstatSync(fd)),
    read: (buffer, offset, length, position) => {
      const bytesRead = drives.watch(root, () => readSync(fd, buffer, offset, length, position))
      return Promise.resolve({ bytesRead })
    },
    close: () => {
      closeSync(fd)
      return Promise.resolve()
    },
  }
}

/**
 * `length` bytes from `start`, or all there are from there. Not a stream: a file has room for ten of those at a time.
 *
 * Two buffers take turns, because a new one for every piece costs half of the time that sending takes: a piece is gone
 * once the second one after it is asked for. All pieces but the last fill a buffer, which is more than a connection keeps
 * to itself of what it was given before it asks for more.
 */
export async function* readFrom(file: LocalFile, start = 0, length = Infinity): AsyncGenerator<Uint8Array, void> {
  const end = start + length
  let buffer = Buffer.allocUnsafeSlow(READ_BYTES)
  let other: typeof buffer | undefined
  for (let at = start; at < end;) {
    const wanted = Math.min(READ_BYTES, end - at)
    const filled = await fill(file, buffer, wanted, at)
    if (filled > 0) yield buffer.subarray(0, filled)
    if (filled < wanted) return
    at += filled
    ;[buffer, other] = [other ?? Buffer.allocUnsafeSlow(READ_BYTES), buffer]
  }
}

/** The first `sizeBytes` bytes. Throws `file_changed_while_reading` when there are fewer. */
export async function readAll(file: LocalFile, sizeBytes: number): Promise<Buffer> {
  const content = Buffer.allocUnsafe(sizeBytes)
  if ((await fill(file, content, sizeBytes, 0)) === sizeBytes) return content
  throw new EngineError('file_changed_while_reading', 'The file became shorter')
}

/** SHA-1 of the first `sizeBytes` bytes. Throws `file_changed_while_reading` when there are fewer, and the signal's reason. */
export async function sha1OfFirst(file: LocalFile, sizeBytes: number, signal: AbortSignal): Promise<Sha1Hex> {
  const hash = createHash('sha1')
  const buffer = spare.pop() ?? Buffer.allocUnsafeSlow(HASHED_BYTES)
  try {
    for (let at = 0; at < sizeBytes; at += buffer.length) {
      signal.throwIfAborted()
      const wanted = Math.min(buffer.length, sizeBytes - at)
      const filled = await fill(file, buffer, wanted, at)
      if (filled < wanted) throw new EngineError('file_changed_while_reading', 'The file became shorter')
      hash.update(buffer.subarray(0, filled))
    }
    return Sha1Hex.parse(hash.digest('hex'))
  } finally {
    spare.push(buffer)
  }
}

/** Bytes of a file that have been hashed. */
type Hashed = { readonly start: number; readonly contentLength: number; readonly sha1: Sha1Hex }

/** Hashed bytes once more. Throws `file_changed_while_reading` instead of giving the last of them when they are others. */
export async function* readAgain(file: LocalFile, { start, contentLength, sha1 }: Hashed): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha1')
  let bytesRead = 0
  for await (const piece of readFrom(file, start, contentLength)) {
    hash.update(piece)
    bytesRead += piece.byteLength
    if (bytesRead === contentLength && hash.digest('hex') !== sha1) {
      throw new EngineError('file_changed_while_reading', 'The file holds something else than a moment ago')
    }
    yield piece
  }
}

/**
 * Reads `wanted` bytes from a place in the file into the buffer; returns how many there were. Throws what `localFileError`
 * makes of what the system says.
 */
async function fill(file: LocalFile, buffer: Buffer, wanted: number, from: number): Promise<number> {
  let filled = 0
  while (filled < wanted) {
    const bytesRead = await readOnce(file, buffer, filled, wanted - filled, from + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return filled
}

async function readOnce(file: LocalFile, ...where: Parameters<LocalFile['read']>): Promise<number> {
  try {
    return (await file.read(...where)).bytesRead
  } catch (error) {
    const errno = errnoOf(error)
    // Node's own codes begin with ERR_, and tell of a fault in the program.
    if (errno === undefined || errno.startsWith('ERR_') || error instanceof EngineError) throw error
    throw localFileError('read', errno, error)
  }
}
