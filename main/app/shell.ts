/** Builds the shell from its parts and connects them: engine, window, tray, menu. Electron has to be ready. */
import { join } from 'node:path'
import { languageFor, setLanguage } from '../../shared/language.ts'
import type { ShellState } from '../../shared/model/shell-settings.ts'
import { app, clipboard, Menu, session, type BrowserWindow } from 'electron'
import type { RequestedView, ShellEvents } from '../../shared/contract/shell-api.ts'
import type { RpcServer } from '../../shared/rpc/server.ts'
import { pauseEnd } from '../../shared/text/pause-text.ts'
import { chooseStarter } from './engine-host/choose-starter.ts'
import { ClientHub } from './engine-host/client-hub.ts'
import { EngineClient } from './engine-host/engine-client.ts'
import { EngineProcess } from './engine-host/engine-process.ts'
import { engineStateEvent, type EngineState } from './engine-host/engine-state.ts'
import { relayPage } from './engine-host/relay.ts'
import { FileManagers } from './file-managers/file-managers.ts'
import type { ShellFolders } from './folders.ts'
import { readJson, writeJson } from './json-file.ts'
import { manageLifecycle } from './lifecycle.ts'
import { copyLinks, type WantedLinks } from './links/copy-links.ts'
import type { LogFile } from './logging.ts'
import { appMenu } from './menus/app-menu.ts'
import { applyAppearance } from './settings/appearance.ts'
import { isStartedAtLogin, loginItem } from './settings/login-item.ts'
import { Settings } from './settings/settings.ts'
import type { News } from './notifications/news.ts'
import { Notifier } from './notifications/notifier.ts'
import { showNotification } from './notifications/system-notification.ts'
import { RequestBox } from './right-click/request-box.ts'
import { RightClick } from './right-click/right-click.ts'
import { serveShellApi, showInFolder } from './shell-api/server.ts'
import { startCommand } from './start-command.ts'
import { TrayHandle } from './tray/tray.ts'
import { trayIcon } from './tray/tray-icon.ts'
import { trayView, type TrayCommand } from './tray/tray-menu.ts'
import { mainWindow } from './windows/main-window.ts'
import { WindowPlace } from './windows/window-place.ts'
import { secureSession } from './windows/security.ts'

/**
 * Starts the engine, shows tray and window, and returns; everything else happens by events. A start for a right click shows
 * no window by itself.
 */
export function startShell(folders: ShellFolders, log: LogFile, isForRightClick: boolean): void {
  const appPath = app.getAppPath()
  secureSession(session.defaultSession, join(appPath, 'out/renderer'), log)

  const settings = new Settings({
    file: join(folders.data, 'settings.json'),
    loginItem: loginItem(),
    log,
    onChange: () => {
      applySettings()
      tray.refresh()
      // Some menus have their entries in one language.
      refreshFileManagers()
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
    rightClick.goOn()
  })
  const notifier = new Notifier({
    show: tell,
    isWatched: () => window.window()?.isFocused() === true,
    isWanted: (kind) => settings.current.notifications[kind],
  })
  const fileManagers = new FileManagers({
    platform: process.platform,
    env: process.env,
    home: app.getPath('home'),
    folder: folders.rightClick,
    command: startCommand(),
    icon: join(appPath, 'assets/icon.png'),
    log,
  })
  const rightClick = new RightClick({
    snapshot: () => client.snapshot,
    copyLinks: copyWanted,
    tell,
    openWindow: show,
    showFiles: (files) => {
      tellPageOnceThere((page) => page.emit('filesRequested', { files: [...files] }))
    },
  })
  const requests = new RequestBox({
    folder: folders.rightClick,
    log,
    // Explorer starts Pail once for each file that is selected.
    gatherMs: process.platform === 'win32' ? 300 : 0,
    onRequest: (request) => {
      log.info(`By right click: ${request.action}, ${request.paths.length} paths`)
      rightClick.take(request)
    },
  })
  /** What a person asked for from outside the window, until its page is there to be told. */
  const untold: ((page: RpcServer<ShellEvents>) => void)[] = []
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
    onRightClick: () => {
      requests.look()
    },
    onResume: () => {
      client.checkNow()
    },
    onQuit: () => {
      requests.close()
      notifier.stop()
      tray.destroy()
      window.destroy()
    },
  })
  engine.start()
  const isHidden = isForRightClick || (settings.current.startHidden && isStartedAtLogin())
  if (!isHidden) window.show()
  requests.open()
  refreshFileManagers()

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
    rightClick.engineStateChanged(state)
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

  function tellPageOnceThere(say: (page: RpcServer<ShellEvents>) => void): void {
    untold.push(say)
    tellUntold()
  }

  function tellUntold(): void {
    const page = window.window()?.webContents
    if (pageServer === null || page === undefined || page.isLoadingMainFrame()) return
    for (const say of untold.splice(0)) say(pageServer)
  }

  function refreshFileManagers(): void {
    fileManagers.refresh().catch((error: unknown) => {
      log.warn(`The menus of file managers cannot be brought up to date: ${String(error)}`)
    })
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
      fileManagers,
      log,
    })
    webContents.on('did-finish-load', () => {
      tellPage()
    })
    // Until then it counts as loading, also when it has finished.
    webContents.on('did-stop-loading', tellUntold)
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
    tellPageOnceThere((page) => page.emit('viewRequested', { view }))
  }

  function copyWanted(wanted: WantedLinks): Promise<void> {
    return copyLinks(wanted, {
      createLinks: client.createLinks,
      writeText: (text) => clipboard.writeText(text),
      tell,
      isNewsWanted: () => settings.current.notifications['link-ready'],
      askInWindow: (question) => {
        show()
        tellPageOnceThere((page) => page.emit('linksRequested', question))
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
        void copyWanted({
          targets: [{ kind: 'file', folderId: command.folderId, path: command.path }],
          copiedTo: 'tray',
        })
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
