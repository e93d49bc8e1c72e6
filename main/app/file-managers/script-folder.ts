/** Nautilus and Caja show the programs of a folder as a menu, under their names, and tell them in variables what is selected. */
import { join } from 'node:path'
import { currentEntries, labelsOf } from './entries.ts'
import type { EntryFile } from './entry-files.ts'
import { OWN_MARK, type Entry, type EntryTarget } from './file-manager.ts'
import { shellArgument } from './launcher.ts'

/** The two scripts in `folder`. `variables` is what the names of the file manager's variables begin with. */
export function scriptFiles(folder: string, variables: string, target: EntryTarget): readonly EntryFile[] {
  return ([0, 1] as const).map((index) => {
    const entry = currentEntries()[index]
    return {
      path: join(folder, entry.label),
      otherPaths: labelsOf(index).map((label) => join(folder, label)),
      text: scriptText(entry, variables, target),
      mode: 0o700,
    }
  })
}

/** Addresses and not paths: those have no line end in them. Nothing selected is the folder that is shown. */
function scriptText({ action }: Entry, variables: string, { launcher }: EntryTarget): string {
  return [
    '#!/bin/sh',
    `# ${OWN_MARK}`,
    'set -f',
    "IFS='",
    "'",
    `exec ${shellArgument(launcher)} ${action} \${${variables}_SCRIPT_SELECTED_URIS:-$${variables}_SCRIPT_CURRENT_URI}`,
    '',
  ].join('\n')
}
