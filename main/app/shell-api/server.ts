/** Serves the shell's contract to a window's page: dialogs, the file manager, the clipboard, native menus. */
import { stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import {
  app,
  clipboard,
  dialog,
  Menu,
  shell,
  type BrowserWindow,
  type MenuItemConstructorOptions,
  type OpenDialogOptions,
} from 'electron'
import type { z } from 'zod'
import type { EngineApi } from '../../../shared/contract/engine-api.ts'
import type { ClientOf, HandlersOf } from '../../../shared/contract/procedure.ts'
import { shellApi, type MenuItem, type ShellApi, type ShellEvents } from '../../../shared/contract/shell-api.ts'
import { EngineError } from '../../../shared/errors.ts'
import { AbsolutePath, type FolderId, type RelativePath } from '../../../shared/ids.ts'
import type { EngineSnapshot } from '../../../shared/model/snapshot.ts'
import type { ShellSettingsChange, ShellState } from '../../../shared/model/shell-settings.ts'
import { serve, type RpcServer } from '../../../shared/rpc/server.ts'
import type { FileManagers } from '../file-managers/file-managers.ts'
import type { ShellFolders } from '../folders.ts'
import { texts } from '../i18n/texts.ts'
import type { Log } from '../logging.ts'
import { pageChannel } from '../windows/page-channel.ts'
import { exportActivity } from './export-activity.ts'
import { helpPages } from './help-pages.ts'
import { pathBelow } from './path-below.ts'

export type ShellApiOptions = {
  /** The engine's newest snapshot, which knows the sync folders' roots; null while it is not running. */
  readonly snapshot: () => EngineSnapshot | null
  readonly folders: ShellFolders
  readonly settings: {
    readonly state: () => ShellState
    readonly change: (change: ShellSettingsChange) => void
  }
  readonly fileManagers: Pick<FileManagers, 'list' | 'set'>
  /** Asks the engine what happened. */
  readonly listActivity: ClientOf<EngineApi>['listActivity']
  readonly log: Log
}

type MenuRequest = z.output<ShellApi['showMenu']['input']>

/** Serves the page in `window` for as long as the window lives. */
export function serveShellApi(window: BrowserWindow, options: ShellApiOptions): RpcServer<ShellEvents> {
  const { snapshot, listActivity, folders, settings, fileManagers, log } = options
  const handlers: HandlersOf<ShellApi> = {
    getInfo: () => ({
      platform: process.platform,
      systemVersion: process.getSystemVersion(),
      version: app.getVersion(),
      electronVersion: process.versions.electron,
      dataFolder: folders.data,
      logFolder: folders.logs,
    }),
    getSettings: settings.state,
    changeSettings: async (change) => {
      settings.change(change)
    },
    openLogs: async () => {
      await shell.openPath(folders.logs)
    },
    chooseFolder: () => chooseFolder(window),
    chooseFolders: () => chooseFolders(window),
    chooseToDrop: ({ isFolders }) => chooseToDrop(window, isFolders),
    showInFolder: ({ folderId, path }) => showInFolder(snapshot(), folderId, path),
    listFileManagers: () => fileManagers.list(),
    setFileManagers: async ({ ids, isOn }) => {
      await fileManagers.set(ids, isOn)
      return fileManagers.list()
    },
    exportActivity: async ({ filter, format }) => {
      const path = await chooseNewFile(window, texts().files.activity(today()), format)
      if (path === null) return { kind: 'cancelled' }
      const rootOf = (folderId: FolderId) => snapshot()?.folders.find((folder) => folder.folderId === folderId)?.root
      return exportActivity({ filter, format, path, listActivity, rootOf })
    },
    copyText: async ({ text }) => {
      await clipboard.writeText(text)
    },
    openHelp: ({ topic }) => shell.openExternal(helpPages[topic]).then(() => undefined),
    showMenu: (request) => showMenu(window, request),
  }
  return serve<ShellApi, ShellEvents>(
    shellApi,
    handlers,
    pageChannel(window.webContents, 'shell', log),
    (error, name) => {
      log.error(`${name} failed`, error)
    },
  )
}

/** Linux would begin among the files used last, where no folders are; the others know where a person was last. */
function folderDialog(title: string, properties: OpenDialogOptions['properties'] = []): OpenDialogOptions {
  const start = process.platform === 'linux' ? { defaultPath: app.getPath('home') } : {}
  return { title, message: title, properties: ['openDirectory', ...properties], ...start }
}

async function chooseFolder(window: BrowserWindow): Promise<AbsolutePath | null> {
  const answer = await dialog.showOpenDialog(window, folderDialog(texts().files.chooseFolder, ['createDirectory']))
  const [chosen] = answer.filePaths
  return answer.canceled || chosen === undefined ? null : AbsolutePath.parse(chosen)
}

/** Where a person wants a new file; null when the dialog was closed. The system has asked before one is replaced. */
async function chooseNewFile(window: BrowserWindow, name: string, extension: string): Promise<string | null> {
  const answer = await dialog.showSaveDialog(window, {
    defaultPath: join(app.getPath('documents'), `${name}.${extension}`),
    filters: [{ name: extension.toUpperCase(), extensions: [extension] }],
  })
  if (answer.canceled || answer.filePath === '') return null
  // Not every system's dialog adds it.
  return extname(answer.filePath) === '' ? `${answer.filePath}.${extension}` : answer.filePath
}

/** `2026-11-22`, the local day. */
function today(): string {
  const now = new Date()
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0')).join('-')
}

/** One dialog for both is known to macOS alone, and there it is the one for files. */
async function chooseToDrop(window: BrowserWindow, isFolders: boolean): Promise<AbsolutePath[]> {
  const kinds = isFolders ? (['openDirectory'] as const) : (['openFile'] as const)
  const both = process.platform === 'darwin' ? (['openFile', 'openDirectory'] as const) : kinds
  const answer = await dialog.showOpenDialog(window, { properties: [...both, 'multiSelections'] })
  return answer.canceled ? [] : answer.filePaths.map((path) => AbsolutePath.parse(path))
}

async function chooseFolders(window: BrowserWindow): Promise<AbsolutePath[]> {
  const answer = await dialog.showOpenDialog(
    window,
    folderDialog(texts().files.chooseFolders, ['multiSelections', 'createDirectory']),
  )
  return answer.canceled ? [] : answer.filePaths.map((path) => AbsolutePath.parse(path))
}

/** Opens a sync folder in the system's file manager, or shows a file in there. Throws `not_found`, `bad_request`. */
export async function showInFolder(
  snapshot: EngineSnapshot | null,
  folderId: FolderId,
  path: RelativePath | undefined,
): Promise<undefined> {
  const root = snapshot?.folders.find((folder) => folder.folderId === folderId)?.root
  if (root === undefined) throw new EngineError('not_found', 'There is no such sync folder')
  const target = path === undefined ? root : pathBelow(root, path)
  if (target === null) throw new EngineError('bad_request', 'The path is not below its sync folder')
  const found = await stat(target).catch(() => null)
  if (found === null) throw new EngineError('not_found', 'The file is not there any more')
  // Opened only where it is a folder: a program in its place would be started, and on macOS a program is a folder.
  if (path === undefined && found.isDirectory() && process.platform !== 'darwin') await shell.openPath(target)
  else shell.showItemInFolder(target)
}

function showMenu(window: BrowserWindow, { items, at }: MenuRequest): Promise<string | null> {
  return new Promise((resolve) => {
    const menu = Menu.buildFromTemplate(items.map((item) => menuTemplate(item, resolve)))
    const zoom = window.webContents.getZoomFactor()
    menu.popup({
      window,
      x: Math.round(at.x * zoom),
      y: Math.round(at.y * zoom),
      callback: () => {
        // On some platforms the menu reports that it closed before it reports the click.
        setTimeout(() => {
          resolve(null)
        }, 100)
      },
    })
  })
}

function menuTemplate(item: MenuItem, choose: (id: string) => void): MenuItemConstructorOptions {
  if ('separator' in item) return { type: 'separator' }
  const { id, label, enabled = true, items } = item
  if (items !== undefined) return { label, enabled, submenu: items.map((inner) => menuTemplate(inner, choose)) }
  return {
    id,
    label,
    enabled,
    click: () => {
      choose(id)
    },
  }
}
