/** The folder that is restored into: makes directories, and gives complete files their names. Nothing is followed out of it. */
import { closeSync, fsync, fsyncSync, futimesSync, mkdirSync, openSync, renameSync } from 'node:fs'
import { promisify } from 'node:util'
import { EngineError } from '../../../shared/errors.ts'
import type { AbsolutePath, RelativePath } from '../../../shared/ids.ts'
import { splitRelative, toAbsolute, type DirectoryPath } from '../lib/paths.ts'
import { sameFingerprint, type Observation } from '../model/entry.ts'
import { statBelow } from '../scan/stat-path.ts'
import { failed, onDisk } from './disk-errors.ts'
import type { NameRules } from './names.ts'
import type { WantedFile } from './wanted.ts'

const flushFile = promisify(fsync)

/** So many directories with new names in them are left to the system before it is asked to write them down. */
const MAX_UNFLUSHED = 1000

export class Target {
  readonly root: AbsolutePath
  #directory: DirectoryPath = ''
  readonly #unflushed = new Set<string>()

  constructor(root: AbsolutePath) {
    this.root = root
  }

  /** What is at a path now. */
  look(path: RelativePath): Observation {
    return statBelow(this.root, path)
  }

  /**
   * Makes the directory that a path lies in, and returns it. Throws `would_overwrite` (details: path) where a file or a
   * link is in its place, and what the disk says.
   */
  makeDirectoryFor(path: RelativePath): AbsolutePath {
    const [directory] = splitRelative(path)
    if (directory !== this.#directory) this.#make(directory)
    this.#directory = directory
    return toAbsolute(this.root, directory)
  }

  /**
   * Gives a complete file its time and its name, if what is there still is `found`. The file is on the disk before its
   * name is; the name is after `flush`. Throws `file_changed_while_reading` for a place that is not as it was.
   */
  async place(fd: number, staged: string, wanted: WantedFile, found: Observation): Promise<void> {
    const { path, modifiedMs } = wanted
    // A bit more, as what the system is given in seconds must not become the millisecond before.
    const seconds = (modifiedMs + 0.0005) / 1000
    onDisk(() => futimesSync(fd, seconds, seconds))
    await flushFile(fd).catch(failed)
    if (!isSame(this.look(path), found)) {
      throw new EngineError('file_changed_while_reading', 'Something else has come to be here')
    }
    onDisk(() => renameSync(staged, toAbsolute(this.root, path)))
    this.#unflushed.add(toAbsolute(this.root, splitRelative(path)[0]))
    if (this.#unflushed.size >= MAX_UNFLUSHED) this.flush()
  }

  /** Puts on the disk which names there are. */
  flush(): void {
    for (const directory of this.#unflushed) flushDirectory(directory)
    this.#unflushed.clear()
  }

  #make(directory: DirectoryPath): void {
    if (directory === '') return
    const seen = this.look(directory)
    if (seen.kind === 'directory') return
    if (seen.kind !== 'absent') {
      throw new EngineError('would_overwrite', 'No directory can be made here', { path: directory })
    }
    const [above] = splitRelative(directory)
    this.#make(above)
    onDisk(() => mkdirSync(toAbsolute(this.root, directory)))
    this.#unflushed.add(toAbsolute(this.root, above))
  }
}

function isSame(a: Observation, b: Observation): boolean {
  if (a.kind === 'file' && b.kind === 'file') return sameFingerprint(a.fingerprint, b.fingerprint)
  return a.kind === 'absent' && b.kind === 'absent'
}

function flushDirectory(directory: string): void {
  // Windows opens no directories, and writes names down by itself.
  if (process.platform === 'win32') return
  try {
    const fd = openSync(directory, 'r')
    try {
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
  } catch {
    // A directory that is gone, or may only be written to: the names are there, only not for sure after a power cut.
  }
}

/** Whether a name of the bucket, which may be hostile, is that of a file below the root, letter by letter. */
export function isHereAsItIs(root: AbsolutePath, name: string, { folds }: NameRules): boolean {
  if (folds || name.split('/').some((segment) => ['', '.', '..'].includes(segment))) return false
  return statBelow(root, name as RelativePath).kind === 'file'
}
