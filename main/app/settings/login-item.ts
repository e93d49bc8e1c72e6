/** Whether the system starts Pail when a person logs in, in each system's own way. */
import { join } from 'node:path'
import { app } from 'electron'
import { hasAutostart, setAutostart } from './autostart-entry.ts'

export type LoginItem = {
  /** As the system has it now: there are other ways to change it. */
  readonly isOn: () => boolean
  /** Throws the system's error. */
  readonly set: (isOn: boolean) => void
}

/** Tells a start by the system from one by a person. */
const atLogin = '--at-login'

/** What a start at login needs of the environment of this one: where data is kept, and what runs the engine. */
const passedOn = ['PAIL_DATA_DIR', 'PAIL_ENGINE_NODE'] as const

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
      setAutostart(folder, isOn ? startCommand() : null)
    },
  }
}

function electronLoginItem(): LoginItem {
  const [path = process.execPath, ...args] = startCommand()
  // On Windows an entry is found again by its path and arguments.
  const entry = process.platform === 'win32' ? { path, args } : {}
  return {
    isOn: () => app.getLoginItemSettings(entry).openAtLogin,
    set: (openAtLogin) => {
      app.setLoginItemSettings({ ...entry, openAtLogin })
    },
  }
}

function startCommand(): readonly string[] {
  // An AppImage is unpacked to another place at each start.
  const program = process.env['APPIMAGE'] ?? process.execPath
  const command = [program, ...(app.isPackaged ? [] : [app.getAppPath()]), atLogin]
  const settings = passedOn.flatMap((name) => {
    const value = process.env[name] ?? ''
    return value === '' ? [] : [`${name}=${value}`]
  })
  return process.platform === 'linux' && settings.length > 0 ? ['env', ...settings, ...command] : command
}
