/** What Pail had to make for its entries besides them, so that it can go again: folders, and a file that others write to. */
import { createHash } from 'node:crypto'
import { mkdirSync, rmdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { readJson, writeJson } from '../json-file.ts'
import type { Log } from '../logging.ts'

const Record = z.object({
  folders: z.array(z.string()),
  /** Files that were begun by Pail, with the SHA-256 of what they held without its entries. */
  files: z.record(z.string(), z.string()),
})
type Record = z.infer<typeof Record>

export class Made {
  readonly #file: string
  readonly #log: Log

  constructor(file: string, log: Log) {
    this.#file = file
    this.#log = log
  }

  /** Makes a folder with all above it. Throws the system's error. */
  makeFolder(folder: string): void {
    const first = mkdirSync(folder, { recursive: true })
    if (first === undefined) return
    const made: string[] = []
    for (let each = folder; ; each = dirname(each)) {
      made.push(each)
      if (each === first || each === dirname(each)) break
    }
    const { folders, files } = this.#read()
    this.#write({ folders: [...new Set([...folders, ...made])], files })
  }

  /** Notes a file that was not there before; `text` is what it holds without the entries. */
  noteFile(path: string, text: string): void {
    const { folders, files } = this.#read()
    this.#write({ folders, files: { ...files, [path]: hashOf(text) } })
  }

  /** Whether the file would not be there without Pail, and nobody has written to it since. */
  isOnlyOurs(path: string, text: string): boolean {
    return this.#read().files[path] === hashOf(text)
  }

  forgetFile(path: string): void {
    const { folders, files } = this.#read()
    const { [path]: _, ...others } = files
    this.#write({ folders, files: others })
  }

  /** Removes the folders that were made and hold nothing now. */
  removeEmptyFolders(): void {
    const { folders, files } = this.#read()
    // The deeper one first.
    const kept = folders.toSorted((a, b) => b.length - a.length).filter((folder) => !isRemoved(folder))
    if (kept.length < folders.length) this.#write({ folders: kept, files })
  }

  #read(): Record {
    return readJson(this.#file, Record, this.#log) ?? { folders: [], files: {} }
  }

  #write(record: Record): void {
    if (record.folders.length === 0 && Object.keys(record.files).length === 0) rmSync(this.#file, { force: true })
    else writeJson(this.#file, record)
  }
}

function isRemoved(folder: string): boolean {
  try {
    rmdirSync(folder)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT'
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
