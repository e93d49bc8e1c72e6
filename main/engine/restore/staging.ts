/**
 * Where files are kept until they are complete: `.pail-restore`, a folder in the restored one, so that they are on the
 * same disk and a rename is all that is left to do. Sync leaves it alone.
 *
 * Each version has a name of its own here, so a later run finds what an earlier one has begun.
 */
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { EngineError } from '../../../shared/errors.ts'
import type { AbsolutePath } from '../../../shared/ids.ts'
import { STAGING_NAME } from '../scan/junk-names.ts'
import { onDisk } from './disk-errors.ts'

/** Of the record of a large file, after the name of the file itself. */
export const RECORD_ENDING = '.parts'

/** Who works here. */
const LOCK_NAME = 'lock'

export class Staging {
  readonly #home: AbsolutePath
  readonly #dev: number
  /** On the same disk. */
  #lastAsked: AbsolutePath
  /** On other disks that are mounted somewhere in the folder. */
  readonly #elsewhere = new Set<string>()

  /**
   * Throws `data_folder_in_use` (details: dataFolder) where another run works in the same folder, `file_unreadable` where
   * nothing can be written, `disk_full`.
   */
  constructor(root: AbsolutePath) {
    this.#home = join(root, STAGING_NAME) as AbsolutePath
    this.#dev = onDisk(() => lstatSync(makeReal(this.#home)).dev)
    this.#lastAsked = this.#home
    this.#lock()
    this.#sweep((name) => !name.endsWith(RECORD_ENDING))
  }

  /** The path for a version that goes into this directory, which is there. */
  pathFor(fileId: string, directory: AbsolutePath): string {
    const name = createHash('sha256').update(fileId).digest('hex').slice(0, 32)
    // Files come directory by directory.
    if (directory !== this.#lastAsked && lstatSync(directory).dev === this.#dev) this.#lastAsked = directory
    if (directory === this.#lastAsked) return join(this.#home, name)
    const other = join(directory, STAGING_NAME)
    this.#elsewhere.add(makeReal(other))
    return join(other, name)
  }

  /** Bytes on the disk that an earlier run has left for this version. */
  sizeOf(fileId: string): number {
    const path = this.pathFor(fileId, this.#home)
    const stats = lstatSync(path, { throwIfNoEntry: false })
    // Sparse: what has not arrived takes no room yet. Windows does not tell.
    return stats?.isFile() === true ? Math.min(stats.size, stats.blocks * 512 || stats.size) : 0
  }

  /** Leaves nothing behind when all is done; otherwise what a later run can go on with. */
  close(isComplete: boolean): void {
    this.#sweep((name) => isComplete || !name.endsWith(RECORD_ENDING))
    rmSync(join(this.#home, LOCK_NAME), { force: true })
    for (const folder of [...this.#elsewhere, this.#home]) {
      try {
        rmdirSync(folder)
      } catch {
        // Something is left in it.
      }
    }
  }

  /** Removes files, but not a large one whose record stays. */
  #sweep(isUnwanted: (name: string) => boolean): void {
    const names = readdirSync(this.#home)
    const records = new Set(names.filter((name) => !isUnwanted(name)))
    for (const name of names) {
      if (name === LOCK_NAME || records.has(name) || records.has(`${name}${RECORD_ENDING}`)) continue
      rmSync(join(this.#home, name), { force: true, recursive: true })
    }
  }

  #lock(): void {
    const path = join(this.#home, LOCK_NAME)
    const mine = describeProcess(process.pid)
    const theirs = existsSync(path) ? readFileSync(path, 'utf8') : ''
    const pid = Number(theirs.split(' ')[0])
    if (theirs !== '' && pid !== process.pid && isAlive(pid) && describeProcess(pid) === theirs) {
      throw new EngineError('data_folder_in_use', 'Another restore works here', { dataFolder: path })
    }
    onDisk(() => writeFileSync(path, mine))
  }
}

/** A directory, and no link to one: what is behind a link is not in the folder. Throws `file_unreadable`. */
function makeReal(folder: string): string {
  onDisk(() => mkdirSync(folder, { recursive: true, mode: 0o700 }))
  if (lstatSync(folder).isDirectory()) return folder
  throw new EngineError('file_unreadable', 'A link is in the way', { errno: 'ENOTDIR', path: folder })
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** The number, and where the system tells it, when it started: numbers are given again. */
function describeProcess(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''}`
  } catch {
    return `${pid} `
  }
}
