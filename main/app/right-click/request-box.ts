/**
 * How a right click reaches Pail: a directory of the data folder, in which each request is a file.
 *
 * A shell script can leave one with nothing but what every system has, it takes any number of files and any name, nobody
 * but its owner can, and a Pail that is only being started finds it there. While Pail watches, the directory says which
 * process it is; a request that is taken is gone, and that is how the script knows.
 */
import { closeSync, constants, fstatSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { rmSync, watch, writeFileSync, type FSWatcher } from 'node:fs'
import { join } from 'node:path'
import type { Log } from '../logging.ts'
import { joinRequests, LARGEST_REQUEST, parseRequest, type RightClickRequest } from './request.ts'

/** The end of a request's name once it is complete. */
export const REQUEST_ENDING = '.request'
/** Holds the number of the process that takes requests. */
export const PROCESS_FILE = 'pid'

export type RequestBoxOptions = {
  readonly folder: string
  readonly log: Log
  /** How long to wait for more of the same, in milliseconds; 0 for not at all. */
  readonly gatherMs: number
  readonly onRequest: (request: RightClickRequest) => void
}

export class RequestBox {
  readonly #options: RequestBoxOptions
  #watcher: FSWatcher | null = null
  #gathering: NodeJS.Timeout | undefined

  constructor(options: RequestBoxOptions) {
    this.#options = options
  }

  /** Takes what is there, and what comes from now on. Where watching is not possible, what comes waits for `look`. */
  open(): void {
    const { folder, log } = this.#options
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      this.#watcher = watch(folder, (_event, name) => {
        if (name === null || name.endsWith(REQUEST_ENDING)) this.look()
      })
      this.#watcher.on('error', (error) => {
        log.warn(`Right clicks are no longer heard of at once: ${String(error)}`)
        this.#stopWatching()
      })
      writeFileSync(join(folder, PROCESS_FILE), `${process.pid}\n`, { mode: 0o600 })
    } catch (error) {
      log.warn(`Right clicks are not heard of at once: ${String(error)}`)
      this.#stopWatching()
    }
    this.look()
  }

  /** Takes what is there. */
  look(): void {
    const { gatherMs } = this.#options
    if (gatherMs === 0) {
      this.#take()
      return
    }
    clearTimeout(this.#gathering)
    this.#gathering = setTimeout(() => {
      this.#take()
    }, gatherMs)
  }

  close(): void {
    clearTimeout(this.#gathering)
    this.#stopWatching()
  }

  #stopWatching(): void {
    rmSync(join(this.#options.folder, PROCESS_FILE), { force: true })
    this.#watcher?.close()
    this.#watcher = null
  }

  #take(): void {
    const { folder, log, onRequest } = this.#options
    const requests: RightClickRequest[] = []
    for (const name of namesIn(folder)) {
      const file = join(folder, name)
      try {
        const request = readRequest(file)
        if (request === null) log.warn('A request by right click is none and is ignored')
        else requests.push(request)
      } catch (error) {
        log.warn(`A request by right click cannot be read: ${String(error)}`)
      }
      try {
        rmSync(file, { force: true, recursive: true })
      } catch (error) {
        // Not worth more than a line: what can be removed by nobody must not keep the others from being heard.
        log.warn(`A request by right click stays: ${String(error)}`)
      }
    }
    for (const request of joinRequests(requests)) onRequest(request)
  }
}

/** Leaves a request for the Pail that watches `folder`, or that is started next. Throws the system's error. */
export function leaveRequest(folder: string, bytes: Uint8Array): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, String(process.pid))
  writeFileSync(`${file}.new`, bytes, { mode: 0o600 })
  renameSync(`${file}.new`, `${file}${REQUEST_ENDING}`)
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(REQUEST_ENDING))
  } catch {
    return []
  }
}

/** Null for what is no request. A pipe is not waited for, and a link leads nowhere. */
function readRequest(file: string): RightClickRequest | null {
  const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = constants
  // Windows knows neither of the two.
  const handle = openSync(file, process.platform === 'win32' ? O_RDONLY : O_RDONLY | O_NONBLOCK | O_NOFOLLOW)
  try {
    const found = fstatSync(handle)
    return found.isFile() && found.size <= LARGEST_REQUEST ? parseRequest(readFileSync(handle)) : null
  } finally {
    closeSync(handle)
  }
}
