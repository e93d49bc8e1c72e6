/** File contents on disk: one file for each version, written beside its place and renamed once it is complete. */
import { closeSync, createReadStream, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import type { ReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Takes the bytes of one upload. */
export type BlobWriter = {
  readonly write: (chunk: Buffer) => void
  /** Makes the bytes the content of the version with this id. */
  readonly commit: (fileId: string) => void
  /** Always called at the end; throws the bytes away unless they were committed. */
  readonly discard: () => void
}

/** The contents below one folder. What a killed process left half-written is removed on opening. */
export class Blobs {
  readonly #directory: string
  readonly #incoming: string
  #counter = 0

  constructor(dataDirectory: string) {
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
    const path = join(this.#incoming, `${++this.#counter}`)
    const fd = openSync(path, 'wx', 0o600)
    let isCommitted = false
    return {
      write: (chunk) => {
        for (let at = 0; at < chunk.length;) at += writeSync(fd, chunk, at)
      },
      commit: (fileId) => {
        renameSync(path, this.#path(fileId))
        isCommitted = true
      },
      discard: () => {
        closeSync(fd)
        if (!isCommitted) rmSync(path, { force: true })
      },
    }
  }

  /** Streams `length` bytes from `start`. */
  read(fileId: string, start: number, length: number): ReadStream {
    return createReadStream(this.#path(fileId), { start, end: start + length - 1 })
  }

  /** The whole content; for tests. */
  async readAll(fileId: string): Promise<Buffer> {
    return readFile(this.#path(fileId))
  }

  /** Removes a version's content; nothing happens when it has none. */
  remove(fileId: string): void {
    rmSync(this.#path(fileId), { force: true })
  }

  #path(fileId: string): string {
    return join(this.#directory, fileId)
  }
}
