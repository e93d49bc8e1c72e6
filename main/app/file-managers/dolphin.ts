/** KDE's file manager, and all others of KDE's: one service menu with both entries. */
import { join } from 'node:path'
import { execArgument } from '../desktop-entry.ts'
import { currentEntries, nameLines } from './entries.ts'
import type { EntryFile } from './entry-files.ts'
import { OWN_MARK, type EntryTarget } from './file-manager.ts'

/**
 * `data`: the folder for the person's application data. KDE shows a menu of a person's own only when the file may be
 * executed. Every type of file is an `application/octet-stream` too.
 */
export function dolphinFiles(data: string, { launcher, icon }: EntryTarget): readonly EntryFile[] {
  const entries = currentEntries()
  const run = `${execArgument(launcher)} `
  const lines = [
    '[Desktop Entry]',
    `# ${OWN_MARK}`,
    'Type=Application',
    'Name=Pail',
    `Icon=${icon}`,
    `Exec=${run}show %F`,
    'MimeType=application/octet-stream;inode/directory;',
    'X-KDE-ServiceTypes=KonqPopupMenu/Plugin',
    'X-KDE-Priority=TopLevel',
    `Actions=${entries.map(({ action }) => `pail-${action};`).join('')}`,
    ...([0, 1] as const).flatMap((index) => [
      '',
      `[Desktop Action pail-${entries[index].action}]`,
      ...nameLines(index),
      `Icon=${icon}`,
      `Exec=${run}${entries[index].action} %F`,
    ]),
    '',
  ]
  return [{ path: join(data, 'kio/servicemenus/pail.desktop'), otherPaths: [], text: lines.join('\n'), mode: 0o700 }]
}
