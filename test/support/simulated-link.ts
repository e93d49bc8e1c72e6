/**
 * Transfers over a link in virtual time: as many at once as somebody says, each for as long as the link's model takes.
 * Ten thousand of them take a moment.
 */

/** Runs steps at their times, the earliest first. */
export class VirtualTime {
  #now = 0
  readonly #steps: { readonly at: number; readonly order: number; readonly run: () => void }[] = []
  #order = 0

  get now(): number {
    return this.#now
  }

  at(at: number, run: () => void): void {
    const step = { at: Math.max(at, this.#now), order: (this.#order += 1), run }
    let place = this.#steps.length
    // Nearly all are the latest so far.
    while (place > 0 && (this.#steps[place - 1]?.at ?? 0) > step.at) place -= 1
    this.#steps.splice(place, 0, step)
  }

  runUntil(endsAt: number): void {
    for (let step = this.#steps[0]; step !== undefined && step.at <= endsAt; step = this.#steps[0]) {
      this.#steps.shift()
      this.#now = step.at
      step.run()
    }
    this.#now = endsAt
  }
}

/** When a transfer of so many bytes that begins now will have ended. `inUse`: how many are under way with it. */
export type LinkModel = (now: number, bytes: number, inUse: number) => number

/** Far away, and each connection for itself: nobody is in anybody's way. */
export function farLink(latencyMs: number, bytesPerMs: number): LinkModel {
  return (now, bytes) => now + latencyMs + bytes / bytesPerMs
}

/** One line for all: what is sent waits for what was sent before. */
export function sharedLine(latencyMs: number, bytesPerMs: number): LinkModel {
  let freeAt = 0
  return (now, bytes) => {
    freeAt = Math.max(freeAt, now) + bytes / bytesPerMs
    return freeAt + latencyMs
  }
}

/** A server nearby that is never the reason: each transfer takes this processor's time, and many at once cost a little. */
export function busyProcessor(latencyMs: number, workMs: number, random: () => number): LinkModel {
  let freeAt = 0
  return (now, _bytes, inUse) => {
    freeAt = Math.max(freeAt, now) + workMs * (1 + inUse / 200) * (0.5 + random())
    return freeAt + latencyMs
  }
}
