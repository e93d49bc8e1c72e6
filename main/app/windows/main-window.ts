/** The one window: created on first use, hidden when closed, loaded again after a crash of its page. */
import { join } from 'node:path'
import { BrowserWindow, nativeTheme, screen } from 'electron'
import { restartWaitMs } from '../engine-host/restart-policy.ts'
import type { Log } from '../logging.ts'
import { appUrl } from './app-origin.ts'
import { devServerUrl } from './dev-server.ts'
import { securePreferences } from './security.ts'
import { FIRST_SIZE, fitPlace, LEAST_SIZE, type WindowPlace } from './window-place.ts'

export type MainWindowOptions = {
  readonly appPath: string
  readonly log: Log
  /** Where the window was last; null before it was ever moved. */
  readonly lastPlace: () => WindowPlace | null
  readonly onPlaceChanged: (place: WindowPlace) => void
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

/** A window that is dragged says where it is with every step. */
const PLACE_RESTS_MS = 500

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

function createWindow({ appPath, log, lastPlace, onPlaceChanged, onCreated }: MainWindowOptions): BrowserWindow {
  const last = lastPlace()
  const window = new BrowserWindow({
    ...boundsOf(last),
    minWidth: LEAST_SIZE.width,
    minHeight: LEAST_SIZE.height,
    show: false,
    title: 'Pail',
    icon: join(appPath, 'assets/icon.png'),
    autoHideMenuBar: true,
    backgroundColor: background(),
    webPreferences: securePreferences(join(appPath, 'out/preload/index.cjs')),
  })
  window.once('ready-to-show', () => {
    if (last?.isMaximized === true) window.maximize()
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
  tellPlace(window, onPlaceChanged)
  reloadAfterCrash(window, log)
  onCreated(window)
  window.loadURL(devServerUrl() ?? appUrl).catch((error: unknown) => {
    log.error('The page did not load', error)
  })
  return window
}

function boundsOf(last: WindowPlace | null): { width: number; height: number; x?: number; y?: number } {
  if (last === null) return { ...FIRST_SIZE }
  const areas = screen.getAllDisplays().map(({ workArea }) => workArea)
  const { width, height, position } = fitPlace(last, areas)
  return { width, height, ...position }
}

/** Tells where the window is once it has come to rest there. */
function tellPlace(window: BrowserWindow, onPlaceChanged: (place: WindowPlace) => void): void {
  let pending: NodeJS.Timeout | undefined
  const tell = (): void => {
    clearTimeout(pending)
    pending = setTimeout(() => {
      if (window.isDestroyed() || window.isMinimized() || window.isFullScreen()) return
      onPlaceChanged({ ...window.getNormalBounds(), isMaximized: window.isMaximized() })
    }, PLACE_RESTS_MS)
  }
  window.on('resize', tell)
  window.on('move', tell)
  window.on('closed', () => {
    clearTimeout(pending)
  })
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
