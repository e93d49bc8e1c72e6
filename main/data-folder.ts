/** Where Pail keeps its own data: the same place for the app and the command line. */
import { join, resolve } from 'node:path'
import envPaths from 'env-paths'
import { AbsolutePath } from '../shared/ids.ts'

/** `PAIL_DATA_DIR` where it is set, else the platform's place for application data. Nothing is created. */
export function dataFolder(env: NodeJS.ProcessEnv = process.env): AbsolutePath {
  const chosen = env['PAIL_DATA_DIR']
  return AbsolutePath.parse(chosen ? resolve(chosen) : envPaths('Pail', { suffix: '' }).data)
}

/** The files and folders inside the data folder. */
export function dataPaths(folder: AbsolutePath): {
  readonly database: string
  readonly logs: string
  /** Where an engine that runs is asked. */
  readonly control: string
} {
  return { database: join(folder, 'pail.db'), logs: join(folder, 'logs'), control: join(folder, 'control') }
}
