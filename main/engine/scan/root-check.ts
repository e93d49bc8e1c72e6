/** Is the root really there, readable, and not suddenly empty? Asked before anything is concluded from absence. */
import { opendirSync, type Dir } from 'node:fs'
import type { ErrorCode } from '../../../shared/errors.ts'
import type { AbsolutePath } from '../../../shared/ids.ts'
import { joinRelative, toAbsolute, type DirectoryPath } from '../lib/paths.ts'
import type { IgnoreRule } from './ignore-rules.ts'
import { errnoOf, statPath } from './stat-path.ts'

export type RootVerdict =
  | { readonly kind: 'ok' }
  | {
      readonly kind: 'held'
      readonly code: Extract<ErrorCode, 'root_missing' | 'root_unreadable' | 'root_emptied'>
    }

/**
 * `root_missing`: not there, or not a directory. `root_unreadable`: it cannot be listed.
 * `root_emptied`: `knownFiles` were in sync and not one file is left: an unmounted drive looks just like that.
 */
export function checkRoot(root: AbsolutePath, knownFiles: number, isIgnored: IgnoreRule): RootVerdict {
  try {
    // A root may itself be a link to a folder; what counts is that it opens as a directory.
    const opened = opendirSync(root)
    try {
      // A drive that was pulled out still opens; reading from it fails.
      opened.readSync()
    } finally {
      opened.closeSync()
    }
  } catch (error) {
    const isMissing = errnoOf(error) === 'ENOTDIR' || errnoOf(error) === 'ENOENT'
    return { kind: 'held', code: isMissing ? 'root_missing' : 'root_unreadable' }
  }
  if (knownFiles > 0 && !holdsFile(root, '', isIgnored)) return { kind: 'held', code: 'root_emptied' }
  return { kind: 'ok' }
}

/**
 * True as soon as one file is found, or a directory that cannot be looked into: then emptiness is not known. Reads
 * entry by entry: this is asked before every hide, and the first file is mostly the first entry.
 */
function holdsFile(root: AbsolutePath, directory: DirectoryPath, isIgnored: IgnoreRule): boolean {
  const opened = openDirectory(toAbsolute(root, directory))
  if (opened === 'gone') return false
  if (opened === 'unreadable') return true
  const below: DirectoryPath[] = []
  try {
    for (let dirent = opened.readSync(); dirent !== null; dirent = opened.readSync()) {
      const path = joinRelative(directory, dirent.name)
      if (isIgnored(path, dirent.isDirectory())) continue
      const { kind } = statPath(toAbsolute(root, path))
      if (kind === 'file' || kind === 'unreadable') return true
      if (kind === 'directory') below.push(path)
    }
  } catch {
    // What cannot be read is not known to be empty.
    return true
  } finally {
    opened.closeSync()
  }
  return below.some((path) => holdsFile(root, path, isIgnored))
}

function openDirectory(path: AbsolutePath): Dir | 'gone' | 'unreadable' {
  try {
    return opendirSync(path)
  } catch (error) {
    const code = errnoOf(error)
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'gone' : 'unreadable'
  }
}
