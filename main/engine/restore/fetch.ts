/**
 * The bytes of one version, from B2 to a file of its own in the staging folder, and from there to its place.
 *
 * Files up to one range come in one request, which checks their SHA-1. Larger ones come in several, side by side and
 * always of the same version; which of them are on the disk is written down, so that a later run asks for the others
 * only, and their SHA-1 is computed from the disk. Bytes that are wrong are never given a name.
 */
import { closeSync, constants, fdatasync, fstatSync, ftruncateSync, open, writev } from 'node:fs'
import { promisify } from 'node:util'
import { EngineError, isEngineError } from '../../../shared/errors.ts'
import type { B2Client } from '../b2/client.ts'
import type { ByteRange } from '../b2/copy.ts'
import { joinSignals } from '../lib/joined-signal.ts'
import type { Slots } from '../lib/slots.ts'
import type { Observation } from '../model/entry.ts'
import { failed, onDisk } from './disk-errors.ts'
import { PartsRecord } from './parts-record.ts'
import { sha1OfOpenFile } from './read-file.ts'
import type { Staging } from './staging.ts'
import type { Target } from './target.ts'
import type { WantedFile } from './wanted.ts'

const openFile = promisify(open)
const writeAll = promisify(writev)
const flushData = promisify(fdatasync)

/** Bytes of one request. What is lost when the machine stops is at most this for each download. */
export const RANGE_BYTES = 8 * 1024 * 1024

/** What has arrived is written when it is this much: few system calls, little memory. */
const WRITE_BYTES = 256 * 1024

/** Downloads of a file whose bytes are wrong each time. */
const MAX_TRIES = 3

export type Fetching = {
  readonly b2: B2Client
  readonly slots: Slots
  readonly staging: Staging
  readonly target: Target
  readonly signal: AbortSignal
  /** Called with how many bytes have come; less than nothing for those that were of no use. */
  readonly onBytes: (bytes: number) => void
}

/** Where a version goes, and what is there before. */
export type Arrival = { readonly wanted: WantedFile; readonly found: Observation }

export function isInOnePiece({ sizeBytes }: WantedFile): boolean {
  return sizeBytes <= RANGE_BYTES
}

/**
 * Brings a file of one range to its place. Throws `checksum_mismatch` when it is wrong three times, `would_overwrite` and
 * `file_changed_while_reading` as `Target` does, what the disk says, and what the B2 client throws.
 */
export async function fetchWhole(fetching: Fetching, { wanted, found }: Arrival): Promise<void> {
  const { staging, target } = fetching
  const directory = target.makeDirectoryFor(wanted.path)
  const staged = staging.pathFor(wanted.fileId, directory)
  const fd = await openStaged(staged, constants.O_TRUNC)
  try {
    if (wanted.sizeBytes > 0) {
      await again(() => fetchRange(fetching, wanted, fd, { first: 0, last: wanted.sizeBytes - 1 }))
    }
    await target.place(fd, staged, wanted, found)
  } finally {
    closeSync(fd)
  }
}

/**
 * Brings a larger file to its place, a slot for each range. `onStarted` is called when no more slots will be asked for,
 * but perhaps for ranges that were wrong. Throws what `fetchWhole` does.
 */
export async function fetchInRanges(fetching: Fetching, arrival: Arrival, onStarted: () => void): Promise<void> {
  const { staging, target } = fetching
  const { wanted, found } = arrival
  try {
    const directory = target.makeDirectoryFor(wanted.path)
    const staged = staging.pathFor(wanted.fileId, directory)
    const fd = await openStaged(staged, 0)
    const record = onDisk(() => PartsRecord.open(staged, wanted, RANGE_BYTES))
    try {
      if (fstatSync(fd).size !== wanted.sizeBytes) onDisk(() => makeRoom(fd, wanted, record))
      await again(async () => {
        await fetchMissing(fetching, wanted, { fd, record, onStarted })
        await assertRight(fetching, wanted, fd, record)
      })
      await target.place(fd, staged, wanted, found)
      record.remove()
    } finally {
      record.close()
      closeSync(fd)
    }
  } finally {
    onStarted()
  }
}

/** Of a file that is not there, nothing is on record. */
function makeRoom(fd: number, { sizeBytes }: WantedFile, record: PartsRecord): void {
  ftruncateSync(fd, 0)
  ftruncateSync(fd, sizeBytes)
  record.startAnew()
}

/** Tries again where the bytes were wrong. */
async function again(attempt: () => Promise<void>): Promise<void> {
  for (let left = MAX_TRIES - 1; ; left -= 1) {
    try {
      return await attempt()
    } catch (error) {
      if (left === 0 || !isEngineError(error, 'checksum_mismatch')) throw error
    }
  }
}

/** Fetches what is not on record, a slot for each range; the first failure ends them all. */
async function fetchMissing(
  fetching: Fetching,
  wanted: WantedFile,
  { fd, record, onStarted }: { readonly fd: number; readonly record: PartsRecord; readonly onStarted: () => void },
): Promise<void> {
  const broken = new AbortController()
  const { signal, release: letGo } = joinSignals(fetching.signal, broken.signal)
  const running = new Set<Promise<void>>()
  const fetchPart = async (part: number): Promise<void> => {
    const first = part * RANGE_BYTES
    const last = Math.min(first + RANGE_BYTES, wanted.sizeBytes) - 1
    await fetchRange({ ...fetching, signal }, wanted, fd, { first, last })
    await flushData(fd).catch(failed)
    onDisk(() => record.add(part))
  }
  try {
    for (const part of record.missing) {
      const release = await fetching.slots.take(signal)
      const work = fetchPart(part)
        .catch((error: unknown) => broken.abort(error))
        .finally(() => {
          release()
          running.delete(work)
        })
      running.add(work)
    }
    onStarted()
    await Promise.all(running)
    signal.throwIfAborted()
  } finally {
    await Promise.all(running)
    letGo()
  }
}

/** Writes a range of a version to the same place in a file. */
async function fetchRange(fetching: Fetching, wanted: WantedFile, fd: number, range: ByteRange): Promise<void> {
  const { b2, signal, onBytes } = fetching
  const { fileId, sizeBytes } = wanted
  const isWhole = range.last - range.first + 1 === sizeBytes
  const download = await b2.downloadFile({ fileId }, { signal, ...(isWhole ? {} : { range }) })
  if (download.contentLength !== sizeBytes) {
    download.discard()
    throw new EngineError('checksum_mismatch', 'The version has another size than the listing said')
  }
  let at = range.first
  let waiting: Uint8Array[] = []
  let waitingBytes = 0
  let arrived = 0
  const write = async (): Promise<void> => {
    await writeFully(fd, waiting, at).catch(failed)
    at += waitingBytes
    waiting = []
    waitingBytes = 0
  }
  try {
    for await (const chunk of download.chunks) {
      waiting.push(chunk)
      waitingBytes += chunk.length
      arrived += chunk.length
      onBytes(chunk.length)
      if (waitingBytes >= WRITE_BYTES) await write()
    }
    await write()
  } catch (error) {
    onBytes(-arrived)
    throw error
  }
}

/** Compares a file that came in ranges with its SHA-1; when it is wrong nothing of it is worth keeping. */
async function assertRight(fetching: Fetching, wanted: WantedFile, fd: number, record: PartsRecord): Promise<void> {
  if (wanted.sha1 === null) return
  const release = await fetching.slots.take(fetching.signal)
  try {
    if ((await sha1OfOpenFile(fd, fetching.signal)) === wanted.sha1) return
    onDisk(() => record.startAnew())
    fetching.onBytes(-wanted.sizeBytes)
    throw new EngineError('checksum_mismatch', 'What was downloaded is not what was uploaded')
  } finally {
    release()
  }
}

/**
 * Never through a link, and readable, as its SHA-1 is computed from it. Not synchronous: while other files are being
 * flushed, making one can take a file system milliseconds, in which nothing would be received.
 */
function openStaged(path: string, flags: number): Promise<number> {
  // Windows has no O_NOFOLLOW; `|` takes what is undefined as 0.
  const { O_RDWR, O_CREAT, O_NOFOLLOW } = constants
  return openFile(path, O_RDWR | O_CREAT | O_NOFOLLOW | flags).catch(failed)
}

/** Goes on where the system wrote only a part, as it does right before a disk is full. */
async function writeFully(fd: number, buffers: readonly Uint8Array[], at: number): Promise<void> {
  const bytes = buffers.reduce((sum, { length }) => sum + length, 0)
  const { bytesWritten } = await writeAll(fd, buffers, at)
  if (bytesWritten === bytes) return
  await writeFully(fd, [Buffer.concat(buffers).subarray(bytesWritten)], at + bytesWritten)
}
