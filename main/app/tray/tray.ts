/** The tray icon and its menu. A desktop without a tray shows nothing, and everything else works the same. */
import { Menu, nativeTheme, systemPreferences, Tray, type MenuItemConstructorOptions, type NativeImage } from 'electron'
import { assertNever } from '../../../shared/assert-never.ts'
import type { TrayCommand, TrayIcon, TrayItem, TrayView } from './tray-menu.ts'

export type TrayOptions = {
  /** What to show; asked again whenever `refresh` is called, and once a minute for the times in the sentence. */
  readonly view: () => TrayView
  /** The picture of a state; `frame` counts up while something is sent. */
  readonly icon: (icon: TrayIcon, frame: number) => NativeImage
  readonly onCommand: (command: TrayCommand) => void
}

/** A menu that is rebuilt more often cannot be read while it is open. */
const shortestRefreshMs = 1_000
const sentenceAgesMs = 60_000
/** Slow enough to be calm, and for a panel that fetches every picture over D-Bus. */
const frameMs = 1_000

export class TrayHandle {
  readonly #options: TrayOptions
  readonly #tray: Tray
  #shown: TrayView
  #shownItems = ''
  #shownAt = 0
  #frame = 0
  #pending: NodeJS.Timeout | undefined
  readonly #clock: NodeJS.Timeout
  readonly #frames: NodeJS.Timeout

  constructor(options: TrayOptions) {
    this.#options = options
    this.#shown = options.view()
    this.#tray = new Tray(options.icon(this.#shown.icon, 0))
    this.#tray.setToolTip(this.#shown.tooltip)
    this.#setMenu(this.#shown.items)
    this.#tray.on('click', () => {
      options.onCommand({ name: 'open' })
    })
    nativeTheme.on('updated', this.#drawIcon)
    this.#clock = setInterval(() => {
      this.refresh()
    }, sentenceAgesMs)
    this.#frames = setInterval(() => {
      this.#moveIcon()
    }, frameMs)
  }

  /** Something may have changed. */
  refresh(): void {
    this.#pending ??= setTimeout(
      () => {
        this.#pending = undefined
        this.#show(this.#options.view())
      },
      Math.max(0, this.#shownAt + shortestRefreshMs - performance.now()),
    )
  }

  destroy(): void {
    clearInterval(this.#clock)
    clearInterval(this.#frames)
    clearTimeout(this.#pending)
    nativeTheme.off('updated', this.#drawIcon)
    this.#tray.destroy()
  }

  #show(next: TrayView): void {
    const shown = this.#shown
    this.#shown = next
    this.#shownAt = performance.now()
    if (next.icon !== shown.icon) this.#drawIcon()
    if (next.tooltip !== shown.tooltip) this.#tray.setToolTip(next.tooltip)
    this.#setMenu(next.items)
  }

  #setMenu(items: readonly TrayItem[]): void {
    const key = JSON.stringify(items)
    if (key === this.#shownItems) return
    this.#shownItems = key
    this.#tray.setContextMenu(Menu.buildFromTemplate(items.map((item) => template(item, this.#options.onCommand))))
  }

  readonly #drawIcon = (): void => {
    this.#tray.setImage(this.#options.icon(this.#shown.icon, this.#frame))
  }

  #moveIcon(): void {
    if (this.#shown.icon !== 'sending' || systemPreferences.getAnimationSettings().prefersReducedMotion) return
    this.#frame += 1
    this.#drawIcon()
  }
}

function template(item: TrayItem, onCommand: (command: TrayCommand) => void): MenuItemConstructorOptions {
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
    case 'menu':
      return {
        label: item.label,
        enabled: item.enabled,
        submenu: item.items.map((inner) => template(inner, onCommand)),
      }
    default:
      return assertNever(item)
  }
}
