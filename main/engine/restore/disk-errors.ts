/** What a disk refuses, as the engine's errors. */
import { EngineError } from '../../../shared/errors.ts'
import { errnoOf } from '../scan/stat-path.ts'

const NO_SPACE: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT'])
const NAME: ReadonlySet<string> = new Set(['ENAMETOOLONG', 'EILSEQ', 'EINVAL'])

/**
 * `disk_full`; `name_not_allowed` (details: reason); `file_unreadable` (details: errno) for everything else that the
 * system says. What is no error of the system comes back as it is.
 */
function fromDisk(error: unknown): unknown {
  const errno = errnoOf(error)
  if (errno === undefined || error instanceof EngineError || !/^E[A-Z0-9]+$/.test(errno)) return error
  if (NO_SPACE.has(errno)) return new EngineError('disk_full', errno, {}, { cause: error })
  if (NAME.has(errno)) return new EngineError('name_not_allowed', errno, { reason: errno }, { cause: error })
  return new EngineError('file_unreadable', errno, { errno }, { cause: error })
}

/** Runs work on the disk; throws what `failed` does. */
export function onDisk<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    return failed(error)
  }
}

/** For promises of work on the disk: throws the engine's error. */
export function failed(error: unknown): never {
  throw fromDisk(error)
}
