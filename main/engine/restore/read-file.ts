/** SHA-1 of files here. */
import { close, constants, open, read } from 'node:fs'
import { promisify } from 'node:util'
import type { AbsolutePath, RelativePath, Sha1Hex } from '../../../shared/ids.ts'
import { toAbsolute } from '../lib/paths.ts'
import { sha1OfStream } from '../lib/stream-hash.ts'
import { failed } from './disk-errors.ts'

const openFile = promisify(open)
const closeFile = promisify(close)
const readSome = promisify(read)

/** Bytes of one read. */
const READ_BYTES = 256 * 1024

/** Of a file that is one: never through a link, never waiting for a pipe. Throws what the disk says, and the signal's reason. */
export async function sha1OfFile(root: AbsolutePath, path: RelativePath, signal: AbortSignal): Promise<Sha1Hex> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
  // Windows has neither flag; `|` takes what is undefined as 0.
  const fd = await openFile(toAbsolute(root, path), O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(failed)
  try {
    return await sha1OfOpenFile(fd, signal)
  } finally {
    await closeFile(fd)
  }
}

/** Of an open file from its beginning. */
export function sha1OfOpenFile(fd: number, signal: AbortSignal): Promise<Sha1Hex> {
  return sha1OfStream(readFrom(fd), signal)
}

async function* readFrom(fd: number): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.allocUnsafe(READ_BYTES)
  for (let at = 0; ;) {
    const { bytesRead } = await readSome(fd, buffer, 0, buffer.length, at).catch(failed)
    if (bytesRead === 0) return
    at += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}
