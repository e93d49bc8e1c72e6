/** Lets work that shares a key run one after the other; work with different keys side by side. */

export class InTurn {
  readonly #last = new Map<string, Promise<unknown>>()

  /** Runs the work when all earlier work with this key has ended, however that ended. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve()
    const mine = before.then(work, work)
    this.#last.set(key, mine)
    try {
      return await mine
    } finally {
      if (this.#last.get(key) === mine) this.#last.delete(key)
    }
  }
}
