import { describe, expect, it } from 'vitest'
import { languageFor } from './language.ts'

describe('languageFor', () => {
  it.each([
    [['de-AT'], 'de'],
    [['DE'], 'de'],
    [['de_DE.UTF-8'], 'de'],
    [['fr-FR', 'de-CH', 'en-GB'], 'de'],
    [['en-US', 'de-DE'], 'en'],
    [['fr-FR'], 'en'],
    [['den'], 'en'],
    [[], 'en'],
  ] as const)('speaks to a person of %j in %s', (tags, language) => {
    expect(languageFor(tags)).toBe(language)
  })
})
