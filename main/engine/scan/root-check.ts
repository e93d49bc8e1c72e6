/** Is the root really there, readable, and not suddenly empty? Asked before anything is concluded from absence. */
import { readdirSync } from 'node:fs'
import type { ErrorCode } from '../../../shared/errors.ts'
import type { AbsolutePath } from '../../../shared/ids.ts'
import { walk } from './walker.ts'
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
export async function checkRoot(root: AbsolutePath, knownFiles: number, signal: AbortSignal): Promise<RootVerdict> {
  if (statPath(root).kind === 'absent') return { kind: 'held', code: 'root_missing' }
  try {
    // A root may itself be a link to a folder; what counts is that it opens as a directory.
    readdirSync(root)
  } catch (error) {
    const isMissing = errnoOf(error) === 'ENOTDIR' || errnoOf(error) === 'ENOENT'
    return { kind: 'held', code: isMissing ? 'root_missing' : 'root_unreadable' }
  }
  if (knownFiles > 0 && !(await holdsFile(root, signal))) return { kind: 'held', code: 'root_emptied' }
  return { kind: 'ok' }
}

/** True as soon as one file is found, or a directory that cannot be looked into: then emptiness is not known. */
async function holdsFile(root: AbsolutePath, signal: AbortSignal): Promise<boolean> {
  for await (const step of walk(root, '', signal)) {
    if (step.kind === 'unreadable' || step.files.length > 0) return true
  }
  return signal.aborted
}
