/** The one window: created on first use, hidden when closed, loaded again after a crash of its page. */
import { join } from 'node:path'
import { BrowserWindow, nativeTheme } from 'electron'
import { restartWaitMs } from '../engine-host/restart-policy.ts'
import type { Log } from '../logging.ts'
import { appUrl } from './app-origin.ts'
import { devServerUrl } from './dev-server.ts'
import { securePreferences } from './security.ts'

export type MainWindowOptions = {
  readonly appPath: string
  readonly log: Log
  /** Connects a fresh window's page, before it is loaded. */
  readonly onCreated: (window: BrowserWindow) => void
}

export type MainWindow = {
  /** Shows the window, in front, and creates it when there is none. */
  readonly show: () => void
  /** Null until the first `show`, and after `destroy`. */
  readonly window: () => BrowserWindow | null
  /** From here on closing is closing, not hiding. */
  readonly destroy: () => void
}

/** The page's `--surface`, so that nothing flashes before it is drawn. */
const backgrounds = { light: '#f8fafb', dark: '#14191c' } as const

function background(): string {
  return nativeTheme.shouldUseDarkColors ? backgrounds.dark : backgrounds.light
}

/** Nothing is created before the first `show`. */
export function mainWindow(options: MainWindowOptions): MainWindow {
  let window: BrowserWindow | null = null
  return {
    show: () => {
      if (window === null) {
        window = createWindow(options)
        window.on('closed', () => {
          window = null
        })
        return
      }
      if (window.isMinimized()) window.restore()
      window.show()
      window.focus()
    },
    window: () => window,
    destroy: () => {
      window?.destroy()
    },
  }
}

function createWindow({ appPath, log, onCreated }: MainWindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    width: 980,
    height: 660,
    minWidth: 640,
    minHeight: 480,
    show: false,
    title: 'Pail',
    icon: join(appPath, 'assets/icon.png'),
    autoHideMenuBar: true,
    backgroundColor: background(),
    webPreferences: securePreferences(join(appPath, 'out/preload/index.cjs')),
  })
  window.once('ready-to-show', () => {
    window.show()
  })
  window.on('close', (event) => {
    event.preventDefault()
    window.hide()
  })
  window.on('page-title-updated', (event) => {
    event.preventDefault()
  })
  const repaint = (): void => {
    window.setBackgroundColor(background())
  }
  nativeTheme.on('updated', repaint)
  window.once('closed', () => {
    nativeTheme.off('updated', repaint)
  })
  reloadAfterCrash(window, log)
  onCreated(window)
  window.loadURL(devServerUrl() ?? appUrl).catch((error: unknown) => {
    log.error('The page did not load', error)
  })
  return window
}

function reloadAfterCrash(window: BrowserWindow, log: Log): void {
  let crashes = 0
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    log.error(`The window's page is gone: ${reason}, exit code ${exitCode}`)
    if (reason === 'clean-exit') return
    crashes += 1
    setTimeout(() => {
      if (!window.isDestroyed()) window.webContents.reload()
    }, restartWaitMs(crashes))
  })
}
