/** The emulator's memory on disk: one JSON record a line, only ever appended to. */
import { closeSync, existsSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs'

/** An append-only file of JSON lines. Nothing is forced to disk: it survives a killed process, not a power cut. */
export class Journal<Entry> {
  readonly #fd: number

  /** Opens or creates the file and hands every record in it to `replay`, oldest first. A torn last line is dropped. */
  constructor(path: string, replay: (entry: Entry) => void) {
    if (existsSync(path)) {
      const bytes = readFileSync(path)
      const end = bytes.lastIndexOf(0x0a) + 1
      if (end < bytes.length) truncateSync(path, end)
      for (const line of bytes.subarray(0, end).toString().split('\n')) {
        if (line !== '') replay(JSON.parse(line) as Entry)
      }
    }
    this.#fd = openSync(path, 'a', 0o600)
  }

  /** Appends one record. Synchronous: a few microseconds, and the answer to the client must not be earlier. */
  append(entry: Entry): void {
    writeSync(this.#fd, `${JSON.stringify(entry)}\n`)
  }

  /** Closes the file. */
  close(): void {
    closeSync(this.#fd)
  }
}
