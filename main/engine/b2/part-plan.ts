/** How large the parts of a large file are. Pure. */
import { EngineError } from '../../../shared/errors.ts'
import { MAX_LARGE_FILE_BYTES, MAX_PARTS } from './limits.ts'
import type { Account } from './types.ts'

/**
 * A file is cut into this many parts before they become larger than B2's minimum: so it is spread over many connections,
 * little is sent again when one breaks or a byte changes, and the hashes of all fit into 20 kB.
 */
const MANY_PARTS = 1_000

type PartSizes = Pick<Account, 'recommendedPartSize' | 'absoluteMinimumPartSize'>

/**
 * Bytes of each part but the last: from B2's minimum, for files of more than a thousand of those up to its recommendation,
 * and larger where 10,000 parts would not reach. Throws `file_too_large` above 10 TB, `bad_request` for no bytes at all.
 */
export function partSizeFor(contentLength: number, sizes: PartSizes): number {
  if (contentLength < 1) throw new EngineError('bad_request', 'A large file has at least one byte')
  if (contentLength > MAX_LARGE_FILE_BYTES) {
    throw new EngineError('file_too_large', `${contentLength} bytes are more than a large file holds`, {
      limit: '10 TB',
    })
  }
  const { recommendedPartSize, absoluteMinimumPartSize } = sizes
  const spread = Math.min(recommendedPartSize, Math.ceil(contentLength / MANY_PARTS))
  return Math.max(absoluteMinimumPartSize, spread, Math.ceil(contentLength / MAX_PARTS))
}

/** Whether a file may be cut into parts of this size. */
export function isPartSizeFor(partSize: number, contentLength: number, sizes: PartSizes): boolean {
  return partSize >= sizes.absoluteMinimumPartSize && contentLength <= partSize * MAX_PARTS
}
