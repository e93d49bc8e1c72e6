/** How fast bytes may pass, so that a connection on loopback is as slow as a real one. */
import type { Socket } from 'node:net'

/** Slices of this much time make a throttled stream smooth. */
const SLICE_SECONDS = 0.02

/** One direction of one connection. */
class Pace {
  #freeAtMs = 0

  /** Lets bytes pass, and answers how many milliseconds from now the line is busy with them and those before them. */
  take(bytes: number, bytesPerSecond: number): number {
    const now = performance.now()
    this.#freeAtMs = Math.max(this.#freeAtMs, now) + (bytes / bytesPerSecond) * 1000
    return this.#freeAtMs - now
  }
}

/** Both directions of one connection. */
type Paces = { readonly received: Pace; readonly sent: Pace }

const paces = new WeakMap<Socket, Paces>()

/** The paces of a connection; they live as long as it does. */
export function pacesOf(socket: Socket): Paces {
  const known = paces.get(socket) ?? { received: new Pace(), sent: new Pace() }
  paces.set(socket, known)
  return known
}

/** Cuts bytes into what is sent at once at this speed. */
export function* slicesOf(bytes: Buffer, bytesPerSecond: number): Generator<Buffer> {
  const step = Math.max(1, Math.floor(bytesPerSecond * SLICE_SECONDS))
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step)
}
