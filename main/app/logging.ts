/**
 * The shell's own log, `shell.log` in the data folder's `logs`: starts and ends of processes, faults, and what the
 * engine prints. Messages between windows and engine never reach it.
 */
import { inspect } from 'node:util'
import { app } from 'electron'
import { createStream } from 'rotating-file-stream'

export type Log = {
  readonly info: (text: string) => void
  readonly warn: (text: string) => void
  readonly error: (text: string, error?: unknown) => void
}

export type LogFile = Log & {
  /** Resolves when everything is written. Nothing may be logged afterwards. */
  readonly close: () => Promise<void>
}

/** Opens the log in `folder`; three files of 1 MB are kept. A log that cannot be written is done without. */
export function openLog(folder: string): LogFile {
  const stream = createStream('shell.log', { path: folder, size: '1M', maxFiles: 3, mode: 0o600 })
  stream.on('error', (error) => {
    process.stderr.write(`shell.log: ${error.message}\n`)
  })
  const write = (level: string, text: string): void => {
    if (!stream.writableEnded) stream.write(`${new Date().toISOString()} ${level} ${text}\n`)
  }
  return {
    info: (text) => {
      write('info', text)
    },
    warn: (text) => {
      write('warn', text)
    },
    error: (text, error) => {
      write('error', error === undefined ? text : `${text}: ${inspect(error)}`)
    },
    close: () =>
      new Promise((done) => {
        stream.end(done)
      }),
  }
}

/**
 * Writes every fault to the log. The shell goes on after a fault of its own: the work is done in the engine's process,
 * and a window that misbehaves must not end syncing.
 */
export function logFaults(log: Log): void {
  process.on('uncaughtException', (error) => {
    log.error('Uncaught exception', error)
  })
  process.on('unhandledRejection', (reason) => {
    log.error('Unhandled rejection', reason)
  })
  app.on('child-process-gone', (_event, { type, reason, exitCode, serviceName }) => {
    log.warn(`A ${type} process is gone: ${reason}, exit code ${exitCode}, ${serviceName ?? 'no name'}`)
  })
}
