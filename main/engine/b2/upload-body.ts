/**
 * The body of one upload: the file's bytes as they are read, then their SHA-1 as 40 hex digits (`hex_digits_at_end`).
 *
 * B2 stores nothing before the last digit has arrived, so everything that speaks against the upload is found out before
 * the trailer is sent, and throwing is enough to leave no trace.
 */
import { createHash } from 'node:crypto'
import { EngineError } from '../../../shared/errors.ts'
import type { Sha1Hex } from '../../../shared/ids.ts'
import type { StreamedBody } from './http.ts'

/** Length of the SHA-1 trailer. */
const TRAILER_BYTES = 40

export type UploadSource = {
  /** Size of the file in bytes. */
  readonly contentLength: number
  /** Gives the file's bytes from the start; called once for each time they are sent. */
  readonly makeBody: () => AsyncIterable<Uint8Array>
  /** Called after the last byte and before the upload counts; what it throws ends the upload without an object. */
  readonly beforeTrailer?: (() => Promise<void>) | undefined
  /** Bytes of the file handed to the network in this attempt; starts again at 0 when the file is sent again. */
  readonly onProgress?: ((bytesSent: number) => void) | undefined
}

export type UploadBody = StreamedBody & {
  /** The SHA-1 of the bytes, once the trailer is on its way and B2 may have the whole file; undefined before. */
  sentSha1(): Sha1Hex | undefined
}

/** The body for one attempt. Its chunks throw `file_changed_while_reading` for a source that is shorter or longer than it said. */
export function createUploadBody(source: UploadSource): UploadBody {
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
  return { contentLength: source.contentLength + TRAILER_BYTES, chunks: chunks(), sentSha1: () => sentSha1 }
}

function changedWhileReading(how: string): EngineError {
  return new EngineError('file_changed_while_reading', `The source was ${how} than announced`)
}
