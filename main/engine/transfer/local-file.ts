/** Opens and reads a file of a sync folder for an upload, never anything but a file. */
import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { EngineError } from '../../../shared/errors.ts'
import type { AbsolutePath, RelativePath } from '../../../shared/ids.ts'
import { toAbsolute } from '../lib/paths.ts'
import { errnoOf, statBelow } from '../scan/stat-path.ts'

/** One read fills this much: large enough that system calls do not count, small enough for many files at once. */
const READ_BYTES = 256 * 1024

/** Another program holds the file, for now. */
const BUSY: ReadonlySet<string> = new Set(['EBUSY', 'ETXTBSY', 'EDEADLK', 'EAGAIN'])

/** Throws `file_vanished` for what is no file any more, `file_busy`, `file_unreadable` (details: errno). */
export async function openFile(root: AbsolutePath, path: RelativePath): Promise<FileHandle> {
  // A name that became a link, a pipe or a directory must neither be followed nor waited for.
  const seen = statBelow(root, path)
  if (seen.kind === 'absent' || seen.kind === 'skipped') throw new EngineError('file_vanished', 'The file is gone')
  // Windows has neither O_NOFOLLOW nor O_NONBLOCK; `|` takes what is undefined as 0.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  try {
    return await open(toAbsolute(root, path), flags)
  } catch (error) {
    const code = errnoOf(error) ?? ''
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO'].includes(code)) {
      throw new EngineError('file_vanished', 'The file is gone', {}, { cause: error })
    }
    const kind = BUSY.has(code) ? 'file_busy' : 'file_unreadable'
    throw new EngineError(kind, `open: ${code}`, { errno: code }, { cause: error })
  }
}

/** `length` bytes from `start`, or all there are from there. */
export function readFrom(file: FileHandle, start = 0, length = Infinity) {
  return file.createReadStream({ start, end: start + length - 1, autoClose: false, highWaterMark: READ_BYTES })
}

/** The first `sizeBytes` bytes. Throws `file_changed_while_reading` when there are fewer. */
export async function readAll(file: FileHandle, sizeBytes: number): Promise<Buffer> {
  const content = Buffer.allocUnsafe(sizeBytes)
  let filled = 0
  while (filled < sizeBytes) {
    const { bytesRead } = await file.read(content, filled, sizeBytes - filled, filled)
    if (bytesRead === 0) throw new EngineError('file_changed_while_reading', 'The file became shorter')
    filled += bytesRead
  }
  return content
}
