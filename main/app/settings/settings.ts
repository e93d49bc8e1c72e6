/** What a person has chosen about the app: kept, changed, and told to whoever acts on it. */
import { EngineError } from '../../../shared/errors.ts'
import type { ShellSettings, ShellSettingsChange } from '../../../shared/model/shell-settings.ts'
import { writeJson } from '../json-file.ts'
import type { Log } from '../logging.ts'
import type { LoginItem } from './login-item.ts'
import { readSettings, StoredSettings } from './settings-file.ts'

export type SettingsOptions = {
  readonly file: string
  readonly loginItem: LoginItem
  readonly log: Log
  /** They are others now. */
  readonly onChange: () => void
}

export class Settings {
  readonly #options: SettingsOptions
  #stored: StoredSettings

  constructor(options: SettingsOptions) {
    this.#options = options
    this.#stored = readSettings(options.file, options.log)
  }

  get current(): ShellSettings {
    return { ...this.#stored, startAtLogin: this.#options.loginItem.isOn() }
  }

  /** Takes effect at once. Throws `data_folder_unusable` when it cannot be kept, and the system's error about the start at login. */
  change(change: ShellSettingsChange): void {
    const { file, loginItem, log, onChange } = this.#options
    const { startAtLogin, ...others } = change
    if (startAtLogin !== undefined && startAtLogin !== loginItem.isOn()) loginItem.set(startAtLogin)
    const given = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined))
    const next = StoredSettings.parse({ ...this.#stored, ...given })
    try {
      writeJson(file, next)
    } catch (error) {
      log.error('The settings cannot be written', error)
      throw new EngineError('data_folder_unusable', 'The settings cannot be written', {}, { cause: error })
    }
    this.#stored = next
    onChange()
  }
}
