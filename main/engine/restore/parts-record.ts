/**
 * Which parts of a large file are on the disk already: a text file beside it, its first line naming version and sizes, then
 * a line for each part. A line is added after the part itself has been written down, so whatever stops the machine, no part
 * is on record that is not on the disk.
 */
import { closeSync, ftruncateSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { RECORD_ENDING } from './staging.ts'
import type { WantedFile } from './wanted.ts'

export class PartsRecord {
  readonly #path: string
  readonly #fd: number
  readonly #head: string
  readonly #missing: Set<number>
  readonly #count: number

  private constructor(path: string, fd: number, head: string, count: number, done: readonly number[]) {
    this.#path = path
    this.#fd = fd
    this.#head = head
    this.#count = count
    this.#missing = new Set(allParts(count))
    for (const part of done) this.#missing.delete(part)
  }

  /** The record of a file that may have been begun; a new one where there is none, or one of something else. */
  static open(staged: string, { fileId, sizeBytes }: WantedFile, partBytes: number): PartsRecord {
    const path = `${staged}${RECORD_ENDING}`
    const head = `${fileId} ${sizeBytes} ${partBytes}\n`
    const fd = openSync(path, 'a+')
    const text = readFileSync(path, 'utf8')
    const count = Math.ceil(sizeBytes / partBytes)
    if (!text.startsWith(head)) {
      const record = new PartsRecord(path, fd, head, count, [])
      record.startAnew()
      return record
    }
    // A line that was broken off is none.
    const lines = text.slice(head.length, text.lastIndexOf('\n') + 1).split('\n')
    const done = lines.filter((line) => /^\d+$/.test(line)).map(Number)
    return new PartsRecord(path, fd, head, count, done)
  }

  /** Numbers from 0. */
  get missing(): readonly number[] {
    return [...this.#missing]
  }

  /** To be called when the part itself is on the disk. */
  add(part: number): void {
    writeSync(this.#fd, `${part}\n`)
    this.#missing.delete(part)
  }

  /** Nothing is there yet. */
  startAnew(): void {
    ftruncateSync(this.#fd)
    writeSync(this.#fd, this.#head)
    for (const part of allParts(this.#count)) this.#missing.add(part)
  }

  close(): void {
    closeSync(this.#fd)
  }

  remove(): void {
    rmSync(this.#path, { force: true })
  }
}

function allParts(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i)
}
