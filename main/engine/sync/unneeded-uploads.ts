/** Cancels in B2 what Pail has begun and nobody will go on with: parts that are kept for nothing cost money. */
import { isAbortError } from '../../../shared/errors.ts'
import type { FolderId } from '../../../shared/ids.ts'
import type { SyncFolder } from '../../../shared/model/folder.ts'
import type { B2Client } from '../b2/client.ts'
import { BRIEF } from '../b2/retry.ts'
import type { Clock } from '../lib/clock.ts'
import { joinSignals } from '../lib/joined-signal.ts'
import type { Logger } from '../lib/logger.ts'
import { ROOT_INFO } from '../model/root.ts'
import type { State } from '../state/state.ts'

/** What this folder began and has no record of is left alone for so long: it may be under way. */
const LOST_AFTER_MS = 86_400_000

export type UnneededUploadsOptions = {
  readonly state: State
  readonly clock: Clock
  readonly logger: Logger
  readonly client: (signal: AbortSignal) => Promise<B2Client>
  /** False while nothing of the folder may be written: everything, or it alone, is paused or held. */
  readonly isOpen: (folderId: FolderId) => boolean
}

export class UnneededUploads {
  readonly #options: UnneededUploadsOptions
  readonly #stop = new AbortController()
  #broken = new AbortController()
  #running: Promise<void> | null = null
  #isAskedAgain = false

  constructor(options: UnneededUploadsOptions) {
    this.#options = options
  }

  /** What cannot be cancelled now is left for the next time. Asked while it is under way, it looks once more after that. */
  cancelAll(): void {
    if (this.#running !== null) {
      this.#isAskedAgain = true
      return
    }
    this.#running = this.#cancelAll()
      .catch((error: unknown) => {
        if (!this.#stop.signal.aborted) this.#options.logger.warn({ err: error }, 'large files could not be cancelled')
      })
      .finally(() => {
        this.#running = null
        if (this.#isAskedAgain && !this.#stop.signal.aborted) {
          this.#isAskedAgain = false
          this.cancelAll()
        }
      })
  }

  /**
   * Cancels what the folder began longer than a day ago and has no record of: the records were lost, or the program ended
   * before B2 had answered. What others have begun stays. Throws what the client throws.
   */
  async cancelLost({ folderId, bucketId, prefix }: SyncFolder, b2: B2Client, signal: AbortSignal): Promise<void> {
    const { state, clock, isOpen } = this.#options
    const markerId = state.folders.memory(folderId).identity?.markerId
    if (markerId == null) return
    const before = clock.now() - LOST_AFTER_MS
    for await (const page of b2.listUnfinishedLargeFiles(bucketId, { namePrefix: prefix, signal, patience: BRIEF })) {
      for (const { fileId, fileInfo, uploadTimestamp } of page) {
        const isLost = fileInfo[ROOT_INFO] === markerId && uploadTimestamp < before && !state.largeUploads.has(fileId)
        if (!isLost || !isOpen(folderId)) continue
        await this.#cancel(fileId, b2, signal)
        state.transaction(() => {
          state.stored.forgetUnfinished(fileId)
        })
      }
    }
  }

  /** Breaks off what is under way; what may still be cancelled then follows. */
  interrupt(): void {
    this.#broken.abort()
    this.#broken = new AbortController()
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  async #cancelAll(): Promise<void> {
    const { state, clock, client, isOpen, logger } = this.#options
    const { signal } = this.#stop
    for (const { fileId, folderId } of state.largeUploads.listUnneeded(clock.now())) {
      if (!isOpen(folderId)) continue
      const b2 = await client(signal)
      // The folder may have been paused while the client was waited for.
      if (!isOpen(folderId)) continue
      try {
        await this.#cancel(fileId, b2, signal)
      } catch (error) {
        if (signal.aborted) throw error
        if (isAbortError(error)) continue
        // One that this key may not reach, such as one in another bucket, must not keep the others.
        logger.warn({ err: error, fileId }, 'a large file could not be cancelled')
        continue
      }
      state.transaction(() => {
        state.largeUploads.forget(fileId)
      })
    }
  }

  async #cancel(fileId: string, b2: B2Client, stop: AbortSignal): Promise<void> {
    const { signal, release } = joinSignals(stop, this.#broken.signal)
    try {
      await b2.cancelLargeFile(fileId, { signal, patience: BRIEF })
    } finally {
      release()
    }
  }
}
