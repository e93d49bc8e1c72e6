/**
 * The bytes of one request and its answer on their way: at the speed of the emulated line, and with what a fault does to
 * them. Knows nothing of what they mean.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { ConnectionCut } from './errors.ts'
import type { Fault } from './faults.ts'
import { pacesOf, slicesOf } from './pace.ts'
import { isPeerOpen } from './peer.ts'
import type { World } from './world.ts'

/** The speed of a `slow` fault that names none. */
const SLOW_BYTES_PER_SECOND = 1000
/** How often a stalled request is looked at: has its client left? */
const LOOK_EVERY_MS = 50
/** The longest time that Node can wait; about 24 days. */
const FOREVER_MS = 2 ** 31 - 1

/** Connections that have paid for being opened. */
const openedConnections = new WeakSet<object>()

/** One request's bytes and its answer's. Everything throws `ConnectionCut` when the client leaves or the server stops. */
export class Wire {
  readonly #world: World
  readonly #req: IncomingMessage
  readonly #res: ServerResponse
  readonly #stopping: AbortSignal
  #end: AbortSignal | undefined

  constructor(world: World, req: IncomingMessage, res: ServerResponse, stopping: AbortSignal) {
    this.#world = world
    this.#req = req
    this.#res = res
    this.#stopping = stopping
  }

  /** The connection has ended. */
  get isClosed(): boolean {
    return this.#res.destroyed || this.#req.socket.destroyed
  }

  /**
   * Waits as long as the line makes a call wait: a round trip, one more on a new connection, and at a limited bandwidth
   * the time that the request's head takes.
   */
  async waitForLine(): Promise<void> {
    const { latencyMs, bytesPerSecond } = this.#world
    if (latencyMs <= 0 && bytesPerSecond === Infinity) return
    const { socket, rawHeaders } = this.#req
    const roundTrips = openedConnections.has(socket) ? 1 : 2
    openedConnections.add(socket)
    const headBytes = rawHeaders.reduce((bytes, text) => bytes + text.length + 2, 0)
    await this.#wait(roundTrips * latencyMs + pacesOf(socket).received.take(headBytes, bytesPerSecond))
  }

  /** Reads what is left of the request's body; when `take` answers a promise, nothing more until it is resolved. */
  async read(take: (chunk: Buffer) => Promise<unknown> | undefined, fault?: Fault): Promise<void> {
    const req = this.#req
    if (req.readableEnded) return
    const { promise: end, resolve, reject } = Promise.withResolvers<unknown>()
    const bytesPerSecond = this.#bytesPerSecond(fault)
    const isMidway = fault?.kind === 'cut-midway' || fault?.kind === 'stall-midway'
    // A paused stream still tells its end right after its last bytes.
    let isBusy = Promise.resolve()
    let untilMiddle = isMidway ? Number(req.headers['content-length'] ?? 0) / 2 : Infinity
    const accept = (chunk: Buffer): void => {
      untilMiddle -= chunk.length
      if (untilMiddle <= 0) {
        req.off('data', onData).pause()
        this.#endMidway(fault).catch(reject)
        return
      }
      const isFull = take(chunk)
      if (isFull === undefined && bytesPerSecond === Infinity) return
      isBusy = this.#pauseReading(chunk.length, bytesPerSecond, isFull)
      isBusy.catch(reject)
    }
    const onData = (chunk: Buffer): void => {
      try {
        accept(chunk)
      } catch (error) {
        reject(error)
      }
    }
    const onLeave = (): void => {
      if (!req.complete) reject(new ConnectionCut('the client left while sending'))
    }
    req.on('data', onData).on('end', resolve).on('error', onLeave).on('close', onLeave)
    try {
      await end
      await isBusy
    } finally {
      req.off('data', onData).off('end', resolve).off('error', onLeave).off('close', onLeave)
    }
  }

  /** Sends the body of an answer whose head is written and promises `length` bytes, and ends the answer. */
  async write(body: Readable, length: number, fault?: Fault): Promise<void> {
    const bytesPerSecond = this.#bytesPerSecond(fault)
    if (fault === undefined && bytesPerSecond === Infinity) return pipeline(body, this.#res)
    const end = endOf(fault, length)
    const flippedAt = fault?.kind === 'wrong-sha1' ? Math.floor(length / 2) : Infinity
    let sent = 0
    for await (const chunk of body as AsyncIterable<Buffer>) {
      const wanted = chunk.subarray(0, end - sent)
      if (flippedAt >= sent && flippedAt < sent + wanted.length)
        wanted[flippedAt - sent] = ~(wanted[flippedAt - sent] ?? 0)
      for (const slice of slicesOf(wanted, bytesPerSecond)) {
        if (bytesPerSecond < Infinity)
          await this.#wait(pacesOf(this.#req.socket).sent.take(slice.length, bytesPerSecond))
        sent += slice.length
        // The last bytes go together with the end, so that nobody has the whole answer before it counts as given.
        if (sent === length) this.#res.end(slice)
        else await this.#writeSlice(slice)
      }
      if (sent === length) return
      if (sent === end) await this.#endMidway(fault)
    }
  }

  /** Waits until the connection ends; never returns. What still arrives is read and forgotten. */
  async stall(): Promise<never> {
    this.#req.resume()
    return this.#wait(FOREVER_MS) as Promise<never>
  }

  async #endMidway(fault: Fault | undefined): Promise<never> {
    if (fault?.kind !== 'stall-midway') throw new ConnectionCut('ended early by a scripted fault')
    for (;;) {
      await this.#wait(LOOK_EVERY_MS)
      if (!isPeerOpen(this.#req.socket)) throw new ConnectionCut('the client left')
    }
  }

  async #pauseReading(bytes: number, bytesPerSecond: number, isFull: Promise<unknown> | undefined): Promise<void> {
    this.#req.pause()
    await isFull
    if (bytesPerSecond < Infinity) {
      await this.#wait(pacesOf(this.#req.socket).received.take(bytes, bytesPerSecond))
    }
    this.#req.resume()
  }

  async #writeSlice(slice: Buffer): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    this.#res.write(slice, (error) => {
      if (error) reject(new ConnectionCut('the client left', { cause: error }))
      else resolve(slice)
    })
    await promise
  }

  #bytesPerSecond(fault: Fault | undefined): number {
    const own = fault?.kind === 'slow' ? (fault.bytesPerSecond ?? SLOW_BYTES_PER_SECOND) : Infinity
    return Math.min(own, this.#world.bytesPerSecond)
  }

  async #wait(ms: number): Promise<void> {
    this.#end ??= this.#endSignal()
    try {
      await wait(ms, undefined, { signal: this.#end })
    } catch {
      throw new ConnectionCut('the connection ended before its answer')
    }
  }

  /** Made only when something has to wait: it costs more than a small call. */
  #endSignal(): AbortSignal {
    const left = new AbortController()
    if (this.isClosed) left.abort()
    this.#res.once('close', () => {
      left.abort()
    })
    return AbortSignal.any([left.signal, this.#stopping])
  }
}

/** How many of `length` bytes are sent before a fault ends the answer. */
function endOf(fault: Fault | undefined, length: number): number {
  if (fault?.kind === 'truncated') return length - 1
  return fault?.kind === 'cut-midway' || fault?.kind === 'stall-midway' ? Math.floor(length / 2) : length
}
