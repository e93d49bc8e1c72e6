/** Native menus with what each entry does beside its words. */
import type { MenuItem } from '../../shared/contract/shell-api.ts'
import { shell } from './shell-client.ts'

export type MenuCommand = { readonly id: string; readonly label: string; readonly run: () => unknown }

export type MenuEntry =
  MenuCommand | { readonly id: string; readonly label: string; readonly items: readonly MenuCommand[] } | 'separator'

/** Pops the menu up at the pointer and does what was chosen; nothing when it was closed. */
export async function popUpMenu(entries: readonly MenuEntry[]): Promise<void> {
  const chosen = await shell.showMenu({ items: entries.map(toItem) })
  await commandsOf(entries)
    .find(({ id }) => id === chosen)
    ?.run()
}

function toItem(entry: MenuEntry): MenuItem {
  if (entry === 'separator') return { separator: true }
  const { id, label } = entry
  return 'items' in entry
    ? { id, label, items: entry.items.map((inner) => ({ id: inner.id, label: inner.label })) }
    : { id, label }
}

function commandsOf(entries: readonly MenuEntry[]): readonly MenuCommand[] {
  return entries.flatMap((entry) => {
    if (entry === 'separator') return []
    return 'items' in entry ? entry.items : [entry]
  })
}
