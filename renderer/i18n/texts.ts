/** The window's words in the language that is set. */
import { setLanguage, type Language } from '../../shared/language.ts'
import { de } from './de.ts'
import { en, type Texts } from './en.ts'

const catalogues: Readonly<Record<Language, Texts>> = { en, de }

/** Read where something is drawn or done, never when a module is loaded: it is another one once the language changes. */
export let t: Texts = en

/** Lets the window speak this language. What is on screen has to be drawn anew. */
export function speak(language: Language): void {
  setLanguage(language)
  t = catalogues[language]
}
