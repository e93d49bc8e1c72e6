/**
 * Walks a sync folder and tells, directory by directory, what is in it.
 *
 * Out: one `DirectoryListing` for each directory that could be read completely, with its files; what cannot be read is
 * `unreadable`, and nothing may be concluded about what is below it. Symbolic links are never followed. Knows no state.
 */
import { readdirSync, type Dirent } from 'node:fs'
import type { AbsolutePath, RelativePath } from '../../../shared/ids.ts'
import { joinRelative, toAbsolute, type DirectoryPath } from '../lib/paths.ts'
import type { Fingerprint } from '../model/entry.ts'
import type { IgnoreRule } from './ignore-rules.ts'
import { errnoOf, statPath } from './stat-path.ts'

export type ScannedFile = { readonly path: RelativePath; readonly fingerprint: Fingerprint }

/** Names in a directory that are neither files nor directories, or cannot be looked at. */
export type SkippedPath = {
  readonly path: RelativePath
  readonly reason: 'symlink' | 'special' | 'ignored' | 'unreadable' | 'name-not-utf8'
}

export type WalkStep =
  | {
      readonly kind: 'directory'
      readonly directory: DirectoryPath
      readonly files: readonly ScannedFile[]
      readonly skipped: readonly SkippedPath[]
    }
  | { readonly kind: 'unreadable'; readonly directory: DirectoryPath }

/** After this many `lstat`s the event loop gets a turn: about 3 ms at the measured rate of stat-path.ts. */
const SLICE = 512

/**
 * Walks from `start` downwards. A directory that vanishes meanwhile gives no step: its parent's next look shows it.
 * Ends early, without an error, when `signal` is aborted.
 */
export async function* walk(
  root: AbsolutePath,
  start: DirectoryPath,
  isIgnored: IgnoreRule,
  signal: AbortSignal,
): AsyncGenerator<WalkStep> {
  const toVisit: DirectoryPath[] = [start]
  let sinceBreath = 0
  for (let directory = toVisit.pop(); directory !== undefined; directory = toVisit.pop()) {
    if (signal.aborted) return
    const listing = readDirectory(root, directory)
    if (listing === 'gone') continue
    if (listing === 'unreadable') {
      yield { kind: 'unreadable', directory }
      continue
    }
    const files: ScannedFile[] = []
    const skipped: SkippedPath[] = []
    for (const dirent of listing) {
      const path = joinRelative(directory, dirent.name)
      const found = isIgnored(path, dirent.isDirectory()) ? 'ignored' : look(root, path, dirent)
      if (found === 'directory') toVisit.push(path)
      else if (typeof found === 'string') skipped.push({ path, reason: found })
      else if (found !== null) files.push({ path, fingerprint: found })
      sinceBreath += 1
      if (sinceBreath >= SLICE) {
        sinceBreath = 0
        await new Promise(setImmediate)
      }
    }
    yield { kind: 'directory', directory, files, skipped }
  }
}

function readDirectory(root: AbsolutePath, directory: DirectoryPath): readonly Dirent[] | 'gone' | 'unreadable' {
  try {
    return readdirSync(directory === '' ? root : toAbsolute(root, directory), { withFileTypes: true })
  } catch (error) {
    const code = errnoOf(error)
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'gone' : 'unreadable'
  }
}

/** A fingerprint for a file, null for what vanished meanwhile. */
function look(
  root: AbsolutePath,
  path: RelativePath,
  dirent: Dirent,
): Fingerprint | 'directory' | SkippedPath['reason'] | null {
  const seen = statPath(toAbsolute(root, path))
  switch (seen.kind) {
    case 'file':
      return seen.fingerprint
    case 'directory':
      return 'directory'
    case 'skipped':
      return seen.reason
    case 'unreadable':
      return 'unreadable'
    case 'absent':
      // Node replaces bytes that are not UTF-8 by U+FFFD, and the name made of that is not there.
      return dirent.name.includes('\uFFFD') ? 'name-not-utf8' : null
  }
}
