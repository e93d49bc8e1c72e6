/** The tray icon and its menu. A desktop without a tray shows nothing, and everything else works the same. */
import { Menu, nativeTheme, Tray, type NativeImage } from 'electron'
import { assertNever } from '../../../shared/assert-never.ts'
import type { TrayCommand, TrayIcon, TrayItem, TrayView } from './tray-menu.ts'

export type TrayOptions = {
  /** What to show; asked again whenever `refresh` is called, and once a minute for the times in the sentence. */
  readonly view: () => TrayView
  readonly icon: (icon: TrayIcon) => NativeImage
  readonly onCommand: (command: TrayCommand) => void
}

export type TrayHandle = {
  /** Something may have changed. */
  readonly refresh: () => void
  readonly destroy: () => void
}

/** A menu that is rebuilt more often cannot be read while it is open. */
const shortestRefreshMs = 1_000
const sentenceAgesMs = 60_000

export function createTray({ view, icon, onCommand }: TrayOptions): TrayHandle {
  let shown = view()
  const tray = new Tray(icon(shown.icon))
  let shownItems = ''
  let pending: NodeJS.Timeout | undefined

  const show = (next: TrayView, isFresh: boolean): void => {
    if (isFresh || next.icon !== shown.icon) tray.setImage(icon(next.icon))
    if (isFresh || next.tooltip !== shown.tooltip) tray.setToolTip(next.tooltip)
    const items = JSON.stringify(next.items)
    if (items !== shownItems)
      tray.setContextMenu(Menu.buildFromTemplate(next.items.map((item) => template(item, onCommand))))
    shownItems = items
    shown = next
  }
  const refresh = (): void => {
    pending ??= setTimeout(() => {
      pending = undefined
      show(view(), false)
    }, shortestRefreshMs)
  }
  const themeChanged = (): void => {
    tray.setImage(icon(shown.icon))
  }
  const clock = setInterval(refresh, sentenceAgesMs)
  tray.on('click', () => {
    onCommand('open')
  })
  nativeTheme.on('updated', themeChanged)
  show(shown, true)
  return {
    refresh,
    destroy: () => {
      clearInterval(clock)
      clearTimeout(pending)
      nativeTheme.off('updated', themeChanged)
      tray.destroy()
    },
  }
}

function template(item: TrayItem, onCommand: (command: TrayCommand) => void): Electron.MenuItemConstructorOptions {
  switch (item.kind) {
    case 'text':
      return { label: item.label, enabled: false }
    case 'separator':
      return { type: 'separator' }
    case 'command':
      return {
        label: item.label,
        enabled: item.enabled,
        click: () => {
          onCommand(item.command)
        },
      }
    default:
      return assertNever(item)
  }
}
