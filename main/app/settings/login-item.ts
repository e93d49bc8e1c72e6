/** Whether the system starts Pail when a person logs in, in each system's own way. */
import { join } from 'node:path'
import { app } from 'electron'
import { startCommand } from '../start-command.ts'
import { hasAutostart, setAutostart } from './autostart-entry.ts'

export type LoginItem = {
  /** As the system has it now: there are other ways to change it. */
  readonly isOn: () => boolean
  /** Throws the system's error. */
  readonly set: (isOn: boolean) => void
}

/** Tells a start by the system from one by a person. */
const atLogin = '--at-login'

/** True when it was not a person who started Pail. */
export function isStartedAtLogin(): boolean {
  return (
    process.argv.includes(atLogin) || (process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin)
  )
}

/** Electron has to be ready. */
export function loginItem(): LoginItem {
  return process.platform === 'linux' ? linuxLoginItem() : electronLoginItem()
}

function linuxLoginItem(): LoginItem {
  const folder = join(app.getPath('appData'), 'autostart')
  return {
    isOn: () => hasAutostart(folder),
    set: (isOn) => {
      setAutostart(folder, isOn ? startCommand(atLogin) : null)
    },
  }
}

function electronLoginItem(): LoginItem {
  const [path = process.execPath, ...args] = startCommand(atLogin)
  // On Windows an entry is found again by its path and arguments.
  const entry = process.platform === 'win32' ? { path, args } : {}
  return {
    isOn: () => app.getLoginItemSettings(entry).openAtLogin,
    set: (openAtLogin) => {
      app.setLoginItemSettings({ ...entry, openAtLogin })
    },
  }
}
