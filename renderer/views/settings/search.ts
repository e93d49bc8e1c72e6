/** Finds settings by what is written about them. */

/** True when every word of the query is in one of the texts; case and accents do not count, and an empty query finds all. */
export function isFound(query: string, texts: readonly string[]): boolean {
  const all = folded(texts.join('\n'))
  return folded(query)
    .split(/\s+/)
    .every((word) => all.includes(word))
}

function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}
