/** The file that holds what a person has chosen about the app: `settings.json` in the data folder, and who reads and writes it. */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { DEFAULT_SHELL_SETTINGS, NotificationKind, ShellSettings } from '../../../shared/model/shell-settings.ts'
import type { Log } from '../logging.ts'

/** What is kept here. Whether Pail starts at login is known to the system alone, which may be told by others as well. */
export const StoredSettings = ShellSettings.omit({ startAtLogin: true })
export type StoredSettings = z.infer<typeof StoredSettings>

const defaults: StoredSettings = StoredSettings.parse(DEFAULT_SHELL_SETTINGS)

/** A version before this one may not have known every setting. */
const Written = z.object({
  ...StoredSettings.partial().shape,
  notifications: z.partialRecord(NotificationKind, z.boolean()).optional(),
})

/** The settings in `file`; those that are missing there, or all when there is none, as they are to begin with. A damaged file is set aside. */
export function readSettings(file: string, log: Log): StoredSettings {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (!isMissing(error)) log.error('The settings cannot be read', error)
    return defaults
  }
  try {
    const written = Written.parse(JSON.parse(text))
    return StoredSettings.parse({
      ...defaults,
      ...written,
      notifications: { ...defaults.notifications, ...written.notifications },
    })
  } catch (error) {
    log.error('The settings are damaged and set aside', error)
    setAside(file, log)
    return defaults
  }
}

/** Writes all of them: after a power cut either the ones before or these are there. Throws the system's error. */
export function writeSettings(file: string, settings: StoredSettings): void {
  const fresh = `${file}.new`
  const handle = openSync(fresh, 'w', 0o600)
  try {
    writeFileSync(handle, `${JSON.stringify(settings, null, 2)}\n`)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(fresh, file)
}

function setAside(file: string, log: Log): void {
  try {
    renameSync(file, `${file}.damaged`)
  } catch (error) {
    log.error('The damaged settings stay where they are', error)
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
