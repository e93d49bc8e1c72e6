/** How the language that is set writes numbers, amounts and times. */
import { inLanguage } from '../language.ts'
import { format as de } from './de.ts'
import { format as en, type Format } from './en.ts'

export function currentFormat(): Format {
  return inLanguage({ en, de })
}
