/**
 * Watches one root with chokidar: the whole tree where the system can do that by itself (macOS, Windows), elsewhere the
 * root's own directory, to which `directory-watches` adds those below.
 *
 * Only chokidar's raw events are used. It is kept from listing anything: for its own events it holds an entry for each
 * name, and that took 312 MB for 100,000 files.
 */
import { basename, isAbsolute, join, sep } from 'node:path'
import { FSWatcher } from 'chokidar'
import type { AbsolutePath } from '../../../shared/ids.ts'
import { toRelative, type DirectoryPath } from '../lib/paths.ts'
import { nearestNamed } from './hint-path.ts'
import { statPath } from './stat-path.ts'

export type RootWatchEvents = {
  /**
   * Something about this path. `''`: the root itself, or something that the system does not name. `isRename`: a name
   * appeared or vanished, as far as the system tells that apart from a change of content.
   */
  readonly onEvent: (path: DirectoryPath, isRename: boolean) => void
  /** The root is not watched, or not any longer. */
  readonly onRefused: () => void
}

export type RootWatch = {
  /** Resolves when the root is watched, or `onRefused` was called, or the watch was closed. */
  readonly ready: Promise<unknown>
  readonly close: () => Promise<void>
}

/** chokidar with nothing to list: what it is told to watch is all it knows of. */
class UnlistedWatcher extends FSWatcher {
  override createScanStream(): undefined {
    return undefined
  }
}

/** `isRecursive`: one watch for the whole tree. Starts at once. */
export function watchRoot(root: AbsolutePath, isRecursive: boolean, events: RootWatchEvents): RootWatch {
  // chokidar takes every backslash for a separator, and would wait for a folder that is not there.
  if (sep === '/' && root.includes('\\')) {
    events.onRefused()
    return { ready: Promise.resolve(), close: () => Promise.resolve() }
  }
  const self = root.replaceAll('\\', '/')
  const watcher = new UnlistedWatcher({
    ignoreInitial: true,
    followSymlinks: false,
    // Saves under another name are folded later, by looking.
    atomic: false,
    backend: isRecursive ? 'native-recursive' : 'native',
    ignored: (path) => path !== self,
  })
  const ownName = basename(root)
  watcher.on('raw', (event, name, details: unknown) => {
    const path = pathOf(root, name, details)
    if (path === null) return
    const isRename = event === 'rename'
    events.onEvent(path, isRename)
    // A directory that is deleted or moved away tells so by its own name, as if that were in it.
    const isOwn = isRename && path === ownName && statPath(join(root, ownName) as AbsolutePath).kind === 'absent'
    if (isOwn) events.onEvent('', true)
  })
  watcher.on('error', () => {
    events.onRefused()
  })
  const { promise: ready, resolve } = Promise.withResolvers<undefined>()
  watcher.once('ready', () => {
    resolve(undefined)
  })
  watcher.add(root)
  return {
    ready,
    close: async () => {
      await watcher.close()
      resolve(undefined)
    },
  }
}

/** Null for what is beside the root: while the root is away, chokidar watches what is above it. */
function pathOf(root: AbsolutePath, name: unknown, details: unknown): DirectoryPath | null {
  const folder = watchedPathOf(details)
  // Without a name the system says that it has lost count (Windows does when there is too much at once).
  if (folder === null || typeof name !== 'string') return ''
  const path = toRelative(root, isAbsolute(name) ? name : join(folder, name))
  if (path === null || path === '') return path
  return nearestNamed(path)
}

function watchedPathOf(details: unknown): string | null {
  if (typeof details !== 'object' || details === null || !('watchedPath' in details)) return null
  return typeof details.watchedPath === 'string' ? details.watchedPath : null
}
