/** The order in which the desktop app starts; every step is somewhere else. */
import { app, dialog } from 'electron'
import { languageFor, setLanguage } from '../../shared/language.ts'
import { prepareFolders, type ShellFolders } from './folders.ts'
import { texts } from './i18n/texts.ts'
import { isFirstInstance, quitOnSignals } from './lifecycle.ts'
import { logFaults, openLog } from './logging.ts'
import { leaveRequest } from './right-click/request-box.ts'
import { FOR_RIGHT_CLICK, requestOfArguments } from './right-click/request.ts'
import { startShell } from './shell.ts'
import { secureApp } from './windows/security.ts'

/** The same as the command line's: a configuration that cannot work, and a bug. */
const exitCodes = { configuration: 3, bug: 70 } as const

function begin(): void {
  // Electron knows the system's languages only once it is ready.
  setLanguage(languageFor([Intl.DateTimeFormat().resolvedOptions().locale]))
  let folders: ShellFolders
  try {
    folders = prepareFolders(process.env)
  } catch (error) {
    // Before Electron is ready this prints instead of waiting for a click, where there is no other way to tell.
    const t = texts().cannotStart
    dialog.showErrorBox(t.title, t.dataFolder(String(error)))
    app.exit(exitCodes.configuration)
    return
  }
  const isForRightClick = takeArguments(folders)
  if (!isFirstInstance(isForRightClick)) {
    app.exit(0)
    return
  }
  const log = openLog(folders.logs)
  log.info(`Pail ${app.getVersion()}, Electron ${process.versions.electron}, ${process.platform}`)
  logFaults(log)
  quitOnSignals()
  secureApp(log)
  app
    .whenReady()
    .then(() => {
      startShell(folders, log, isForRightClick)
    })
    .catch(async (error: unknown) => {
      log.error('Pail could not start', error)
      await log.close()
      app.exit(exitCodes.bug)
    })
}

/** Whether this start is for a right click. What was asked for with arguments is left for whichever Pail runs then. */
function takeArguments({ rightClick }: ShellFolders): boolean {
  const request = requestOfArguments(process.argv, process.cwd())
  if (request === null) return process.argv.includes(FOR_RIGHT_CLICK)
  try {
    leaveRequest(rightClick, request)
    return true
  } catch {
    // Without room for a request the window can at least say why.
    return false
  }
}

begin()
