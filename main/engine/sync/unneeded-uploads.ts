/** Cancels in B2 what Pail has begun and nobody will go on with: parts that are kept for nothing cost money. */
import type { B2Client } from '../b2/client.ts'
import { BRIEF } from '../b2/retry.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/logger.ts'
import type { State } from '../state/state.ts'

export type UnneededUploadsOptions = {
  readonly state: State
  readonly clock: Clock
  readonly logger: Logger
  readonly client: (signal: AbortSignal) => Promise<B2Client>
  /** False while the user has paused. */
  readonly isOpen: () => boolean
}

export class UnneededUploads {
  readonly #options: UnneededUploadsOptions
  readonly #stop = new AbortController()
  #running: Promise<void> | null = null

  constructor(options: UnneededUploadsOptions) {
    this.#options = options
  }

  /** What cannot be cancelled now is left for the next time. */
  cancelAll(): void {
    this.#running ??= this.#cancelAll()
      .catch((error: unknown) => {
        if (!this.#stop.signal.aborted) this.#options.logger.warn({ err: error }, 'large files could not be cancelled')
      })
      .finally(() => {
        this.#running = null
      })
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  async #cancelAll(): Promise<void> {
    const { state, clock, client, isOpen } = this.#options
    const { signal } = this.#stop
    for (const fileId of state.largeUploads.listUnneeded(clock.now())) {
      if (!isOpen()) return
      const b2 = await client(signal)
      await b2.cancelLargeFile(fileId, { signal, patience: BRIEF })
      state.transaction(() => {
        state.largeUploads.forget(fileId)
      })
    }
  }
}
