/** GNOME's Files. */
import { join } from 'node:path'
import type { EntryFile } from './entry-files.ts'
import type { EntryTarget } from './file-manager.ts'
import { scriptFiles } from './script-folder.ts'

/** `data`: the folder for the person's application data. */
export function nautilusFiles(data: string, target: EntryTarget): readonly EntryFile[] {
  return scriptFiles(join(data, 'nautilus/scripts'), 'NAUTILUS', target)
}
