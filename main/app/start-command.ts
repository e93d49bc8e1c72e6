/** How another program starts this Pail: at login, or from a file manager's menu. */
import { app } from 'electron'

/** What such a start needs of the environment of this one: where data is kept, and what runs the engine. */
const passedOn = ['PAIL_DATA_DIR', 'PAIL_ENGINE_NODE'] as const

/** The program and its arguments, the last ones as given. */
export function startCommand(...args: readonly string[]): readonly string[] {
  // An AppImage is unpacked to another place at each start.
  const program = process.env['APPIMAGE'] ?? process.execPath
  // Where the system can give no sandbox, Pail does not start without this.
  const switches = app.commandLine.hasSwitch('no-sandbox') ? ['--no-sandbox'] : []
  const command = [program, ...switches, ...(app.isPackaged ? [] : [app.getAppPath()]), ...args]
  const settings = passedOn.flatMap((name) => {
    const value = process.env[name] ?? ''
    return value === '' ? [] : [`${name}=${value}`]
  })
  return process.platform === 'linux' && settings.length > 0 ? ['env', ...settings, ...command] : command
}
