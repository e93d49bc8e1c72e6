/** The watch on one sync folder: begun anew when another directory takes the root's name, and filled in where it has holes. */
import { statSync } from 'node:fs'
import type { AbsolutePath } from '../../../shared/ids.ts'
import type { DirectoryPath } from '../lib/paths.ts'
import type { IgnoreRule } from '../scan/ignore-rules.ts'
import type { FolderWatch, Unwatched, WatchFolder } from '../scan/watcher.ts'

/** Directories that the system refuses to watch are looked at this often. */
const UNWATCHED_LOOK_MS = 60_000

export type FolderWatchingOptions = {
  readonly root: AbsolutePath
  readonly isIgnored: IgnoreRule
  /** Null: nothing is watched. */
  readonly watchFolder: WatchFolder | null
  readonly onHint: (path: DirectoryPath) => void
  readonly onChange: () => void
}

export class FolderWatching {
  readonly #options: FolderWatchingOptions
  #watch: FolderWatch | null = null
  /** The directory that is watched, by its identity: another one under the same name is not. */
  #rootId = ''
  #isDoubtful = false
  /** By the clock that nobody can set: else a clock that is set back would leave them alone for as long. */
  #unwatchedLookAt = 0

  constructor(options: FolderWatchingOptions) {
    this.#options = options
  }

  /** False where the file system tells nothing of changes, as most network drives do. */
  get hasEvents(): boolean {
    return this.#watch?.hasEvents ?? true
  }

  /** What the system refuses to watch. */
  get unwatched(): Unwatched {
    return this.#watch?.unwatched ?? { count: 0, directories: [] }
  }

  /** Whether what is watched is not what is at the root. */
  isStale(): boolean {
    return this.#watch !== null && (this.#isDoubtful || this.#rootId !== rootIdOf(this.#options.root))
  }

  /**
   * The root may have been away: a drive that is back can have the numbers it had before, and no watch outlives an unmount.
   */
  doubt(): void {
    this.#isDoubtful = true
  }

  /**
   * Has directories looked at whose changes nobody tells of, when it is time, and tries again to watch them. `uptime` in
   * milliseconds of the monotonic clock.
   */
  lookAtUnwatched(uptime: number): void {
    if (this.#watch === null || uptime < this.#unwatchedLookAt || this.unwatched.count === 0) return
    this.#unwatchedLookAt = uptime + UNWATCHED_LOOK_MS
    this.#watch.hintUnwatched()
    void this.#watch.rewatch()
  }

  /** Watches what is at the root; resolves when every directory is watched, or the signal is aborted. */
  async ensure(signal: AbortSignal): Promise<void> {
    const { root, isIgnored, watchFolder, onHint, onChange } = this.#options
    if (watchFolder === null || (this.#watch !== null && !this.isStale())) return
    // A watch stays with the directory it began with, also when that is moved away or deleted.
    await this.close()
    const watch = watchFolder(root, isIgnored, { onHint, onChange })
    this.#watch = watch
    this.#rootId = rootIdOf(root)
    this.#isDoubtful = false
    await Promise.race([watch.ready, aborted(signal)])
  }

  async close(): Promise<void> {
    const watch = this.#watch
    this.#watch = null
    await watch?.close()
  }
}

/** Device and inode of the root: what tells a directory from another that has taken its name; `none` for none to be seen. */
function rootIdOf(root: AbsolutePath): string {
  try {
    const { dev, ino } = statSync(root)
    return `${dev}:${ino}`
  } catch {
    return 'none'
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  if (signal.aborted) resolve(undefined)
  signal.addEventListener('abort', () => resolve(undefined), { once: true })
  return promise
}
