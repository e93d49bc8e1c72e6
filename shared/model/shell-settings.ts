/** What a person has chosen about the desktop app itself: how it looks, speaks, starts and tells. */
import { z } from 'zod'
import { Language } from '../language.ts'

/** `system`: light or dark as the system is. */
export const Appearance = z.enum(['system', 'light', 'dark'])
export type Appearance = z.infer<typeof Appearance>

/** `system`: the first of the person's languages that Pail speaks. */
export const LanguageChoice = z.enum(['system', ...Language.options])
export type LanguageChoice = z.infer<typeof LanguageChoice>

/** What there may be a notification about: something that waits for a person, files that have arrived, a link to copy. */
export const NotificationKind = z.enum(['needs-you', 'finished', 'link-ready'])
export type NotificationKind = z.infer<typeof NotificationKind>

export const ShellSettings = z.object({
  appearance: Appearance,
  language: LanguageChoice,
  /** Whether the system starts Pail when the person logs in. */
  startAtLogin: z.boolean(),
  /** Whether the window stays closed when the system has started Pail. */
  startHidden: z.boolean(),
  /** Which notifications are shown. */
  notifications: z.record(NotificationKind, z.boolean()),
})
export type ShellSettings = z.infer<typeof ShellSettings>

/** Settings to be changed; what is absent stays. */
export const ShellSettingsChange = ShellSettings.partial()
export type ShellSettingsChange = z.infer<typeof ShellSettingsChange>

export const DEFAULT_SHELL_SETTINGS: ShellSettings = {
  appearance: 'system',
  language: 'system',
  startAtLogin: false,
  startHidden: true,
  notifications: { 'needs-you': true, finished: false, 'link-ready': true },
}

/** The settings, and the language that comes of them on this system. */
export const ShellState = z.object({ settings: ShellSettings, language: Language, systemLanguage: Language })
export type ShellState = z.infer<typeof ShellState>
