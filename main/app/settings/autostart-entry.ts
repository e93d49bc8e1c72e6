/** How a Linux desktop starts a program at login: a desktop entry in the autostart folder (XDG Autostart Specification). */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execArgument } from '../desktop-entry.ts'

/** True when the entry is there and nobody has switched it off in the desktop's own settings. */
export function hasAutostart(folder: string): boolean {
  try {
    const text = readFileSync(entryFile(folder), 'utf8')
    return !/^Hidden=true$/m.test(text) && !/^X-GNOME-Autostart-enabled=false$/m.test(text)
  } catch {
    return false
  }
}

/** Writes the entry, or removes it for null. `command` is the program and its arguments. Throws the system's error. */
export function setAutostart(folder: string, command: readonly string[] | null): void {
  if (command === null) {
    rmSync(entryFile(folder), { force: true })
    return
  }
  mkdirSync(folder, { recursive: true })
  writeFileSync(entryFile(folder), entryText(command))
}

function entryFile(folder: string): string {
  return join(folder, 'pail.desktop')
}

/** The entry's text. */
export function entryText(command: readonly string[]): string {
  const lines = [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Pail',
    `Exec=${command.map(execArgument).join(' ')}`,
    'Terminal=false',
    'StartupNotify=false',
    'X-GNOME-Autostart-enabled=true',
  ]
  return `${lines.join('\n')}\n`
}
