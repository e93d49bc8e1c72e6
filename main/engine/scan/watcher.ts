/**
 * Watches the directories of one sync folder with chokidar and turns its events into hints.
 *
 * One watch for each directory, none for files: the raw events name the file that changed. Hints say "look here";
 * only `stat-path` says what is there.
 */
import { join } from 'node:path'
import { watch, type FSWatcher } from 'chokidar'
import type { AbsolutePath } from '../../../shared/ids.ts'
import { toRelative, type DirectoryPath } from '../lib/paths.ts'
import type { IgnoreRule } from './ignore-rules.ts'
import { errnoOf } from './stat-path.ts'

export type FolderWatch = {
  /** Resolves when every directory that existed at the start is watched. */
  readonly ready: Promise<void>
  readonly close: () => Promise<void>
}

/** `onLimit` is called when the system refuses more watches: changes are then found by checking alone. */
export function watchFolder(
  root: AbsolutePath,
  isIgnored: IgnoreRule,
  onHint: (path: DirectoryPath) => void,
  onLimit: () => void,
): FolderWatch {
  const watcher: FSWatcher = watch(root, {
    ignoreInitial: true,
    followSymlinks: false,
    ignored: (path, stats) => {
      const relative = toRelative(root, path)
      if (relative === null || relative === '') return false
      return stats !== undefined && (!stats.isDirectory() || isIgnored(relative, true))
    },
  })
  const hint = (path: string): void => {
    const relative = toRelative(root, path)
    if (relative !== null) onHint(relative)
  }
  watcher.on('raw', (_event, name, details: unknown) => {
    const folder = watchedPathOf(details)
    if (folder === null || typeof name !== 'string') return
    // Bytes that are no UTF-8 come as U+FFFD: there is no path to look at, only a directory.
    hint(name.includes('\uFFFD') ? folder : join(folder, name))
  })
  watcher.on('addDir', hint)
  watcher.on('unlinkDir', hint)
  watcher.on('error', (error) => {
    const code = errnoOf(error)
    if (code === 'ENOSPC' || code === 'EMFILE') onLimit()
    // Anything else concerns one directory that went away or may not be read: a look tells which.
    else onHint('')
  })
  return {
    ready: new Promise((resolve) => {
      watcher.once('ready', () => {
        resolve()
      })
    }),
    close: () => watcher.close(),
  }
}

function watchedPathOf(details: unknown): string | null {
  if (typeof details !== 'object' || details === null || !('watchedPath' in details)) return null
  return typeof details.watchedPath === 'string' ? details.watchedPath : null
}
