/** Cuts a large file into parts. Pure. */
import { EngineError } from '../../../shared/errors.ts'
import { MAX_LARGE_FILE_BYTES, MAX_PART_BYTES, MAX_PARTS } from './limits.ts'
import type { Account } from './types.ts'

/** One part: its number from 1, and its bytes `start` to `start + contentLength - 1` of the file. */
export type PlannedPart = {
  readonly partNumber: number
  readonly start: number
  readonly contentLength: number
}

/**
 * Parts of the recommended size (or `wishedPartSize`, kept within B2's limits), larger where 10,000 of them would not
 * reach; the last one has what is left. Throws `file_too_large` above 10 TB, `bad_request` for no bytes at all.
 */
export function planParts(
  contentLength: number,
  account: Pick<Account, 'recommendedPartSize' | 'absoluteMinimumPartSize'>,
  wishedPartSize = account.recommendedPartSize,
): readonly PlannedPart[] {
  if (contentLength < 1) throw new EngineError('bad_request', 'A large file has at least one byte')
  if (contentLength > MAX_LARGE_FILE_BYTES) {
    throw new EngineError('file_too_large', `${contentLength} bytes are more than a large file holds`, {
      limit: '10 TB',
    })
  }
  const least = Math.max(account.absoluteMinimumPartSize, Math.ceil(contentLength / MAX_PARTS))
  const partSize = Math.min(Math.max(wishedPartSize, least), MAX_PART_BYTES)
  const count = Math.ceil(contentLength / partSize)
  return Array.from({ length: count }, (_, index) => {
    const start = index * partSize
    return { partNumber: index + 1, start, contentLength: Math.min(partSize, contentLength - start) }
  })
}
