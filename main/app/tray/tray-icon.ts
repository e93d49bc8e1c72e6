/** Finds the picture for a state of the tray: per platform, for a light or a dark panel. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { nativeImage, nativeTheme, type NativeImage } from 'electron'
import type { TrayIcon } from './tray-menu.ts'

/** Pixels of the picture at each scale: what the platform's panel asks for. */
const sizes = {
  linux: [
    { pixels: 22, scaleFactor: 1 },
    { pixels: 44, scaleFactor: 2 },
  ],
  other: [
    { pixels: 16, scaleFactor: 1 },
    { pixels: 24, scaleFactor: 1.5 },
    { pixels: 32, scaleFactor: 2 },
  ],
} as const

/** The picture from `folder`; an empty one, which shows as a gap, when a file is missing. */
export function trayIcon(icon: TrayIcon, folder: string): NativeImage {
  const image = nativeImage.createEmpty()
  const isMac = process.platform === 'darwin'
  for (const { pixels, scaleFactor } of process.platform === 'linux' ? sizes.linux : sizes.other) {
    const file = join(folder, `${icon}-${isMac ? 'light' : panelTheme()}-${pixels}.png`)
    if (existsSync(file)) {
      image.addRepresentation({ scaleFactor, width: pixels, height: pixels, buffer: readFileSync(file) })
    }
  }
  // macOS recolours a template picture for its own menu bar.
  if (isMac) image.setTemplateImage(true)
  return image
}

/** `dark` is a picture for a dark panel. GNOME's panel is dark whatever the theme of its windows. */
function panelTheme(): 'light' | 'dark' {
  const desktop = process.env['XDG_CURRENT_DESKTOP'] ?? ''
  return /GNOME|Unity/i.test(desktop) || nativeTheme.shouldUseDarkColors ? 'dark' : 'light'
}
