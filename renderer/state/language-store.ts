/** The language the window speaks: the shell decides it. */
import { create } from 'zustand'
import type { Language } from '../../shared/language.ts'
import { shell } from '../client/shell-client.ts'
import { speak } from '../i18n/texts.ts'

export const useLanguageStore = create<{ readonly language: Language }>(() => ({ language: 'en' }))

/** Asks the shell which language it is; called once, before anything is drawn. */
export async function startLanguage(): Promise<void> {
  // A shell that does not answer leaves the window in English.
  const info = await shell.getInfo(undefined).catch(() => null)
  if (info !== null) changeLanguage(info.language)
}

function changeLanguage(language: Language): void {
  speak(language)
  document.documentElement.lang = language
  useLanguageStore.setState({ language })
}
