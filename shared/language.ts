/** The language in which people are spoken to: one for the whole process, English until another is set. */
import { z } from 'zod'

export const Language = z.enum(['en', 'de'])
export type Language = z.infer<typeof Language>

let current: Language = 'en'

/** Everything that is said from here on is said in this language; what was said before stays as it is. */
export function setLanguage(language: Language): void {
  current = language
}

/** Of the same thing in every language, the one in the language that is set. Read it when it is said, not earlier. */
export function inLanguage<T>(wordings: Readonly<Record<Language, T>>): T {
  return wordings[current]
}

/** The first of a person's languages (tags such as `de-AT`, the dearest first) that Pail speaks; English when it speaks none. */
export function languageFor(tags: readonly string[]): Language {
  const spoken = tags
    .map((tag) => Language.safeParse(tag.toLowerCase().split(/[-_]/)[0]))
    .find(({ success }) => success)
  return spoken?.data ?? 'en'
}
