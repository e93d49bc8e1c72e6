/** The application's menu: what a platform's users expect, and on macOS what makes copy and paste work at all. */
import type { MenuItemConstructorOptions } from 'electron'

/** Pure: the menu for a platform; `isDeveloped` adds what only helps to build Pail. */
export function appMenu(platform: NodeJS.Platform, isDeveloped: boolean): MenuItemConstructorOptions[] {
  const edit: MenuItemConstructorOptions = { role: 'editMenu' }
  const window: MenuItemConstructorOptions = { role: 'windowMenu' }
  const develop: MenuItemConstructorOptions[] = isDeveloped
    ? [{ label: 'Develop', submenu: [{ role: 'reload' }, { role: 'toggleDevTools' }] }]
    : []
  if (platform === 'darwin') return [{ role: 'appMenu' }, edit, window, ...develop]
  const file: MenuItemConstructorOptions = {
    label: '&File',
    submenu: [
      { label: 'Close Window', accelerator: 'Ctrl+W', role: 'close' },
      { label: 'Quit Pail', accelerator: 'Ctrl+Q', role: 'quit' },
    ],
  }
  return [file, edit, ...develop]
}
