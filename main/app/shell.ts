/** Builds the shell from its parts and connects them: engine, window, tray, menu. Electron has to be ready. */
import { join } from 'node:path'
import { languageFor, setLanguage } from '../../shared/language.ts'
import type { ShellState } from '../../shared/model/shell-settings.ts'
import type { z } from 'zod'
import { app, clipboard, Menu, session, type BrowserWindow } from 'electron'
import type { RequestedView, ShellEvents } from '../../shared/contract/shell-api.ts'
import type { FolderId, RelativePath } from '../../shared/ids.ts'
import type { RpcServer } from '../../shared/rpc/server.ts'
import { pauseEnd } from '../../shared/text/pause-text.ts'
import { chooseStarter } from './engine-host/choose-starter.ts'
import { ClientHub } from './engine-host/client-hub.ts'
import { EngineClient } from './engine-host/engine-client.ts'
import { EngineProcess } from './engine-host/engine-process.ts'
import { engineStateEvent, type EngineState } from './engine-host/engine-state.ts'
import { relayPage } from './engine-host/relay.ts'
import type { ShellFolders } from './folders.ts'
import { readJson, writeJson } from './json-file.ts'
import { manageLifecycle } from './lifecycle.ts'
import { copyLinks } from './links/copy-links.ts'
import type { LogFile } from './logging.ts'
import { appMenu } from './menus/app-menu.ts'
import { applyAppearance } from './settings/appearance.ts'
import { isStartedAtLogin, loginItem } from './settings/login-item.ts'
import { Settings } from './settings/settings.ts'
import type { News } from './notifications/news.ts'
import { Notifier } from './notifications/notifier.ts'
import { showNotification } from './notifications/system-notification.ts'
import { serveShellApi, showInFolder } from './shell-api/server.ts'
import { TrayHandle } from './tray/tray.ts'
import { trayIcon } from './tray/tray-icon.ts'
import { trayView, type TrayCommand } from './tray/tray-menu.ts'
import { mainWindow } from './windows/main-window.ts'
import { WindowPlace } from './windows/window-place.ts'
import { secureSession } from './windows/security.ts'

/** Starts the engine, shows tray and window, and returns; everything else happens by events. */
export function startShell(folders: ShellFolders, log: LogFile): void {
  const appPath = app.getAppPath()
  secureSession(session.defaultSession, join(appPath, 'out/renderer'), log)

  const settings = new Settings({
    file: join(folders.data, 'settings.json'),
    loginItem: loginItem(),
    log,
    onChange: () => {
      applySettings()
      tray.refresh()
      pageServer?.emit('settingsChanged', shellState())
      // Its reason is words.
      tellPage()
    },
  })
  applySettings()

  const { node: nodeVersion } = process.versions
  const engine: EngineProcess = new EngineProcess({
    startProcess: chooseStarter({ appPath, dataFolder: folders.data, env: process.env, nodeVersion }),
    onClientMessage: (message) => {
      hub.deliver(message)
    },
    onStateChange: engineStateChanged,
    log,
  })
  const hub = new ClientHub((message) => engine.post(message), log)
  const client = new EngineClient(hub, log, (snapshot) => {
    tray.refresh()
    notifier.snapshotChanged(snapshot)
  })
  const notifier = new Notifier({
    show: tell,
    isWatched: () => window.window()?.isFocused() === true,
    isWanted: (kind) => settings.current.notifications[kind],
  })
  /** What a person asked for from outside the window, until its page is there to be told. */
  let requestedView: RequestedView | null = null
  let requestedLinks: z.infer<ShellEvents['linksRequested']> | null = null
  let pageServer: RpcServer<ShellEvents> | null = null
  const placeFile = join(folders.data, 'window-place.json')
  const window = mainWindow({
    appPath,
    log,
    lastPlace: () => readJson(placeFile, WindowPlace, log),
    onPlaceChanged: (place) => {
      keepPlace(place)
    },
    onCreated: connectWindow,
  })
  const tray = new TrayHandle({
    view: () => trayView(engine.state, client.snapshot, Date.now()),
    icon: (icon, frame) => trayIcon(icon, frame, join(appPath, 'assets/tray')),
    onCommand,
  })
  manageLifecycle({
    engine,
    log,
    show,
    onResume: () => {
      client.checkNow()
    },
    onQuit: () => {
      notifier.stop()
      tray.destroy()
      window.destroy()
    },
  })
  engine.start()
  if (!settings.current.startHidden || !isStartedAtLogin()) window.show()

  /** Before anything is shown, and whenever a person has changed something. */
  function applySettings(): void {
    applyAppearance(settings.current.appearance)
    setLanguage(shellState().language)
    Menu.setApplicationMenu(Menu.buildFromTemplate(appMenu(process.platform, !app.isPackaged)))
  }

  function shellState(): ShellState {
    const { current } = settings
    const systemLanguage = languageFor(app.getPreferredSystemLanguages())
    const language = current.language === 'system' ? systemLanguage : current.language
    return { settings: current, language, systemLanguage }
  }

  function engineStateChanged(state: EngineState): void {
    client.engineStateChanged(state)
    // After the shell's own client has joined: its snapshot is the tray's.
    if (state.kind === 'running') hub.flush()
    if (state.kind === 'stopped') return
    tray.refresh()
    notifier.engineStateChanged(state)
    tellPage()
  }

  function keepPlace(place: WindowPlace): void {
    try {
      writeJson(placeFile, place)
    } catch (error) {
      // The window is where it belongs the next time, too: only not where it was.
      log.error('The place of the window cannot be kept', error)
    }
  }

  function tellPage(): void {
    const event = engineStateEvent(engine.state)
    if (event !== null) pageServer?.emit('engineStateChanged', event)
  }

  function tellRequested(): void {
    const page = window.window()?.webContents
    if (page === undefined || page.isLoadingMainFrame()) return
    if (requestedView !== null) pageServer?.emit('viewRequested', { view: requestedView })
    if (requestedLinks !== null) pageServer?.emit('linksRequested', requestedLinks)
    requestedView = null
    requestedLinks = null
  }

  function tell(news: News): void {
    showNotification(news, () => {
      show(news.view)
    })
  }

  function connectWindow(created: BrowserWindow): void {
    const { webContents } = created
    relayPage(webContents, hub, log)
    pageServer = serveShellApi(created, {
      snapshot: () => client.snapshot,
      listActivity: client.listActivity,
      folders,
      settings: { state: shellState, change: (change) => settings.change(change) },
      log,
    })
    webContents.on('did-finish-load', () => {
      tellPage()
      tellRequested()
    })
    created.once('closed', () => {
      pageServer?.close()
      pageServer = null
    })
  }

  function show(view?: RequestedView): void {
    // Showing the window is also how a person asks an engine that has given up to try again.
    if (engine.state.kind === 'failed') engine.start()
    window.show()
    if (view === undefined) return
    requestedView = view
    tellRequested()
  }

  async function copyLink(folderId: FolderId, path: RelativePath): Promise<void> {
    await copyLinks([{ kind: 'file', folderId, path }], 'tray', path, {
      createLinks: client.createLinks,
      writeText: (text) => clipboard.writeText(text),
      tell,
      isNewsWanted: () => settings.current.notifications['link-ready'],
      askInWindow: (targets, copiedTo) => {
        requestedLinks = { targets: [...targets], copiedTo }
        show()
        tellRequested()
      },
      log,
    })
  }

  function onCommand(command: TrayCommand): void {
    switch (command.name) {
      case 'open':
        show()
        return
      case 'problems':
      case 'settings':
        show(command.name)
        return
      case 'open-folder': {
        showInFolder(client.snapshot, command.folderId, undefined).catch((error: unknown) => {
          log.warn(`A folder cannot be opened: ${String(error)}`)
        })
        return
      }
      case 'copy-link':
        void copyLink(command.folderId, command.path)
        return
      case 'pause':
        client.pause(pauseEnd(command.choice, Date.now()))
        return
      case 'resume':
        client.resume()
        return
      case 'quit':
        app.quit()
    }
  }
}
