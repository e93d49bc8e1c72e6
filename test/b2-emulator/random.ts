/** Numbers that look random and are the same for the same seed, so that a failing run can be had again. */

/**
 * A generator of numbers from 0 (included) to 1 (excluded), like `Math.random`; the same seed gives the same sequence.
 * Not for secrets. The algorithm is mulberry32.
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
