/**
 * Watches one sync folder and turns what the system tells into hints.
 *
 * chokidar watches the root, and with it the whole tree where the system can (macOS, Windows). Elsewhere each directory
 * gets a watch of its own, from `directory-watches`. None is made for files: events name the file. Hints say "look here";
 * only `stat-path` says what is there.
 */
import type { AbsolutePath, RelativePath } from '../../../shared/ids.ts'
import { splitRelative, type DirectoryPath } from '../lib/paths.ts'
import { DirectoryWatches } from './directory-watches.ts'
import { noteEvent, onLostEvents } from './event-burst.ts'
import { givesEvents } from './gives-events.ts'
import type { IgnoreRule } from './ignore-rules.ts'
import { watchRoot, type RootWatch } from './root-watch.ts'

export type FolderWatchEvents = {
  /** Look at this path and at all that is below it; `''` is the root: look at everything. */
  readonly onHint: (path: DirectoryPath) => void
  /** What `unwatched` tells may have changed. */
  readonly onChange: () => void
}

/** Directories whose changes give no hints, because the system refuses more watches. */
export type Unwatched = {
  /** How many. Beyond 1,000 as many as there were at the last try. */
  readonly count: number
  /** Their names, the first 1,000; `''` for the root. */
  readonly directories: readonly DirectoryPath[]
}

export type FolderWatch = {
  /** Resolves when every directory that existed at the start is watched or is known not to be, or when it was closed. */
  readonly ready: Promise<void>
  /** False where the file system tells nothing of changes, as most network drives do. */
  readonly hasEvents: boolean
  readonly unwatched: Unwatched
  /** Hints at every directory that is not watched: at everything where not all of them are known by name. */
  readonly hintUnwatched: () => void
  /** Tries again to watch what is not watched, and hints at what is watched then. Does nothing where all is well. */
  readonly rewatch: () => Promise<void>
  /** No hint comes after this was called. */
  readonly close: () => Promise<void>
}

export type WatchFolder = (root: AbsolutePath, isIgnored: IgnoreRule, events: FolderWatchEvents) => FolderWatch

/**
 * Starts at once. `isIgnored` is asked about directories and stays the same for as long as the watch lives. `watchesTrees`:
 * whether the system watches whole trees by itself.
 *
 * The watch stays with the directories that are there at the start and those that appear in them: when the root itself
 * is deleted, moved or replaced there is a hint at everything, and the owner makes another watch for what comes in its place.
 */
export function watchFolder(
  root: AbsolutePath,
  isIgnored: IgnoreRule,
  events: FolderWatchEvents,
  watchesTrees = process.platform === 'darwin' || process.platform === 'win32',
): FolderWatch {
  const watch = new TreeWatch(root, isIgnored, events, watchesTrees)
  return {
    ready: watch.ready,
    hasEvents: givesEvents(root),
    get unwatched() {
      return watch.unwatched
    },
    hintUnwatched: () => {
      watch.hintUnwatched()
    },
    rewatch: () => watch.rewatch(),
    close: () => watch.close(),
  }
}

class TreeWatch {
  readonly ready: Promise<void>
  readonly #root: AbsolutePath
  readonly #isIgnored: IgnoreRule
  readonly #events: FolderWatchEvents
  readonly #watchesTrees: boolean
  readonly #below: DirectoryWatches
  readonly #stopListening: () => void
  #rootWatch: RootWatch
  #isRootRefused = false
  #rewatching: Promise<void> | null = null
  #isClosed = false

  constructor(root: AbsolutePath, isIgnored: IgnoreRule, events: FolderWatchEvents, watchesTrees: boolean) {
    this.#root = root
    this.#isIgnored = isIgnored
    this.#events = events
    this.#watchesTrees = watchesTrees
    this.#below = new DirectoryWatches(root, isIgnored, {
      onEvent: noteEvent,
      onHint: (path) => {
        this.#hint(path)
      },
      onChange: () => {
        this.#changed()
      },
    })
    this.#stopListening = onLostEvents(() => {
      this.#hint('')
    })
    this.#rootWatch = this.#watchRoot()
    this.ready = this.#watchBelow()
  }

  get unwatched(): Unwatched {
    const { count, directories } = this.#below.refused
    if (!this.#isRootRefused || directories.includes('')) return { count, directories }
    return { count: count + 1, directories: ['', ...directories] }
  }

  hintUnwatched(): void {
    const { count, directories } = this.unwatched
    if (count > directories.length) this.#hint('')
    else for (const directory of directories) this.#hint(directory)
  }

  rewatch(): Promise<void> {
    this.#rewatching ??= this.#rewatch().finally(() => {
      this.#rewatching = null
    })
    return this.#rewatching
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#stopListening()
    this.#below.close()
    await this.#rootWatch.close()
  }

  async #rewatch(): Promise<void> {
    await this.ready
    if (this.#isRootRefused) await this.#watchRootAgain()
    if (!this.#watchesTrees) await this.#below.retry()
  }

  async #watchRootAgain(): Promise<void> {
    await this.#rootWatch.close()
    if (this.#isClosed) return
    this.#isRootRefused = false
    this.#rootWatch = this.#watchRoot()
    await this.#rootWatch.ready
    this.#hint('')
    this.#changed()
  }

  #watchRoot(): RootWatch {
    return watchRoot(this.#root, this.#watchesTrees, {
      onEvent: (path, isRename) => {
        if (!this.#watchesTrees) noteEvent()
        else if (path !== '' && this.#isInIgnored(path)) return
        this.#hint(path)
        if (!this.#watchesTrees) this.#below.rootEvent(path, isRename)
      },
      onRefused: () => {
        this.#isRootRefused = true
        this.#hint('')
        this.#changed()
      },
    })
  }

  async #watchBelow(): Promise<void> {
    await this.#rootWatch.ready
    if (!this.#watchesTrees && !this.#isClosed) await this.#below.watchAll()
  }

  /** The watch of a whole tree also tells of what nobody wants to know: Pail's own files, say, which never rest. */
  #isInIgnored(path: RelativePath): boolean {
    const [directory] = splitRelative(path)
    return directory !== '' && this.#isIgnored(directory, true)
  }

  #hint(path: DirectoryPath): void {
    if (!this.#isClosed) this.#events.onHint(path)
  }

  #changed(): void {
    if (!this.#isClosed) this.#events.onChange()
  }
}
