/**
 * Watches every directory below a root, one by one: for systems that cannot watch a tree as a whole (Linux).
 *
 * Made of `fs.watch` itself. chokidar makes the same watches, but 10,000 of them take 100 to 250 MB of memory there, and
 * 20 to 30 MB here. A directory is watched first and listed then, so nothing that appears in between is missed. What the
 * system refuses to watch is remembered, and can be tried again.
 */
import { lstatSync, readdirSync, watch, type Dirent, type FSWatcher, type Stats } from 'node:fs'
import type { AbsolutePath } from '../../../shared/ids.ts'
import { joinRelative, toAbsolute, type DirectoryPath } from '../lib/paths.ts'
import { nearestNamed } from './hint-path.ts'
import type { IgnoreRule } from './ignore-rules.ts'
import { errnoOf, isMissing } from './stat-path.ts'

/** Directories that are not watched are known by name up to here; any more are only counted. */
const MAX_REFUSED_NAMES = 1000

/** After about as many entries have been listed the event loop gets a turn: some 3 ms. */
const SLICE = 2048

/** Making a watch takes about as long as listing this many entries. */
const WATCH_COST = 20

/**
 * A directory in the tree of those that are known. `waiting`: for its turn. `watched`: the root too, whose watch is not
 * made here. `unreadable`: its permissions forbid it. `refused`: the system does. `counted`: refused, and one too many to
 * be kept in the tree. `dropped`: no longer of interest.
 */
type Directory = {
  readonly name: string
  readonly parent: Directory | null
  state: 'waiting' | 'watched' | 'unreadable' | 'refused' | 'counted' | 'dropped'
  watch: FSWatcher | null
  /** Which directory the watch was made for; inode numbers alone are used again at once. */
  ino: number
  birthtimeMs: number
  children: Map<string, Directory> | null
}

export type DirectoryWatchEvents = {
  readonly onHint: (path: DirectoryPath) => void
  /** Each event that arrives, before anything is done about it. */
  readonly onEvent: () => void
  /** What `refused` tells may have changed. */
  readonly onChange: () => void
}

/** The watches of one root. */
export class DirectoryWatches {
  readonly #path: AbsolutePath
  readonly #isIgnored: IgnoreRule
  readonly #events: DirectoryWatchEvents
  readonly #root = directoryNamed('', null)
  readonly #refused = new Set<Directory>()
  #counted = 0
  #queue: Directory[] = []
  /** Directories that appeared: what is in them has to be looked at once they are watched. */
  readonly #appeared = new Set<Directory>()
  #isClosed = false
  #placing: Promise<void> | null = null

  constructor(root: AbsolutePath, isIgnored: IgnoreRule, events: DirectoryWatchEvents) {
    this.#path = root
    this.#isIgnored = isIgnored
    this.#events = events
  }

  /**
   * Directories without a watch because the system refuses more. The names are complete up to 1,000; beyond, `count` is
   * what was found at the last try.
   */
  get refused(): { readonly count: number; readonly directories: readonly DirectoryPath[] } {
    return { count: this.#refused.size + this.#counted, directories: [...this.#refused].map(pathOf) }
  }

  /** Watches all directories there are. To be called when the root itself is watched. */
  watchAll(): Promise<void> {
    return this.#place(this.#root)
  }

  /** Tries again to watch what was refused. What can be watched now is hinted at. */
  async retry(): Promise<void> {
    await this.#placing
    if (this.#isClosed) return
    let isAnyWatched = false
    for (const directory of [...this.#refused]) {
      this.#watch(directory)
      // Where there is no room for one there is none for many.
      if (directory.state === 'refused') break
      isAnyWatched = true
      this.#appear(directory)
    }
    const isUncertain = this.#counted > 0 && (isAnyWatched || this.#refused.size === 0)
    if (isUncertain) {
      // Those that were only counted are found by going through everything.
      this.#counted = 0
      this.#appear(this.#root)
    }
    await this.#placing
  }

  /** Something about a name in the root's own directory, which is watched elsewhere; `''` for the root itself. */
  rootEvent(name: string, isRename: boolean): void {
    if (this.#isClosed) return
    if (name !== '') this.#follow(this.#root, name, isRename)
    else if (isRename) {
      // The root is another directory, or gone: watches stay with the directory they were made for.
      this.#counted = 0
      for (const child of [...(this.#root.children?.values() ?? [])]) this.#drop(child)
      this.#appear(this.#root)
    }
  }

  close(): void {
    this.#isClosed = true
    this.#queue = []
    this.#drop(this.#root)
  }

  #appear(directory: Directory): void {
    this.#appeared.add(directory)
    void this.#place(directory)
  }

  #place(directory: Directory): Promise<void> {
    this.#queue.push(directory)
    this.#placing ??= this.#placeAll()
    return this.#placing
  }

  async #placeAll(): Promise<void> {
    // In a turn of its own, so that what appears at once is placed, and hinted at, at once.
    await new Promise(setImmediate)
    let cost = 0
    for (let next = this.#queue.pop(); next !== undefined; next = this.#queue.pop()) {
      cost += this.#placeOne(next)
      if (cost < SLICE) continue
      cost = 0
      await new Promise(setImmediate)
    }
    this.#placing = null
    const appeared = [...this.#appeared]
    this.#appeared.clear()
    if (this.#isClosed) return
    for (const directory of appeared) if (directory.state !== 'dropped') this.#events.onHint(pathOf(directory))
    this.#events.onChange()
  }

  /** Watches and lists one directory; those below it are queued. Returns what it cost, in entries listed. */
  #placeOne(directory: Directory): number {
    if (directory.state !== 'watched' && directory.state !== 'counted') this.#watch(directory)
    if (directory.state === 'dropped' || directory.state === 'unreadable') return WATCH_COST
    let dirents: readonly Dirent[]
    try {
      dirents = readdirSync(this.#absolute(directory), { withFileTypes: true })
    } catch (error) {
      this.#cannotWatch(directory, error)
      return WATCH_COST
    }
    const path = pathOf(directory)
    for (const { name } of dirents.filter((dirent) => dirent.isDirectory())) {
      const isKnown = directory.children?.has(name) === true
      if (isKnown || !this.#isIgnored(joinRelative(path, name), true)) this.#queue.push(this.#child(directory, name))
    }
    return WATCH_COST + dirents.length
  }

  #child(parent: Directory, name: string): Directory {
    const known = parent.children?.get(name)
    if (known !== undefined) return known
    const child = directoryNamed(name, parent)
    if (parent.state === 'counted') {
      child.state = 'counted'
      this.#counted += 1
      return child
    }
    parent.children ??= new Map()
    parent.children.set(name, child)
    return child
  }

  #watch(directory: Directory): void {
    if (directory.state === 'dropped') return
    this.#refused.delete(directory)
    directory.state = 'watched'
    if (directory === this.#root) return
    const path = this.#absolute(directory)
    try {
      // Before the watch: if another directory comes in between, it is taken for yet another, not for the same.
      const { ino, birthtimeMs } = lstatSync(path)
      directory.ino = ino
      directory.birthtimeMs = birthtimeMs
      directory.watch = watch(path, (event, name) => {
        this.#hear(directory, name, event === 'rename')
      })
      directory.watch.on('error', () => {
        this.#replace(directory)
      })
    } catch (error) {
      this.#cannotWatch(directory, error)
    }
  }

  #cannotWatch(directory: Directory, error: unknown): void {
    directory.watch?.close()
    directory.watch = null
    if (isMissing(error) && directory !== this.#root) this.#drop(directory)
    else if (errnoOf(error) === 'EACCES' && directory !== this.#root) directory.state = 'unreadable'
    else this.#refuse(directory)
  }

  #refuse(directory: Directory): void {
    if (this.#refused.size < MAX_REFUSED_NAMES || directory === this.#root) {
      directory.state = 'refused'
      this.#refused.add(directory)
      return
    }
    for (const child of [...(directory.children?.values() ?? [])]) this.#drop(child)
    directory.parent?.children?.delete(directory.name)
    directory.state = 'counted'
    this.#counted += 1
  }

  #hear(directory: Directory, name: string | null, isRename: boolean): void {
    this.#events.onEvent()
    if (directory.state === 'dropped') return
    const path = pathOf(directory)
    this.#events.onHint(name === null ? path : nearestNamed(joinRelative(path, name)))
    if (name !== null) this.#follow(directory, name, isRename)
  }

  /** Watches what appeared under this name, and drops what is no longer there. */
  #follow(directory: Directory, name: string, isRename: boolean): void {
    const known = directory.children?.get(name)
    if (!isRename && known?.state !== 'unreadable') return
    const path = joinRelative(pathOf(directory), name)
    const found = lookAt(toAbsolute(this.#path, path))
    // Whatever happens to a directory is told as if it was renamed, also when its times or permissions change.
    if (known !== undefined && isStill(known, found)) return
    // Watches stay with a directory that is moved away, so each name starts anew.
    if (known !== undefined) this.#drop(known)
    if (isDirectory(found) && !this.#isIgnored(path, true)) this.#appear(this.#child(directory, name))
    // What happens to a directory is told by its own name, too, as if that were in it.
    const isSelf = found === 'absent' && name === directory.name
    if (isSelf && !isStill(directory, lookAt(this.#absolute(directory)))) this.#replace(directory)
  }

  /** The watch of this directory is worth nothing any longer. */
  #replace(directory: Directory): void {
    const { parent, name } = directory
    if (parent === null || directory.state === 'dropped') return
    this.#drop(directory)
    this.#events.onHint(pathOf(directory))
    if (isDirectory(lookAt(this.#absolute(directory)))) this.#appear(this.#child(parent, name))
  }

  /** Ends the watches of a directory and of all below it. */
  #drop(directory: Directory): void {
    if (directory.parent?.children?.get(directory.name) === directory) directory.parent.children.delete(directory.name)
    const toDrop = [directory]
    for (let next = toDrop.pop(); next !== undefined; next = toDrop.pop()) {
      next.state = 'dropped'
      this.#refused.delete(next)
      next.watch?.close()
      next.watch = null
      for (const child of next.children?.values() ?? []) toDrop.push(child)
      next.children = null
    }
  }

  #absolute(directory: Directory): AbsolutePath {
    const path = pathOf(directory)
    return path === '' ? this.#path : toAbsolute(this.#path, path)
  }
}

function directoryNamed(name: string, parent: Directory | null): Directory {
  return { name, parent, state: 'waiting', watch: null, ino: 0, birthtimeMs: 0, children: null }
}

function lookAt(path: AbsolutePath): Stats | 'absent' | 'unknown' {
  try {
    return lstatSync(path)
  } catch (error) {
    return isMissing(error) ? 'absent' : 'unknown'
  }
}

function isDirectory(found: ReturnType<typeof lookAt>): found is Stats {
  return typeof found === 'object' && found.isDirectory()
}

/** Whether this is the directory that is watched. */
function isStill({ watch, ino, birthtimeMs }: Directory, found: ReturnType<typeof lookAt>): boolean {
  return watch !== null && isDirectory(found) && ino === found.ino && birthtimeMs === found.birthtimeMs
}

function pathOf(directory: Directory): DirectoryPath {
  if (directory.parent === null) return ''
  return joinRelative(pathOf(directory.parent), directory.name)
}
