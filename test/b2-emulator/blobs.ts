/**
 * Contents on disk: one blob for each upload, written beside its place and renamed once it is complete.
 *
 * A content is a list of pieces of blobs, so that parts become a file, and copies come about, without writing bytes.
 * Every content has blobs of its own (copies have hard links), so removing one never harms another.
 */
import { createHash } from 'node:crypto'
import {
  closeSync,
  createReadStream,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { Content, Piece } from './model.ts'

/** Takes the bytes of one upload. */
export type BlobWriter = {
  readonly write: (chunk: Buffer) => void
  /** Makes the bytes the blob of this name, and answers them as a content. */
  readonly commit: (blob: string) => Content
  /** Always called at the end; throws the bytes away unless they were committed. */
  readonly discard: () => void
}

const FORGETTING: BlobWriter = { write: () => {}, commit: () => null, discard: () => {} }

/** The contents below one folder. What a killed process left half-written is removed on opening. */
export class Blobs {
  readonly #directory: string
  readonly #incoming: string
  readonly #isKeeping: boolean
  #counter = 0

  /** With `isKeeping` false, contents are taken and forgotten: nothing is written and no download works. */
  constructor(dataDirectory: string, isKeeping = true) {
    this.#isKeeping = isKeeping
    this.#directory = join(dataDirectory, 'blobs')
    this.#incoming = join(dataDirectory, 'incoming')
    rmSync(this.#incoming, { recursive: true, force: true })
    mkdirSync(this.#directory, { recursive: true })
    mkdirSync(this.#incoming, { recursive: true })
  }

  /**
   * Opens a file for an upload. Its writes are synchronous: they go to the page cache, cost less than the hashing
   * beside them, and save four thread-pool round trips for each small file.
   */
  writer(): BlobWriter {
    if (!this.#isKeeping) return FORGETTING
    const path = join(this.#incoming, `${++this.#counter}`)
    const fd = openSync(path, 'wx', 0o600)
    let length = 0
    let isCommitted = false
    return {
      write: (chunk) => {
        for (let at = 0; at < chunk.length;) at += writeSync(fd, chunk, at)
        length += chunk.length
      },
      commit: (blob) => {
        renameSync(path, this.#path(blob))
        isCommitted = true
        return [{ blob, start: 0, length }]
      },
      discard: () => {
        closeSync(fd)
        if (!isCommitted) rmSync(path, { force: true })
      },
    }
  }

  /** Whether bytes are kept at all. */
  get isKeeping(): boolean {
    return this.#isKeeping
  }

  /**
   * Makes a content out of `length` bytes at `start` of another one without touching the bytes. Its blobs are named
   * `owner` and a number.
   */
  share(content: Content, owner: string, start: number, length: number): Content {
    if (content === null) return null
    return cut(content, start, length).map((piece, index) => {
      const blob = `${owner}.${index}`
      linkSync(this.#path(piece.blob), this.#path(blob))
      return { ...piece, blob }
    })
  }

  /** Streams `length` bytes from `start` of a content. */
  read(content: readonly Piece[], start: number, length: number): Readable {
    const pieces = cut(content, start, length)
    const [only, second] = pieces
    if (only !== undefined && second === undefined) return this.#readPiece(only)
    return Readable.from(this.#readAllOf(pieces), { objectMode: false })
  }

  /** The whole content; for tests. */
  async readAll(content: readonly Piece[]): Promise<Buffer> {
    return buffer(this.read(content, 0, Infinity))
  }

  /** The SHA-1 of the whole content; for tests, of contents that fit into memory. */
  sha1(content: readonly Piece[]): string {
    const hash = createHash('sha1')
    for (const { blob, start, length } of content) {
      hash.update(readFileSync(this.#path(blob)).subarray(start, start + length))
    }
    return hash.digest('hex')
  }

  /** Removes a content's blobs. */
  remove(content: Content): void {
    for (const { blob } of content ?? []) rmSync(this.#path(blob), { force: true })
  }

  async *#readAllOf(pieces: readonly Piece[]): AsyncGenerator<Buffer> {
    for (const piece of pieces) yield* this.#readPiece(piece) as AsyncIterable<Buffer>
  }

  #readPiece({ blob, start, length }: Piece): Readable {
    return createReadStream(this.#path(blob), { start, end: start + length - 1 })
  }

  #path(blob: string): string {
    return join(this.#directory, blob)
  }
}

/** The pieces that make up `length` bytes at `start`, without empty ones. */
function cut(content: readonly Piece[], start: number, length: number): readonly Piece[] {
  const end = start + length
  const pieces: Piece[] = []
  let at = 0
  for (const piece of content) {
    const from = Math.max(start - at, 0)
    const to = Math.min(end - at, piece.length)
    if (from < to) pieces.push({ blob: piece.blob, start: piece.start + from, length: to - from })
    at += piece.length
  }
  return pieces
}
