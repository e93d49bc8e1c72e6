/** The rules that people write into the folder itself. */
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { EngineError } from '../../../shared/errors.ts'
import type { AbsolutePath } from '../../../shared/ids.ts'
import { errnoOf } from './stat-path.ts'

/** Directly in the root; synced like any other file. */
export const IGNORE_FILE_NAME = '.pailignore'

/** Bytes. Rules that people write take some hundred; what is larger is something else under that name. */
const MAX_BYTES = 1_048_576

/**
 * The text of the root's `.pailignore`; null where there is none. `ignore_rules_unreadable` where it is there and cannot be
 * read, is larger than 1 MB, or is no regular file: then nobody knows what is meant to be left out.
 */
export function readIgnoreFile(root: AbsolutePath): string | null {
  // Neither through a link, which may lead anywhere, nor waiting for the other end of a pipe. Windows has neither flag.
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
  let file: number
  try {
    file = openSync(join(root, IGNORE_FILE_NAME), O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null
    throw unreadable(errnoOf(error) ?? 'unknown', error)
  }
  try {
    const stats = fstatSync(file)
    if (!stats.isFile()) throw unreadable('it is no regular file')
    if (stats.size > MAX_BYTES) throw unreadable('it is too large')
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw error instanceof EngineError ? error : unreadable(errnoOf(error) ?? 'unknown', error)
  } finally {
    closeSync(file)
  }
}

function unreadable(reason: string, cause?: unknown): EngineError {
  return new EngineError(
    'ignore_rules_unreadable',
    `Rules of a folder cannot be read: ${reason}`,
    { reason },
    { cause },
  )
}
