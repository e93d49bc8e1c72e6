/**
 * Gives turns by weight, evenly mixed: who has twice the weight of another has twice its turns while both wait, and everybody
 * who waits has one now and then.
 */
export class Shares<Key> {
  readonly #weightOf: (key: Key) => number
  /** The turns that somebody is owed; below 0 for who had too many. */
  readonly #credits = new Map<Key, number>()

  /** Weights are above 0 and may change at any time. */
  constructor(weightOf: (key: Key) => number) {
    this.#weightOf = weightOf
  }

  /** Whose turn it is among those who wait; of several it is the first one. Undefined where nobody waits. */
  next(waiting: readonly Key[]): Key | undefined {
    const total = this.#total(waiting)
    let [found, most] = [waiting[0], -Infinity]
    for (const key of waiting) {
      const credit = this.#creditOf(key) + this.#weightOf(key) / total
      // Thirds do not add up to a whole: what is as good as the same is the same.
      if (credit > most + 1e-9) [found, most] = [key, credit]
    }
    return found
  }

  /** One of those who wait had a turn. */
  took(key: Key, waiting: readonly Key[]): void {
    const total = this.#total(waiting)
    for (const each of waiting) this.#credits.set(each, this.#creditOf(each) + this.#weightOf(each) / total)
    this.#credits.set(key, this.#creditOf(key) - 1)
  }

  forget(key: Key): void {
    this.#credits.delete(key)
  }

  #total(waiting: readonly Key[]): number {
    return waiting.reduce((sum, key) => sum + this.#weightOf(key), 0)
  }

  #creditOf(key: Key): number {
    return this.#credits.get(key) ?? 0
  }
}
