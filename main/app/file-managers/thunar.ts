/** Xfce's file manager: two of the custom actions in the one file that holds a person's own. */
import { readFileSync, realpathSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { currentEntries } from './entries.ts'
import type { Entry, EntryTarget, FileManager } from './file-manager.ts'
import { shellArgument } from './launcher.ts'
import type { Made } from './made.ts'
import { actionIds, NO_ACTIONS, withActions, withoutActions, type ThunarAction } from './thunar-actions.ts'
import { lookAt, writeWhole } from './whole-file.ts'

export type ThunarOptions = {
  readonly isHere: () => boolean
  /** The folder for the person's settings, and those where the system keeps what it begins with. */
  readonly config: string
  readonly systemConfigs: readonly string[]
  readonly target: EntryTarget
  readonly made: Made
}

const IDS: ReadonlySet<string> = new Set(['pail-copy-link', 'pail-show'])

export function thunar({ isHere, config, systemConfigs, target, made }: ThunarOptions): FileManager {
  const file = join(config, 'Thunar/uca.xml')

  const find: FileManager['find'] = async () => {
    const text = read(file)
    if (text === null) return { state: 'off', inTheWay: null }
    const ids = actionIds(text)
    if (ids === null) return { state: 'blocked', inTheWay: file }
    return { state: ids.some((id) => IDS.has(id)) ? 'on' : 'off', inTheWay: null }
  }

  /** The text with the entries that `ids` names. */
  const textWith = (text: string, ids: ReadonlySet<string>): string => {
    const actions = currentEntries().map((entry) => actionOf(entry, target))
    return withActions(
      withoutActions(text, IDS),
      actions.filter(({ id }) => ids.has(id)),
    )
  }

  return {
    id: 'thunar',
    isHere,
    find,
    install: async () => {
      if ((await find()).state === 'blocked') return
      const own = read(file)
      const text = own ?? begin(systemConfigs)
      made.makeFolder(dirname(file))
      write(file, textWith(text, IDS))
      if (own === null) made.noteFile(file, text)
    },
    remove: async () => {
      const text = read(file)
      if (text !== null && actionIds(text)?.some((id) => IDS.has(id)) === true) {
        const rest = withoutActions(text, IDS)
        if (made.isOnlyOurs(file, rest)) rmSync(file)
        else write(file, rest)
      }
      made.forgetFile(file)
      made.removeEmptyFolders()
    },
    refresh: async () => {
      const text = read(file)
      const there = new Set((text === null ? null : actionIds(text))?.filter((id) => IDS.has(id)))
      if (text === null || there.size === 0) return
      const fresh = textWith(text, there)
      if (fresh !== text) write(file, fresh)
    },
  }
}

function actionOf({ action, label, hint }: Entry, target: EntryTarget): ThunarAction {
  const launcher = shellArgument(target.launcher).replaceAll('%', '%%')
  return {
    id: `pail-${action}`,
    name: label,
    description: hint,
    icon: target.icon,
    command: `${launcher} ${action} %U`,
  }
}

/** A file of a person's own replaces the system's, whose actions would be gone without being in there. */
function begin(systemConfigs: readonly string[]): string {
  for (const folder of systemConfigs) {
    const text = read(join(folder, 'Thunar/uca.xml'))
    if (text !== null && actionIds(text) !== null) return text
  }
  return NO_ACTIONS
}

/** Null where there is none. What is not UTF-8 is no list of actions. Throws the system's error. */
function read(file: string): string | null {
  if (lookAt(file) === null) return null
  const bytes = readFileSync(file)
  const text = bytes.toString('utf8')
  return Buffer.from(text).equals(bytes) ? text : ''
}

/** Behind a link, the file that it leads to. */
function write(file: string, text: string): void {
  const found = statSync(file, { throwIfNoEntry: false })
  if (found === undefined) writeWhole(file, text, 0o600)
  else writeWhole(realpathSync(file), text, found.mode & 0o777)
}
