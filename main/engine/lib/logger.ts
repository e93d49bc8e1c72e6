/** The engine's log: JSON lines, rotated, with anything that looks like a secret taken out before it is written. */
import { mkdirSync } from 'node:fs'
import pino, { type Logger } from 'pino'
import { createStream } from 'rotating-file-stream'
import { EngineError } from '../../../shared/errors.ts'

export type { Logger } from 'pino'

/** Field names whose values never reach the log, at any depth pino looks at. */
const secretFields = ['applicationKey', 'authorizationToken', 'authorization', 'Authorization', 'uploadUrl', 'url']

/** Writes to `folder`/engine.log, at most some 30 MB in all; the folder is made 0700. Throws `data_folder_unusable`. */
export function createFileLogger(folder: string): Logger {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new EngineError('data_folder_unusable', 'No place for the log', { dataFolder: folder }, { cause: error })
  }
  const stream = createStream('engine.log', { path: folder, size: '5M', maxFiles: 5, mode: 0o600 })
  // A log that cannot be written (a full disk) must not stop what it tells about.
  stream.on('error', () => undefined)
  return pino({ redact: [...secretFields, ...secretFields.map((field) => `*.${field}`)] }, stream)
}

/** For tests and single runs that need no log. */
export const silentLogger: Logger = pino({ level: 'silent' })
