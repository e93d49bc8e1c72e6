/** So many downloads at once, and no more. */

export class Lanes {
  #free: number
  readonly #waiting: (() => void)[] = []

  constructor(count: number) {
    this.#free = count
  }

  /** Waits for a free lane, in turn; what it gives back frees it. Throws the signal's reason when aborted. */
  async take(signal: AbortSignal): Promise<() => void> {
    if (this.#free > 0) this.#free -= 1
    // Whoever frees a lane hands it on.
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    const release = (): void => {
      const next = this.#waiting.shift()
      if (next === undefined) this.#free += 1
      else next()
    }
    if (!signal.aborted) return release
    release()
    throw signal.reason
  }
}
