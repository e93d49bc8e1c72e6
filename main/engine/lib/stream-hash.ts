/** SHA-1 of what a stream holds. */
import { createHash, hash as hashOf } from 'node:crypto'
import { Sha1Hex } from '../../../shared/ids.ts'

/** Reads to the end. Throws the signal's reason when aborted, and what the stream throws. */
export async function sha1OfStream(stream: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<Sha1Hex> {
  const hash = createHash('sha1')
  for await (const chunk of stream) {
    signal.throwIfAborted()
    hash.update(chunk)
  }
  return Sha1Hex.parse(hash.digest('hex'))
}

/** SHA-1 of bytes in memory. */
export function sha1Of(bytes: Uint8Array): Sha1Hex {
  return hashOf('sha1', bytes, 'hex') as Sha1Hex
}
