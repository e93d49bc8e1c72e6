/**
 * The body of one upload: bytes whose SHA-1 is known and goes ahead of them; or the file's bytes as they are read, then
 * their SHA-1 as 40 hex digits (`hex_digits_at_end`).
 *
 * B2 stores nothing before the last byte has arrived, so everything that speaks against the upload is found out before
 * that is sent, and throwing is enough to leave no trace.
 */
import { createHash } from 'node:crypto'
import { EngineError } from '../../../shared/errors.ts'
import type { Sha1Hex } from '../../../shared/ids.ts'
import type { StreamedBody } from './http.ts'

/** Length of the SHA-1 trailer. */
const TRAILER_BYTES = 40

/** Bytes up to this number go out in one piece, which is much cheaper; more of them in pieces, so that progress shows. */
const PIECE_BYTES = 64 * 1024

export type UploadSource = WholeSource | StreamedSource

/** Bytes that do not change any more. */
export type WholeSource = {
  readonly content: Uint8Array
  readonly sha1: Sha1Hex
  /** As for a streamed source; bytes that go out in one piece are told of once B2 has them. */
  readonly onProgress?: ((bytesSent: number) => void) | undefined
}

export type StreamedSource = {
  /** Size of the file in bytes. */
  readonly contentLength: number
  /** Gives the file's bytes from the start; called once for each time they are sent. */
  readonly makeBody: () => AsyncIterable<Uint8Array>
  /** Of these bytes, where it is known: then nothing is hashed on the way, and B2 refuses what is not like it. */
  readonly sha1?: Sha1Hex | undefined
  /** Called when all bytes are read and before the upload counts; what it throws ends the upload without an object. */
  readonly beforeTrailer?: (() => Promise<void>) | undefined
  /** Bytes of the file handed to the network in this attempt; starts again at 0 when the file is sent again. */
  readonly onProgress?: ((bytesSent: number) => void) | undefined
}

export type UploadBody = {
  readonly body: Uint8Array | StreamedBody
  /** What B2 is told ahead of the bytes about their SHA-1. */
  readonly sha1Header: Sha1Hex | 'hex_digits_at_end'
  /** The SHA-1 of the bytes, where B2 may have the whole file; undefined before the trailer is on its way. */
  readonly sentSha1: () => Sha1Hex | undefined
}

/** How many bytes a source brings. */
export function lengthOf(source: UploadSource): number {
  return 'content' in source ? source.content.byteLength : source.contentLength
}

/** The body for one attempt. Its chunks throw `file_changed_while_reading` for a source that is shorter or longer than it said. */
export function createUploadBody(source: UploadSource): UploadBody {
  return 'content' in source ? createWholeBody(source) : createStreamedBody(source)
}

function createWholeBody({ content, sha1, onProgress }: WholeSource): UploadBody {
  async function* chunks() {
    for (let sent = 0; sent < content.byteLength; sent += PIECE_BYTES) {
      onProgress?.(sent)
      yield content.subarray(sent, sent + PIECE_BYTES)
    }
    onProgress?.(content.byteLength)
  }
  const { byteLength } = content
  const isOnePiece = byteLength <= PIECE_BYTES
  if (isOnePiece) onProgress?.(0)
  return {
    body: isOnePiece ? content : { contentLength: byteLength, chunks: chunks() },
    sha1Header: sha1,
    sentSha1: () => sha1,
  }
}

function createStreamedBody(source: StreamedSource): UploadBody {
  return source.sha1 === undefined ? createHashedBody(source) : createKnownBody(source, source.sha1)
}

function createKnownBody(source: StreamedSource, sha1: Sha1Hex): UploadBody {
  const { contentLength } = source
  let mayBeThere = false
  async function* chunks(): AsyncGenerator<Uint8Array> {
    let bytesSent = 0
    source.onProgress?.(0)
    for await (const chunk of source.makeBody()) {
      const sentNow = bytesSent + chunk.byteLength
      if (sentNow > contentLength) throw changedWhileReading('longer')
      if (sentNow === contentLength) {
        await source.beforeTrailer?.()
        mayBeThere = true
      }
      yield chunk
      bytesSent = sentNow
      source.onProgress?.(bytesSent)
    }
    if (bytesSent < contentLength) throw changedWhileReading('shorter')
  }
  return {
    body: { contentLength, chunks: chunks() },
    sha1Header: sha1,
    sentSha1: () => (mayBeThere ? sha1 : undefined),
  }
}

function createHashedBody(source: StreamedSource): UploadBody {
  let sentSha1: Sha1Hex | undefined
  async function* chunks(): AsyncGenerator<Uint8Array> {
    const hash = createHash('sha1')
    let bytesSent = 0
    source.onProgress?.(0)
    for await (const chunk of source.makeBody()) {
      if (bytesSent + chunk.byteLength > source.contentLength) throw changedWhileReading('longer')
      hash.update(chunk)
      yield chunk
      bytesSent += chunk.byteLength
      source.onProgress?.(bytesSent)
    }
    if (bytesSent < source.contentLength) throw changedWhileReading('shorter')
    await source.beforeTrailer?.()
    sentSha1 = hash.digest('hex') as Sha1Hex
    yield Buffer.from(sentSha1, 'latin1')
  }
  const contentLength = source.contentLength + TRAILER_BYTES
  return { body: { contentLength, chunks: chunks() }, sha1Header: 'hex_digits_at_end', sentSha1: () => sentSha1 }
}

function changedWhileReading(how: string): EngineError {
  return new EngineError('file_changed_while_reading', `The source was ${how} than announced`)
}
