/** Cinnamon's file manager: an action file for each entry. */
import { join } from 'node:path'
import { execArgument } from '../desktop-entry.ts'
import { commentLines, currentEntries, nameLines } from './entries.ts'
import type { EntryFile } from './entry-files.ts'
import { OWN_MARK, type EntryTarget } from './file-manager.ts'

/**
 * `data`: the folder for the person's application data. Paths and not addresses: older versions would take the `%F0` of an
 * emoji for a place to fill in.
 */
export function nemoFiles(data: string, { launcher, icon }: EntryTarget): readonly EntryFile[] {
  return ([0, 1] as const).map((index) => {
    const { action } = currentEntries()[index]
    const lines = [
      `# ${OWN_MARK}`,
      '[Nemo Action]',
      ...nameLines(index),
      ...commentLines(index),
      `Icon-Name=${icon}`,
      `Exec=${execArgument(launcher)} ${action} %F`,
      'Selection=NotNone',
      'Extensions=any;',
      'Quote=double',
      '',
    ]
    const path = join(data, 'nemo/actions', `pail-${action}.nemo_action`)
    return { path, otherPaths: [], text: lines.join('\n'), mode: 0o600 }
  })
}
