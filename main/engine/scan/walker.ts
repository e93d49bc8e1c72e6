/**
 * Walks a sync folder and tells, directory by directory, what is in it.
 *
 * Out: one `DirectoryListing` for each directory that could be read completely, with its files; what cannot be read is
 * `unreadable`, and nothing may be concluded about what is below it. Symbolic links are never followed. Knows no state.
 */
import { lstatSync, readdirSync, statSync, type Dirent } from 'node:fs'
import { sep } from 'node:path'
import { isAbortError } from '../../../shared/errors.ts'
import type { AbsolutePath, RelativePath } from '../../../shared/ids.ts'
import type { Clock } from '../lib/clock.ts'
import { joinRelative, toAbsolute, type DirectoryPath } from '../lib/paths.ts'
import type { Fingerprint } from '../model/entry.ts'
import type { IgnoreRule } from './ignore-rules.ts'
import { isMarker } from './root-marker.ts'
import { isMissing, statPath } from './stat-path.ts'

export type ScannedFile = { readonly path: RelativePath; readonly fingerprint: Fingerprint }

/** Changes when a name comes into the directory or goes out of it, and when another directory takes its place. */
export type DirectoryStamp = { readonly ino: number; readonly ctimeMs: number }

/** Names in a directory that are neither files nor directories, or cannot be looked at, or are not wanted. */
export type SkippedPath = {
  readonly path: RelativePath
  readonly reason: 'symlink' | 'special' | 'ignored' | 'unreadable' | 'name-not-utf8' | 'placeholder'
}

export type WalkStep =
  | {
      readonly kind: 'directory'
      readonly directory: DirectoryPath
      /** Device number of the directory itself: another one than its parent's where a drive is mounted here. */
      readonly dev: number
      readonly stamp: DirectoryStamp
      readonly files: readonly ScannedFile[]
      readonly skipped: readonly SkippedPath[]
    }
  | { readonly kind: 'unreadable'; readonly directory: DirectoryPath }

/**
 * `brisk` for walks somebody waits for. `gentle` for those nobody waits for: they rest as long as they work, so they take
 * half of one core at most, and of the disk.
 */
export type Pace = { readonly pace: 'brisk' } | { readonly pace: 'gentle'; readonly clock: Clock }

/** `leavesOut`: directories that are not walked into. */
export type WalkOptions = Pace & { readonly leavesOut?: (directory: DirectoryPath) => boolean }

/** After this many `lstat`s the event loop gets a turn: about 3 ms at the measured rate of stat-path.ts. */
const SLICE = 512

/** No rest is longer: a machine that slept in the middle of a slice has not worked all that time. */
const MAX_REST_MS = 1000

/**
 * Walks from `start` downwards. A directory that vanishes meanwhile gives no step: its parent's next look shows it.
 * The marker in the root is not told of. Ends early, without an error, when `signal` is aborted.
 */
export async function* walk(
  root: AbsolutePath,
  start: DirectoryPath,
  isIgnored: IgnoreRule,
  signal: AbortSignal,
  options: WalkOptions = { pace: 'brisk' },
): AsyncGenerator<WalkStep> {
  const breather = new Breather(options, signal)
  const toVisit: DirectoryPath[] = [start]
  for (let directory = toVisit.pop(); directory !== undefined; directory = toVisit.pop()) {
    if (signal.aborted) return
    const listing = readDirectory(root, directory)
    if (listing === 'gone') continue
    if (listing === 'unreadable') {
      yield { kind: 'unreadable', directory }
      continue
    }
    const within = absoluteOf(root, directory)
    const files: ScannedFile[] = []
    const skipped: SkippedPath[] = []
    for (const dirent of listing.entries) {
      // A directory of this name may hold files; only the file itself is Pail's own.
      if (directory === '' && isMarker(dirent.name) && dirent.isFile()) continue
      const path = joinRelative(directory, dirent.name)
      const found = isIgnored(path, dirent.isDirectory()) ? 'ignored' : look(within, dirent)
      if (found === 'directory') {
        if (options.leavesOut?.(path) !== true) toVisit.push(path)
      } else if (typeof found === 'string') skipped.push({ path, reason: found })
      else if (found !== null) files.push({ path, fingerprint: found })
      if (breather.isDue()) await breather.breathe()
    }
    yield { kind: 'directory', directory, dev: listing.dev, stamp: listing.stamp, files, skipped }
  }
}

/** Gives the event loop its turns, and a gentle walk its rests. */
class Breather {
  readonly #clock: Clock | null
  readonly #signal: AbortSignal
  #sinceBreath = 0
  #workingSince: number

  constructor(pace: Pace, signal: AbortSignal) {
    this.#clock = pace.pace === 'gentle' ? pace.clock : null
    this.#signal = signal
    this.#workingSince = this.#clock?.uptime() ?? 0
  }

  /** To be asked once for each entry. */
  isDue(): boolean {
    this.#sinceBreath += 1
    return this.#sinceBreath >= SLICE
  }

  async breathe(): Promise<void> {
    this.#sinceBreath = 0
    if (this.#clock === null) {
      await new Promise(setImmediate)
      return
    }
    // What the receiver of the steps did in between counts as work, too.
    const workedMs = this.#clock.uptime() - this.#workingSince
    try {
      await this.#clock.sleep(Math.min(Math.max(Math.ceil(workedMs), 1), MAX_REST_MS), this.#signal)
    } catch (error) {
      if (!this.#signal.aborted && !isAbortError(error)) throw error
    }
    this.#workingSince = this.#clock.uptime()
  }
}

type Listing = { readonly entries: readonly Dirent[]; readonly dev: number; readonly stamp: DirectoryStamp }

/**
 * `unreadable` also where the path led to another directory before than after: what was mounted or put there in between
 * is not what was listed.
 */
function readDirectory(root: AbsolutePath, directory: DirectoryPath): Listing | 'gone' | 'unreadable' {
  const before = identifyDirectory(root, directory)
  if (typeof before === 'string') return before
  const { dev, ino, ctimeMs } = before
  let entries: readonly Dirent[]
  try {
    entries = readdirSync(absoluteOf(root, directory), { withFileTypes: true })
  } catch {
    // ENOENT may also be about one name in it that vanished while its type was looked up.
    return identifyDirectory(root, directory) === 'gone' ? 'gone' : 'unreadable'
  }
  const after = identifyDirectory(root, directory)
  if (typeof after === 'string') return after
  return dev === after.dev && ino === after.ino ? { entries, dev, stamp: { ino, ctimeMs } } : 'unreadable'
}

function absoluteOf(root: AbsolutePath, directory: DirectoryPath): AbsolutePath {
  return directory === '' ? root : toAbsolute(root, directory)
}

/** Which directory is at this path, and as what; `gone` also where something else is. */
export function identifyDirectory(
  root: AbsolutePath,
  directory: DirectoryPath,
): (DirectoryStamp & { readonly dev: number }) | 'gone' | 'unreadable' {
  const path = absoluteOf(root, directory)
  try {
    // A root may itself be a link to a folder.
    const stats = directory === '' ? statSync(path) : lstatSync(path)
    return stats.isDirectory() ? stats : 'gone'
  } catch (error) {
    return isMissing(error) ? 'gone' : 'unreadable'
  }
}

/** A fingerprint for a file, null for what vanished meanwhile. */
function look(within: AbsolutePath, dirent: Dirent): Fingerprint | 'directory' | SkippedPath['reason'] | null {
  // Put together by hand: a `join` for each file took a seventh of the time of the whole walk.
  const seen = statPath(`${within}${sep}${dirent.name}` as AbsolutePath)
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
