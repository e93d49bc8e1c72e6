/** Native menus with what each entry does beside its words. */
import type { MenuItem, MenuPlace } from '../../shared/contract/shell-api.ts'
import { shell } from './shell-client.ts'

export type MenuCommand = { readonly id: string; readonly label: string; readonly run: () => unknown }

/** Between a button and its menu. */
const GAP_PX = 2

/** What it takes of a mouse event, or of React's. */
type MenuCause = Pick<MouseEvent, 'type' | 'clientX' | 'clientY'> & { readonly currentTarget: Element }

export type MenuEntry =
  MenuCommand | { readonly id: string; readonly label: string; readonly items: readonly MenuCommand[] } | 'separator'

/** Where a menu belongs: under the button that was pressed, or where a right click was. */
export function menuPlace({ type, currentTarget, clientX, clientY }: MenuCause): MenuPlace {
  return type === 'contextmenu' ? { x: clientX, y: clientY } : placeBelow(currentTarget)
}

export function placeBelow(element: Element): MenuPlace {
  const { left, bottom } = element.getBoundingClientRect()
  return { x: left, y: bottom + GAP_PX }
}

/** Pops the menu up there and does what was chosen; nothing when it was closed. */
export async function popUpMenu(entries: readonly MenuEntry[], at: MenuPlace): Promise<void> {
  const chosen = await shell.showMenu({ items: entries.map(toItem), at })
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
