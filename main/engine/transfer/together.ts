/**
 * Steps that are written to disk together.
 *
 * Each transaction waits for the disk, some milliseconds in which nothing else happens. So the ends of all attempts that
 * arrive within one turn of the event loop share one.
 */

type Waiting = { readonly step: () => void; readonly done: PromiseWithResolvers<undefined> }

export class Together {
  readonly #transaction: (step: () => void) => void
  #waiting: Waiting[] = []

  constructor(transaction: (step: () => void) => void) {
    this.#transaction = transaction
  }

  /** Runs the step within a transaction soon; resolves when that is on disk, rejects with what this very step threw. */
  run(step: () => void): Promise<undefined> {
    const done = Promise.withResolvers<undefined>()
    if (this.#waiting.push({ step, done }) === 1) {
      setImmediate(() => {
        this.#flush()
      })
    }
    return done.promise
  }

  #flush(): void {
    const waiting = this.#waiting
    this.#waiting = []
    try {
      this.#transaction(() => {
        for (const { step } of waiting) step()
      })
    } catch {
      // What one of them cannot do, the others may.
      for (const each of waiting) this.#runAlone(each)
      return
    }
    for (const { done } of waiting) done.resolve(undefined)
  }

  #runAlone({ step, done }: Waiting): void {
    try {
      this.#transaction(step)
      done.resolve(undefined)
    } catch (error) {
      done.reject(error)
    }
  }
}
