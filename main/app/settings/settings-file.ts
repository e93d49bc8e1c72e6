/** The file that holds what a person has chosen about the app: `settings.json` in the data folder. */
import { z } from 'zod'
import { DEFAULT_SHELL_SETTINGS, NotificationKind, ShellSettings } from '../../../shared/model/shell-settings.ts'
import { readJson } from '../json-file.ts'
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

/** The settings in `file`; those that are missing there, or all when there is none, as they are to begin with. */
export function readSettings(file: string, log: Log): StoredSettings {
  const written = readJson(file, Written, log)
  return StoredSettings.parse({
    ...defaults,
    ...written,
    notifications: { ...defaults.notifications, ...written?.notifications },
  })
}
