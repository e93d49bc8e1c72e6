/**
 * Lets many clients share the one connection to the engine: windows and the shell itself.
 *
 * Names the client on every message, hands answers to the client they are for, keeps messages back until the engine is
 * ready, and tells the engine when a client is gone. Never looks inside a message.
 */
import type { ClientMessage, ShellToEngine } from '../../engine/protocol.ts'
import type { Log } from '../logging.ts'

/** A window asks a handful of things while the engine starts; more than this is a fault, not a load. */
const longestQueue = 1_000

export type ClientLine = {
  readonly post: (data: unknown) => void
  /** No more messages in either direction. */
  readonly leave: () => void
}

export class ClientHub {
  /** True when the engine took the message; false while it is not ready. */
  readonly #send: (message: ShellToEngine) => boolean
  readonly #log: Log
  readonly #receivers = new Map<string, (data: unknown) => void>()
  #queue: ClientMessage[] = []

  constructor(send: (message: ShellToEngine) => boolean, log: Log) {
    this.#send = send
    this.#log = log
  }

  /** Adds a client; `client` is a name that was never used before, or whose user has left. */
  join(client: string, receive: (data: unknown) => void): ClientLine {
    this.#receivers.set(client, receive)
    return {
      post: (data) => {
        if (this.#receivers.get(client) === receive) this.#post({ client, data })
      },
      leave: () => {
        if (this.#receivers.get(client) !== receive) return
        this.#receivers.delete(client)
        this.#queue = this.#queue.filter((message) => message.client !== client)
        // An engine that is not there has no clients to forget.
        this.#send({ control: 'client-gone', client })
      },
    }
  }

  /** Hands a message of the engine to its client; one for a client that has left is dropped. */
  deliver(message: ClientMessage): void {
    this.#receivers.get(message.client)?.(message.data)
  }

  /** Sends what was kept back, in order. Call it when the engine is ready. */
  flush(): void {
    const waiting = this.#queue
    this.#queue = []
    for (const message of waiting) this.#post(message)
  }

  #post(message: ClientMessage): void {
    if (this.#queue.length === 0 && this.#send(message)) return
    if (this.#queue.length < longestQueue) this.#queue.push(message)
    else this.#log.warn(`A message of ${message.client} was dropped: too many wait for the engine`)
  }
}
