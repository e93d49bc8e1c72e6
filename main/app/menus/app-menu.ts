/** The application's menu: what a platform's users expect, and on macOS what makes copy and paste work at all. */
import type { MenuItemConstructorOptions } from 'electron'
import { texts } from '../i18n/texts.ts'

type Items = MenuItemConstructorOptions[]

/**
 * The menu for a platform, in the language that is set; `isDeveloped` adds what only helps to build Pail. Electron's roles
 * bring what an item does, and English words for it: so each has a label of its own.
 */
export function appMenu(platform: NodeJS.Platform, isDeveloped: boolean): Items {
  const isMac = platform === 'darwin'
  const t = texts().menu
  const edit: MenuItemConstructorOptions = {
    role: 'editMenu',
    label: withoutMnemonic(t.edit, isMac),
    submenu: editItems(),
  }
  const develop: Items = isDeveloped
    ? [{ label: 'Develop', submenu: [{ role: 'reload' }, { role: 'toggleDevTools' }] }]
    : []
  if (isMac) return [macItems(), edit, { role: 'windowMenu', label: t.window, submenu: windowItems() }, ...develop]
  const file: MenuItemConstructorOptions = {
    label: t.file,
    submenu: [
      { label: t.closeWindow, accelerator: 'Ctrl+W', role: 'close' },
      { label: t.quit, accelerator: 'Ctrl+Q', role: 'quit' },
    ],
  }
  return [file, edit, ...develop]
}

function editItems(): Items {
  const t = texts().menu
  return [
    { role: 'undo', label: t.undo },
    { role: 'redo', label: t.redo },
    { type: 'separator' },
    { role: 'cut', label: t.cut },
    { role: 'copy', label: t.copy },
    { role: 'paste', label: t.paste },
    { role: 'delete', label: t.delete },
    { type: 'separator' },
    { role: 'selectAll', label: t.selectAll },
  ]
}

/** The first menu on macOS, which has the program's name. */
function macItems(): MenuItemConstructorOptions {
  const t = texts().menu
  return {
    role: 'appMenu',
    submenu: [
      { role: 'about', label: t.about },
      { type: 'separator' },
      { role: 'services', label: t.services },
      { type: 'separator' },
      { role: 'hide', label: t.hide },
      { role: 'hideOthers', label: t.hideOthers },
      { role: 'unhide', label: t.showAll },
      { type: 'separator' },
      { role: 'quit', label: t.quit },
    ],
  }
}

function windowItems(): Items {
  const t = texts().menu
  return [
    { role: 'close', label: t.closeWindow },
    { role: 'minimize', label: t.minimize },
    { role: 'zoom', label: t.zoom },
    { type: 'separator' },
    { role: 'front', label: t.front },
  ]
}

/** macOS has no letters to press in its menus. */
function withoutMnemonic(label: string, isMac: boolean): string {
  return isMac ? label.replace('&', '') : label
}
