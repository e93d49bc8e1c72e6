/** A folder that a person named, as the file system knows it. */
import { realpathSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { EngineError } from '../../../shared/errors.ts'
import { AbsolutePath } from '../../../shared/ids.ts'
import { errnoOf } from './stat-path.ts'

/**
 * The path as the file system knows it: absolute, links resolved. Throws `root_missing` for what is not there or no
 * folder, `root_unreadable` for what may not be looked at.
 */
export function canonicalRoot(path: string): AbsolutePath {
  try {
    const root = realpathSync(resolve(path))
    if (!statSync(root).isDirectory()) throw new EngineError('root_missing', 'Not a folder', { root: path })
    return AbsolutePath.parse(root)
  } catch (error) {
    if (error instanceof EngineError) throw error
    const code = errnoOf(error) === 'EACCES' ? 'root_unreadable' : 'root_missing'
    throw new EngineError(code, `The folder cannot be opened`, { root: path }, { cause: error })
  }
}
