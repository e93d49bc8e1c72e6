/** Cancels in B2 what was begun of dropped files and nobody will go on with: parts that are kept for nothing cost money. */
import { isAbortError } from '../../../shared/errors.ts'
import type { B2Client } from '../b2/client.ts'
import { BRIEF } from '../b2/retry.ts'
import type { Logger } from '../lib/logger.ts'
import type { Drop } from '../model/drop.ts'
import { ROOT_INFO } from '../model/root.ts'
import type { State } from '../state/state.ts'

/** Forgets each that is cancelled; what cannot be cancelled now is left for the next time. */
export async function cancelUnneeded(state: State, b2: B2Client, logger: Logger, signal: AbortSignal): Promise<void> {
  for (const fileId of state.dropUploads.listUnneeded()) {
    try {
      await b2.cancelLargeFile(fileId, { signal, patience: BRIEF })
    } catch (error) {
      if (signal.aborted || isAbortError(error)) throw error
      // One that this key may not reach, such as one in another bucket, must not keep the others.
      logger.warn({ err: error, fileId }, 'a large file could not be cancelled')
      continue
    }
    state.transaction(() => state.dropUploads.forget(fileId))
  }
}

/** Cancels what B2 has begun for something dropped without an answer that reached us, so that nothing was written down. */
export async function cancelUnheardOf(
  { mark, place, path }: Drop,
  state: State,
  b2: B2Client,
  signal: AbortSignal,
): Promise<void> {
  const namePrefix = `${place.prefix}${path.slice(0, path.lastIndexOf('/') + 1)}`
  for await (const page of b2.listUnfinishedLargeFiles(place.bucketId, { namePrefix, signal, patience: BRIEF })) {
    for (const { fileId, fileInfo } of page) {
      if (fileInfo[ROOT_INFO] !== mark || state.dropUploads.has(fileId)) continue
      await b2.cancelLargeFile(fileId, { signal, patience: BRIEF })
    }
  }
}
