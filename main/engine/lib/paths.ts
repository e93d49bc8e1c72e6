/** Paths of a sync folder: `/` between segments, relative to the root; and the two ways in and out of that form. */
import { join, sep } from 'node:path'
import type { AbsolutePath, RelativePath, RemoteName } from '../../../shared/ids.ts'

/** A directory below a root: a relative path, or `''` for the root itself. */
export type DirectoryPath = RelativePath | ''

export function joinRelative(directory: DirectoryPath, name: string): RelativePath {
  return (directory === '' ? name : `${directory}/${name}`) as RelativePath
}

/** `['a/b', 'c.txt']` for `a/b/c.txt`; the directory is `''` at the top. */
export function splitRelative(path: RelativePath): readonly [directory: DirectoryPath, name: string] {
  const slash = path.lastIndexOf('/')
  return slash < 0 ? ['', path] : [path.slice(0, slash) as RelativePath, path.slice(slash + 1)]
}

export function toAbsolute(root: AbsolutePath, path: DirectoryPath): AbsolutePath {
  return join(root, ...path.split('/')) as AbsolutePath
}

/** The path below `root`, `''` for the root itself, or null for anything outside. */
export function toRelative(root: AbsolutePath, path: string): DirectoryPath | null {
  if (path === root) return ''
  const start = root.endsWith(sep) ? root : root + sep
  if (!path.startsWith(start)) return null
  return path.slice(start.length).split(sep).join('/') as RelativePath
}

export function toRemoteName(prefix: string, path: RelativePath): RemoteName {
  return `${prefix}${path}` as RemoteName
}

/** A prefix is a folder in the bucket: no leading slash, one at the end, or nothing at all. */
export function asPrefix(text: string): string {
  const trimmed = text.trim().replace(/^\/+|\/+$/g, '')
  return trimmed === '' ? '' : `${trimmed}/`
}
