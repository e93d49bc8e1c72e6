/** Lets work that shares a key run one after the other; work with different keys side by side. */

const NEVER = new AbortController().signal

export class InTurn {
  readonly #last = new Map<string, Promise<void>>()

  /**
   * Runs the work when all earlier work with this key has ended, however that ended. Who waits leaves when the signal is
   * aborted: rejects with its reason at once, and the work never begins.
   */
  async run<T>(key: string, work: () => Promise<T>, signal = NEVER): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve()
    const { promise: ended, resolve: end } = Promise.withResolvers<undefined>()
    // Who leaves must not let others in before those who came earlier have ended.
    const mine = before.then(() => ended)
    this.#last.set(key, mine)
    void mine.then(() => {
      if (this.#last.get(key) === mine) this.#last.delete(key)
    })
    try {
      await untilAborted(before, signal)
      return await work()
    } finally {
      end(undefined)
    }
  }
}

/** Waits for a promise that never rejects; rejects with the signal's reason as soon as that is aborted. */
async function untilAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => reject(signal.reason as Error)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    await Promise.race([promise, aborted])
    signal.throwIfAborted()
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
