/** What is chosen about the app itself, as the shell has it: it decides, keeps, and tells what changed. */
import { create } from 'zustand'
import { DEFAULT_SHELL_SETTINGS, type ShellSettingsChange, type ShellState } from '../../shared/model/shell-settings.ts'
import { receiveSettings, shell } from '../client/shell-client.ts'
import { speak } from '../i18n/texts.ts'
import { attempt } from './actions.ts'

export const useSettingsStore = create<ShellState>(() => ({
  settings: DEFAULT_SHELL_SETTINGS,
  language: 'en',
  systemLanguage: 'en',
}))

/** Asks the shell how it is, and listens from then on; called once, before anything is drawn. */
export async function startSettings(): Promise<void> {
  receiveSettings(take)
  // A shell that does not answer leaves the window in English.
  const state = await shell.getSettings(undefined).catch(() => null)
  if (state !== null) take(state)
}

/** Changes what is given; tells at the edge of the window when that is not possible. */
export async function changeSettings(change: ShellSettingsChange): Promise<void> {
  await attempt(() => shell.changeSettings(change))
}

function take(state: ShellState): void {
  speak(state.language)
  document.documentElement.lang = state.language
  useSettingsStore.setState(state)
}
