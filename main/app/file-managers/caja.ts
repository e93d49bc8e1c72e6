/** MATE's file manager. */
import { join } from 'node:path'
import type { EntryFile } from './entry-files.ts'
import type { EntryTarget } from './file-manager.ts'
import { scriptFiles } from './script-folder.ts'

/** `config`: the folder for the person's settings. */
export function cajaFiles(config: string, target: EntryTarget): readonly EntryFile[] {
  return scriptFiles(join(config, 'caja/scripts'), 'CAJA', target)
}
