/** The two entries in the words of each language. */
import { inLanguage } from '../../../shared/language.ts'
import { de } from '../i18n/de.ts'
import { en, type ShellTexts } from '../i18n/en.ts'
import type { Entry } from './file-manager.ts'

export type Entries = readonly [copyLink: Entry, show: Entry]

const english = entriesOf(en)
const german = entriesOf(de)

/** For menus that read one language: that of this moment. */
export function currentEntries(): Entries {
  return inLanguage({ en: english, de: german })
}

/** The entry as it is called in each language. */
export function labelsOf(index: 0 | 1): readonly string[] {
  return [english[index].label, german[index].label]
}

/** Lines of a desktop entry that name an entry, for menus that choose the language themselves. */
export function nameLines(index: 0 | 1): readonly string[] {
  return [`Name=${english[index].label}`, `Name[de]=${german[index].label}`]
}

/** The same for what an entry does. */
export function commentLines(index: 0 | 1): readonly string[] {
  return [`Comment=${english[index].hint}`, `Comment[de]=${german[index].hint}`]
}

function entriesOf({ rightClick: words }: ShellTexts): Entries {
  return [
    { action: 'copy-link', label: words.copyLink, hint: words.copyLinkHint },
    { action: 'show', label: words.show, hint: words.showHint },
  ]
}
