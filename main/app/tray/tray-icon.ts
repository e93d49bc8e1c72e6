/** Finds the picture for a state of the tray: per platform, for a light or a dark panel. */
import { join } from 'node:path'
import { nativeImage, type NativeImage } from 'electron'
import { isSystemDark } from '../settings/appearance.ts'
import type { TrayIcon } from './tray-menu.ts'

/** What panels are made for: 16 px on Windows, 22 px on Linux; the `@2x` file beside it is found by Electron. */
const panelPixels = process.platform === 'linux' ? 22 : 16

/** The picture from `folder`, empty when the file is missing. `frame` counts up while something moves. */
export function trayIcon(icon: TrayIcon, frame: number, folder: string): NativeImage {
  const name = icon === 'sending' ? `sending-${(frame % 2) + 1}` : icon
  const file =
    process.platform === 'darwin' ? `template/${name}Template.png` : `${panelTheme()}/${name}-${panelPixels}.png`
  return nativeImage.createFromPath(join(folder, file))
}

/** `dark` is a picture for a dark panel. GNOME's panel is dark whatever the theme of its windows. */
function panelTheme(): 'light' | 'dark' {
  const desktop = process.env['XDG_CURRENT_DESKTOP'] ?? ''
  return /GNOME|Unity/i.test(desktop) || isSystemDark() ? 'dark' : 'light'
}
