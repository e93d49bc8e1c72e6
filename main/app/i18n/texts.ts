import { inLanguage } from '../../../shared/language.ts'
import { de } from './de.ts'
import { en, type ShellTexts } from './en.ts'

/** The shell's words in the language that is set. */
export function texts(): ShellTexts {
  return inLanguage({ en, de })
}
