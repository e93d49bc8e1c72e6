/** Where the shell keeps its files: everything below the data folder, readable by its owner only. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { app } from 'electron'
import { dataFolder, dataPaths } from '../data-folder.ts'

export type ShellFolders = {
  readonly data: string
  readonly logs: string
  /** Where right clicks come in, with the program that brings them. */
  readonly rightClick: string
}

/**
 * Creates the folders and has Electron keep its own files there; before it is ready, and before the single-instance
 * lock, which lives in `userData`. Throws the system's error when a folder cannot be created.
 */
export function prepareFolders(env: NodeJS.ProcessEnv): ShellFolders {
  const data = dataFolder(env)
  const { logs } = dataPaths(data)
  const window = join(data, 'window')
  const crashes = join(logs, 'crashes')
  for (const folder of [data, window, logs, crashes]) mkdirSync(folder, { recursive: true, mode: 0o700 })
  app.setPath('userData', window)
  app.setPath('sessionData', window)
  app.setPath('crashDumps', crashes)
  app.setAppLogsPath(logs)
  return { data, logs, rightClick: join(data, 'right-click') }
}
