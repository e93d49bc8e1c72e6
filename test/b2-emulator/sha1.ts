/**
 * The SHA-1 of an upload.
 *
 * One core reads some 1.3 GB/s from a connection and hashes 1.6 GB/s, but does both at only 0.8 GB/s (measured on the
 * build machine). So large uploads are hashed in a thread, one for all: the bytes are handed over, not copied.
 */
import { createHash } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import type { Batch, Hashed } from './sha1-thread.ts'

/** Smaller uploads are hashed on the spot: starting and asking a thread takes longer. */
const MIN_THREAD_BYTES = 8_000_000
/** So many bytes go to the thread at once. */
const BATCH_BYTES = 1_000_000
/** When the thread is this far behind, whoever reads has to wait for it. */
const MAX_WAITING_BYTES = 16_000_000

/** A hash that is being made. */
export type Sha1 = {
  /** Takes the next bytes, and from then on owns them. Answers what to wait for before giving more, if anything. */
  readonly update: (chunk: Buffer) => Promise<unknown> | undefined
  /** 40 hex digits. */
  readonly digest: () => Promise<string>
  /** Always called at the end, also when there is no digest. */
  readonly discard: () => void
}

/** Begins the hash of so many bytes. Without `mayUseThread` it is made on the spot, which takes less memory. */
export function beginSha1(length: number, mayUseThread: boolean): Sha1 {
  if (mayUseThread && length >= MIN_THREAD_BYTES) return new ThreadSha1()
  const hash = createHash('sha1')
  return {
    update: (chunk) => {
      hash.update(chunk)
    },
    digest: () => Promise.resolve(hash.digest('hex')),
    discard: () => {},
  }
}

class ThreadSha1 implements Sha1 {
  readonly #id: number
  readonly #digest = Promise.withResolvers<string>()
  #chunks: Uint8Array<ArrayBuffer>[] = []
  #gatheredBytes = 0
  #waitingBytes = 0
  #room: PromiseWithResolvers<unknown> | undefined
  #isEnded = false

  constructor() {
    this.#id = listen((hashed) => {
      this.#hashed(hashed)
    })
  }

  update = (chunk: Buffer): Promise<unknown> | undefined => {
    // Only a buffer with memory of its own can be handed over.
    const isWhole = chunk.buffer instanceof ArrayBuffer && chunk.buffer.byteLength === chunk.length
    this.#chunks.push(isWhole ? (chunk as Uint8Array<ArrayBuffer>) : new Uint8Array(chunk))
    this.#gatheredBytes += chunk.length
    if (this.#gatheredBytes >= BATCH_BYTES) this.#send(false)
    if (this.#waitingBytes <= MAX_WAITING_BYTES) return undefined
    this.#room ??= Promise.withResolvers()
    return this.#room.promise
  }

  digest = (): Promise<string> => {
    this.#send(true)
    return this.#digest.promise
  }

  discard = (): void => {
    if (!this.#isEnded) this.#send(true)
  }

  #send(isLast: boolean): void {
    this.#isEnded = isLast
    this.#waitingBytes += this.#gatheredBytes
    const batch: Batch = { id: this.#id, chunks: this.#chunks, isLast }
    thread().postMessage(
      batch,
      this.#chunks.map((chunk) => chunk.buffer),
    )
    this.#chunks = []
    this.#gatheredBytes = 0
  }

  #hashed({ bytes, sha1 }: Hashed): void {
    this.#waitingBytes -= bytes
    if (sha1 !== null) this.#digest.resolve(sha1)
    if (this.#waitingBytes > MAX_WAITING_BYTES / 2) return
    this.#room?.resolve(undefined)
    this.#room = undefined
  }
}

const listeners = new Map<number, (hashed: Hashed) => void>()
let lastId = 0
let worker: Worker | undefined

/** Hears of a new upload's batches until its last one; answers the id it gets. */
function listen(listener: (hashed: Hashed) => void): number {
  lastId += 1
  listeners.set(lastId, listener)
  return lastId
}

/** Started by the first large upload. It has nothing to fail with, and keeps no process running. */
function thread(): Worker {
  if (worker !== undefined) return worker
  worker = new Worker(new URL('sha1-thread.ts', import.meta.url))
  worker.on('message', (hashed: Hashed) => {
    listeners.get(hashed.id)?.(hashed)
    if (hashed.sha1 !== null) listeners.delete(hashed.id)
  })
  worker.unref()
  return worker
}
